"""OPDS 2.0 and ODL 2 → record: golden files, and the rules one by one."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest

from catalogue.parsed import ParsedRecord
from mappings.mapped import Mapped
from mappings.opds.people import names_in
from mappings.opds.record import map_opds
from parsers.registry import parse

GOLDEN = Path(__file__).parent / "opds"


def mapped_from(data: bytes) -> list[Mapped]:
    return [map_opds(item, "toimittaja", "f1") for item in parse(io.BytesIO(data)) if isinstance(item, ParsedRecord)]


def as_json(found: list[Mapped]) -> list[dict[str, Any]]:
    """Records without what is empty, and their defects: what a person reviews."""

    def pruned(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: each for key, every in value.items() if (each := pruned(every)) not in (None, [], {}, "")}
        return [pruned(each) for each in value] if isinstance(value, list) else value

    return [
        {
            "record": pruned(one.record.model_dump(mode="json")) if one.record else None,
            "defects": [[d.code, d.locus, dict(d.params)] for d in one.defects],
        }
        for one in found
    ]


def compare(found: list[Mapped], golden: Path) -> None:
    made = json.dumps(as_json(found), ensure_ascii=False, indent=1) + "\n"
    assert golden.exists(), f"{golden.name} is missing; review this and keep it:\n{made}"
    assert json.loads(made) == json.loads(golden.read_text("utf-8"))


def test_a_magazine_and_an_audiobook_are_read_whole() -> None:
    compare(mapped_from((GOLDEN / "magazine_in_group.json").read_bytes()), GOLDEN / "magazine_in_group.expected.json")


@pytest.mark.parametrize(
    "name",
    [
        "bad_accessibility_data", "demarque_feed", "dm_feed_accessibility", "ellibs_feed_accessibility",
        "ellibs_feed_single_publication", "feed-audiobook-no-streaming", "feed-audiobook-streaming", "feed2",
        "open-access-title", "unlimited-access",
    ],
)  # fmt: skip
def test_the_feeds_of_todays_platform_are_read_whole(test_data: Path, name: str) -> None:
    found = mapped_from((test_data / "odl-fi-ekirjasto/odl" / f"{name}.json").read_bytes())
    compare(found, GOLDEN / f"{name}.expected.json")


def of(metadata: dict[str, Any], **parts: Any) -> Mapped:
    content = {"metadata": {"title": "Nimi", "identifier": "urn:x:1", **metadata}, **parts}
    return map_opds(ParsedRecord("opds-2.0", content, 1), "toimittaja", "f1")


@pytest.mark.parametrize(
    ("name", "names"),
    [
        ("Mika Waltari", ["Mika Waltari"]),
        ("Waltari, Mika", ["Waltari, Mika"]),
        ("Anna Holm, Bo Ek", ["Anna Holm", "Bo Ek"]),
        ("Anna Holm, Bo Ek, Cai Lund", ["Anna Holm", "Bo Ek", "Cai Lund"]),
        ("von Wright, Georg Henrik", ["von Wright, Georg Henrik"]),
        ("Holm, Anna; Ek, Bo", ["Holm, Anna", "Ek, Bo"]),
        ({"name": {"sv": "Tove Jansson"}}, ["Tove Jansson"]),
        ({"name": None}, []),
        (7, ["7"]),
    ],
)
def test_names_in_one_text_are_parted(name: Any, names: list[str]) -> None:
    assert names_in(name) == names


@pytest.mark.parametrize(
    ("kind", "formats", "medium", "disagrees"),
    [
        ("http://schema.org/Book", ["application/epub+zip"], "ebook", False),
        ("http://schema.org/EBook", ["application/audiobook+lcp"], "audiobook", True),
        ("https://schema.org/Audiobook", ["application/epub+zip"], "ebook", True),
        ("https://schema.org/Audiobook", [], "audiobook", False),
        ("schema:Book", ["text/html", "audio/mpeg"], "audiobook", False),
        ("http://schema.org/Periodical", ["application/pdf"], "emagazine", False),
        ("https://schema.org/Audiobook", ["text/html"], "audiobook", False),
        ("", ["text/html"], "ebook", False),
        ("", ["audio/aac"], "audiobook", False),
        (["schema:Book", "schema:Audiobook"], [], "audiobook", False),
        ("", [], "ebook", False),
    ],
)
def test_what_is_lent_tells_the_medium(kind: Any, formats: list[str], medium: str, disagrees: bool) -> None:
    found = of({"@type": kind}, licenses=[{"metadata": {"format": formats}}])
    assert found.record is not None
    assert found.record.medium == medium
    assert ("form.disagree" in {d.code for d in found.defects}) is disagrees


@pytest.mark.parametrize(
    ("kind", "page", "steps", "medium", "formats"),
    [
        ("Book", "text/html", [{"type": "application/epub+zip"}], "ebook", ("epub",)),
        (
            "Book",
            "application/xhtml+xml",
            [{"type": "text/html", "child": [{"type": "application/pdf"}]}],
            "ebook",
            ("pdf",),
        ),
        ("Periodical", "text/html", [{"type": "application/pdf"}], "emagazine", ("pdf",)),
        ("Audiobook", "text/html", [], "audiobook", ()),
        ("Book", "text/html", [], "ebook", ("html",)),
    ],
)
def test_a_page_that_leads_to_a_file_is_no_format(
    kind: str, page: str, steps: list[Any], medium: str, formats: tuple[str, ...]
) -> None:
    link = {"rel": "http://opds-spec.org/acquisition/buy", "href": "https://kauppa.example/1", "type": page}
    found = of({"@type": kind}, links=[link | {"properties": {"indirectAcquisition": steps}}]).record
    assert found is not None
    assert (found.medium, found.formats) == (medium, formats)


@pytest.mark.parametrize(
    ("written", "name", "inverted"),
    [
        ("Martin Luther King, Jr.", "Martin Luther King, Jr.", "King, Martin Luther, Jr."),
        ("King, Martin Luther, Jr.", "Martin Luther King, Jr.", "King, Martin Luther, Jr."),
        ("Waltari, Mika", "Mika Waltari", "Waltari, Mika"),
    ],
)
def test_what_stands_behind_a_name_stays_behind_it(written: str, name: str, inverted: str) -> None:
    found = of({"author": written}).record
    assert found is not None
    assert [(c.name, c.name_inverted) for c in found.contributors] == [(name, inverted)]


@pytest.mark.parametrize("given", ["urn:isbn:9789510396230", {"scheme": "ISBN", "value": "urn:isbn:9789510396230"}])
def test_an_identifier_with_a_scheme_is_known_by_its_value(given: Any) -> None:
    found = of({"identifier": given}).record
    assert found is not None
    assert found.source_id == "urn:isbn:9789510396230"


def test_a_comic_of_pictures_is_known_by_its_profile() -> None:
    found = of({"conformsTo": "https://readium.org/webpub-manifest/profiles/divina"}).record
    assert found is not None
    assert found.formats == ("divina",)


@pytest.mark.parametrize(
    ("availability", "status", "start", "end"),
    [
        ({"state": "available"}, "live", None, None),
        ({"state": "available", "until": "2026-05-01"}, "live", None, "2026-05-01"),
        ({"state": "available", "since": "2026-05-01T10:00:00Z"}, "live", "2026-05-01", None),
        ({"state": "unavailable", "until": "2026-05-01"}, "live", "2026-05-01", None),
        ({"state": "unavailable"}, "withdrawn", None, None),
        ("unavailable", "withdrawn", None, None),
    ],
)
def test_the_state_of_supply(availability: Any, status: str, start: str | None, end: str | None) -> None:
    record = of({"availability": availability}).record
    assert record is not None
    assert (record.status, record.availability.from_, record.availability.until) == (status, start, end)


@pytest.mark.parametrize(
    ("expires", "until"),
    [(["2027-01-01", "2028-01-01"], "2028-01-01"), (["2027-01-01", None], None), ([], None)],
)
def test_the_licence_that_ends_last_counts(expires: list[str | None], until: str | None) -> None:
    licences = [{"metadata": {"terms": {"expires": day}}} for day in expires]
    record = of({}, licenses=licences).record
    assert record is not None
    assert record.availability.until == until
    assert record.availability.lendable_fi is (True if licences else None)


@pytest.mark.parametrize("value", [None, 3, "x", [], {}, [[]], [None], {"name": {}}, {"name": ["x"]}, True])
def test_no_shape_of_json_breaks_the_mapping(value: Any) -> None:
    names = [
        "@type", "identifier", "altIdentifier", "subtitle", "author", "contributor", "narrator", "publisher", "imprint",
        "language", "published", "modified", "subject", "belongsTo", "duration", "numberOfPages", "abridged",
        "description", "accessibility", "availability", "schema:workExample", "conformsTo",
    ]  # fmt: skip
    for name in names:
        assert of({name: value}).record is not None
    for part in ("links", "images", "licenses"):
        assert of({}, **{part: value}).record is not None


def test_a_record_without_identifier_is_named_by_its_isbn_and_told() -> None:
    found = of({"identifier": None, "altIdentifier": "urn:isbn:9789512445448"})
    assert found.record is not None
    assert found.record.source_id == "9789512445448"
    assert [d.code for d in found.defects] == ["record.no_id"]


@pytest.mark.parametrize(
    ("member", "value", "lost"),
    [
        ("numberOfPages", "noin 200", ["metadata.numberOfPages"]),
        ("numberOfPages", 200, []),
        ("duration", "long", ["metadata.duration"]),
        ("duration", {"value": 3}, ["metadata.duration"]),
        ("duration", "PT3H20M", []),
        ("author", [{"nm": "x"}, "Ek, Bo", 5.5, []], ["metadata.author[0]"]),
        ("language", ["fi", {"sv": 1}], ["metadata.language[1]"]),
        ("published", ["2020"], ["metadata.published"]),
        ("subject", [{"scheme": "x"}, "sota", {"name": {"fi": "sota"}}, {"code": "FBA"}], ["metadata.subject[0]"]),
        ("belongsTo", ["Sarja"], ["metadata.belongsTo"]),
        ("altIdentifier", [{"scheme": "isbn"}], ["metadata.altIdentifier[0]"]),
        ("description", ["x"], ["metadata.description"]),
        ("accessibility", "good", ["metadata.accessibility"]),
        ("subtitle", None, []),
    ],
)
def test_what_a_member_cannot_hold_is_told(member: str, value: Any, lost: list[str]) -> None:
    assert [d.locus for d in of({member: value}).defects if d.code == "opds.member"] == lost


@pytest.mark.parametrize(
    ("duration", "minutes"),
    [(3661.5, 62), ("3600", 60), ("PT3H20M", 200), ("PT11679.5S", 195), (0, None), ("long", None)],
)
def test_a_duration_is_in_seconds_or_as_iso_8601_has_it(duration: Any, minutes: int | None) -> None:
    record = of({"duration": duration}).record
    assert record is not None
    assert record.extent.duration_min == minutes


def test_a_description_may_be_in_several_languages() -> None:
    record = of({"description": {"fi": "Kirja\n sodasta", "sv-FI": "<p>Om kriget</p>"}}).record
    assert record is not None
    assert [(text.language, text.text) for text in record.texts.descriptions] == [
        ("fin", "Kirja\nsodasta"),
        ("swe", "<p>Om kriget</p>"),
    ]


@pytest.mark.parametrize(
    ("scheme", "code", "kept"),
    [
        ("https://www.bisg.org/#bisac", "FIC000000", "bisac"),
        ("http://www.bisg.org/standards/bisac_subject/index.html", "FIC000000", "bisac"),
        ("https://ns.editeur.org/thema/", "FBA", "thema"),
    ],
)
def test_a_scheme_is_known_by_any_of_its_addresses(scheme: str, code: str, kept: str) -> None:
    record = of({"subject": {"name": "Fiction", "scheme": scheme, "code": code}}).record
    assert record is not None
    assert [(each.scheme, each.code) for each in record.topics.classification] == [(kept, code)]


def test_a_summary_of_accessibility_may_be_in_several_languages() -> None:
    given = {"summary": {"fi": "Hyvä", "sv": "Bra"}, "feature": ["alternativeText", {}], "hazard": [{"x": 1}]}
    found = of({"accessibility": given})
    assert found.record is not None
    assert [(fact.code, fact.text) for fact in found.record.accessibility] == [
        ("accessibilitySummary", "Hyvä"),
        ("accessibilitySummary", "Bra"),
        ("accessibilityFeature:alternativeText", None),
    ]
    lost = [d.locus for d in found.defects if d.code == "opds.member"]
    assert lost == ["metadata.accessibility.feature[1]", "metadata.accessibility.hazard[0]"]


@pytest.mark.parametrize(
    ("language", "word", "subjects"),
    [
        ("fi", "Helsinki -- historia", ["Helsinki", "historia"]),
        ("sv", "Helsingfors--historia", ["Helsinki", "historia"]),
        ("fi", "Helsinki--hömppähärveli", [None]),
        ("en", "Helsinki--history", ["Helsinki", "historia"]),
    ],
)
def test_free_words_are_a_chain_only_if_each_part_is_a_concept(
    language: str, word: str, subjects: list[str | None]
) -> None:
    record = of({"language": language, "subject": word}).record
    assert record is not None
    assert [topic.labels.fi for topic in record.topics.subjects] == subjects


@pytest.mark.parametrize(
    ("language", "word", "fi"),
    [
        ("sv", "sångare", None),  # singers, or birds: "sångare (fåglar)"
        ("fi", "metso", None),  # the bird, or its meat
        ("sv", "katt", "kissa"),
        ("fi", "kissa", "kissa"),
        ("fi", "Somero", "Somero"),  # a town comes before the villages of its name
    ],
)
def test_a_free_word_with_a_namesake_means_neither(language: str, word: str, fi: str | None) -> None:
    record = of({"language": language, "subject": word}).record
    assert record is not None
    assert [topic.labels.fi for topic in record.topics.subjects] == [fi]


@pytest.mark.parametrize(
    ("hazards", "values"),
    [
        (["flashing", "noFlashingHazard"], ["flashing, noFlashingHazard"]),
        (["none", "sound", "motionSimulation"], ["none, motionSimulation, sound"]),
        (["noSoundHazard", "noFlashingHazard", "motionSimulation"], []),
    ],
)
def test_hazards_that_contradict_each_other_are_told(hazards: list[str], values: list[str]) -> None:
    found = of({"accessibility": {"hazard": hazards}})
    assert found.record is not None
    assert len(found.record.accessibility) == len(hazards)
    assert [d.params["values"] for d in found.defects if d.code == "accessibility.contradiction"] == values


def test_a_second_publisher_is_told() -> None:
    found = of({"title": "T", "publisher": [{"name": "Otava"}, "Tammi"]})
    assert found.record is not None
    assert found.record.publication.publisher == "Otava"
    assert ("opds.member", "metadata.publisher[1]") in {(d.code, d.locus) for d in found.defects}


def belonging(**groups: Any) -> Mapped:
    more = {"@type": "http://schema.org/PublicationIssue"} if "periodical" in groups else {}
    about = {"title": "Kirja", "identifier": "urn:x:1", "language": "fi", **more, "belongsTo": groups}
    (found,) = mapped_from(json.dumps({"publications": [{"metadata": about, "links": [{"href": "x"}]}]}).encode())
    return found


@pytest.mark.parametrize(
    ("groups", "series", "note"),
    [
        ({"volume": 3, "series": {"name": "Tintti"}}, [("Tintti", "3")], []),
        ({"volume": {"position": 3.0}, "series": "Tintti"}, [("Tintti", "3")], []),
        ({"volume": 2, "series": {"name": "Tintti", "position": 12}}, [("Tintti", "12")], ["Vol. 2"]),
        ({"volume": {"position": 2, "name": {"fi": "Kuuhun"}}, "series": "S"}, [("S", "2")], ["Vol. 2: Kuuhun"]),
        ({"volume": "108", "periodical": "Lehti", "issue": 5}, [], ["Vol. 108"]),
        ({"volume": {}, "series": "S"}, [("S", None)], []),
    ],
)
def test_a_volume_is_a_number_of_its_series_or_told(
    groups: dict[str, Any], series: list[tuple[str, str | None]], note: list[str]
) -> None:
    record = belonging(**groups).record
    assert record is not None
    assert [(s.title, s.number) for s in record.series] == series
    assert [n.text for n in record.texts.notes if n.kind == "numbering"] == note


def test_what_a_publication_belongs_to_in_an_unknown_way_is_told() -> None:
    found = belonging(universe={"name": "Marvel"}, periodical={"name": "Lehti", "issn": "0039-5552"})
    assert [(d.code, d.locus) for d in found.defects] == [("opds.member", "metadata.belongsTo.universe")]
    assert found.record is not None
    assert found.record.issue is not None
    assert found.record.issue.serial_issn == "0039-5552"


def test_a_number_of_a_shop_keeps_the_name_of_the_shop() -> None:
    other = [{"value": "B00X", "scheme": "http://www.amazon.com"}, {"value": "12", "scheme": "SKU"}, "plain"]
    about = {"title": "Kirja", "identifier": "urn:x:1", "altIdentifier": other}
    (found,) = mapped_from(json.dumps({"publications": [{"metadata": about, "links": [{"href": "x"}]}]}).encode())
    assert found.record is not None
    told = [(i.scheme, i.value) for i in found.record.identifiers]
    assert told == [
        ("urn", "urn:x:1"),
        ("proprietary:amazon.com", "B00X"),
        ("proprietary:sku", "12"),
        ("proprietary", "plain"),
    ]
