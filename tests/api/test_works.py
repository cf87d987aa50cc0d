"""Works and editions: what readers are shown, in their language, and what becomes of ids."""

from __future__ import annotations

from typing import Any

import pytest

from jobs.publisher import publisher
from jobs.resolving import resolve
from jobs.retiring import retire
from jobs.reviewing import Author, join, undo
from store import merged, sources

pytestmark = pytest.mark.search_server
AUTHOR = Author("test", "2026-02-01T04:00:00Z", note="same", role="senior")


def shown_works(api: Any) -> list[str]:
    """Ids of all works that readers find."""
    return [hit["id"] for hit in api.json("/search?limit=100")["hits"]]


def alone(api: Any) -> list[str]:
    """Works of one e-book each: they may be joined."""
    found = [api.json(f"/works/{name}") for name in shown_works(api)]
    return [
        w["id"] for w in found if w["media"] == ["ebook"] and w["editions"]["total"] == 1 and w["languages"] == ["fin"]
    ]


def test_every_work_that_is_found_can_be_read_and_its_editions_too(api: Any) -> None:
    for hit in api.json("/search?limit=100&lang=sv")["hits"]:
        work = api.json(f"/works/{hit['id']}?lang=sv")
        assert (work["title"], work["title_language"], work["subtitle"]) == (
            hit["title"], hit["title_language"], hit["subtitle"],
        )  # fmt: skip
        assert (work["media"], work["formats"], work["languages"]) == (hit["media"], hit["formats"], hit["languages"])
        for edition in (*work["editions"]["editions"], *work["also_in"]["editions"]):
            read = api.json(f"{edition['url']}?lang=sv")
            assert (read["id"], read["work"], read["title"]) == (edition["id"], work["id"], edition["title"])


def test_a_work_is_shown_in_the_readers_language_with_its_editions_in_that_order(api: Any) -> None:
    fi, sv = (api.json(f"/works/{api.work()}?lang={lang}") for lang in ("fi", "sv"))
    assert (fi["title"], sv["title"]) == ("Kivisaaren talvi", "Vintern på Stenön")
    assert fi["subjects"][0]["labels"] == sv["subjects"][0]["labels"]
    assert (fi["subjects"][0]["label_language"], sv["subjects"][0]["label_language"]) == ("fi", "sv")
    assert fi["editions"]["editions"][0]["languages"] == ["fin"]
    assert sv["editions"]["editions"][0]["languages"] == ["swe"]
    assert {e["id"] for e in fi["editions"]["editions"]} == {e["id"] for e in sv["editions"]["editions"]}


def test_print_is_pointed_at_and_not_offered(api: Any) -> None:
    works = [api.json(f"/works/{name}") for name in shown_works(api)]
    printed = [e for work in works for e in work["also_in"]["editions"]]
    assert printed
    assert {e["medium"] for e in printed} & {"ebook", "audiobook", "emagazine"} == set()
    assert api.json(printed[0]["url"])["offered"] is False
    assert all(e["medium"] in ("ebook", "audiobook", "emagazine") for w in works for e in w["editions"]["editions"])


def test_what_readers_are_not_shown_is_not_found(api: Any) -> None:
    public = set(shown_works(api))
    with api.store.read() as connection:
        hidden = [row for row in merged.every(connection, "work") if row.id not in public]
        editions = [row for row in merged.every(connection, "edition") if row.work not in public]
    assert hidden
    for row in (*hidden, *editions):
        path = "works" if row.level == "work" else "editions"
        assert api.json(f"/{path}/{row.id}", 404)["type"] == "/problems/not-found"


def test_an_evidence_sources_edition_is_not_shown(own_api: Any) -> None:
    work = own_api.work()
    with own_api.store.write() as connection:
        for known in sources.every(connection):
            sources.keep(connection, known._replace(role="evidence"))
        deciding = publisher(connection, own_api.settings.publish.media)
        assert not any(deciding.is_public(row) for row in merged.every(connection, "edition"))
    assert own_api.json(f"/works/{work}", 404)["type"] == "/problems/not-found"


@pytest.mark.parametrize(
    "path",
    [
        "/works/w", "/works/wzzz9", "/works/w2sg", "/works/e11", "/editions/w11", "/works/%00", "/works/w11%00",
        "/works/w11/", "/works/a:b", "/works/%F0%9F%98%80", "/works/" + "w" * 3000, "/works/..%2fhealthz", "/works",
        "/editions/e11/pages", "/favicon.ico", "/docs", "/redoc",
    ],
)  # fmt: skip
def test_nothing_is_here(api: Any, path: str) -> None:
    assert api.json(path, 404)["type"] == "/problems/not-found"


def test_an_id_written_otherwise_leads_to_its_own_form(api: Any) -> None:
    own = api.work()
    for written in (own.upper(), f"{own[0]}-{own[1:]}"):
        answer = api.client.get(f"/works/{written}?lang=sv", follow_redirects=False)
        assert (answer.status_code, answer.headers["location"]) == (301, f"/works/{own}?lang=sv")


def test_joined_works_redirect_and_come_back_with_undo(own_api: Any) -> None:
    left, right = alone(own_api)[:2]
    made = join(own_api.store, left, right, level="work", author=AUTHOR)
    answers = {name: own_api.client.get(f"/works/{name}?lang=fi", follow_redirects=False) for name in (left, right)}
    (gone,) = [name for name, answer in answers.items() if answer.status_code == 301]
    (kept,) = {left, right} - {gone}
    assert answers[gone].headers["location"] == f"/works/{kept}?lang=fi"
    assert "max-age" in answers[gone].headers["cache-control"]
    assert own_api.client.get(f"/works/{gone}").json()["id"] == kept
    beneath = own_api.client.get(f"/works/{gone}/editions", follow_redirects=False)
    assert (beneath.status_code, beneath.headers["location"]) == (301, f"/works/{kept}/editions")
    undo(own_api.store, made.decision.id, AUTHOR)
    assert own_api.json(f"/works/{left}")["id"] == left
    assert own_api.json(f"/works/{right}")["id"] == right


def test_a_removed_work_is_gone_in_the_readers_words(own_api: Any) -> None:
    before = shown_works(own_api)
    for source in ("kaarna", "skargard", "vikens", "aanitorni", "lintula", "fennica"):
        retire(own_api.store, source, "2026-02-01T04:00:00Z")
    resolve(own_api.store, "2026-02-01T04:00:00Z")
    for name in before:
        assert own_api.json(f"/works/{name}", 410)["type"] == "/problems/gone"
    answer = own_api.client.get(f"/works/{before[0]}?lang=fi")
    assert (answer.headers["content-language"], answer.json()["title"]) == ("fi", "Teos tai julkaisu on poistettu")
    assert own_api.client.get(f"/works/{before[0]}?lang=sv").json()["title"] == "Verket eller utgåvan har tagits bort"


def test_issues_of_a_magazine_are_paged_newest_first(api: Any) -> None:
    name = api.magazine()
    whole = api.json(f"/editions/{name}")["issues"]
    assert whole["total"] == 4
    assert whole["next"] is None
    found: list[Any] = []
    after = ""
    while after is not None:
        page = api.json(f"/editions/{name}/issues?limit=3{after and f'&after={after}'}")
        found += page["issues"]
        after = page["next"]
    assert found == whole["issues"]
    assert [issue["number"] for issue in found] == ["4/2025", "3/2025", "2/2025", "1/2025"]
    assert api.json(f"/editions/{name}/issues?after=eHh4", 400)["errors"][0]["parameter"] == "after"


def test_editions_are_paged_in_the_order_of_the_work(api: Any) -> None:
    name = api.work()
    whole = api.json(f"/works/{name}?lang=sv")["editions"]
    first = api.json(f"/works/{name}/editions?lang=sv&limit=1")
    second = api.json(f"/works/{name}/editions?lang=sv&limit=100&after={first['next']}")
    assert first["editions"] + second["editions"] == whole["editions"]
    assert (first["total"], second["next"]) == (whole["total"], None)
    assert api.json(f"/works/{name}/editions?offered=false") == api.json(f"/works/{name}")["also_in"]


def test_provenance_is_told_when_it_is_asked_for(api: Any) -> None:
    name = api.work()
    assert api.json(f"/works/{name}")["provenance"] is None
    for path in (f"/works/{name}", api.json(f"/works/{name}")["editions"]["editions"][0]["url"]):
        rows = api.json(f"{path}?include=provenance")["provenance"]
        assert {"field", "value", "sources", "rule", "lost"} == set(rows[0])
    assert api.json(f"/works/{name}?include=everything", 400)["errors"][0]["parameter"] == "include"


def test_what_is_known_of_supply_is_told_by_the_day(api: Any) -> None:
    editions = [e for name in shown_works(api) for e in api.json(f"/works/{name}")["editions"]["editions"]]
    supplies = [api.json(e["url"])["availability"] for e in editions]
    assert all(set(supply) == {"available", "from", "until", "lendable_fi", "drm"} for supply in supplies)
    assert any(supply["available"] for supply in supplies)
    for supply in supplies:
        assert supply["available"] or supply["from"] or supply["until"]
