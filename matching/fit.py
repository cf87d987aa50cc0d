"""Weights from labelled pairs: a joint logistic regression with an L2 penalty, in bits.

Weights that are set by hand stand as they are, the others are fitted around them; levels that are steps of one
likeness keep their order (a nearer title never weighs less), so that few labels do not make nonsense.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize

from matching.columns import Flags, Floats
from matching.comparisons import COMPARISONS, Compared

BITS = float(np.log2(np.e))
Weights = dict[str, dict[str, float]]


@dataclass(frozen=True, slots=True)
class Plan:
    """What is fitted: per comparison its levels, best first where `ordered`. The level that is left out weighs 0."""

    levels: Mapping[str, Sequence[str]]
    ordered: frozenset[str]
    by_hand: Mapping[str, Mapping[str, float]]
    penalty: float = 1.0
    adjusted: frozenset[str] = frozenset()
    """Comparisons of `by_hand` that labels may move: the penalty then pulls to the weights they had, not to 0."""


def fit_weights(compared: Compared, same: Flags, plan: Plan) -> tuple[float, Weights]:
    """Prior and weights in bits of the fitted comparisons, for labelled pairs (`same` is their label)."""
    names = [(comparison, level) for comparison, levels in plan.levels.items() for level in levels]
    names += [(comparison, level) for comparison in sorted(plan.adjusted) for level in plan.by_hand[comparison]]
    columns = [compared.levels[c] == COMPARISONS[c].levels.index(level) for c, level in names]
    design = np.stack(columns, axis=1).astype(np.float64)
    offset = np.zeros(len(same))
    for comparison, weights in plan.by_hand.items():
        by_number = np.array([weights.get(level, 0.0) for level in COMPARISONS[comparison].levels])
        offset += by_number[compared.levels[comparison]] / BITS
    steps, bounded = _steps(names, plan.ordered)
    prior, solution = _logistic(design @ steps, (same.astype(np.float64), offset), steps, (bounded, plan.penalty))
    fitted: Weights = {comparison: {} for comparison in (*plan.levels, *sorted(plan.adjusted))}
    for (comparison, level), value in zip(names, (steps @ solution).tolist(), strict=True):
        before = plan.by_hand.get(comparison, {}).get(level, 0.0)
        fitted[comparison][level] = round(before + value * BITS, 2)
    return round(prior * BITS, 2), fitted


def _steps(names: Sequence[tuple[str, str]], ordered: frozenset[str]) -> tuple[Floats, list[bool]]:
    """Weights as sums of parameters: in an ordered comparison each level is the one before it plus a step down."""
    steps = np.eye(len(names))
    bounded = [False] * len(names)
    for place, (comparison, _) in enumerate(names):
        if place and comparison in ordered and names[place - 1][0] == comparison:
            steps[place] += steps[place - 1]
            bounded[place] = True
    return steps, bounded


def _logistic(
    design: Floats, target: tuple[Floats, Floats], steps: Floats, shape: tuple[list[bool], float]
) -> tuple[float, Floats]:
    """Intercept and parameters minimising the log loss plus half the penalty times the squares of the weights."""
    labels, offset = target
    bounded, penalty = shape

    def loss(parameters: Floats) -> tuple[float, Floats]:
        weights = steps @ parameters[1:]
        margin = parameters[0] + offset + design @ parameters[1:]
        slope = 1 / (1 + np.exp(-np.clip(margin, -500, 500))) - labels
        value = float(np.sum(np.logaddexp(0, margin) - labels * margin) + penalty / 2 * weights @ weights)
        return value, np.concatenate([[slope.sum()], design.T @ slope + penalty * steps.T @ weights])

    limits = [(None, None), *((None, 0.0) if each else (None, None) for each in bounded)]
    start = np.zeros(design.shape[1] + 1)
    found = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=limits, options={"maxiter": 5000, "maxfun": 9000})
    return float(found.x[0]), np.asarray(found.x[1:], np.float64)
