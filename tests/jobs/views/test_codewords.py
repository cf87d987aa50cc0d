"""Codes of ONIX as a reader of each language sees them."""

from __future__ import annotations

import pytest

from catalogue.record import AccessibilityFact, Audience, Classification, Relation
from jobs.views.fieldvalues import said


@pytest.mark.parametrize(
    ("field", "value", "fi", "sv", "en"),
    [
        ("accessibility", AccessibilityFact(code="11"), "Sisällysluettelosta pääsee tekstin kaikkiin osiin",
         "Innehållsförteckningen leder till textens alla delar",
         "The table of contents leads to all parts of the text"),
        ("accessibility", AccessibilityFact(code="96", text="https://example.org/"),
         "Kustantajan saavutettavuussivu: https://example.org/",
         "Förlagets sida om tillgänglighet: https://example.org/",
         "Publisher’s accessibility page: https://example.org/"),
        ("accessibility", AccessibilityFact(code="143:14"), "Ei välkkyvää sisältöä", "Inget blinkande innehåll",
         "No flashing content"),
        ("accessibility", AccessibilityFact(code="X9", text="mitä"), "X9 mitä", "X9 mitä", "X9 mitä"),
        ("accessibility", AccessibilityFact(text="Selkeä"), "Selkeä", "Selkeä", "Selkeä"),
        ("topics.audience", Audience(scheme="onix-audience", code="02"), "lapset", "barn", "Children"),
        ("topics.audience", Audience(scheme="onix-edition", code="ETR"), "helppolukuinen laitos", "lättläst utgåva",
         "Easy-to-read edition"),
        ("topics.audience", Audience(scheme="age", code="7-9"), "age 7-9", "age 7-9", "age 7-9"),
        ("availability.drm", "watermark", "digitaalinen vesileima", "digital vattenmärkning", "Digital watermarking"),
        ("availability.drm", "outo", "outo", "outo", "outo"),
        ("relations", Relation(kind="has_part", scheme="isbn", value="9789510123454"),
         "sisältää: ISBN 9789510123454", "innehåller: ISBN 9789510123454", "Includes: ISBN 9789510123454"),
        ("relations", Relation(kind="onix-51:77", scheme="isbn", value="1"), "onix-51:77: ISBN 1", "onix-51:77: ISBN 1",
         "onix-51:77: ISBN 1"),
        ("topics.classification", Classification(scheme="ykl", code="84.2"),
         "YKL 84.2 (Suomenkielinen kertomakirjallisuus)", "YKL 84.2 (Prosa på finska)",
         "YKL 84.2 (Narrative literature in Finnish)"),
        ("topics.classification", Classification(scheme="thema", code="ABQ"), "THEMA ABQ (Art: financial aspects)",
         "THEMA ABQ (Art: financial aspects)", "THEMA ABQ (Art: financial aspects)"),
    ],
)  # fmt: skip
def test_codes_are_told_in_words(field: str, value: object, fi: str, sv: str, en: str) -> None:
    assert said(field, value, "fi").text == fi
    assert said(field, value, "sv").text == sv
    assert said(field, value, "en").text == en
