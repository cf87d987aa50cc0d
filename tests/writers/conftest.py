"""A description on one sheet: what is written of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from catalogue.parsed import MarcContent
from catalogue.record import Description
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
