"""Our MARC of the same input beside what libraries made of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.agreement import SETS, Agreement, compare_set, reason_of, reasons

LEAST = {"020": 0.9, "035": 1.0, "250": 1.0, "336": 0.9, "337": 0.9, "338": 0.9, "341": 1.0, "344": 0.9, "347": 0.9}
"""Share of expected fields that ours has letter for letter."""


@pytest.fixture(scope="module")
def found(test_data: Path) -> list[Agreement]:
    return [compare_set(test_data, name) for name in SETS]


def test_every_kind_of_difference_has_a_reason(found: list[Agreement]) -> None:
    table = reasons()
    unexplained = {d.kind: d for each in found for d in each.differences if reason_of(d, table) is None}
    assert unexplained == {}


def test_the_fields_of_form_agree(found: list[Agreement]) -> None:
    for tag, least in LEAST.items():
        expected = sum(each.tags[tag].expected for each in found if tag in each.tags)
        equal = sum(each.tags[tag].equal for each in found if tag in each.tags)
        assert equal >= least * expected, tag
