"""Answers that cannot all hold: each is on a chain that shows why, and no group of them is shown twice."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from catalogue.evidence import Constraint
from jobs.chains import chains


def said(decision: int, kind: Any, left: str, right: str) -> Constraint:
    return Constraint(kind=kind, level="edition", left=left, right=right, decision=decision)


SAME = [said(1, "must", "a:1", "b:1"), said(1, "must", "a:1", "b:2"), said(2, "must", "b:1", "c:1")]


@pytest.mark.parametrize(
    ("constraints", "broken", "expected"),
    [
        (SAME, [], []),
        (SAME, [("b:1", "c:1")], [[2]]),
        (SAME, [("a:1", "b:1"), ("a:1", "b:2")], [[1]]),  # one answer about several records
        (SAME, [("a:1", "b:1"), ("b:1", "c:1")], [[1], [2]]),  # two answers, and no third against them
        ([*SAME, said(3, "cannot", "a:1", "c:1")], [("b:1", "c:1")], [[1, 2, 3]]),
        ([*SAME, said(3, "cannot", "a:1", "c:1")], [("a:1", "b:1"), ("b:1", "c:1")], [[1, 2, 3]]),
        (
            [*SAME, said(3, "cannot", "a:1", "b:2"), said(4, "must", "c:1", "d:1")],
            [("a:1", "b:2"), ("c:1", "d:1")],
            [[1, 3], [4]],
        ),
    ],
)
def test_every_answer_that_could_not_be_obeyed_is_on_a_chain(
    constraints: Sequence[Constraint], broken: Sequence[tuple[str, str]], expected: list[list[int]]
) -> None:
    found = chains([("edition", *pair) for pair in broken], constraints)
    assert [[edge.decision for edge in chain.edges] for chain in found] == expected
