"""Series: the library's form of each, every series once."""

from __future__ import annotations

from collections.abc import Sequence

from merging.claims import Claim, Outcome, Question, Settled, ranked, sources_of
from merging.rules import FieldRule
from merging.sameness import contains, text_key
from merging.unions import united


def series(claims: Sequence[Claim], row: FieldRule, settled: Settled) -> Outcome:
    """Series equal by ISSN, by title, or by a title that holds the other, are one; the first heard gives its form.

    Numbers that differ between sources of equal standing make a question.
    """
    groups: list[list[Claim]] = []
    for claim in ranked(claims, row):
        home = next((g for g in groups if any(_equal(claim, member) for member in g)), None)
        home = home or next((g for g in groups if all(_alike(claim, member) for member in g)), None)
        if home is None:
            groups.append([claim])
        else:
            home.append(claim)
    outcome = Outcome([united(group) for group in groups])
    for group in groups:
        outcome.questions += _number_question(group, row)
    return outcome


def _equal(left: Claim, right: Claim) -> bool:
    if left.value.issn and right.value.issn:
        return bool(left.value.issn == right.value.issn)
    if text_key(left.value.title) != text_key(right.value.title):
        return False
    return left.witness is not right.witness or _number(left) == _number(right)


def _alike(left: Claim, right: Claim) -> bool:
    """Whether one title holds the other. Never within one record: it knows a series from its subseries."""
    if left.witness is right.witness or (left.value.issn and right.value.issn):
        return False
    one, other = text_key(left.value.title), text_key(right.value.title)
    return contains(one, other) or contains(other, one)


def _number(claim: Claim) -> str:
    digits = "".join(c if c.isdigit() else " " for c in claim.value.number or "").split()
    return " ".join(digits) or text_key(claim.value.number or "")


def _number_question(group: list[Claim], row: FieldRule) -> list[Question]:
    numbered = [c for c in group if c.value.number]
    if not row.ask or not numbered:
        return []
    standing = min(row.order[c.quality] for c in numbered)
    equals = [c for c in numbered if row.order[c.quality] == standing]
    chosen = equals[0]
    others = [c for c in equals if _number(c) != _number(chosen)]
    if not others:
        return []
    agreeing = sources_of(c for c in equals if c not in others)
    return [Question("series", chosen.value, agreeing, [(c.value, c.sources) for c in others])]
