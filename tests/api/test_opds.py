"""`/opds/v2` and `/opds/v1.2` on the demo catalogue: walked from the entrance to the end, and searched."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson
import pytest
from jsonschema_rs import validator_for
from lxml import etree

from jobs.opds import Shelving, write_feed

AS_OF = datetime(2026, 1, 31, 4, tzinfo=UTC)
SCHEMAS = Path(__file__).parents[1] / "writers" / "schemas"
FEED = validator_for(orjson.loads((SCHEMAS / "opds-2.0.json").read_bytes()))
GRAMMAR = etree.RelaxNG(etree.parse(SCHEMAS / "opds-1.2.rng"))
ATOM = {"a": "http://www.w3.org/2005/Atom", "opds": "http://opds-spec.org/2010/catalog"}
SEARCH = {"s": "http://a9.com/-/spec/opensearch/1.1/"}

pytestmark = pytest.mark.search_server


def read2(api: Any, path: str) -> Any:
    """A valid feed of OPDS 2.0."""
    answer = api.client.get(path)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/opds+json"
    assert [error.message for error in FEED.iter_errors(answer.json())] == []
    return answer.json()


def read12(api: Any, path: str) -> Any:
    """A valid feed of OPDS 1.2."""
    answer = api.client.get(path)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"].startswith("application/atom+xml;profile=opds-catalog")
    feed = etree.fromstring(answer.content)
    GRAMMAR.validate(feed)
    assert list(map(str, GRAMMAR.error_log)) == []
    return feed


def link(links: Any, rel: str) -> str | None:
    return next((each["href"] for each in links if each["rel"] == rel), None)


def walk(api: Any, path: str | None) -> list[Any]:
    found: list[Any] = []
    while path:
        page = read2(api, path)
        found += page["publications"]
        path = link(page["links"], "next")
    return found


def test_the_shelves_lead_to_every_public_edition_the_last_changed_first(api: Any) -> None:
    root = read2(api, "/opds/v2?lang=sv")
    shelf = link(root["navigation"], "http://opds-spec.org/sort/new")
    found = walk(api, f"{shelf}&limit=7")
    moments = [each["metadata"]["modified"] for each in found]
    assert moments == sorted(moments, reverse=True)
    ids = [link(each["links"], "self") for each in found]
    assert len(ids) == len(set(ids)) > 7
    works = [hit["id"] for hit in api.json("/search?limit=100")["hits"]]
    editions = {e["id"] for work in works for e in api.json(f"/works/{work}")["editions"]["editions"]}
    assert editions <= {str(each).rpartition("/")[2].partition("?")[0] for each in ids}


def test_both_forms_say_the_same(api: Any) -> None:
    for path in ("", "/publications?medium=audiobook", "/search?query=talvi&lang=fi", "/search?query=zzzz"):
        json, atom = read2(api, f"/opds/v2{path}"), read12(api, f"/opds/v1.2{path}")
        publications = [*json.get("publications", ()), *(p for g in json.get("groups", ()) for p in g["publications"])]
        entries = [e for e in atom.iterfind("a:entry", ATOM) if e.find("a:link[@rel='alternate']", ATOM) is not None]
        titles = [e.findtext("a:title", None, ATOM) for e in entries]
        assert titles == [p["metadata"]["title"] for p in publications], path


def test_groups_and_navigation_are_in_the_readers_language(api: Any) -> None:
    names = {
        lang: [g["metadata"]["title"] for g in read2(api, f"/opds/v2?lang={lang}")["groups"]] for lang in ("fi", "sv")
    }
    assert names["fi"][:2] == ["E-kirjat", "Äänikirjat"]
    assert names["sv"][:2] == ["E-böcker", "Ljudböcker"]


@pytest.mark.parametrize("name", ["medium", "language", "subject"])
def test_a_facet_of_a_search_narrows_it(api: Any, name: str) -> None:
    whole = read2(api, "/opds/v2/search?lang=fi")
    titles = {"medium": "Aineistotyyppi", "language": "Kieli", "subject": "Aihe"}
    facet = next(f for f in whole["facets"] if f["metadata"]["title"] == titles[name])
    first = facet["links"][-1]
    narrowed = read2(api, first["href"])
    works = api.json("/search?limit=100&" + first["href"].partition("?")[2].replace("limit=50", ""))
    assert works["total"] == first["properties"]["numberOfItems"]
    assert len(narrowed["publications"]) > 0
    taken = next(f for f in narrowed["facets"] if f["metadata"]["title"] == titles[name])
    assert "self" in {each["rel"] for each in taken["links"]}


def test_filters_hold_for_each_publication(api: Any) -> None:
    found = walk(api, "/opds/v2/publications?medium=audiobook&language=sv&limit=3")
    assert found
    for each in found:
        assert each["metadata"]["@type"] == "http://schema.org/Audiobook"
        assert "sv" in each["metadata"]["language"]


def test_the_search_is_described_for_both_forms(api: Any) -> None:
    link2 = next(each for each in read2(api, "/opds/v2")["links"] if each["rel"] == "search")
    assert link2["templated"]
    assert read2(api, link2["href"].replace("{&query}", "&query=vinter"))["publications"]
    feed = read12(api, "/opds/v1.2")
    described = feed.find("a:link[@rel='search']", ATOM).get("href")
    template = etree.fromstring(api.client.get(described).content).find("s:Url", SEARCH).get("template")
    assert len(read12(api, template.replace("{searchTerms}", "vinter")).findall("a:entry", ATOM)) > 0


def test_a_publication_stands_alone(api: Any) -> None:
    one = read2(api, "/opds/v2/publications?limit=1")["publications"][0]
    answer = api.client.get(link(one["links"], "self"))
    assert answer.headers["content-type"] == "application/opds-publication+json"
    assert answer.json() == one
    entry = api.client.get(str(link(one["links"], "self")).replace("/v2/", "/v1.2/"))
    assert etree.fromstring(entry.content).findtext("a:title", None, ATOM) == one["metadata"]["title"]
    assert api.json("/opds/v2/publications/e0000", 404)["type"] == "/problems/not-found"


def test_answers_can_be_kept_and_bad_ones_are_problems(api: Any) -> None:
    answer = api.client.get("/opds/v2/publications")
    again = api.client.get("/opds/v2/publications", headers={"If-None-Match": answer.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert "max-age" in answer.headers["cache-control"]
    for path in ("/opds/v2/publications?limit=0", "/opds/v1.2/search?after=x", "/opds/v2?q=x", "/opds/v3"):
        assert api.json(path, 400)["type"] == "/problems/bad-request", path


def test_shelves_stand_while_search_is_down(searchless: Any) -> None:
    assert read2(searchless, "/opds/v2/publications")["publications"]
    assert searchless.json("/opds/v2/search?query=talvi", 503)["type"] == "/problems/search-unavailable"


def test_whole_addresses_and_the_librarys_loans_where_they_are_set(altered: Any) -> None:
    api = altered("api", public_url="https://k.example/haku/", borrow_url="https://laina.example/{isbn}")
    feed = read2(api, "/opds/v2/publications?medium=ebook")
    assert link(feed["links"], "self") == "https://k.example/haku/opds/v2/publications?lang=fi&medium=ebook&limit=50"
    borrowed = [link(p["links"], "http://opds-spec.org/acquisition/borrow") for p in feed["publications"]]
    assert any(each and each.startswith("https://laina.example/978") for each in borrowed)


def test_the_stand_in_for_a_cover_is_a_picture(api: Any) -> None:
    answer = api.client.get("/opds/no-cover.png")
    assert answer.headers["content-type"] == "image/png"
    assert answer.content.startswith(b"\x89PNG")


def test_the_export_is_one_feed_of_the_same_publications(api: Any) -> None:
    shelving = Shelving("fi", AS_OF.date())
    whole = orjson.loads(b"".join(write_feed(api.store, api.settings.publish.media, shelving, "2026-01-31T04:00:00Z")))
    assert [error.message for error in FEED.iter_errors(whole)] == []
    assert whole["publications"] == walk(api, "/opds/v2/publications?limit=100")


def test_works_and_editions_are_linked_data(api: Any) -> None:
    work = api.work()
    answer = api.client.get(f"/works/{work}/jsonld")
    assert answer.headers["content-type"] == "application/ld+json"
    said = answer.json()
    assert (said["@context"], said["@id"]) == ("https://schema.org", f"/works/{work}")
    assert {"Book", "Audiobook"} >= {each["@type"] for each in said["workExample"]}
    assert "isbn" not in said
    edition = said["workExample"][0]["@id"]
    assert api.json(f"{edition}/jsonld")["exampleOfWork"] == {"@id": f"/works/{work}"}
    assert api.json("/works/w11zz/jsonld", 404)["type"] == "/problems/not-found"
