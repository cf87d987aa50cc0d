"""Decisions that stand, as the constraints that matching obeys and the choices that merging obeys."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from catalogue.decision import Decision, evidence_key
from catalogue.evidence import ClusterLevel, Constraint
from catalogue.keys import RecordKey
from catalogue.merged import FieldChoice
from catalogue.record import CatalogueRecord

Sides = tuple[tuple[str, ...], tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Standing:
    """What people's answers mean for the present records.

    `changed` are match decisions whose evidence is not what it was: they are asked again. A "different" among them
    still keeps its sides apart, a "same" no longer joins. `orphans` name records that are gone. `choices` are found
    by level and the record that holds them.
    """

    constraints: tuple[Constraint, ...] = ()
    choices: Mapping[tuple[ClusterLevel, str], tuple[FieldChoice, ...]] = field(default_factory=dict)
    changed: tuple[Decision, ...] = ()
    orphans: tuple[Decision, ...] = ()

    def choices_for(self, level: ClusterLevel, members: Iterable[str]) -> tuple[FieldChoice, ...]:
        """The field choices held by these records at a level, in order of record."""
        return tuple(choice for key in sorted(members) for choice in self.choices.get((level, key), ()))


def sides(decision: Decision) -> Sides:
    """The record keys a match decision was about, left and right."""
    shown: dict[str, Any] = decision.value if isinstance(decision.value, dict) else {}
    left = shown.get("left") or [decision.left]
    right = shown.get("right") or ([decision.right] if decision.right else [])
    return tuple(left), tuple(right)


def records_named(decisions: Iterable[Decision]) -> set[RecordKey]:
    """Every record a decision was about."""
    return {RecordKey.parse(key) for made in decisions for side in sides(made) for key in side}


def standing_of(decisions: Iterable[Decision], records: Mapping[str, CatalogueRecord]) -> Standing:
    """Turn decisions (oldest first) into constraints. `records` are the live records they name, by key."""
    newest: dict[tuple[ClusterLevel, frozenset[str], str | None], Decision] = {}
    for made in decisions:
        left, right = sides(made)
        subject = frozenset([made.left]) if made.answer == "field" else frozenset([*left, *right])
        newest[made.level, subject, made.field] = made
    constraints: list[Constraint] = []
    choices: dict[tuple[ClusterLevel, str], list[FieldChoice]] = {}
    changed, orphans = [], []
    for made in sorted(newest.values(), key=lambda each: each.id):
        keys = [key for side in sides(made) for key in side]
        if any(key not in records for key in keys):
            orphans.append(made)
        elif made.answer == "field" and made.field:
            choice = FieldChoice(record=made.left, field=made.field, value=made.value, over=made.over)
            choices.setdefault((made.level, made.left), []).append(choice)
        elif made.answer in ("same", "different"):
            is_fresh = evidence_key([records[key] for key in keys]) == made.evidence_key
            constraints += _constraints(made, is_fresh)
            changed += [] if is_fresh else [made]
    kept = {place: tuple(some) for place, some in choices.items()}
    return Standing(tuple(constraints), kept, tuple(changed), tuple(orphans))


def _constraints(made: Decision, is_fresh: bool) -> list[Constraint]:
    left, right = sides(made)
    if made.answer == "different":
        return [Constraint(kind="cannot", level=made.level, left=a, right=b) for a in left for b in right]
    if not is_fresh or made.right is None:
        return []
    return [Constraint(kind="must", level=made.level, left=made.left, right=made.right, lifts=made.lifts)]
