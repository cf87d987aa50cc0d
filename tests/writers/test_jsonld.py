"""schema.org of a description, its accessibility above all."""

from __future__ import annotations

from typing import Any

import pytest

from catalogue.record import Description
from writers.jsonld import to_jsonld

WALTARI = {"name": "Mika Waltari", "roles": ["aut"], "ids": [{"scheme": "isni", "value": "0000000121346752"}]}


def written(**parts: Any) -> dict[str, Any]:
    values = {"medium": "ebook", "titles": [{"text": "Sinuhe"}], "languages": {"text": ["fin"]}} | parts
    return to_jsonld(Description.model_validate(values), "e1")


@pytest.mark.parametrize(
    ("parts", "kind"),
    [
        ({}, "Book"),
        ({"medium": "audiobook"}, "Audiobook"),
        ({"medium": "emagazine", "level": "serial"}, "Periodical"),
        ({"medium": "emagazine", "level": "issue", "issue": {"number": "5/2024"}}, "PublicationIssue"),
    ],
)
def test_the_type_is_that_of_the_publication(parts: dict[str, Any], kind: str) -> None:
    assert written(**parts)["@type"] == kind


def test_readers_ages_are_told_as_a_range() -> None:
    audience = [{"scheme": "onix-audience", "code": "02"}, {"scheme": "age", "code": "7-9"}]
    assert written(topics={"audience": audience})["typicalAgeRange"] == "7-9"
    assert "typicalAgeRange" not in written()


def test_a_book_is_described() -> None:
    made = written(
        identifiers=[{"scheme": "isbn", "value": "9789510396230"}, {"scheme": "doi", "value": "10.1/x"}],
        contributors=[WALTARI, {"name": "Eva Ek", "roles": ["trl", "ill"]}],
        extent={"pages": 780},
        formats=["epub"],
        titles=[{"text": "Sinuhe"}, {"kind": "original", "text": "Sinuhe egyptiläinen"}],
        topics={"subjects": [{"uri": "http://x/p1", "labels": {"fi": "koira", "sv": "hund"}}]},
    )
    assert made["isbn"] == "9789510396230"
    assert made["inLanguage"] == "fi"
    assert made["author"]["sameAs"] == "https://isni.org/isni/0000000121346752"
    assert made["translator"] == made["illustrator"] == {"@type": "Person", "name": "Eva Ek"}
    assert made["translationOfWork"]["name"] == "Sinuhe egyptiläinen"
    assert (made["numberOfPages"], made["encodingFormat"]) == (780, "epub")
    assert made["about"][0]["name"] == [{"@value": "koira", "@language": "fi"}, {"@value": "hund", "@language": "sv"}]
    assert "description" not in made


def test_an_audiobook_has_a_reader_and_a_duration() -> None:
    made = written(medium="audiobook", contributors=[{"name": "A", "roles": ["nrt"]}], extent={"duration_min": 342})
    assert (made["readBy"]["name"], made["duration"]) == ("A", "PT5H42M")
    assert made["accessMode"] == ["auditory"]


def test_accessibility_is_said_in_the_terms_of_schema_org() -> None:
    codes = ("00", "03", "14", "36", "52", "85", "143:14")
    facts = [{"code": c, "text": "Hyvin." if c == "00" else None, "source": "onix"} for c in codes]
    made = written(accessibility=facts)
    assert made["accessMode"] == ["textual", "visual"]
    assert [row["itemListElement"] for row in made["accessModeSufficient"]] == [["textual"]]
    assert made["accessibilityFeature"] == ["alternativeText", "displayTransformability"]
    assert made["accessibilityHazard"] == ["noFlashingHazard"]
    assert made["accessibilitySummary"] == "Hyvin."
    assert made["conformsTo"] == ["http://www.idpf.org/epub/a11y/accessibility-20170105.html#wcag-aa"]


def test_marc_341_and_532_say_the_same() -> None:
    facts = [
        {"text": "visual: alternativeText", "source": "341"},
        {"text": "Kuvilla on tekstivastineet.", "source": "532"},
    ]
    made = written(accessibility=facts)
    assert made["accessibilityFeature"] == ["alternativeText"]
    assert made["accessibilitySummary"] == "Kuvilla on tekstivastineet."


def test_terms_of_schema_org_stay_what_they_are() -> None:
    codes = ("accessibilityFeature:captions", "accessModeSufficient:textual,visual", "accessibilityHazard:none")
    facts = [{"code": code, "source": "schema.org"} for code in codes]
    facts.append({"code": "accessibilitySummary", "text": "Selkeä.", "source": "schema.org"})
    made = written(accessibility=facts)
    assert made["accessibilityFeature"] == ["captions"]
    assert [row["itemListElement"] for row in made["accessModeSufficient"]] == [["textual"], ["textual", "visual"]]
    assert (made["accessibilityHazard"], made["accessibilitySummary"]) == (["none"], "Selkeä.")
