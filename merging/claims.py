"""What a rule is given and what it gives: claims in, values kept with their sources and what they won over out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from catalogue.record import Description
from merging.rules import FieldRule


@dataclass(frozen=True, slots=True, eq=False)
class Witness:
    """One description that takes part: a source record, or a merged edition when a work is made.

    `name` orders witnesses when nothing else does.
    `yields`: it is a prepublication record beside a full one, and gives only what such a record may.
    """

    name: str
    description: Description
    quality: str
    yields: bool = False


@dataclass(slots=True, eq=False)  # not frozen, though never changed: a frozen one takes three times as long to make
class Claim:
    """One value of one field, said by one witness."""

    value: Any
    witness: Witness
    sources: tuple[str, ...]  # record keys
    quality: str
    position: int = 0  # place in the witness's list


@dataclass(slots=True)
class Kept:
    """A value of the merged description. `rule` is set where another rule than the field's own chose it."""

    value: Any
    sources: tuple[str, ...]
    lost: list[tuple[Any, tuple[str, ...]]] = field(default_factory=list)
    rule: str = ""


@dataclass(slots=True)
class Question:
    """A difference the rules have no ground to decide. `field` is what a choice answers it by."""

    field: str
    chosen: Any
    chosen_sources: tuple[str, ...]
    others: list[tuple[Any, tuple[str, ...]]]


@dataclass(slots=True)
class Outcome:
    """What was made of one field. `dropped` lost without anything having won over it; each names what dropped it."""

    kept: list[Kept] = field(default_factory=list)
    dropped: list[tuple[Any, tuple[str, ...], str]] = field(default_factory=list)  # value, sources, rule
    questions: list[Question] = field(default_factory=list)


Settled = Mapping[str, Outcome]
"""The outcomes of the fields above in the table, by path."""


def language_of(settled: Settled) -> str | None:
    """The one language of the text, where it is one: what a text without a language counts as being in."""
    outcome = settled.get("languages.text")
    return outcome.kept[0].value if outcome and len(outcome.kept) == 1 else None


def ranked(claims: Sequence[Claim], row: FieldRule) -> list[Claim]:
    """Claims in the order a rule hears them; the record key decides only between equal standing.

    Claims of one witness are in its order already.
    """
    if len({claim.witness for claim in claims}) < 2:
        return list(claims)
    order = row.order
    return sorted(claims, key=lambda c: (order[c.quality], c.witness.name, c.position))


def sources_of(claims: Iterable[Claim]) -> tuple[str, ...]:
    """The record keys behind claims, sorted, each once."""
    found = {source for claim in claims for source in claim.sources}
    return tuple(sorted(found)) if len(found) > 1 else tuple(found)


def support(claims: Sequence[Claim]) -> int:
    """How many senders stand behind a value: two records of one sender are one voice."""
    return len({source.partition(":")[0] for claim in claims for source in claim.sources})


def losers(claims: Iterable[Claim]) -> list[tuple[Any, tuple[str, ...]]]:
    """Lost values with their sources, each value once, in the order they are given."""
    return distinct([(claim.value, claim.sources) for claim in claims])


def distinct(values: Sequence[tuple[Any, tuple[str, ...]]]) -> list[tuple[Any, tuple[str, ...]]]:
    """Each value once, with the sources of all, in the order of first appearance."""
    if len(values) < 2:
        return list(values)
    found: list[tuple[Any, set[str]]] = []
    for value, sources in values:
        known = next((known for one, known in found if same_value(one, value)), None)
        if known is None:
            found.append((value, set(sources)))
        else:
            known.update(sources)
    return [(value, tuple(sorted(known))) for value, known in found]


def same_value(left: Any, right: Any) -> bool:
    """Equality that keeps True and 1 apart."""
    return type(left) is type(right) and bool(left == right)
