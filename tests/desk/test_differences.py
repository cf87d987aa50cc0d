"""Differences between a result and a value, word by word."""

from __future__ import annotations

import pytest

from desk.differences import MOST_WORDS, Part, differences, manner

CASES = [
    ("Kalevala", "Kalevala", "Kalevala"),
    ("Kalevala  ja muut", "Kalevala ja muut", "Kalevala ja muut"),
    ("", "", ""),
    ("", "uusi", "<uusi>"),
    ("2021", "2019", "<2019>"),
    ("2021", "[2021]", "{+[+}2021{+]+}"),
    ("Taivaan linnut", "TAIVAAN linnut", "[-Taivaan case-] {+TAIVAAN case+} linnut"),
    ("Häät", "Haat", "[-Häät accents-] {+Haat accents+}"),
    ("Åbo", "Abo", "[-Åbo accents-] {+Abo accents+}"),
    ("Göteborg", "Goteborg", "[-Göteborg accents-] {+Goteborg accents+}"),
    ("ekirja", "e-kirja", "[-ekirja punctuation-] {+e-kirja punctuation+}"),
    ("Sju bröder : roman", "Sju bröder", "Sju bröder [-: roman-]"),
    ("Seitsemän veljestä", "Seitsemän veljestä. Romaani", "Seitsemän veljestä{+. Romaani+}"),
    ("Tuntematon sotilas", "Okänd soldat", "<Okänd soldat>"),
    ("Muumipappa ja meri", "Muumipeikko ja meri", "[-Muumipappa-] {+Muumipeikko+} ja meri"),
    ("Werner Söderström Osakeyhtiö", "Werner Söderström Oy", "Werner Söderström [-Osakeyhtiö-] {+Oy+}"),
]


def marked(result: str, value: str) -> str:
    """Parts on one line: {+added+}, [-removed-] with their manner, <unlike>."""
    marks = {"same": ("", ""), "added": ("{+", "+}"), "removed": ("[-", "-]"), "unlike": ("<", ">")}
    shown = ""
    for part in differences(result, value):
        before, behind = marks[part.kind]
        shown += before + part.text + (f" {part.manner}" if part.manner else "") + behind
    return shown


@pytest.mark.parametrize(("result", "value", "expected"), CASES)
def test_words_are_told_apart(result: str, value: str, expected: str) -> None:
    assert marked(result, value) == expected


@pytest.mark.parametrize(
    ("left", "right", "how"),
    [
        ("Ä", "ä", "case"),
        ("Ä", "A", "accents"),
        ("É", "e", "accents"),
        ("Pekka Töpöhäntä", "Pekka Töpöhännän", ""),
        ("WSOY.", "WSOY", "punctuation"),
        ("-", "–", ""),
        ("o'clock", "oclock", "punctuation"),
    ],
)
def test_a_manner_is_case_accents_or_punctuation_alone(left: str, right: str, how: str) -> None:
    assert manner(left, right) == how


def test_the_value_can_be_read_off_its_parts() -> None:
    for result, value, _ in CASES:
        shown = "".join(part.text for part in differences(result, value) if part.kind != "removed")
        assert "".join(shown.split()) == "".join(value.split())


def test_long_texts_are_compared_as_a_whole() -> None:
    long = "sana " * (MOST_WORDS + 1)
    assert differences(long, long + "loppu") == (Part("unlike", long + "loppu"),)
