"""Figures of quality, by hand."""

from __future__ import annotations

import math

import pytest

from matching.evaluate import evaluate_clusters, evaluate_scores, evaluate_verdicts


def test_verdicts_are_counted() -> None:
    found = evaluate_verdicts([True, True, False, False], [True, False, True, False])
    assert (found.precision, found.recall, found.f1) == (0.5, 0.5, 0.5)


def test_recall_is_read_at_a_precision_and_ties_stay_together() -> None:
    same = [True, True, True, False, True, False]
    found = evaluate_scores(same, [9.0, 8.0, 7.0, 6.0, 5.0, -math.inf])
    assert found.recall_at[0.99] == 0.75
    assert found.threshold_at[0.99] == 7.0
    assert found.best.recall == 1.0
    tied = evaluate_scores([True, False], [1.0, 1.0])
    assert tied.recall_at[0.99] == 0.0
    assert tied.threshold_at[0.99] is None


def test_a_vetoed_pair_is_never_found() -> None:
    assert evaluate_scores([True], [-math.inf]).best.recall == 0.0


def test_clusters_are_compared_by_pairs_and_by_records() -> None:
    pairs, cubed = evaluate_clusters([1, 1, 2, 2], ["a", "a", "a", "b"])
    assert (pairs.precision, pairs.recall) == (0.5, pytest.approx(1 / 3))
    assert (cubed.precision, cubed.recall) == (0.75, pytest.approx(2 / 3))
