"""Weights from labelled pairs: a joint logistic regression with an L2 penalty, in bits, within limits of sense.

A level that speaks for a pair never weighs less than nothing, one that speaks against it never more, and levels that
are steps of one likeness keep their order: what few labels, or labels of one kind of pair, say to the contrary moves a
weight to its limit and no further. What is not fitted stands as it is, and the rest is fitted around it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import LinearConstraint, minimize

from matching.columns import Flags, Floats
from matching.comparisons import COMPARISONS, Compared

BITS = float(np.log2(np.e))
Weights = dict[str, dict[str, float]]
Range = tuple[float | None, float | None]

_STEPS = 1000
_EXACT = 1e-10  # of the mean loss of a pair


@dataclass(frozen=True, slots=True)
class Limits:
    """The fitted levels of a comparison, best first: those that speak for a pair, against it, and neither."""

    speaks_for: Sequence[str] = ()
    neither: Sequence[str] = ()
    against: Sequence[str] = ()
    ordered: bool = True
    """Whether no level weighs more than the one before it."""

    @property
    def levels(self) -> tuple[str, ...]:
        return (*self.speaks_for, *self.neither, *self.against)

    def range_of(self, level: str) -> Range:
        """The least and the most that a level may weigh."""
        return (0.0 if level in self.speaks_for else None), (0.0 if level in self.against else None)


@dataclass(frozen=True, slots=True)
class Plan:
    """What is fitted: weights `anew`, which the penalty pulls to 0, and weights `moved` from where they are `by_hand`,
    to which it pulls, as it does the prior. Levels of `anew` left out weigh 0, those of `moved` what they did.
    """

    anew: Mapping[str, Limits]
    moved: Mapping[str, Limits]
    by_hand: Mapping[str, Mapping[str, float]]
    prior: float
    penalty: float = 1.0

    @property
    def fitted(self) -> Mapping[str, Limits]:
        return {**self.anew, **self.moved}


def fit_weights(compared: Compared, same: Flags, plan: Plan) -> tuple[float, Weights]:
    """Prior and weights in bits of the fitted comparisons, for labelled pairs (`same` is their label)."""
    names = [(comparison, level) for comparison, limits in plan.fitted.items() for level in limits.levels]
    fixed = {name: dict(plan.by_hand[name]) for name in plan.by_hand if name not in plan.anew}
    before = [plan.prior, *(fixed.get(comparison, {}).pop(level, 0.0) for comparison, level in names)]
    always = np.ones(len(same), np.bool_)
    design = np.stack([always, *(_falls_into(compared, *name) for name in names)], axis=1).astype(np.float64)
    rest = np.zeros(len(same))
    for comparison, weights in fixed.items():
        by_number = np.array([weights.get(level, 0.0) for level in COMPARISONS[comparison].levels])
        rest += by_number[compared.levels[comparison]] / BITS
    ranges: list[Range] = [(None, None), *(plan.fitted[comparison].range_of(level) for comparison, level in names)]
    limits = ranges, _steps_down(names, plan.fitted)
    prior, *solution = _logistic((design, rest, same), (np.array(before) / BITS, plan.penalty), limits)
    fitted: Weights = {comparison: fixed.get(comparison, {}) for comparison in plan.fitted}
    for (comparison, level), value in zip(names, solution, strict=True):
        fitted[comparison][level] = _bits(value)
    return _bits(prior), fitted


def _falls_into(compared: Compared, comparison: str, level: str) -> Flags:
    found: Flags = compared.levels[comparison] == COMPARISONS[comparison].levels.index(level)
    return found


def _bits(value: float) -> float:
    return round(value * BITS, 2) + 0.0  # no negative zero


def _steps_down(names: Sequence[tuple[str, str]], limits: Mapping[str, Limits]) -> Floats:
    """A row for each two levels that have an order: their difference, never below 0. The prior stands first."""
    chosen = [n for n in range(1, len(names)) if names[n - 1][0] == names[n][0] and limits[names[n][0]].ordered]
    rows = np.zeros((len(chosen), len(names) + 1))
    for row, place in zip(rows, chosen, strict=True):
        row[place], row[place + 1] = 1.0, -1.0
    return rows


def _logistic(
    pairs: tuple[Floats, Floats, Flags], pull: tuple[Floats, float], limits: tuple[Sequence[Range], Floats]
) -> list[float]:
    """Prior and weights with the least log loss plus half the penalty times the squares of how far they move."""
    design, rest, same = pairs
    before, penalty = pull
    ranges, steps = limits
    labels, count = same.astype(np.float64), max(1, len(same))

    def loss(weights: Floats) -> tuple[float, Floats]:
        moved, margin = weights - before, rest + design @ weights
        slope = 1 / (1 + np.exp(-np.clip(margin, -500, 500))) - labels
        value = float(np.sum(np.logaddexp(0, margin) - labels * margin) + penalty / 2 * moved @ moved)
        return value / count, (design.T @ slope + penalty * moved) / count

    found = minimize(
        loss, np.zeros(design.shape[1]), jac=True, method="SLSQP", bounds=ranges,
        constraints=LinearConstraint(steps, lb=0.0), options={"maxiter": _STEPS, "ftol": _EXACT},
    )  # fmt: skip
    weights: list[float] = found.x.tolist()
    return weights
