"""Decisions kept anew under other ids are taken back when the old ids return, whatever was said meanwhile."""

from __future__ import annotations

from typing import Any

import pytest

from catalogue.decision import RE_ATTACHED, Decision
from catalogue.record import CatalogueRecord, Title
from jobs.constraints import standing_of
from jobs.reattaching import returned


def made(number: int, answer: Any, left: str, right: str, note: str | None = None) -> Decision:
    return Decision(
        id=number,
        answer=answer,
        level="edition",
        left=left,
        right=right,
        evidence_key="",
        author="aino",
        made_at="2026-01-01T00:00:00Z",
        note=note,
        via=RE_ATTACHED if note else "desk",
        seen={left: {}, right: {}},
    )


FIRST = made(1, "same", "kaarna:2", "lintula:2")
OTHER = made(4, "different", "kaarna:4", "lintula:0")
ONCE = made(25, "same", "kaarna:2", "lintula:0", "decision 1")
TWICE = made(26, "same", "kaarna:4", "lintula:0", "decision 1, decision 25")


@pytest.mark.parametrize(
    ("decisions", "live", "expected"),
    [
        ([FIRST, ONCE], ["kaarna:2", "lintula:2", "lintula:0"], [25]),
        ([FIRST, ONCE], ["kaarna:2", "lintula:0"], []),
        ([FIRST, ONCE, TWICE], ["kaarna:4", "lintula:0"], []),
        ([FIRST, ONCE, TWICE], ["kaarna:2", "kaarna:4", "lintula:0", "lintula:2"], [25, 26]),
        # of two answers about the same records the newer counts, and the older one must go all the same
        ([FIRST, OTHER, ONCE, TWICE], ["kaarna:2", "kaarna:4", "lintula:0", "lintula:2"], [25, 26]),
        ([FIRST, OTHER, TWICE], ["kaarna:4", "lintula:0"], []),
    ],
)
def test_what_is_needed_no_longer_is_taken_back(
    decisions: list[Decision], live: list[str], expected: list[int]
) -> None:
    standing = standing_of(decisions, {key: record(key) for key in live})
    assert [each.id for each in returned(standing)] == expected


def record(key: str) -> CatalogueRecord:
    source, _, name = key.partition(":")
    return CatalogueRecord(source=source, source_id=name, titles=(Title(text=key),))
