"""Questions answered by their scores: how clusters stand where nobody is asked, as matchers without questions are
measured. Nothing that is kept or published comes of it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from catalogue.evidence import Constraint
from matching.asking import Ask
from matching.features import Features
from matching.model import MatchModel
from matching.resolution import Resolution, resolve

SAME_FROM = 1.0
"""In bits. From 0 to 2 it makes no difference on labels (docs/benchmarks.md)."""

ROUNDS = 2
"""Some questions come up once others are answered."""


Answers = dict[tuple[str, int, int], Constraint]
"""Level and records of a question → its answer."""


def answers_to(asks: Iterable[Ask], features: Sequence[Features], is_same: Callable[[Ask], bool]) -> Answers:
    """An answer to each question."""
    return {
        (ask.level, ask.left, ask.right): Constraint(
            kind="must" if is_same(ask) else "cannot",
            level=ask.level,
            left=features[ask.left].key,
            right=features[ask.right].key,
        )
        for ask in asks
    }


def answered_by_score(
    features: Sequence[Features], found: Resolution, model: MatchModel | None = None
) -> tuple[Resolution, int]:
    """The resolution of the same records where every question is answered "same" from `SAME_FROM` bits up, and
    "different" below; and how many were.
    """
    answers: Answers = {}
    for _ in range(ROUNDS):
        fresh = [ask for ask in found.asks if ask[:3] not in answers]
        if not fresh:
            break
        answers |= answers_to(fresh, features, lambda ask: ask.score >= SAME_FROM)
        found = resolve(features, list(answers.values()), model, found.facts)
    return found, len(answers)
