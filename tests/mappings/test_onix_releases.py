"""The same product in every release and tag set is the same record; real feeds map without an exception."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catalogue.parsed import ParsedRecord
from mappings.onix.record import map_onix
from mappings.registry import map_record
from parsers.registry import parse


def records(path: Path) -> dict[str, dict[str, Any]]:
    with path.open("rb") as stream:
        mapped = [map_record(p, "s", "f") for p in parse(stream) if isinstance(p, ParsedRecord)]
    return {m.record.source_id: m.record.model_dump(mode="json") for m in mapped if m.record}


def differences(left: Any, right: Any, path: str = "") -> dict[str, tuple[Any, Any]]:
    """Path → both values, of every value that differs; of lists only what the other has not, in whatever order."""
    if isinstance(left, dict) and isinstance(right, dict):
        return {k: v for key in left for k, v in differences(left[key], right[key], f"{path}.{key}".strip(".")).items()}
    if isinstance(left, list) and isinstance(right, list):
        pair = [x for x in left if x not in right], [x for x in right if x not in left]
        return {path: pair} if any(pair) else {}
    return {} if left == right else {path: (left, right)}


# The sample of 3.0 has other data than that of 3.1: another statement, and addresses without https.
OLDER_SAMPLE = {"responsibility", "texts.links"}


@pytest.mark.parametrize(
    ("left", "right", "allowed"),
    [
        ("Onix3.1-single-ref.xml", "Onix3.1-single-short.xml", set()),
        ("Onix3.1-single-ref.xml", "single-book-onix3.xml", OLDER_SAMPLE),
        ("Onix3.1-single-short.xml", "single-book-onix3-short.xml", OLDER_SAMPLE),
        ("single-book-onix3.xml", "single-book-onix3-short.xml", set()),
        # The sender numbers the work otherwise in either; 2.1 has the largest cover, 3.0 an embargo of all markets.
        (
            "samples/onix2-multiple.xml",
            "samples/onix3-multiple.xml",
            {"relations", "texts.links", "availability.from"},
        ),
    ],
)
def test_tags_and_release_do_not_change_the_record(test_data, left, right, allowed):
    folder = test_data / "onix-parity-21-30-31"
    one, other = records(folder / left), records(folder / right)
    assert one.keys() == other.keys()
    for key, record in one.items():
        found = differences(record, other[key])
        assert found.keys() <= allowed, (key, found)
        works = {(r["kind"], r["scheme"]) for side in found.get("relations", ()) for r in side}
        assert works <= {
            ("manifestation_of", "proprietary:BiblioWorkID"),
            ("derived_from", "proprietary:Virtusales Biblio ID"),
        }


def test_older_elements_of_2_1_are_read(map_node):
    record = map_node({
        "ISBN": ["951-0-12345-5"],
        "ProductForm": ["BB"],
        "DistinctiveTitle": ["Nimi"],
        "LanguageOfText": ["swe"],
        "OriginalLanguage": ["fin"],
        "NumberOfPages": ["120"],
        "PublisherName": ["Schildts"],
        "PublicationDate": ["20080301"],
        "CopyrightYear": ["2007"],
        "MainDescription": ["Text"],
        "Series": [{"TitleOfSeries": ["Serie"], "NumberWithinSeries": ["4"]}],
        "BASICMainSubject": ["FIC000000"],
        "AudienceCode": ["02"],
        "NotForSale": [{"RightsCountry": ["FI"]}],
        "SupplyDetail": [{"SupplyToCountry": ["AU NZ"], "OnSaleDate": ["20300101"]}, {"OnSaleDate": ["20080201"]}],
    }).record  # fmt: skip
    assert record.source_id == "9789510123454"
    assert record.titles[0].text == "Nimi"
    assert (record.languages.text, record.languages.original) == (("swe",), ("fin",))
    assert (record.extent.pages, record.publication.publisher) == (120, "Schildts")
    assert (record.publication.dates.published, record.publication.dates.copyright) == ("2008-03-01", "2007")
    assert record.texts.descriptions[0].text == "Text"
    assert [(s.title, s.number) for s in record.series] == [("Serie", "4")]
    assert record.topics.classification[0].code == "FIC000000"
    assert record.topics.audience[0].code == "02"
    assert record.availability.lendable_fi is False
    assert record.availability.from_ == "2008-02-01"  # not the day it is on sale in Australia


def test_the_input_is_not_changed(map_node):
    contributor = {"ContributorRole": ["A01"], "PersonName": ["A B"], "PersonNameIdentifier": [{"IDValue": ["1"]}]}
    content = {"Title": [{"TitleText": ["Nimi"]}], "Contributor": [contributor], "RelatedProduct": [{"ISBN": ["x"]}]}
    before = repr(content)
    assert map_node(content).record == map_node(content).record
    assert repr(content) == before


@pytest.mark.parametrize("folder", ["onix21-au", "onix21-edge", "onix30-fi-kirjavalitys", "onix30-fi-melinda",
                                    "onix30-fr-ebooks", "onix30-pl-elibri", "onix-edge-onixdata"])  # fmt: skip
def test_real_feeds_map_and_every_record_is_accounted_for(test_data, folder):
    for path in sorted((test_data / folder).rglob("*.xml")):
        with path.open("rb") as stream:
            for parsed in parse(stream):
                if isinstance(parsed, ParsedRecord) and parsed.dialect.startswith("onix"):
                    mapped = map_record(parsed, "s", f"{path.name}#{parsed.index}")
                    errors = [d for d in mapped.defects if d.severity == "error"]
                    assert (mapped.record is None) == bool(errors)


TAGS = """RecordReference NotificationType ProductIdentifier ProductIDType IDValue DescriptiveDetail ProductForm
ProductFormDetail TitleDetail TitleType TitleElement TitleElementLevel TitleText PartNumber Subtitle Collection
CollectionSequence Contributor ContributorRole PersonName KeyNames SequenceNumber UnnamedPersons Language LanguageRole
LanguageCode Extent ExtentType ExtentValue ExtentUnit Subject SubjectSchemeIdentifier SubjectHeadingText SubjectCode
Audience AudienceRange AudienceRangePrecision AudienceRangeValue CollateralDetail TextContent TextType Text
SupportingResource ResourceVersion ResourceLink PublishingDetail PublishingDate Date PublishingDateRole Publisher
EditionNumber SalesRights Territory CountriesIncluded RelatedMaterial RelatedProduct ProductRelationCode RelatedWork
WorkIdentifier ProductSupply SupplyDetail SupplyDate Title Series OtherText MediaFile NotForSale Set ISBN SeriesISSN
PublicationDate NumberOfPages MainSubject PersonAsSubject WorkIdentifier CopyrightYear CopyrightStatement"""
VALUES = st.one_of(
    st.sampled_from(
        ["", "01", "02", "09", "15", "20", "71", "²", "9" * 400, "5/2024", "2024", "20240230", "x&amp;y", "fin"]
    ),
    st.text(max_size=12),
)
NODES = st.recursive(
    VALUES,
    lambda inner: st.one_of(
        st.dictionaries(st.sampled_from(TAGS.split()), st.lists(inner, max_size=3), max_size=8),
        st.fixed_dictionaries({"#": VALUES, "@language": VALUES}),
    ),
    max_leaves=30,
)


@settings(max_examples=150, deadline=None)
@given(
    st.dictionaries(st.sampled_from(TAGS.split()), st.lists(NODES, max_size=3), max_size=12),
    st.sampled_from(["onix-2.1", "onix-3.0", "onix-3.1"]),
)
def test_no_node_makes_the_mapping_raise(content, dialect):
    mapped = map_onix(ParsedRecord(dialect, content, 1), "s", "f")
    assert mapped.record is not None or any(d.severity == "error" for d in mapped.defects)
