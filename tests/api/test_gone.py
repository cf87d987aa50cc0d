"""What is removed is gone wherever readers and machines read, and what was joined leads to what it is now."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlencode

import pytest
from lxml import etree

from index.search_index import SearchIndex
from jobs.publishing import check, update
from jobs.resolving import resolve
from jobs.retiring import retire
from jobs.reviewing import Author, join

LATER = "2026-02-01T04:00:00Z"
AUTHOR = Author("test", LATER, note="same", role="senior")
NEXT = {"a": "http://www.w3.org/2005/Atom"}
pytestmark = pytest.mark.search_server


@pytest.fixture
def published(altered: Callable[..., Any], prefix: Callable[[str], str]) -> Iterator[tuple[Any, Callable[[], None]]]:
    """An API on a copy of the demo with an index of its own, and what publishes the changes of it."""
    own = prefix("gone")
    api = altered("elasticsearch", index_prefix=own)
    with SearchIndex(api.settings.elasticsearch.url, prefix=own) as index:
        media = api.settings.publish.media

        def publish() -> None:
            update(api.store, index, media)
            assert not any(check(api.store, index, media).values())

        publish()
        yield api, publish
        index.discard()


def _hits(api: Any, path: str) -> Iterator[dict[str, Any]]:
    """Of this page and all after it."""
    while True:
        page = api.json(path)
        yield from page["hits"]
        if not page["next"]:
            return
        path = f"/search?{urlencode({'limit': 3, 'sort': 'title', 'after': page['next']})}"


def _json_pages(api: Any, path: str | None) -> Iterator[str]:
    while path:
        answer = api.client.get(path)
        yield answer.text
        path = next((each["href"] for each in answer.json()["links"] if each["rel"] == "next"), None)


def _atom_pages(api: Any, path: str | None) -> Iterator[str]:
    while path:
        answer = api.client.get(path)
        yield answer.text
        following = etree.fromstring(answer.content).find("a:link[@rel='next']", NEXT)
        path = None if following is None else following.get("href")


def _shelves(api: Any) -> str:
    """Everything that both OPDS feeds say."""
    two = ("/opds/v2", "/opds/v2/publications?limit=4", "/opds/v2/search?limit=4")
    one = ("/opds/v1.2", "/opds/v1.2/publications?limit=4", "/opds/v1.2/search?limit=4")
    pages = [page for path in two for page in _json_pages(api, path)]
    return "\n".join([*pages, *(page for path in one for page in _atom_pages(api, path))])


def test_a_removed_work_is_on_no_path(published: tuple[Any, Callable[[], None]]) -> None:
    api, publish = published
    before = {hit["id"]: hit["title"] for hit in _hits(api, "/search?limit=3&sort=title")}
    editions = {w: [e["id"] for e in api.json(f"/works/{w}")["editions"]["editions"]] for w in before}
    place = api.json("/search?limit=1&sort=title")["next"]
    since = api.json("/changes?limit=1000")["next"]
    retire(api.store, "kaarna", LATER)
    resolve(api.store, LATER)
    publish()
    gone = {work for work in before if api.client.get(f"/works/{work}").status_code == 410}
    assert 0 < len(gone) < len(before)
    found = {hit["id"] for hit in _hits(api, "/search?limit=3&sort=title")}
    assert found == before.keys() - gone
    earlier = {hit["id"] for hit in _hits(api, f"/search?{urlencode({'limit': 3, 'sort': 'title', 'after': place})}")}
    assert earlier <= found  # pages that were begun before
    shelves = _shelves(api)
    assert all(any(edition in shelves for edition in editions[work]) for work in found)
    for work in gone:
        titles = urlencode({"q": before[work]})
        assert work not in {
            hit["id"] for path in ("search", "suggest") for hit in api.json(f"/{path}?{titles}")["hits"]
        }
        paths = [f"/works/{work}/editions", f"/works/{work}/jsonld"]
        for edition in editions[work]:
            paths += [f"/editions/{edition}", f"/editions/{edition}/jsonld", f"/opds/v2/publications/{edition}"]
            assert edition not in shelves
        assert {path: api.client.get(path).status_code for path in paths} == dict.fromkeys(paths, 410)
    last = {each["id"]: each["op"] for each in api.json(f"/changes?since={since}&limit=1000")["changes"]}
    assert {last[work] for work in gone} == {"delete"}


def test_a_joined_work_is_found_as_what_it_is_now(published: tuple[Any, Callable[[], None]]) -> None:
    api, publish = published
    works = [api.json(f"/works/{hit['id']}") for hit in _hits(api, "/search?limit=3&sort=title")]
    alike = [w["id"] for w in works if (w["media"], w["languages"], w["editions"]["total"]) == (["ebook"], ["fin"], 1)]
    left, right = alike[:2]
    join(api.store, left, right, level="work", author=AUTHOR)
    publish()
    answers = {work: api.client.get(f"/works/{work}", follow_redirects=False) for work in (left, right)}
    (gone,) = [work for work, answer in answers.items() if answer.status_code == 301]
    (kept,) = {left, right} - {gone}
    assert answers[gone].headers["location"] == f"/works/{kept}"
    assert api.client.get(f"/works/{gone}/jsonld").json()["@id"] == f"/works/{kept}"
    found = [hit["id"] for hit in _hits(api, "/search?limit=3&sort=title")]
    assert (found.count(kept), found.count(gone)) == (1, 0)
    for work in works:
        if work["id"] in (left, right):
            assert kept in {hit["id"] for hit in api.json(f"/suggest?{urlencode({'q': work['title']})}")["hits"]}
