"""The rules that keep every value once."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from typing import Any

from catalogue.model import Model
from catalogue.record import AccessibilityFact, Audience, Classification, Link, Relation, Text
from merging.claims import Claim, Kept, Outcome, Settled, language_of, losers, ranked, same_value, sources_of
from merging.rules import FieldRule
from merging.sameness import agrees, text_key


def union(claims: Sequence[Claim], row: FieldRule, settled: Settled) -> Outcome:
    """Every value once; values equal by code, address or folded text are one, gaps filled from each other."""
    return Outcome([united(group) for group in grouped(ranked(claims, row), lambda c: item_key(c.value))])


def grouped(claims: Iterable[Claim], key: Callable[[Claim], Hashable]) -> list[list[Claim]]:
    """Claims by key, in the order they first appear."""
    found: dict[Hashable, list[Claim]] = {}
    for claim in claims:
        found.setdefault(key(claim), []).append(claim)
    return list(found.values())


def united(claims: Sequence[Claim], value: Any = None) -> Kept:
    """One value of a group: the first claim's form, or `value`, its gaps filled; what it does not say is lost."""
    if len(claims) == 1:
        return Kept(claims[0].value, claims[0].sources)
    if value is None:
        value = claims[0].value
        if all(same_value(value, c.value) for c in claims):
            return Kept(value, sources_of(claims))
        value = filled([c.value for c in claims])
    uncovered = [c for c in claims if not agrees(value, c.value)]
    return Kept(value, sources_of(claims), losers(uncovered))


def filled(values: Sequence[Any]) -> Any:
    """The first model of some, with what it leaves open taken from the next that tell it."""
    first = values[0]
    if len(values) == 1 or not isinstance(first, Model):
        return first
    gaps: dict[str, Any] = {}
    for name, own in first:
        if own is None or own == ():
            told = next((getattr(v, name) for v in values[1:] if getattr(v, name) not in (None, ())), None)
            if told is not None:
                gaps[name] = told
    return first.model_copy(update=gaps) if gaps else first


def item_key(value: Any) -> Hashable:
    """What makes two items of a list one."""
    make = _KEYS.get(type(value))
    return make(value) if make else value


def _accessibility(fact: AccessibilityFact) -> Hashable:
    return fact.code or "", text_key(fact.text or "")


def _relation(relation: Relation) -> Hashable:
    return relation.kind, relation.scheme, relation.value or text_key(relation.title or "")


def _link(link: Link) -> Hashable:
    return link.kind, link.url.strip().rstrip("/").partition("://")[2] or link.url.strip()


_KEYS: dict[type, Callable[[Any], Hashable]] = {
    str: lambda text: text,
    AccessibilityFact: _accessibility,
    Audience: lambda a: (a.scheme, a.code),
    Classification: lambda c: (c.scheme, c.code.replace(" ", "")),
    Link: _link,
    Relation: _relation,
    Text: lambda t: (t.kind, text_key(t.text)),
}


def by_language(claims: Sequence[Claim], row: FieldRule, settled: Settled) -> Outcome:
    """One text of each kind and language: of the source heard first, of its texts the longest.

    A text without a language counts as being in the language of the edition, if that is one.
    """
    outcome = Outcome()
    assumed = language_of(settled)

    def slot(claim: Claim) -> Hashable:
        return claim.value.kind, claim.value.language or assumed

    for group in grouped(ranked(claims, row), slot):
        best = min(group, key=lambda c: (row.order[c.quality], -len(c.value.text)))  # stable: record keys decide last
        same = [c for c in group if text_key(c.value.text) == text_key(best.value.text)]
        value = filled([best.value, *(c.value for c in same)])
        lost = losers(c for c in group if c not in same)
        outcome.kept.append(Kept(value, sources_of(same), lost))
    return outcome


def most_specific_list(claims: Sequence[Claim], row: FieldRule, settled: Settled) -> Outcome:
    """The list of one source as a whole: of those that say something, the first heard, or the widest that holds it."""
    telling = [c for c in claims if c.value not in row.unspecific] or list(claims)
    lists = grouped(ranked(telling, row), lambda c: c.witness.name)
    chosen = lists[0]
    for other in lists[1:]:
        if {c.value for c in other} > {c.value for c in chosen}:
            chosen = other
    values = list(dict.fromkeys(c.value for c in chosen))
    outcome = Outcome([Kept(v, sources_of(c for c in claims if c.value == v)) for v in values])
    others = losers(c for c in ranked(claims, row) if c.value not in values)
    outcome.kept[0].lost += others
    return outcome
