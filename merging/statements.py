"""Statements of accessibility: every one once, and a question where two senders' cannot both be true."""

from __future__ import annotations

from collections.abc import Sequence

from catalogue.accessibility import contradictions
from merging.claims import Claim, Kept, Outcome, Question, Settled
from merging.rules import FieldRule
from merging.unions import union


def statements(claims: Sequence[Claim], row: FieldRule, settled: Settled) -> Outcome:
    """Every statement once. "Not assessed" (`unspecific`) loses to what another source knows.

    Others that contradict each other all stand, with a question; what one source alone says of itself is a defect of
    its own record and no question here.
    """
    outcome = union(claims, row, settled)
    stated = {kept.value.code for kept in outcome.kept}
    for code, excluded in contradictions().items():
        if code in stated and not stated.isdisjoint(excluded):
            _settle(outcome, row, code, frozenset(excluded))
    return outcome


def _settle(outcome: Outcome, row: FieldRule, code: str, excluded: frozenset[str]) -> None:
    against = [kept for kept in outcome.kept if kept.value.code in excluded]
    for one in [kept for kept in outcome.kept if kept.value.code == code]:
        others = [kept for kept in against if not set(kept.sources) <= set(one.sources)]
        if others and code in row.unspecific:
            others[0].lost += [(one.value, one.sources), *one.lost]
            outcome.kept = [kept for kept in outcome.kept if kept is not one]
        elif others and row.ask:
            outcome.questions.append(_question(row, [kept for kept in outcome.kept if kept is one or kept in others]))


def _question(row: FieldRule, standing: list[Kept]) -> Question:
    first, *others = standing
    return Question(row.field, first.value, first.sources, [(kept.value, kept.sources) for kept in others])
