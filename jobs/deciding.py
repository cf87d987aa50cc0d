"""People's answers: kept as events with the evidence they were given on, obeyed by the next resolve."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from catalogue.decision import Decision, evidence_key
from catalogue.errors import NotFound, UsageError
from catalogue.evidence import ClusterLevel
from catalogue.keys import RecordKey
from catalogue.record import CatalogueRecord
from matching.explain import explain
from matching.facts import SetFacts
from matching.features import extract
from merging.choices import chosen_value, said
from store import cases, decisions, facts, features, matches, minted, records, sources
from store.database import Connection, Store

MatchAnswer = Literal["same", "different", "unsure"]


@dataclass(frozen=True, slots=True)
class Author:
    """Who answers, when, and why."""

    name: str
    at: str
    note: str | None = None


def decide(
    store: Store, answer: MatchAnswer, names: tuple[str, str], *, level: ClusterLevel | None, author: Author
) -> Decision:
    """Answer whether two records (or all of two editions, two works) are the same.

    "different" binds every pair across the two sides, "same" the pair named. Raises NotFound for a name that is
    not live, UsageError where the answer cannot mean anything, or overrules a veto without a note.
    """
    with store.write() as connection:
        left, right = (members_of(connection, name) for name in names)
        if {r.key for r in left} & {r.key for r in right}:
            raise UsageError(f"{names[0]} and {names[1]} share a record: there is nothing to decide")
        at_level = level or _level_of(names)
        made = Decision(
            id=0,
            answer=answer,
            level=at_level,
            left=str(left[0].key),
            right=str(right[0].key),
            value={"left": [str(r.key) for r in left], "right": [str(r.key) for r in right]},
            evidence_key=evidence_key([*left, *right]),
            note=author.note,
            author=author.name,
            made_at=author.at,
            lifts=_lifted(connection, (left[0], right[0]), at_level, author) if answer == "same" else (),
        )
        kept = decisions.append(connection, made)
        if answer != "unsure":
            _settle(connection, [*left, *right], at_level, author.at)
        return kept


def decide_field(store: Store, name: str, *, field: str, value: str, author: Author) -> Decision:
    """Choose a value of a merged record's field. `value` is JSON, or plain text where it is not.

    The choice is held by the oldest record of the edition or work, over what all of them say now. Raises NotFound,
    and UsageError for a field or value that the record cannot have.
    """
    with store.write() as connection:
        members = members_of(connection, name)
        over, chosen = _checked_choice(field, value, members)
        made = Decision(
            id=0,
            answer="field",
            level="work" if _is_work(name) else "edition",
            left=str(members[0].key),
            field=field,
            value=chosen,
            over=over,
            evidence_key=evidence_key(members),
            note=author.note,
            author=author.name,
            made_at=author.at,
        )
        kept = decisions.append(connection, made)
        for case in cases.about(connection, [str(r.key) for r in members], "open"):
            if case.kind == "field" and case.field == field and case.level == made.level:
                cases.set_state(connection, [case.case], "answered", author.at)
        _mark(connection, members, author.at)
        return kept


def undo(store: Store, number: int, author: Author) -> Decision:
    """Take a decision back: a new event. What it settled is asked again by the next resolve."""
    with store.write() as connection:
        event = decisions.undo(connection, number, author=author.name, at=author.at, note=author.note)
        keys = [event.left, *([event.right] if event.right else [])]
        for case in cases.about(connection, keys, "answered"):
            cases.set_state(connection, [case.case], "dissolved", author.at)
        known = records.numbers_of(connection, [RecordKey.parse(key) for key in keys])
        features.mark_dirty(connection, sorted(known.values()), author.at)
        return event


def members_of(connection: Connection, name: str) -> list[CatalogueRecord]:
    """The live records of a record name, an edition or a work, oldest first. Raises NotFound."""
    if ":" in name:
        try:
            stored = records.find(connection, RecordKey.parse(name))
        except ValueError as error:
            raise NotFound("record", name, str(error)) from error
        if stored is None or stored.status != "live" or stored.record is None:
            raise NotFound("live record", name)
        return [stored.record]
    current = minted.resolve_id(connection, name)
    numbers = matches.members(connection, "work" if _is_work(name) else "edition", [current or ""]).get(current or "")
    if not numbers:
        raise NotFound("edition or work", name)
    found = records.by_number(connection, numbers)
    return [record for n in numbers if (record := found[n].record) is not None]


def _is_work(name: str) -> bool:
    return ":" not in name and name.startswith("w")


def _level_of(names: tuple[str, str]) -> ClusterLevel:
    return "work" if any(map(_is_work, names)) else "edition"


def _lifted(
    connection: Connection, pair: tuple[CatalogueRecord, CatalogueRecord], level: ClusterLevel, author: Author
) -> tuple[str, ...]:
    """The vetoes that a "same" overrules; it takes a note."""
    kept = facts.get_fact(connection, "matching")
    known = SetFacts.model_validate(kept) if kept else None
    mixed = sources.mixed_origins(connection)
    left, right = (extract(record, mixed_origin=record.source in mixed) for record in pair)
    vetoes = explain(left, right, level, facts=known).vetoes
    if vetoes and not author.note:
        raise UsageError(f"this overrules {', '.join(vetoes)}: say why with --note")
    return tuple(vetoes)


def _checked_choice(field: str, value: str, members: Sequence[CatalogueRecord]) -> tuple[tuple[str, ...], Any]:
    try:
        chosen: Any = json.loads(value)
    except ValueError:
        chosen = value
    try:
        chosen_value(field, chosen)
        return said(field, members), chosen
    except ValueError as error:
        raise UsageError(f"{field} cannot be {value!r}: {error}") from error


def _settle(connection: Connection, members: Sequence[CatalogueRecord], level: ClusterLevel, at: str) -> None:
    """The open match case between these records is answered, and they are resolved again."""
    keys = {str(record.key) for record in members}
    for case in cases.about(connection, sorted(keys), "open"):
        if case.kind in ("match", "split") and case.level == level and len(keys.intersection(case.members)) > 1:
            cases.set_state(connection, [case.case], "answered", at)
    _mark(connection, members, at)


def _mark(connection: Connection, members: Sequence[CatalogueRecord], at: str) -> None:
    known = records.numbers_of(connection, [record.key for record in members])
    features.mark_dirty(connection, sorted(known.values()), at)
