"""Headings of YSA, Allärs, MUSA and CILLA become YSO, SLM and SEKO concepts as far as the pinned data hold them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from catalogue.parsed import ParsedRecord
from catalogue.record import CatalogueRecord
from catalogue.vocabularies.headings import find_chain, find_heading
from mappings.registry import map_record
from parsers.registry import parse

YSO, SLM = "http://www.yso.fi/onto/yso/", "http://urn.fi/URN:NBN:fi:au:slm:"
SUBJECTS = frozenset(("650", "651", "655", "370", "257", "382", "388"))
# Only Allärs itself says what these are: no pinned vocabulary has them as a label.
ONLY_IN_ALLARS = {
    f"{YSO}p30099": "charleston", f"{YSO}p30022": "fandango", f"{YSO}p29950": "pasodoble",
    f"{YSO}p15024": "konsertrecensioner, skivrecensioner",
}  # fmt: skip


def read(path: Path) -> list[ParsedRecord]:
    with path.open("rb") as stream:
        return [item for item in parse(stream) if isinstance(item, ParsedRecord)]


def concepts_in(content: Any) -> set[str]:
    """The addresses of the concepts a converted record names among its subjects."""
    found = ((field[0], value) for field in content[1] if len(field) == 3 for code, value in field[2] if code == "0")
    return {value for tag, value in found if tag in SUBJECTS and value.startswith("http")}


def test_the_records_of_the_national_library_convert_as_it_converts_them(test_data: Path) -> None:
    folder = test_data / "marc-fi-yso-conversion"
    given, expected = read(folder / "test_records.mrc"), read(folder / "converted_records.mrc")
    assert len(given) == len(expected) == 12
    for before, after in zip(given, expected, strict=True):
        record = map_record(before, "s", "f").record
        assert record is not None
        ours = {topic.uri for topic in (*record.topics.subjects, *record.topics.genres)}
        assert concepts_in(after.content) - ours <= ONLY_IN_ALLARS.keys(), before.index


def mapped(leader6: str, *fields: list[Any]) -> CatalogueRecord:
    fields = (["001", "1"], ["245", "10", [["a", "Nimi"]]], *fields)
    content = [f"00000n{leader6}m a2200000 i 4500", list(fields)]
    record = map_record(ParsedRecord("marc21", content, 1), "s", "f").record
    assert record is not None
    return record


@pytest.mark.parametrize(
    ("leader6", "text", "language", "genre"),
    [("j", "laulut", "ysa", True), ("j", "sånger", "allars", True), ("a", "laulut", "ysa", False),
     ("g", "elokuvat", "ysa", True), ("a", "elokuvat", "ysa", False), ("c", "antifonit", "musa", True)],
)  # fmt: skip
def test_a_subject_of_music_or_film_says_what_it_is(leader6: str, text: str, language: str, genre: bool) -> None:
    topics = mapped(leader6, ["650", " 7", [["a", text], ["2", language]]]).topics
    kept = topics.genres if genre else topics.subjects
    assert [(t.scheme, t.source_text) for t in kept] == [("slm" if genre else "yso", text)]
    assert len(topics.genres) + len(topics.subjects) == 1


@pytest.mark.parametrize(
    ("scheme", "texts", "fi"),
    [
        ("ysa", ["Helsinki", "Töölö"], ["Helsinki", "Töölö (Helsinki)"]),
        ("allars", ["Helsingfors", "Tölö"], ["Helsinki", "Töölö (Helsinki)"]),
        ("ysa", ["kissa", "Helsinki"], ["kissa", "Helsinki"]),
    ],
)
def test_a_place_in_a_chain_is_found_within_the_one_before_it(scheme: str, texts: list[str], fi: list[str]) -> None:
    assert [concept and concept.labels.fi for concept in find_chain(scheme, texts, "subject")] == fi


@pytest.mark.parametrize(
    ("scheme", "text", "place", "fi"),
    [
        ("ysa", "Hetta", "place", "Hetta (Enontekiö)"),
        ("allars", "Hetta", "place", "Hetta (Enontekiö)"),
        ("ysa", "Hetta", "subject", None),  # only where a place is meant
        ("ysa", "Kirkonkylä", "place", None),  # there are several
        ("ysa", "hömppähärveli", "place", None),
    ],
)
def test_a_place_alone_is_found_if_there_is_one_of_the_name(scheme: str, text: str, place: Any, fi: str | None) -> None:
    found = find_heading(scheme, text, place)
    assert (found.labels.fi if found else None) == fi


@pytest.mark.parametrize(
    ("tag", "subfields", "kept"),
    [
        (
            "650",
            [["a", "Helsinki"], ["x", "historia"], ["y", "1900-luku"], ["2", "ysa"]],
            ["Helsinki", "historia", None],
        ),
        ("650", [["a", "Helsinki -- historia -- 1900-luku"], ["2", "ysa"]], ["Helsinki", "historia", None]),
        ("650", [["a", "Helsinki--Töölö"], ["2", "ysa"]], ["Helsinki", "Töölö (Helsinki)"]),
        ("650", [["a", "Helsingfors--Tölö"], ["2", "allars"]], ["Helsinki", "Töölö (Helsinki)"]),
        ("651", [["a", "Helsinki"], ["x", "historia"], ["2", "yso/fin"]], ["Helsinki", "historia"]),
        ("651", [["a", "Helsingfors"], ["x", "historia"], ["2", "yso/swe"]], ["Helsinki", "historia"]),
        ("650", [["a", "piano (2)"], ["2", "musa"]], ["piano"]),
        ("650", [["a", "Cats--History"], ["2", "lcsh"]], [None]),
    ],
)
def test_chains_are_taken_apart_however_they_are_written(
    tag: str, subfields: list[list[str]], kept: list[str | None]
) -> None:
    topics = mapped("a", [tag, " 7", subfields]).topics
    assert [topic.labels.fi for topic in topics.subjects] == kept


@pytest.mark.parametrize(("language", "text", "is_gap"), [
    ("fin", "hömppähärveli", True), ("swe", "hömppegrunka", True), ("eng", "thingumajig", False),
    ("fin", "1900-luku", False), ("fin", "Helsinki", False), ("swe", "Helsingfors", False),
])  # fmt: skip
def test_a_cataloguers_word_that_is_no_concept_is_a_gap(language: str, text: str, is_gap: bool) -> None:
    fields = [["001", "1"], ["008", f"{language:>38}  "], ["245", "10", [["a", "Nimi"]]], ["653", " 0", [["a", text]]]]
    found = map_record(ParsedRecord("marc21", ["00000nam a2200000 i 4500", fields], 1), "s", "f")
    assert [d.params["text"] for d in found.defects if d.code == "topic.unlinked"] == ([text] if is_gap else [])
