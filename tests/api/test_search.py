"""`/search` and `/suggest` on a real Elasticsearch: the same JSON as the command, pages, filters, faults in words."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

import pytest
from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st

from index.cursor import Cursor, write_cursor
from index.search_index import SearchIndex

pytestmark = pytest.mark.search_server
HITS = {"total", "hits", "facets", "next", "tolerant"}


def test_the_answer_is_what_the_command_says(api: Any) -> None:
    about = api.settings.elasticsearch
    with SearchIndex(about.url, prefix=about.index_prefix) as index:
        said = index.search("vinter", "sv", filters={"medium": ["ebook"]}, limit=5)
    assert api.json("/search?q=vinter&lang=sv&medium=ebook&limit=5") == said
    assert set(said) == HITS
    assert said["total"] >= 1


def test_titles_and_labels_are_in_the_readers_language(api: Any) -> None:
    found = {lang: api.json(f"/search?q=Kivisaaren+talvi&lang={lang}") for lang in ("fi", "sv")}
    titles = {lang: (answer["hits"][0]["title"], answer["hits"][0]["title_language"]) for lang, answer in found.items()}
    assert titles == {"fi": ("Kivisaaren talvi", "fin"), "sv": ("Vintern på Stenön", "swe")}
    labels = {lang: {v["label"] for v in answer["facets"]["language"]} for lang, answer in found.items()}
    assert labels == {"fi": {"suomi", "ruotsi"}, "sv": {"finska", "svenska"}}


def test_pages_follow_each_other_without_gaps_or_doubles(api: Any) -> None:
    whole = [hit["id"] for hit in api.json("/search?limit=100")["hits"]]
    found: list[str] = []
    path = "/search?limit=9"
    while True:
        page = api.json(path)
        found += [hit["id"] for hit in page["hits"]]
        if page["next"] is None:
            break
        path = f"/search?limit=9&after={page['next']}"
    assert found == whole
    assert len(found) == page["total"]


@pytest.mark.parametrize(
    ("query", "holds"),
    [
        ("medium=audiobook", lambda hit: "audiobook" in hit["media"]),
        ("language=ruotsi", lambda hit: "swe" in hit["languages"]),
        ("language=sv&language=en", lambda hit: {"swe", "eng"} & set(hit["languages"])),
        ("format=epub", lambda hit: "epub" in hit["formats"]),
        ("medium=ebook&medium=audiobook", lambda hit: {"ebook", "audiobook"} & set(hit["media"])),
    ],
)
def test_filters_hold_for_every_hit(api: Any, query: str, holds: Any) -> None:
    found = api.json(f"/search?limit=100&{query}")
    assert found["total"] > 0
    assert all(holds(hit) for hit in found["hits"])


@pytest.mark.parametrize("name", ["subject", "genre", "medium", "format", "language", "publisher", "collection"])
def test_a_facets_value_filters_to_as_many_works_as_it_counts(api: Any, name: str) -> None:
    value = api.json("/search")["facets"][name][0]
    assert api.json(f"/search?{urlencode({name: value['value']})}")["total"] == value["count"]


def test_lendable_false_is_no_filter(api: Any) -> None:
    assert api.json("/search?lendable=false") == api.json("/search")


@pytest.mark.parametrize("sort", ["relevance", "title", "author", "newest"])
def test_every_order_can_be_paged(api: Any, sort: str) -> None:
    first = api.json(f"/search?limit=20&sort={sort}")
    again = api.json(f"/search?limit=20&sort={sort}&after={first['next']}")
    assert not {hit["id"] for hit in first["hits"]} & {hit["id"] for hit in again["hits"]}


def test_suggest_completes_what_is_typed(api: Any) -> None:
    assert [hit["title"] for hit in api.json("/suggest?q=vint+på&lang=sv")["hits"]] == ["Vintern på Stenön"]
    assert api.json("/suggest") == {"hits": []}
    assert api.json("/suggest?q=vint&medium=audiobook") == {"hits": []}


@pytest.mark.parametrize(
    ("query", "parameter"),
    [
        ("limit=0", "limit"),
        ("limit=101", "limit"),
        ("limit=many", "limit"),
        ("limit=" + "9" * 5000, "limit"),
        ("lang=de", "lang"),
        ("medium=tape", "medium"),
        ("year=abc", "year"),
        ("year=2021-2", "year"),
        ("lendable=perhaps", "lendable"),
        ("sort=price", "sort"),
        ("languages=swe", "languages"),
        ("q=" + "a" * 501, "q"),
        ("subject=" + "a" * 301, "subject"),
        ("subject=", "subject"),
        ("&".join(f"format=f{n}" for n in range(21)), "format"),
        ("after=nonsense", "after"),
        ("after=", "after"),
        ("after=" + "a" * 2001, "after"),
    ],
)
def test_a_bad_parameter_is_named(api: Any, query: str, parameter: str) -> None:
    problem = api.json(f"/search?{query}", 400)
    assert problem["type"] == "/problems/bad-request"
    assert [error["parameter"] for error in problem["errors"]] == [parameter]


PLACES: list[list[Any]] = [
    [], [1], [1.5, "w1", "x"], ["a", "b"], [None, None], [{}, []], [[[]], 1], [float(10**300), "w"], [True, False],
    ["1e999", "w11"], [-1, "\x00"],
]  # fmt: skip


@pytest.mark.parametrize("template", ["catalogue-search-v1", "catalogue-fallback-v1", "catalogue-suggest-v1", "", "x"])
@pytest.mark.parametrize("place", PLACES, ids=repr)
def test_a_forged_cursor_is_no_fault_of_ours(api: Any, template: str, place: list[Any]) -> None:
    for words in ("", "q=talvi&"):
        answer = api.client.get(f"/search?{words}after={write_cursor(Cursor(template, place, 3))}")
        assert answer.status_code in (200, 400), answer.text


@seed(20260131)
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(max_size=300), lang=st.sampled_from(["fi", "sv", "en"]))
def test_whatever_is_typed_is_answered(api: Any, text: str, lang: str) -> None:
    for path in ("/search", "/suggest"):
        query = urlencode({"q": text, "lang": lang}, errors="surrogatepass")
        assert api.client.get(f"{path}?{query}").status_code in (200, 400)


@seed(20260131)
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    pairs=st.lists(
        st.tuples(
            st.sampled_from(["q", "after", "year", "subject", "language", "limit", "sort", "collection", "ö"]),
            st.text(max_size=80),
        ),
        max_size=6,
    )
)
def test_no_query_is_a_fault_of_ours(api: Any, pairs: list[tuple[str, str]]) -> None:
    answer = api.client.get(f"/search?{urlencode(pairs, errors='surrogatepass')}")
    assert answer.status_code in (200, 400), answer.text


@pytest.mark.parametrize(
    "query",
    ["q=%00%01%1b", "q=%ed%a0%80", "q=%ff%fe", "q=%F0%9F%98%80", "q=%22%7D%7D%7B%7Bq%7D%7D", "q=%5C", "q=AND+OR+%28"],
)
def test_odd_bytes_are_searched_for(api: Any, query: str) -> None:
    assert set(api.json(f"/search?{query}")) == HITS


def test_ten_kilobytes_are_too_long_an_address(api: Any) -> None:
    assert api.json("/search?q=" + "a" * 10_000, 414)["type"] == "/problems/uri"


def test_without_the_search_server_only_search_is_gone(searchless: Any) -> None:
    answer = searchless.client.get("/search?q=talvi&lang=fi")
    assert answer.status_code == 503
    assert answer.headers["content-type"] == "application/problem+json"
    assert int(answer.headers["retry-after"]) > 0
    assert answer.json()["type"] == "/problems/search-unavailable"
    assert "127.0.0.1" not in answer.text
    assert searchless.json("/suggest?q=a", 503)["type"] == "/problems/search-unavailable"
    names = [change["id"] for change in searchless.json("/changes?limit=1000")["changes"]]
    read = [searchless.client.get(f"/works/{name}").status_code for name in names if name[0] == "w"]
    assert read.count(200) > 50
    assert searchless.json("/readyz") == {
        "status": "degraded",
        "checks": {"database": "ok", "search": "unreachable"},
    }


def test_a_cluster_without_our_index_is_unavailable_too(altered: Any, search_server: str) -> None:
    api = altered("elasticsearch", index_prefix="nothing-here")
    assert api.json("/search", 503)["type"] == "/problems/search-unavailable"
