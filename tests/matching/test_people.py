"""Names: one person written in many ways, and two who share a family name."""

from __future__ import annotations

import pytest

from catalogue.record import Contributor
from matching.people import folded_name, name_relation


@pytest.mark.parametrize(
    ("left", "right", "relation"),
    [
        ("Waltari, Mika", "Waltari, Mika", "same"),
        ("Waltari, Mika", "Waltari, M.", "initials"),
        ("Waltari, Mika Toimi", "Waltari, Mika", "initials"),
        ("Wright, Georg Henrik von", "von Wright, Georg Henrik", "same"),
        ("Tolstoi, Leo", "Tolstoj, Leo", "spelling"),
        ("Wirtanen, Aino", "Virtanen, Aino", "spelling"),
        ("Jansson, Tove", "Jansson, Lars", "namesake"),
        ("Virtanen, Matti", "Virtanen, Mikko", "namesake"),
        ("Salo, Eeva", "Berg, Anna", "different"),
        ("Åberg, Anna", "Berg, Anna", "different"),
    ],
)
def test_how_two_names_relate(left: str, right: str, relation: str) -> None:
    names = [folded_name(Contributor(name=n, name_inverted=n)) for n in (left, right)]
    assert name_relation(names[0], names[1]) == name_relation(names[1], names[0]) == relation


def test_a_name_without_a_comma_is_turned_and_loses_its_dates() -> None:
    assert folded_name(Contributor(name="Mika Waltari, 1908-1979")) == "waltari, mika"
    assert folded_name(Contributor(name="Suomen Historiallinen Seura", kind="body")) == "suomen historiallinen seura"
