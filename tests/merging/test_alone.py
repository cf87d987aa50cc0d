"""The short ways give what the rules give."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import pytest

from catalogue.record import CatalogueRecord
from merging.alone import untouched
from merging.claims import Claim, Witness
from merging.registry import RULES
from merging.rules import FieldRule, load_rules

Maker = Callable[..., CatalogueRecord]
QUALITIES = {"vikens:3": "library_minimal", "kaarna:1": "publisher_confirmed", "lintula:2": "library_full"}
ONE_VALUE = frozenset(
    {"best_source", "prefer_library", "prefer_publisher", "prefer_confirmed_publisher", "most_specific", "earliest"}
)
ROWS = [row for row in load_rules().edition.values() if row.rule in ONE_VALUE or row.rule == "first_of"]


def said(record: CatalogueRecord, values: Sequence[Any], *, yields: bool = False) -> list[Claim]:
    """Claims of as many witnesses as there are values."""
    return [
        Claim(value, Witness(name, record, quality, yields), (name,), quality)
        for value, (name, quality) in zip(values, QUALITIES.items(), strict=False)
    ]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.field)
@pytest.mark.parametrize("value", ["2024", "AKVARIUM", "XX", "other"])
def test_what_all_say_is_what_the_rule_would_choose(row: FieldRule, value: str, library: Maker) -> None:
    claims = said(library("lintula:2"), [value] * 3)
    assert untouched(claims, row) == RULES[row.rule](claims, row, {})


@pytest.mark.parametrize(
    ("values", "yields"),
    [(["2024", "2023"], False), ([1, True], False), (["Saari", "SAARI"], False), (["Saari", "Saari"], True)],
)
def test_where_not_all_say_the_same_the_rule_decides(values: list[Any], yields: bool, library: Maker) -> None:
    claims = said(library("lintula:2"), values, yields=yields)
    assert all(untouched(claims, row) is None for row in ROWS)
