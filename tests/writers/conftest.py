"""A description on one sheet: what is written of it."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest

from catalogue.parsed import MarcContent, ParsedRecord
from catalogue.record import Description
from mappings.marc.record import map_marc
from writers.marc.record import to_marc
from writers.marc.sheet import Control

CONTROL = Control(id="e1", day="2026-11-22", changed_at="2026-11-20T10:11:12Z", sources=("a:1", "b:2"))
Written = Callable[..., dict[str, list[str]]]


def written_field(field: list[Any]) -> str:
    """``10 $a Sinuhe egyptiläinen / $c Mika Waltari.``, blanks as ``#``; of a control field its value."""
    if len(field) == 2:
        return str(field[1])
    return f"{field[1]} ".replace(" ", "#", field[1].count(" ")) + " ".join(f"${c} {v}" for c, v in field[2])


def by_tag(content: MarcContent) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {"LDR": [content[0]]}
    for field in content[1]:
        found.setdefault(field[0], []).append(written_field(field))
    return found


@pytest.fixture
def marc() -> Written:
    """MARC of a description given as its parts: tag → its fields."""

    def write(**parts: Any) -> dict[str, list[str]]:
        values = {"medium": "ebook", "titles": [{"text": "Nimi"}], "languages": {"text": ["fin"]}} | parts
        return by_tag(to_marc(Description.model_validate(values), CONTROL))

    return write


def marc_field(line: str) -> list[Any]:
    """``245 10 $a Nimi / $c Tekijä.`` or ``007 cr||||``, blanks of indicators as ``#``: a field as parsers give it."""
    tag, _, rest = line.partition(" ")
    if tag < "010":
        return [tag, rest]
    indicators, *parts = re.split(r"\s\$(?=\w )", rest)
    return [tag, indicators.replace("#", " "), [[part[0], part[2:]] for part in parts]]


@pytest.fixture
def through() -> Written:
    """A library's MARC, given as lines, through our record and back: tag → its fields."""

    def write(*lines: str, leader: str = "00000nam a2200000 i 4500", title: str = "245 00 $a Nimi.") -> Any:
        fields = [marc_field(line) for line in (title, *lines)]
        record = map_marc(ParsedRecord("marc21", [leader, [["001", "1"], *fields]], 1), "koe", "f1").record
        assert record is not None
        return by_tag(to_marc(record, CONTROL))

    return write
