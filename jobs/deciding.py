"""What a person's answer says, as a decision: whom it is about, on what evidence, against which vetoes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from catalogue.decision import Case, Decision, evidence_key, facts_of
from catalogue.errors import NotFound, UsageError, VetoStands
from catalogue.evidence import ClusterLevel
from catalogue.keys import RecordKey
from catalogue.record import CatalogueRecord
from catalogue.sentence import Sentence, words_of
from jobs.rules import rules_now
from matching.checking import vetoes_across
from matching.facts import SetFacts
from matching.features import extract
from merging.choices import asked, chosen_value, said
from store import facts, matches, minted, records, sources
from store.database import Connection

MatchAnswer = Literal["same", "different", "unsure"]
OVERRULES = frozenset({"senior", "operator", "admin"})
"""Roles that may lift a veto, with a note."""


@dataclass(frozen=True, slots=True)
class Author:
    """Who answers, when, why, as what (viewer, cataloguer, senior, operator, admin) and through which door."""

    name: str
    at: str
    note: str | None = None
    role: str = "cataloguer"
    via: str = "command line"


@dataclass(frozen=True, slots=True)
class About:
    """What an answer is to: the case and how long it took, where somebody asked."""

    case: Case | None = None
    seconds: int | None = None

    def told(self) -> dict[str, Any]:
        """The fields of a decision that come from it."""
        if self.case is None:
            return {"seconds": self.seconds}
        weight = round(sum(f.bits for f in self.case.findings), 3) if self.case.findings else None
        return {"case": self.case.case, "weight": weight, "seconds": self.seconds}


Sides = tuple[Sequence[CatalogueRecord], Sequence[CatalogueRecord]]


def match_decision(
    connection: Connection,
    answer: MatchAnswer,
    both: Sides,
    *,
    level: ClusterLevel,
    author: Author,
    about: About,
) -> Decision:
    """ "different" binds every pair across the two sides, "same" joins them.

    Raises UsageError where the sides share a record, VetoStands where a "same" would overrule a veto and the author
    may not, or does not say why.
    """
    left, right = both
    if {r.key for r in left} & {r.key for r in right}:
        raise UsageError(Sentence("the two sides share a record: there is nothing to decide"))
    lifts = _lifted(connection, both, level, author) if answer == "same" else ()
    sides = {"left": [str(r.key) for r in left], "right": [str(r.key) for r in right]}
    told = {"answer": answer, "level": level, "value": sides, "lifts": lifts, **about.told()}
    return _decision([*left, *right], author, {**told, "left": sides["left"][0], "right": sides["right"][0]})


def field_decision(
    members: Sequence[CatalogueRecord],
    choice: tuple[str, Any],
    *,
    level: ClusterLevel,
    author: Author,
    about: About | None = None,
) -> Decision:
    """A value (JSON; None removes it) for a field of an edition or work, over what its records say now.

    The choice is held by the first of them. Raises UsageError for a field or value that the record cannot have.
    """
    field, value = choice
    try:
        chosen_value(field, value)
        over = _over(field, members, about)
    except ValueError as error:
        raise UsageError(
            Sentence("{field} cannot be {value}: {why}", field=field, value=repr(value), why=error)
        ) from error
    told = {
        "answer": "field",
        "level": level,
        "field": field,
        "value": value,
        "over": over,
        **(about or About()).told(),
    }
    return _decision(members, author, {**told, "left": str(members[0].key)})


def _over(field: str, members: Sequence[CatalogueRecord], about: About | None) -> tuple[str, ...]:
    """What a choice is made over: the items that a case asks about, else all that the records say in the field."""
    if about and about.case:
        items = asked(field, [each["value"] for each in about.case.candidates])
        if items is not None:
            return items
    return said(field, members)


def members_of(connection: Connection, name: str) -> list[CatalogueRecord]:
    """The live records of a record name, an edition or a work, oldest first. Raises NotFound."""
    if ":" in name:
        try:
            stored = records.find(connection, RecordKey.parse(name))
        except ValueError as error:
            raise NotFound("record", name, words_of(error)) from error
        if stored is None or stored.status != "live" or stored.record is None:
            raise NotFound("live record", name)
        return [stored.record]
    current = minted.resolve_id(connection, name)
    numbers = matches.members(connection, level_of(name), [current or ""]).get(current or "")
    found = live_members(connection, numbers or [])
    if not found:
        raise NotFound("edition or work", name)
    return found


def live_members(connection: Connection, numbers: Sequence[int]) -> list[CatalogueRecord]:
    """The live records among these numbers, oldest first."""
    found = records.by_number(connection, numbers)
    return [s.record for _, s in sorted(found.items()) if s.status == "live" and s.record is not None]


def level_of(*names: str) -> ClusterLevel:
    """What names are about: a work where one of them is a work's."""
    return "work" if any(":" not in name and name.startswith("w") for name in names) else "edition"


def is_said_already(standing: Sequence[Decision], made: Decision) -> Decision | None:
    """The decision that says the same on the same evidence, if it is the newest word on that subject."""
    about = [d for d in standing if (d.level, d.field, d.records) == (made.level, made.field, made.records)]
    if not about or about[-1].answer == "unsure":
        return None
    last, wanted = about[-1], {"answer", "evidence_key", "lifts", "over"} | ({"value"} if made.field else set())
    same_value = made.model_dump(include=wanted) == last.model_dump(include=wanted)
    return last if same_value and (made.field is not None or _split(last) == _split(made)) else None


def _split(made: Decision) -> set[frozenset[str]]:
    value = made.value if isinstance(made.value, dict) else {}
    return {frozenset(value.get("left", [made.left])), frozenset(value.get("right", [made.right]))}


def _decision(shown: Sequence[CatalogueRecord], author: Author, told: dict[str, Any]) -> Decision:
    return Decision.model_validate(
        {
            "id": 0,
            "evidence_key": evidence_key(shown),
            "seen": {str(record.key): facts_of(record) for record in shown},
            "note": author.note,
            "author": author.name,
            "role": author.role,
            "via": author.via,
            "made_at": author.at,
            "rules_version": " ".join(rules_now()),
            **told,
        }
    )


def _lifted(connection: Connection, both: Sides, level: ClusterLevel, author: Author) -> tuple[str, ...]:
    """The vetoes that a "same" overrules; it takes the senior role and a note."""
    kept = facts.get_fact(connection, "matching")
    known = SetFacts.model_validate(kept) if kept else SetFacts()
    mixed = sources.mixed_origins(connection)
    left, right = ([extract(r, mixed_origin=r.source in mixed) for r in side] for side in both)
    vetoes = vetoes_across(left, right, level, known)
    may_overrule = author.role in OVERRULES
    if vetoes and not (may_overrule and author.note):
        raise VetoStands(vetoes, may_overrule=may_overrule)
    return vetoes


def answers_of(made: Decision) -> tuple[str, Any]:
    """What a decision says, without when and by whom: equal for a form that was sent twice."""
    return made.answer, made.value if made.field else None
