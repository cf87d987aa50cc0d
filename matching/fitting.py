"""A match model out of labelled pairs, cross-validated by cluster, with a row per domain.

The weights are fitted on all labels. Thresholds and reports come from scores by weights that never saw the cluster of
the pair: `accept` where the lower bound of the precision reaches .995, `reject` where at most one same pair in 200 is
lost. A domain with few labels keeps raised thresholds and no probability.
"""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

import numpy as np
import xxhash

from catalogue.evidence import ClusterLevel, Thresholds
from matching.columns import Columns, Flags, Floats, Ints
from matching.comparisons import Compared, compare
from matching.evaluate import (
    accept_from,
    calibration,
    evaluate_scores,
    evaluate_verdicts,
    lower_bound,
    reject_below,
)
from matching.fit import Limits, Plan, fit_weights
from matching.model import DOMAINS, Domain, FitReport, LevelModel, MatchModel
from matching.scoring import domain_numbers, vetoed, weigh
from matching.similarity import Pairs

LEAST_LABELS = 200
"""A domain with fewer labels is not calibrated."""

ACCEPT_PRECISION = 0.995
REJECT_LOSS = 0.005
PARTS = 5
_BINS = (0.0, 0.01, 0.1, 0.3, 0.5, 0.7, 0.9, 0.99)


@dataclass(frozen=True, slots=True)
class Labelled:
    """Pairs of record numbers, whether they are the same, and the part each is measured in (see `parts`)."""

    pairs: Pairs
    same: Flags
    part: Ints

    @classmethod
    def of(
        cls, numbers: Sequence[tuple[int, int]], same: Sequence[bool], clusters: Sequence[tuple[str, str]]
    ) -> Labelled:
        """Labels as rows: record numbers, whether they are the same, and the names that `parts` wants."""
        table = np.array(numbers, np.int64).reshape(-1, 2)
        return cls(Pairs(table[:, 0], table[:, 1]), np.array(same, np.bool_), parts(clusters))


def parts(ends: Sequence[tuple[str, str]], number: int = PARTS) -> Ints:
    """The labels in so many parts of about equal size: all pairs of a cluster are in one.

    `ends` name the cluster of either side, or the record where clusters are not known. Pairs that share a name, in
    however many steps, stay together; the part depends on their names alone.
    """
    parent: dict[str, str] = {}

    def root(name: str) -> str:
        while (above := parent.setdefault(name, name)) != name:
            parent[name] = parent[above]
            name = above
        return name

    for left, right in ends:
        low, high = sorted((root(left), root(right)))
        parent[high] = low
    return np.array([xxhash.xxh3_64_intdigest(root(left).encode()) % number for left, _ in ends], np.int64)


def fit_model(
    columns: Columns, labelled: Labelled, base: MatchModel, *, level: ClusterLevel, version: str
) -> MatchModel:
    """The base model with the weights of one level fitted anew, thresholds, and a report for each calibrated domain."""
    compared = compare(columns, labelled.pairs)
    unseen = np.zeros(len(labelled.same))
    for part in np.unique(labelled.part).tolist():
        inside = labelled.part == part
        weighed = _weighed(compared.take(~inside), labelled.same[~inside], base.level(level))
        unseen[inside] = weigh(compared.take(inside), weighed)
    unseen[vetoed(compared, level)] = -np.inf
    weighed = _weighed(compared, labelled.same, base.level(level))
    every = thresholds(labelled.same, unseen)
    if every:
        weighed = weighed.model_copy(update=every.model_dump())
    domains, rows = domain_numbers(compared), dict(base.domains)
    reports = [report for report in base.reports if report.level != level]
    for number, name in enumerate(DOMAINS):
        here = domains == number
        rows[name], report = _domain(rows[name], (name, level), labelled.same[here], unseen[here])
        reports += [report] if report else []
    update = {"version": version, level: weighed, "domains": rows, "reports": tuple(reports)}
    return base.model_copy(update=update)


@cache
def _table() -> tuple[dict[str, Limits], dict[str, Limits], float]:
    """``fitting.toml``: what is fitted anew, what is moved, and the penalty."""
    table = tomllib.loads(resources.files("matching").joinpath("fitting.toml").read_text("utf-8"))
    anew, moved = ({name: _limits(row) for name, row in table[part].items()} for part in ("anew", "moved"))
    return anew, moved, float(table["penalty"])


def fitted_limits() -> dict[str, Limits]:
    """The limits of every comparison that is fitted."""
    anew, moved, _ = _table()
    return {**anew, **moved}


def _limits(row: dict[str, Any]) -> Limits:
    ordered = {} if row.get("ordered", True) else {"ordered": False}
    return Limits(row.get("for", ()), row.get("neither", ()), row.get("against", ()), **ordered)


def _plan(base: LevelModel) -> Plan:
    anew, moved, penalty = _table()
    known = {name: limits for name, limits in moved.items() if name in base.weights}
    return Plan(anew, known, base.weights, base.prior, penalty)


def _weighed(compared: Compared, same: Flags, base: LevelModel) -> LevelModel:
    prior, weights = fit_weights(compared, same, _plan(base))
    return base.model_copy(update={"prior": prior, "weights": {**base.weights, **weights}})


def thresholds(same: Flags, scores: Floats) -> Thresholds | None:
    """Both thresholds from labels; None where no threshold is precise enough."""
    labels, ranked = same.tolist(), scores.tolist()
    accept = accept_from(labels, ranked, ACCEPT_PRECISION)
    if accept is None:
        return None
    return Thresholds(accept=round(accept, 2), reject=round(min(reject_below(labels, ranked, REJECT_LOSS), accept), 2))


def _domain(row: Domain, of: tuple[str, ClusterLevel], same: Flags, scores: Floats) -> tuple[Domain, FitReport | None]:
    """The row of one domain; its report where labels are many enough."""
    level = of[1]
    others = tuple(each for each in row.calibrated if each != level)
    own = {key: value for key, value in (row.thresholds or {}).items() if key != level}
    chosen = thresholds(same, scores) if len(same) >= LEAST_LABELS else None
    if chosen is None:
        return row.model_copy(update={"calibrated": others, "thresholds": own or None}), None
    calibrated = {"calibrated": (*others, level), "thresholds": {**own, level: chosen}}
    return row.model_copy(update=calibrated), _report(of, same.tolist(), scores.tolist(), chosen)


def _report(of: tuple[str, ClusterLevel], same: list[bool], scores: list[float], chosen: Thresholds) -> FitReport:
    merged = [value >= chosen.accept for value in scores]
    quality = evaluate_scores(same, scores)
    hits = sum(1 for truth, found in zip(same, merged, strict=True) if truth and found)
    return FitReport(
        domain=of[0],
        level=of[1],
        labels=len(same),
        best=quality.best,
        automatic=evaluate_verdicts(same, merged),
        asked=sum(1 for value in scores if chosen.reject <= value < chosen.accept),
        recall_at={str(at): recall for at, recall in quality.recall_at.items()},
        precision_lower_bound=lower_bound(hits, sum(merged)),
        calibration=tuple(calibration(same, scores, _BINS)),
    )
