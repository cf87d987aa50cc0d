"""OPDS 2.0 and 1.2 of the same feeds: valid by schemas made from the specifications, and read back by ourselves."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema_rs import validator_for
from lxml import etree

from catalogue.parsed import ParsedRecord
from catalogue.record import Description
from mappings.opds.record import map_opds
from parsers.registry import parse
from writers.opds.feed import Facet, Feed, Group, Link, Publication
from writers.opds.opds2 import publication, to_opds2
from writers.opds.opds12 import NAMESPACES, to_entry, to_opds12, to_opensearch

SCHEMAS = Path(__file__).parent / "schemas"
FEED = validator_for(orjson.loads((SCHEMAS / "opds-2.0.json").read_bytes()))
GRAMMAR = etree.RelaxNG(etree.parse(SCHEMAS / "opds-1.2.rng"))
ATOM = {**{key: value for key, value in NAMESPACES.items() if key}, "a": NAMESPACES[None]}
TODAY = "2026-01-31"
HOW_TO_GO = ("subsection", "http://opds-spec.org/sort/new")
WINTER: dict[str, Any] = {
    "medium": "ebook",
    "formats": ["epub"],
    "identifiers": [{"scheme": "isbn", "value": "9789510396230"}],
    "titles": [{"text": "Kivisaaren talvi", "language": "fin"}],
    "series": [{"title": "Saaret", "number": "2"}],
    "contributors": [
        {"name": "Aino Routalahti", "name_inverted": "Routalahti, Aino", "roles": ["aut"]},
        {"name": "Eva Ek", "roles": ["trl", "lbt"]},
    ],
    "languages": {"text": ["fin", "smi"]},
    "publication": {"publisher": "Kaarna", "dates": {"published": "2021-05"}},
    "topics": {
        "subjects": [{"uri": "http://www.yso.fi/onto/yso/p2797", "labels": {"fi": "talvi", "sv": "vinter"}}],
        "classification": [{"scheme": "ykl", "code": "84.2"}],
        "audience": [{"scheme": "onix28", "code": "01"}],
    },
    "accessibility": [{"code": "accessibilityFeature:alternativeText", "source": "schema.org"}],
    "texts": {"descriptions": [{"kind": "description", "language": "fin", "text": "Lunta & <b>jäätä</b>"}]},
}


def made(about: dict[str, Any] | Description, **more: Any) -> Publication:
    described = about if isinstance(about, Description) else Description.model_validate(about)
    main = described.title()
    title = {"title": main and main.text, "language": main and main.language, "subtitle": None}
    values = {"modified": "2026-01-30T04:00:00Z", "href": "/opds/v2/publications/e1", "page": "/editions/e1"} | more
    return Publication(id="urn:lyhde:e1", description=described, title=title, cover="/opds/no-cover.png", **values)


def feed(*publications: Publication, **more: Any) -> Feed:
    links = (Link("self", "/opds/v2/publications", reads="acquisition"),)
    values: dict[str, Any] = {"lang": "sv", "updated": "2026-01-30T04:00:00Z", "today": TODAY, "links": links}
    return Feed(id="urn:lyhde:opds", title="Katalog", publications=publications, **(values | more))


def faults(made: Feed) -> list[str]:
    """What is wrong with a feed in either form."""
    atom = etree.fromstring(to_opds12(made))
    GRAMMAR.validate(atom)
    found = [*(error.message for error in FEED.iter_errors(to_opds2(made))), *map(str, GRAMMAR.error_log)]
    for each in atom.iterfind("a:entry[a:link]", ATOM):
        links = [str(link.get("rel")) for link in each.iterfind("a:link", ATOM)]
        if not any("acquisition" in rel or rel in HOW_TO_GO for rel in links):
            found.append(f"no acquisition: {links}")
    return found


def entry(about: Publication) -> Any:
    return etree.fromstring(to_entry(about, "sv", TODAY))


def test_a_feed_with_everything_is_valid_in_both_forms() -> None:
    links = (
        Link("self", "/opds", reads="navigation"),
        Link("search", "/opds/search{?query}", templated=True, reads="acquisition"),
        Link("next", "/opds?before=3", reads="acquisition"),
    )
    facets = (Facet("Språk", (Link("self", "/opds?language=swe", "svenska", reads="acquisition", count=3),)),)
    groups = (Group("E-böcker", "/opds?medium=ebook", (made(WINTER),)),)
    shelves = (Link("subsection", "/opds?medium=ebook", "E-böcker", reads="acquisition"),)
    whole = feed(made(WINTER), links=links, facets=facets, groups=groups, navigation=shelves, total=3, page_size=50)
    json = [error.message for error in FEED.iter_errors(to_opds2(whole))]
    assert json == []
    described = (Link("self", "/opds", reads="navigation"), Link("search", "/opds/opensearch.xml"), links[2])
    assert faults(feed(made(WINTER), links=described, facets=facets, groups=groups, navigation=shelves)) == []


def test_what_is_known_is_said_in_opds_2() -> None:
    said = publication(made(WINTER), "sv", TODAY)["metadata"]
    assert said["identifier"] == "urn:isbn:9789510396230"
    assert said["altIdentifier"] == ["urn:lyhde:e1"]
    assert said["language"] == ["fi", "smi"]
    assert said["author"] == [{"name": "Aino Routalahti", "sortAs": "Routalahti, Aino"}]
    assert said["translator"] == [{"name": "Eva Ek"}]
    assert said["contributor"] == [{"name": "Eva Ek", "role": "lbt"}]
    assert said["belongsTo"] == {"series": [{"name": "Saaret", "position": 2}]}
    winter = {"code": "http://www.yso.fi/onto/yso/p2797", "scheme": "http://www.yso.fi/onto/yso/"}
    assert said["subject"][0] == {"name": "vinter"} | winter
    assert said["accessibility"]["feature"] == ["alternativeText"]


def test_what_is_known_is_said_in_opds_1_2() -> None:
    said = entry(made(WINTER))
    assert said.xpath("string(a:author/a:name)", namespaces=ATOM) == "Aino Routalahti"
    assert said.xpath("a:contributor/@opf:role", namespaces=ATOM) == ["trl", "lbt"]
    assert said.xpath("string(schema:Series/@schema:position)", namespaces=ATOM) == "2"
    assert said.xpath("string(a:category/@label)", namespaces=ATOM) == "vinter"
    assert said.xpath("string(dc:issued)", namespaces=ATOM) == "2021-05"
    assert said.xpath("string(a:content)", namespaces=ATOM) == "Lunta & <b>jäätä</b>"


@pytest.mark.parametrize(
    ("more", "links", "rel", "state"),
    [
        ({}, [], "http://opds-spec.org/acquisition", "available"),
        ({"borrow": "https://k.example/e1"}, [], "http://opds-spec.org/acquisition/borrow", "available"),
        ({"open_from": "2026-03-01"}, [], "http://opds-spec.org/acquisition", "unavailable"),
        ({"open_until": "2026-01-30"}, [], "http://opds-spec.org/acquisition", "unavailable"),
        ({}, [{"kind": "content", "url": "https://x.example/a"}], "http://opds-spec.org/acquisition/open-access", None),
    ],
)
def test_how_it_is_had(more: dict[str, str], links: list[Any], rel: str, state: str | None) -> None:
    about = made(WINTER | {"texts": {"links": links}}, **more)
    found = next(link for link in publication(about, "sv", TODAY)["links"] if "acquisition" in link["rel"])
    assert (found["rel"], found.get("properties", {}).get("availability", {}).get("state")) == (rel, state)
    assert faults(feed(about)) == []


def test_the_description_of_the_search_is_opensearch() -> None:
    said = etree.fromstring(to_opensearch("Katalog", "Sök", "https://k.example/search?query={searchTerms}"))
    url = said.find("search:Url", ATOM)
    assert url is not None
    assert "{searchTerms}" in (url.get("template") or "")
    assert said.findtext("search:ShortName", None, ATOM) == "Katalog"


TEXT = st.text(min_size=1, max_size=20)
DESCRIPTIONS = st.builds(
    lambda title, name, number, date, code: Description.model_validate(
        {
            "medium": "audiobook",
            "titles": [{"text": title}],
            "contributors": [{"name": name, "roles": [code]}],
            "series": [{"title": title, "number": number}],
            "publication": {"publisher": name, "dates": {"published": date}},
            "topics": {"subjects": [{"source_text": name}]},
        }
    ),
    TEXT, TEXT, TEXT, st.sampled_from([None, "2021", "2021-05", "2021-05-06"]), st.sampled_from(["aut", "nrt", "xyz"]),
)  # fmt: skip


@settings(max_examples=50, deadline=None, suppress_health_check=list(HealthCheck))
@given(DESCRIPTIONS)
def test_no_text_breaks_a_feed(about: Description) -> None:
    assert faults(feed(made(about))) == []


def test_our_own_reader_reads_it_back() -> None:
    """The mirror: what an OPDS 2.0 feed of ours says becomes the same description again."""
    payload = io.BytesIO(orjson.dumps(to_opds2(feed(made(WINTER)))))
    (item,) = [each for each in parse(payload) if isinstance(each, ParsedRecord)]
    mapped = map_opds(item, "oma", "f1")
    record, sent = mapped.record, Description.model_validate(WINTER)
    assert record is not None
    assert [(d.code, d.locus) for d in mapped.defects] == []
    assert record.own_isbns() == sent.own_isbns()
    assert [t.text for t in record.titles] == [t.text for t in sent.titles]
    assert [(s.title, s.number) for s in record.series] == [("Saaret", "2")]
    assert {c.name: set(c.roles) for c in record.contributors} == {c.name: set(c.roles) for c in sent.contributors}
    assert record.publication.publisher == "Kaarna"
    assert record.topics.subjects[0].uri == "http://www.yso.fi/onto/yso/p2797"
    assert [(c.scheme, c.code) for c in record.topics.classification] == [("ykl", "84.2")]
    assert [(a.scheme, a.code) for a in record.topics.audience] == [("schema", "Adult")]
    assert "accessibilityFeature:alternativeText" in {fact.code for fact in record.accessibility}
