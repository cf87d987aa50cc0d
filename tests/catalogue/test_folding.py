"""Folding: å, ä and ö are letters; case, punctuation and other accents do not count."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalogue.folding import fold, fold_ascii, fold_letters, is_all_caps


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Égalité – Åbo, 2:a uppl.", "egalite åbo 2 a uppl"),
        ("SEITSEMÄN VELJESTÄ", "seitsemän veljestä"),
        ("Kaksi rantaa = Två stränder /", "kaksi rantaa två stränder"),
        ("Šostakovitš", "sostakovits"),
        ("Søren Kierkegård", "sören kierkegård"),
        ("Þórarinn Æsir", "thorarinn äsir"),
        ("Straße", "strasse"),
        ("a\u0308iti", "äiti"),
        ("A\u030abo", "åbo"),
        ("snake_case", "snake case"),
        ("Аврора", "аврора"),
        ("", ""),
        ("…!?", ""),
    ],
)
def test_fold(text: str, expected: str) -> None:
    assert fold(text) == expected


@pytest.mark.parametrize(("left", "right"), [("saa", "sää"), ("Hal", "Häl"), ("rosen", "rösen"), ("bat", "båt")])
def test_finnish_and_swedish_letters_are_never_folded_away(left: str, right: str) -> None:
    assert fold(left) != fold(right)
    assert fold_ascii(left) == fold_ascii(right)


def test_punctuation_stays_when_only_letters_are_folded() -> None:
    assert fold_letters("Égalité – Åbo, 2:a") == "egalite – åbo, 2:a"


@pytest.mark.parametrize(("text", "folded"), [("𝓐𝓫", "ab"), ("10 ℃", "10 c"), ("Å", "å"), ("Ⅳ", "iv"), ("ǽ", "ä")])
def test_letters_in_disguise_are_folded_too(text: str, folded: str) -> None:
    assert fold(text) == folded


@given(st.text(max_size=40))
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(st.text("aåäöAÅÄÖeéEÉoøıIß -.1½ﬁ", max_size=20))
def test_composed_and_decomposed_text_fold_alike(text: str) -> None:
    assert fold(unicodedata.normalize("NFD", text)) == fold(unicodedata.normalize("NFC", text))


@pytest.mark.parametrize(
    ("text", "expected"),
    [("HILJAISET VEDET", True), ("ÅÄÖÅ", True), ("NATO", True), ("IT", False), ("Hiljaiset", False), ("1984", False)],
)
def test_all_caps_needs_four_letters(text: str, expected: bool) -> None:
    assert is_all_caps(text) is expected
