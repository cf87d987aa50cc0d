"""ONIX list 196 and MARC 341 in schema.org's terms."""

from __future__ import annotations

import pytest

from catalogue.accessibility import MODES, _table, access_of, said_of
from catalogue.record import AccessibilityFact, Description

KINDS = {"textual", "visual", "auditory", "tactile"}


def described(*facts: AccessibilityFact, medium: str = "ebook") -> Description:
    return Description.model_validate({"medium": medium, "accessibility": facts})


@pytest.mark.parametrize(
    ("code", "feature"),
    [
        ("10", "unlocked"),
        ("11", "tableOfContents"),
        ("13", "readingOrder"),
        ("14", "alternativeText"),
        ("15", "longDescription"),
        ("17", "MathML"),
        ("20", "synchronizedAudioText"),
        ("26", "highContrastDisplay"),
        ("29", "structuralNavigation"),
        ("36", "displayTransformability"),
    ],
)
def test_a_code_is_a_feature(code: str, feature: str) -> None:
    access = access_of(described(AccessibilityFact(code=code)))
    assert [name for name, _, _ in access.features] == [feature]


def test_modes_are_those_of_the_medium_and_of_what_features_help_with() -> None:
    assert access_of(described(medium="audiobook")).modes == ["auditory"]
    assert access_of(described(AccessibilityFact(code="14"))).modes == ["textual", "visual"]


def test_all_content_in_one_mode_is_sufficient() -> None:
    access = access_of(described(AccessibilityFact(code="52"), AccessibilityFact(code="51")))
    assert access.sufficient == ["textual", "auditory"]


def test_a_field_341_is_read_as_its_features() -> None:
    access = access_of(described(AccessibilityFact(text="visual: alternativeText, captions", source="341")))
    assert access.features == [("alternativeText", "visual", "textual"), ("captions", "visual", "textual")]


def test_a_341_in_other_words_is_kept_as_words() -> None:
    access = access_of(described(AccessibilityFact(text="luettavissa näytöllä", source="341")))
    assert access.summaries == ["luettavissa näytöllä"]


def test_an_unknown_code_is_said_by_its_number() -> None:
    said = list(said_of(described(AccessibilityFact(code="77x", text="uusi")), "fi"))
    assert said == [("8", "ONIX 196/77x: uusi")]


def test_every_row_of_the_table_is_whole() -> None:
    rows = _table()["facts"]
    assert len(rows) > 55
    for code, row in rows.items():
        assert row["note"] in "0128", code
        assert all(row[language] for language in ("fi", "sv", "en")), code
        if row.get("mode"):
            assert row["mode"] in MODES, code
            assert row["kind"] in KINDS, code


@pytest.mark.parametrize(
    ("code", "text", "said"),
    [
        ("accessibilityHazard:noFlashingHazard", None, None),
        ("accessModeSufficient:textual", None, None),
        ("conformsTo:https://www.w3.org/TR/WCAG21/", None, None),
        ("conformsTo:https://example.org/x", None, ("0", "Följer riktlinjerna: https://example.org/x")),
        ("certifiedBy", "Celia", ("0", "Tillgängligheten bekräftad av: Celia")),
        (
            "accessibilityExemption:eaa-microenterprise",
            None,
            ("2", "Undantag från tillgänglighetskraven: eaa-microenterprise"),
        ),
        ("accessModeSufficient:textual,visual", None, ("1", "Hela innehållet kan tas emot genom: textual,visual")),
        ("accessibilitySummary", "Bra", ("8", "Bra")),
    ],
)
def test_what_opds_states_has_a_sentence(code: str, text: str | None, said: tuple[str, str] | None) -> None:
    given = described(AccessibilityFact(code=code, text=text, source="schema.org"))
    found = list(said_of(given, "sv"))
    rows = [(row["note"], row["sv"]) for row in _table()["facts"].values()]
    assert found == [said] if said else len(found) == 1 and found[0] in rows


def test_a_certifier_is_no_summary() -> None:
    facts = [
        AccessibilityFact(code="certifiedBy", text="Celia"),
        AccessibilityFact(code="accessibilitySummary", text="Hyvä"),
    ]
    assert access_of(described(*facts)).summaries == ["Hyvä"]


@pytest.mark.parametrize(
    ("code", "feature"), [("41", "pageNavigation"), ("53", "describedMath"), ("54", "latex-chemistry")]
)
def test_the_newest_codes_are_features(code: str, feature: str) -> None:
    access = access_of(described(AccessibilityFact(code=code)))
    assert [name for name, _, _ in access.features] == [feature]
