"""How good: precision, recall and F1 of pairs, recall at a precision, B³ of clusters. Pure functions of labels."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Hashable, Iterable, Sequence

import numpy as np
import numpy.typing as npt

from catalogue.model import Model

PRECISIONS = (0.99, 0.995, 0.998)


class Quality(Model):
    """Precision, recall and their harmonic mean, each 0 to 1."""

    precision: float
    recall: float
    f1: float


class PairQuality(Model):
    """The best F1 over all thresholds and its threshold; recall and threshold at each precision of `PRECISIONS`.

    A precision that no threshold reaches has recall 0 and no threshold.
    """

    best: Quality
    threshold: float
    recall_at: dict[float, float]
    threshold_at: dict[float, float | None]


def quality(true_positive: float, found: float, relevant: float) -> Quality:
    """From counts. Nothing found is perfectly precise, nothing to find perfectly recalled."""
    precision = true_positive / found if found else 1.0
    recall = true_positive / relevant if relevant else 1.0
    both = precision + recall
    return Quality(precision=precision, recall=recall, f1=2 * precision * recall / both if both else 0.0)


def evaluate_verdicts(same: Sequence[bool], merged: Sequence[bool]) -> Quality:
    """Labels against decisions."""
    hits = sum(1 for truth, found in zip(same, merged, strict=True) if truth and found)
    return quality(hits, sum(merged), sum(same))


def evaluate_scores(same: Sequence[bool], scores: Sequence[float]) -> PairQuality:
    """Labels against scores, over every threshold. Give vetoed pairs minus infinity."""
    labels, values = np.asarray(same, np.bool_), np.asarray(scores, np.float64)
    order = np.argsort(-values, kind="stable")
    ranked, hits = values[order], np.cumsum(labels[order])
    cuts = np.flatnonzero(np.append(ranked[1:] != ranked[:-1], True) & np.isfinite(ranked))  # ties stay together
    if not len(cuts) or not labels.any():
        return _nothing(int(labels.sum()))
    precision, recall = hits[cuts] / (cuts + 1), hits[cuts] / labels.sum()
    f1 = 2 * precision * recall / np.maximum(precision + recall, 1e-12)
    best = int(np.argmax(f1))
    at = {p: _last_reaching(precision, p) for p in PRECISIONS}
    return PairQuality(
        best=Quality(precision=float(precision[best]), recall=float(recall[best]), f1=float(f1[best])),
        threshold=float(ranked[cuts[best]]),
        recall_at={p: float(recall[n]) if n is not None else 0.0 for p, n in at.items()},
        threshold_at={p: float(ranked[cuts[n]]) if n is not None else None for p, n in at.items()},
    )


class Bin(Model):
    """One row of a calibration table: pairs of a range of probabilities, what was foretold and what is so."""

    at_least: float
    pairs: int
    foretold: float
    same: float


def calibration(same: Sequence[bool], scores: Sequence[float], edges: Sequence[float]) -> list[Bin]:
    """Foretold against true shares of same pairs, by ranges of probability that begin at `edges`, empty ones left out.

    Give vetoed pairs minus infinity: their probability is 0.
    """
    labels = np.asarray(same, np.bool_)
    probability = 1 / (1 + np.exp2(-np.maximum(np.asarray(scores, np.float64), -1000)))
    place = np.searchsorted(np.asarray(edges), probability, side="right") - 1
    found = []
    for number, edge in enumerate(edges):
        chosen = place == number
        if chosen.any():
            foretold, true = float(probability[chosen].mean()), float(labels[chosen].mean())
            found.append(Bin(at_least=edge, pairs=int(chosen.sum()), foretold=round(foretold, 4), same=round(true, 4)))
    return found


def accept_from(same: Sequence[bool], scores: Sequence[float], precision: float) -> float | None:
    """The lowest score from which up the lower bound (Wilson, 95 %) of the precision reaches the one wanted."""
    labels, values = np.asarray(same, np.bool_), np.asarray(scores, np.float64)
    order = np.argsort(-values, kind="stable")
    ranked, hits = values[order], np.cumsum(labels[order])
    cuts = np.flatnonzero(np.append(ranked[1:] != ranked[:-1], True) & np.isfinite(ranked))
    reached = [cut for cut in cuts.tolist() if lower_bound(int(hits[cut]), cut + 1) >= precision]
    return float(ranked[reached[-1]]) if reached else None


def reject_below(same: Sequence[bool], scores: Sequence[float], loss: float) -> float:
    """The highest score below which at most this share of the same pairs lies, vetoed ones not counted."""
    values = np.sort(np.asarray(scores, np.float64)[np.asarray(same, np.bool_)])
    values = values[np.isfinite(values)]
    return float(values[int(loss * len(values))]) if len(values) else 0.0


def lower_bound(hits: int, total: int) -> float:
    """The lower end of Wilson's interval of 95 % of a share."""
    if not total:
        return 0.0
    share, z = hits / total, 1.96
    middle = share + z * z / (2 * total)
    spread = z * math.sqrt(share * (1 - share) / total + z * z / (4 * total * total))
    return (middle - spread) / (1 + z * z / total)


def _nothing(relevant: int) -> PairQuality:
    empty = quality(0, 0, relevant)
    return PairQuality(
        best=empty, threshold=0.0, recall_at=dict.fromkeys(PRECISIONS, 0.0), threshold_at=dict.fromkeys(PRECISIONS)
    )


def _last_reaching(precision: npt.NDArray[np.float64], floor: float) -> int | None:
    reached = np.flatnonzero(precision >= floor)
    return int(reached[-1]) if len(reached) else None


def evaluate_clusters(found: Sequence[Hashable], truth: Sequence[Hashable]) -> tuple[Quality, Quality]:
    """Pair quality and B³ of a clustering: each record's cluster as found, and as it ought to be."""
    both, of_found, of_truth = Counter(zip(found, truth, strict=True)), Counter(found), Counter(truth)
    pairs = quality(_pairs(both.values()), _pairs(of_found.values()), _pairs(of_truth.values()))
    records = max(1, len(found))
    precision = sum(n * n / of_found[f] for (f, _), n in both.items()) / records
    recall = sum(n * n / of_truth[t] for (_, t), n in both.items()) / records
    total = precision + recall
    return pairs, Quality(precision=precision, recall=recall, f1=2 * precision * recall / total if total else 0.0)


def _pairs(sizes: Iterable[int]) -> int:
    return sum(n * (n - 1) // 2 for n in sizes)
