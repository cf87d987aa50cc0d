"""Errors and reasons in the reader's language, amounts as it writes them."""

from __future__ import annotations

import json

import pytest

from catalogue.defect import Defect
from catalogue.errors import ConfigurationError, FeedHeld, NotFound, ServiceUnreachable
from catalogue.sentence import Sentence, Share, as_json, from_json
from ops.messages import Language
from ops.saying import defect_text, place_text, said

GONE = Sentence(
    "{count} of {live} live records would be removed ({share}, limit {limit})",
    count=2345,
    live=12345,
    share=Share(0.19),
    limit=Share(0.025),
)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("fi", "voimassa olevista 12 345 tietueesta poistuisi 2 345 (19 %, raja 2,5 %)"),
        ("sv", "2 345 av 12 345 gällande poster skulle tas bort (19 %, gränsen är 2,5 %)"),
        ("en", "2,345 of 12,345 live records would be removed (19 %, limit 2.5 %)"),
    ],
)
def test_numbers_and_shares_are_those_of_the_language(language: Language, text: str) -> None:
    assert said(GONE, language).replace("\N{NO-BREAK SPACE}", " ") == text


def test_an_error_is_said_with_the_sentences_inside_it() -> None:
    held = FeedHeld("aku", 1234, [Sentence("the feed is empty, {live} records are live", live=5), "an old reason"])
    assert (
        said(held, "fi") == "aku: ajo 1234 on pidätetty: syöte on tyhjä, mutta voimassa on 5 tietuetta; an old reason"
    )
    assert said(NotFound("case", "ä1"), "fi") == "tapausta ”ä1” ei ole"
    assert said(NotFound("case", "ä1"), "en") == "no case 'ä1'"


def test_every_fault_of_a_configuration_is_said_on_its_own_line() -> None:
    error = ConfigurationError([Sentence("{name}: {why}", name="a", why="{b}"), "foreign"])
    assert said(error, "sv") == "a: {b}\nforeign"


def test_foreign_text_stays_as_it_is() -> None:
    assert said(ServiceUnreachable("Connection refused"), "fi") == "Connection refused"


@pytest.mark.parametrize(
    ("locus", "fi", "sv"),
    [
        ("line 194", "rivi 194", "rad 194"),
        ("byte 4096", "tavu 4096", "byte 4096"),
        ("line 7, TitleDetail/line 1", "rivi 7, TitleDetail/line 1", "rad 7, TitleDetail/line 1"),
        ("245$a", "245$a", "245$a"),
    ],
)
def test_places_are_said_in_the_readers_language(locus: str, fi: str, sv: str) -> None:
    assert (place_text(locus, "fi"), place_text(locus, "sv"), place_text(locus)) == (fi, sv, locus)


def test_a_reason_within_a_defect_is_said_in_the_readers_language_also_when_it_was_stored() -> None:
    reason = Sentence("{entries} entries for {fields} fields", entries=21, fields=2)
    stored = from_json(json.loads(json.dumps(as_json(reason))))
    for params in ({"reason": reason}, {"reason": stored}):
        found = Defect("marc.directory", params=params)
        assert "21 entries for 2 fields" in defect_text(found)
        assert "merkintää" in defect_text(found, "fi")


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("fi", "ONIX-koodisto 175: tuotteen muodon tarkenne"),
        ("sv", "ONIX-lista 175: produktformens detalj"),
        ("en", "ONIX list 175 (Product form detail)"),
    ],
)
def test_a_defect_names_the_code_list(language: Language, words: str) -> None:
    assert words in defect_text(Defect("code.unknown", "", {"code": "Z999", "list": "ONIX list 175"}), language)


def test_a_list_without_a_name_of_ours_keeps_its_own() -> None:
    assert "MARC relators" in defect_text(Defect("code.unknown", "", {"code": "x", "list": "MARC relators"}), "fi")
    assert "ONIX list 9999" in defect_text(Defect("code.unknown", "", {"code": "x", "list": "ONIX list 9999"}), "fi")
