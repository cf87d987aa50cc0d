"""Decisions that stand, as the constraints that matching obeys and the choices that merging obeys."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product

from catalogue.decision import Decision, age, evidence_key, key_of, sides
from catalogue.evidence import ClusterLevel, Constraint
from catalogue.merged import FieldChoice
from catalogue.record import CatalogueRecord
from store import decisions
from store.database import Connection
from store.shelf import Shelf

MOST_LINKS = 1_000
"""Pairs of one "same" that are linked one by one; of larger sides each record is linked to the first of the other."""

_LEVELS: dict[tuple[str, ClusterLevel], tuple[ClusterLevel, ...]] = {
    ("same", "edition"): ("edition",),
    ("same", "work"): ("work",),
    ("different", "edition"): ("edition",),
    ("different", "work"): ("work", "edition"),  # what is not one work is not one edition either
}


@dataclass(frozen=True, slots=True)
class Standing:
    """What people's answers mean for the present records.

    `changed` are match decisions whose evidence is not what it was: they are asked again. A "different" among them
    still keeps its sides apart, a "same" no longer joins. `orphans` name records that are gone. `choices` are found
    by level and the record that holds them; `made` holds the decision behind each. `overruled` are about the same
    records as a newer one. `binding` are the ids of those, and of the others, that name live records.
    """

    constraints: tuple[Constraint, ...] = ()
    choices: Mapping[tuple[ClusterLevel, str], tuple[FieldChoice, ...]] = field(default_factory=dict)
    changed: tuple[Decision, ...] = ()
    orphans: tuple[Decision, ...] = ()
    made: Mapping[int, Decision] = field(default_factory=dict)
    overruled: tuple[Decision, ...] = ()
    binding: frozenset[int] = frozenset()

    def choices_for(self, level: ClusterLevel, members: Iterable[str]) -> tuple[FieldChoice, ...]:
        """The field choices held by these records at a level, in order of record."""
        return tuple(choice for key in sorted(members) for choice in self.choices.get((level, key), ()))

    def chose(self, level: ClusterLevel, members: Iterable[str], name: str) -> int | None:
        """The newest decision by which one of these records holds a value of a field at a level."""
        held = set(members)
        found = [d.id for d in self.made.values() if (d.level, d.field) == (level, name) and d.left in held]
        return max(found, default=None)


def read_standing(connection: Connection, keys: Iterable[str] | None = None) -> Standing:
    """The decisions that stand, of all records or about one of these, seen against the records they were about."""
    made = decisions.standing(connection, keys)
    return standing_of(made, Shelf(connection).live(records_named(made)))


def records_named(decisions: Iterable[Decision]) -> list[str]:
    """The key of every record a decision was about, sorted."""
    return sorted({key for made in decisions for side in sides(made) for key in side})


def standing_of(decisions: Iterable[Decision], records: Mapping[str, CatalogueRecord]) -> Standing:
    """Turn decisions into constraints. `records` are the live records they name, by key.

    Of two answers on one pair of records the newer counts. Of a side from which records went the others are bound.
    """
    newest: dict[tuple[ClusterLevel, frozenset[str], str | None], Decision] = {}
    overruled: list[Decision] = []
    for made in sorted(decisions, key=age):
        subject = frozenset([made.left]) if made.answer == "field" else frozenset(key for s in sides(made) for key in s)
        if made.answer != "unsure" and made.identifier is None:
            place = made.level, subject, made.field
            overruled += [newest[place]] if place in newest else []
            newest[place] = made
    bound = _Bound({}, {made.id: made.level for made in newest.values()})
    choices: dict[tuple[ClusterLevel, str], list[FieldChoice]] = {}
    changed, orphans = [], []
    for made in sorted(newest.values(), key=age):
        if is_orphan(made, records):
            orphans.append(made)
        elif made.answer == "field" and made.field:
            choice = FieldChoice(record=made.left, field=made.field, value=made.value, over=made.over)
            choices.setdefault((made.level, made.left), []).append(choice)
        else:
            fresh = is_fresh(made, records)
            bound.add(made, fresh, records)
            changed += [] if fresh else [made]
    kept = {place: tuple(some) for place, some in choices.items()}
    named = {made.id: made for made in newest.values()}
    binding = named.keys() - {made.id for made in orphans}
    binding |= {made.id for made in overruled if not is_orphan(made, records)}
    pairs = tuple(bound.pairs.values())
    return Standing(pairs, kept, tuple(changed), tuple(orphans), named, tuple(overruled), frozenset(binding))


def is_orphan(made: Decision, live: Collection[str]) -> bool:
    """Whether nothing is left that a decision could bind. One that does not say what was seen needs all of it."""
    shown = [side for side in sides(made) if side]
    if made.answer == "field":
        return made.left not in live
    return any(
        not any(key in live for key in side) if made.seen else any(key not in live for key in side) for side in shown
    )


def is_fresh(made: Decision, records: Mapping[str, CatalogueRecord]) -> bool:
    """Whether the records that are left of those a match decision was about say what they said then."""
    keys = [key for side in sides(made) for key in side if key in records]
    then = key_of({key: made.seen.get(key, {}) for key in keys}) if made.seen else made.evidence_key
    return evidence_key([records[key] for key in keys]) == then


@dataclass(frozen=True, slots=True)
class _Bound:
    """What is bound so far, by level and pair, and the level of each decision."""

    pairs: dict[tuple[ClusterLevel, frozenset[str]], Constraint]
    levels: Mapping[int, ClusterLevel]

    def add(self, made: Decision, fresh: bool, live: Collection[str]) -> None:
        """A decision's word on each pair across its sides replaces an older one's."""
        left, right = ([key for key in side if key in live] for side in sides(made))
        for pair in product(left, right):
            self._replace(made, frozenset(pair))
        if made.answer == "same" and not fresh:
            return
        kind = "must" if made.answer == "same" else "cannot"
        about = {"kind": kind, "lifts": made.lifts if kind == "must" else (), "decision": made.id}
        for one, other in product(left, right) if kind == "cannot" else _edges(left, right):
            for level in _LEVELS[made.answer, made.level]:
                bound = Constraint.model_validate({**about, "level": level, "left": one, "right": other})
                self.pairs[level, frozenset((one, other))] = bound

    def _replace(self, made: Decision, pair: frozenset[str]) -> None:
        against = "cannot" if made.answer == "same" else "must"
        for level in ("edition", "work"):
            old = self.pairs.get((level, pair))
            if old and old.kind == against and self._speaks_of(made, level, self.levels.get(old.decision, level)):
                del self.pairs[level, pair]

    @staticmethod
    def _speaks_of(made: Decision, level: ClusterLevel, of_old: ClusterLevel) -> bool:
        """One edition is one work, so two works are two editions; and a word on works carried one on editions."""
        return made.level in {level, of_old} or (made.answer == "same") == (made.level == "edition")


def _edges(left: Sequence[str], right: Sequence[str]) -> Iterator[tuple[str, str]]:
    if len(left) * len(right) <= MOST_LINKS:
        yield from product(left, right)
        return
    yield from ((left[0], key) for key in right)
    yield from ((key, right[0]) for key in left[1:])
