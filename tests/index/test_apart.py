"""Compounds of a query in their parts, by the language that they are read in."""

from __future__ import annotations

import pytest

from index.apart import parts
from index.groups import View
from index.question import Question


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("sienikirjoja", {"fi": "sieni kirja"}),
        ("Vanha Sienikirja", {"fi": "vanha sieni kirja"}),
        ("grottbjörnar", {"sv": "grotta björn"}),
        ("sieni kirja", {}),
        ("kansa", {}),
        ("Sinuhe egyptiläinen", {}),
        ("978-951-0-39623-0", {}),
        ("", {}),
    ],
)
def test_a_compound_is_asked_for_by_its_parts_too(query: str, expected: dict[View, str]) -> None:
    assert parts(query) == expected


def test_what_is_typed_is_asked_as_it_is_and_in_parts() -> None:
    asked = Question("Sienikirja").parameters()
    assert (asked["q"], asked["parts_fi"]) == ("Sienikirja", "sieni kirja")


def test_parts_that_grow_too_long_are_left_out() -> None:
    assert not {"parts_fi", "parts_sv"} & Question("sienikirja " * 45).parameters().keys()
