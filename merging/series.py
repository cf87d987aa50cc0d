"""Series: the library's form of each, every series once."""

from __future__ import annotations

from collections.abc import Sequence

from catalogue.record import Series
from merging.claims import Claim, Kept, Outcome, Question, Settled, ranked, sources_of
from merging.rules import FieldRule
from merging.sameness import agrees, contains, text_key
from merging.unions import filled, united


def series(claims: Sequence[Claim], row: FieldRule, settled: Settled) -> Outcome:
    """Series equal by ISSN, by title, or by a title that holds the other, are one; the first heard gives its form.

    Numbers that differ between sources of equal standing make a question.
    """
    groups: list[list[Claim]] = []
    for claim in ranked(claims, row):
        home = _home(claim, groups)
        if home is None:
            groups.append([claim])
        else:
            home.append(claim)
    outcome = Outcome(_absorbed([united(group) for group in groups]))
    for group in groups:
        outcome.questions += _number_question(group, row)
    return outcome


def _home(claim: Claim, groups: list[list[Claim]]) -> list[Claim] | None:
    """The group of a series: of its title and number, else of its title or ISSN, else of a title like it."""
    for same in (_exact, _equal, _alike):
        for group in groups:
            if all(same(claim, member) for member in group):
                return group
    return None


def _absorbed(found: list[Kept]) -> list[Kept]:
    """Series that are one now that gaps are filled: the same title, and no number against another."""
    apart: list[Kept] = []
    for kept in found:
        home = next((k for k in apart if _repeats(k.value, kept.value)), None)
        if home is None:
            apart.append(kept)
            continue
        home.value = filled([home.value, kept.value])
        home.sources = tuple(sorted({*home.sources, *kept.sources}))
        home.lost += [lost for lost in ((kept.value, kept.sources), *kept.lost) if not agrees(home.value, lost[0])]
    return apart


def _repeats(left: Series, right: Series) -> bool:
    if text_key(left.title) != text_key(right.title) or (left.issn and right.issn and left.issn != right.issn):
        return False
    return not (left.number and right.number) or text_key(left.number) == text_key(right.number)


def _exact(left: Claim, right: Claim) -> bool:
    return _equal(left, right) and _number(left) == _number(right)


def _equal(left: Claim, right: Claim) -> bool:
    if left.value.issn and right.value.issn:
        return bool(left.value.issn == right.value.issn)
    if text_key(left.value.title) != text_key(right.value.title):
        return False
    return (
        left.witness is not right.witness or _number(left) == _number(right) or not (_number(left) and _number(right))
    )


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
