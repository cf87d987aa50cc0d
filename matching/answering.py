"""Questions answered by their scores: how clusters stand where nobody is asked, as matchers without questions are
measured. Nothing that is kept or published comes of it.
"""

from __future__ import annotations

from collections.abc import Sequence

from catalogue.evidence import Constraint
from matching.features import Features
from matching.model import MatchModel
from matching.resolution import Resolution, resolve

SAME_FROM = 1.0
"""In bits. From 0 to 2 it makes no difference on labels (docs/benchmarks.md)."""

ROUNDS = 2
"""Some questions come up once others are answered."""


def answered_by_score(
    features: Sequence[Features], found: Resolution, model: MatchModel | None = None
) -> tuple[Resolution, int]:
    """The resolution of the same records where every question is answered "same" from `SAME_FROM` bits up, and
    "different" below; and how many were.
    """
    answers: dict[tuple[str, int, int], Constraint] = {}
    for _ in range(ROUNDS):
        fresh = [ask for ask in found.asks if ask[:3] not in answers]
        if not fresh:
            break
        for level, left, right, score, _ in fresh:
            ends = {"left": features[left].key, "right": features[right].key}
            kind = "must" if score >= SAME_FROM else "cannot"
            answers[level, left, right] = Constraint.model_validate({"kind": kind, "level": level, **ends})
        found = resolve(features, list(answers.values()), model, found.facts)
    return found, len(answers)
