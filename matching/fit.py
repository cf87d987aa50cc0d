"""Weights from labelled pairs: a joint logistic regression with an L2 penalty, in bits.

Weights that are set by hand stand as they are, the others are fitted around them; levels that are steps of one
likeness keep their order (a nearer title never weighs less), so that few labels do not make nonsense.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

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
    adjusted: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """Comparisons of `by_hand` that labels may move, with the levels that move, best first where `ordered`: the penalty
    then pulls to the weights they had, not to 0.
    """


def fit_weights(compared: Compared, same: Flags, plan: Plan) -> tuple[float, Weights]:
    """Prior and weights in bits of the fitted comparisons, for labelled pairs (`same` is their label)."""
    moved = {**plan.levels, **plan.adjusted}
    names = [(comparison, level) for comparison, levels in moved.items() for level in levels]
    before = [plan.by_hand.get(comparison, {}).get(level, 0.0) for comparison, level in names]
    columns = [compared.levels[c] == COMPARISONS[c].levels.index(level) for c, level in names]
    design = np.stack(columns, axis=1).astype(np.float64)
    offset = np.zeros(len(same))
    for comparison, weights in plan.by_hand.items():
        by_number = np.array([weights.get(level, 0.0) for level in COMPARISONS[comparison].levels])
        offset += by_number[compared.levels[comparison]] / BITS
    steps, limits = _steps(names, before, plan.ordered)
    prior, solution = _logistic(design @ steps, (same.astype(np.float64), offset), steps, (limits, plan.penalty))
    fitted: Weights = {comparison: dict(plan.by_hand.get(comparison, {})) for comparison in moved}
    for (comparison, level), was, value in zip(names, before, (steps @ solution).tolist(), strict=True):
        fitted[comparison][level] = round(was + value * BITS, 2)
    return round(prior * BITS, 2), fitted


def _steps(
    names: Sequence[tuple[str, str]], before: Sequence[float], ordered: frozenset[str]
) -> tuple[Floats, list[float | None]]:
    """How far each level moves from what it was before (bits), as a sum of parameters: in an ordered comparison as far
    as the level above it and a step more. With how large a step may be: so large that the two do not change places.
    """
    steps = np.eye(len(names))
    limits: list[float | None] = [None] * len(names)
    for place, (comparison, _) in enumerate(names):
        if place and comparison in ordered and names[place - 1][0] == comparison:
            steps[place] += steps[place - 1]
            limits[place] = (before[place - 1] - before[place]) / BITS
    return steps, limits


def _logistic(
    design: Floats, target: tuple[Floats, Floats], steps: Floats, shape: tuple[Sequence[float | None], float]
) -> tuple[float, Floats]:
    """Intercept and parameters minimising the log loss plus half the penalty times the squares of the weights."""
    labels, offset = target
    limits, penalty = shape

    def loss(parameters: Floats) -> tuple[float, Floats]:
        weights = steps @ parameters[1:]
        margin = parameters[0] + offset + design @ parameters[1:]
        slope = 1 / (1 + np.exp(-np.clip(margin, -500, 500))) - labels
        value = float(np.sum(np.logaddexp(0, margin) - labels * margin) + penalty / 2 * weights @ weights)
        return value, np.concatenate([[slope.sum()], design.T @ slope + penalty * steps.T @ weights])

    ranges = [(None, None), *((None, limit) for limit in limits)]
    start = np.zeros(design.shape[1] + 1)
    found = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=ranges, options={"maxiter": 5000, "maxfun": 9000})
    return float(found.x[0]), np.asarray(found.x[1:], np.float64)
