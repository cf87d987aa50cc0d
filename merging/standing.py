"""The rules that choose one value of many by who says it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from catalogue.folding import is_all_caps
from merging.claims import Claim, Kept, Outcome, Question, Settled, losers, ranked, sources_of, support
from merging.rules import FieldRule
from merging.sameness import agrees, contains, really_differ, value_key


@dataclass(slots=True)  # not frozen, as claims are not: many are made
class Reading:
    """How a rule reads the claims of one field.

    `key` makes claims one value; `text` is what a reader would see; `poor` marks a form never shown if another
    of the same value, or of another, is to be had.
    """

    key: Callable[[Claim], Any]
    text: Callable[[Claim], Any]
    poor: Callable[[Claim], bool]


def by_standing(claims: Sequence[Claim], row: FieldRule, settled: Settled) -> Outcome:
    """The value of the source heard first; equal ones together; a superset wins where the row says so."""
    reading = Reading(
        key=lambda claim: value_key(claim.value, row),
        text=lambda claim: claim.value,
        poor=lambda claim: isinstance(claim.value, str) and is_all_caps(claim.value),
    )
    return choose(claims, row, reading, row.field)


def choose(claims: Sequence[Claim], row: FieldRule, reading: Reading, name: str) -> Outcome:
    """One value out of claims (at least one), with its question under `name` if there is one."""
    if len(claims) == 1:
        return Outcome([Kept(claims[0].value, claims[0].sources)])
    groups = _groups(ranked(claims, row), row, reading)
    winner = _superset(groups, row) if row.superset else groups[0]
    chosen = winner.best
    agreeing = [c for c in winner.claims if agrees(reading.text(chosen), reading.text(c))]
    others = [c for c in winner.claims if c not in agreeing]
    rest = [c for group in groups if group is not winner for c in group.claims]
    kept = Kept(chosen.value, sources_of(agreeing), losers([*others, *rest]))
    outcome = Outcome([kept])
    contested = [g for g in groups if g is not winner and _contested(winner, g, row)]
    if contested:
        candidates = [(g.best.value, sources_of(g.claims)) for g in contested]
        outcome.questions.append(Question(name, chosen.value, sources_of(winner.claims), candidates))
    return outcome


@dataclass(slots=True)
class _Group:
    """Claims that say the same, the form to show first."""

    key: Any
    claims: list[Claim]
    poor: bool
    standing: int

    @property
    def best(self) -> Claim:
        return self.claims[0]


def _groups(claims: list[Claim], row: FieldRule, reading: Reading) -> list[_Group]:
    """Groups by key, the winner first: good forms before poor, then standing, support, and at last record keys."""
    gathered: dict[Any, list[Claim]] = {}
    for claim in claims:
        key = reading.key(claim)
        gathered.setdefault((type(key), key), []).append(claim)
    groups = []
    for (_, key), members in gathered.items():
        standing = min(row.order[c.quality] for c in members)
        if len(members) > 1:
            members.sort(key=lambda c: (reading.poor(c), -len(c.value) if row.dates else 0))  # stable: ranked stays
        groups.append(_Group(key, members, reading.poor(members[0]), standing))
    if len(groups) > 1:
        groups.sort(key=lambda g: (g.poor, g.standing, -support(g.claims)))  # stable: record keys decide last
    return groups


def _superset(groups: list[_Group], row: FieldRule) -> _Group:
    winner = groups[0]
    while wider := [g for g in groups if not g.poor and contains(g.key, winner.key)]:
        winner = wider[0]
    return winner


def _contested(winner: _Group, other: _Group, row: FieldRule) -> bool:
    if not row.ask or (row.ask == "equals" and other.standing != winner.standing):
        return False
    outvoted = winner.standing <= other.standing and support(winner.claims) >= 2 * support(other.claims)
    return not outvoted and really_differ(winner.key, other.key, row)


def most_specific(claims: Sequence[Claim], row: FieldRule, settled: Settled) -> Outcome:
    """By standing among the values that say something; an unspecific one only where there is no other."""
    telling = [c for c in claims if c.value not in row.unspecific]
    outcome = by_standing(telling or claims, row, settled)
    if telling:
        outcome.kept[0].lost += losers(ranked([c for c in claims if c.value in row.unspecific], row))
    return outcome


def earliest(claims: Sequence[Claim], row: FieldRule, settled: Settled) -> Outcome:
    """The earliest date; of one year, the most precise form."""
    years = sorted({c.value[:4] for c in claims})
    first = [c for c in claims if c.value[:4] == years[0]]
    precise = max(len(c.value) for c in first)
    chosen = min(c.value for c in first if len(c.value) == precise)
    agreeing = [c for c in first if agrees(chosen, c.value)]
    return Outcome([Kept(chosen, sources_of(agreeing), losers(c for c in ranked(claims, row) if c not in agreeing))])


def first_of(claims: Sequence[Claim], row: FieldRule, settled: Settled) -> Outcome:
    """The value that stands first in the row's `values`; another one only where none of these is claimed."""
    place = {value: n for n, value in enumerate(row.values)}
    listed = [c for c in claims if c.value in place]
    if not listed:
        return by_standing(claims, row, settled)
    chosen = min(listed, key=lambda c: place[c.value]).value
    others = losers(c for c in ranked(claims, row) if c.value != chosen)
    return Outcome([Kept(chosen, sources_of(c for c in claims if c.value == chosen), others)])


def along(claims: Sequence[Claim], row: FieldRule, settled: Settled) -> Outcome:
    """The value of a source whose word was taken in the field `along`; without one, by standing."""
    leading = settled.get(row.along)
    trusted = {source for kept in leading.kept for source in kept.sources} if leading else set()
    near = [c for c in claims if trusted.intersection(c.sources)]
    outcome = by_standing(near or claims, row, settled)
    if near:
        outcome.kept[0].lost += losers(ranked([c for c in claims if c not in near], row))
    return outcome
