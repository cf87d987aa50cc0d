"""Answers that take effect at once: each function is one transaction in which the decision is kept, the clusters it
touches are resolved and merged again, their cases opened and closed, and what changed is queued for publishing.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from catalogue.decision import Case, Decision, EvidenceChange, changes_since
from catalogue.errors import ServiceUnreachable, StaleAnswer, UsageError
from catalogue.errors import VetoStands as VetoStands  # noqa: PLC0414 - said to be ours to give on
from catalogue.evidence import ClusterLevel
from catalogue.record import CatalogueRecord
from catalogue.sentence import Sentence
from jobs.deciding import (
    About,
    MatchAnswer,
    Sides,
    answers_of,
    field_decision,
    is_said_already,
    level_of,
    match_decision,
    members_of,
)
from jobs.deciding import Author as Author  # noqa: PLC0414 - said to be ours to give on
from jobs.joining import apart
from jobs.settling import Settled, settle, touched_by
from store import cases, claims, decisions, matches, records
from store.database import Connection, Store
from store.shelf import Shelf

TRIES = 4
BROKEN_OFF = "40"
"""Class of the SQL states of deadlocks and serialization failures."""

KINDS = {
    "match": Sentence("a match case"),
    "split": Sentence("a split case"),
    "field": Sentence("a field case"),
}


@dataclass(frozen=True, slots=True)
class Answered:
    """The decision kept, the works it changed, the cases it opened and closed.

    `leaning`: later decisions about the same works, when one was undone. `waits`: the decision takes effect with the
    next resolve, as a harvest is not resolved yet, or it is one about an identifier.
    """

    decision: Decision
    works: tuple[str, ...] = ()
    opened: tuple[str, ...] = ()
    closed: tuple[str, ...] = ()
    leaning: tuple[int, ...] = ()
    waits: bool = False


def answer_match(
    store: Store, case: str, *, version: int, answer: MatchAnswer, author: Author, seconds: int | None = None
) -> Answered:
    """Answer a match or split case at the version it was shown in.

    "unsure" leaves it open, for others first. The same answer of the same person sent twice is one. Of a split case
    "different" parts the chain at its weakest "same", "same" takes its "different" back. Raises NotFound, StaleAnswer
    (not open, or at another version), VetoStands, UsageError.
    """

    def act(connection: Connection) -> Answered:
        asked = cases.find(connection, case)
        if asked.kind not in ("match", "split"):
            raise UsageError(
                Sentence(
                    "case {case} is {kind}: it takes no {answer!r}", case=case, kind=KINDS[asked.kind], answer=answer
                )
            )
        if repeated := _repeated(connection, asked, version, said=(answer, None), author=author):
            return repeated
        _check_version(asked, version)
        shelf = Shelf(connection)
        left, right = _both_live(shelf, _shown_sides(asked, answer))
        if not left or not right:
            raise StaleAnswer(case, seen=version, version=asked.version)
        about = About(asked, seconds)
        made = match_decision(connection, answer, (left, right), level=asked.level, author=author, about=about)
        return _keep(shelf, made, [asked], author)

    return _in_turn(store, act)


def answer_field(
    store: Store, case: str, *, version: int, value: Any, author: Author, seconds: int | None = None
) -> Answered:
    """Choose the value (JSON; None removes it) that a field case asks for. Raises as `answer_match`."""

    def act(connection: Connection) -> Answered:
        asked = cases.find(connection, case)
        if asked.kind != "field" or asked.field is None:
            raise UsageError(Sentence("case {case} is {kind}: it takes no value", case=case, kind=KINDS[asked.kind]))
        if repeated := _repeated(connection, asked, version, said=("field", value), author=author):
            return repeated
        _check_version(asked, version)
        shelf = Shelf(connection)
        members = list(shelf.live(asked.members).values())
        if not members:
            raise StaleAnswer(case, seen=version, version=asked.version)
        choice = (asked.field, value)
        made = field_decision(members, choice, level=asked.level, author=author, about=About(asked, seconds))
        return _keep(shelf, made, [asked], author)

    return _in_turn(store, act)


def decide(
    store: Store, answer: MatchAnswer, names: tuple[str, str], *, level: ClusterLevel | None, author: Author
) -> Answered:
    """Answer whether two records, editions or works are the same, whether anybody asked or not.

    `level` None: as the names say. Raises NotFound for a name that is not live, UsageError where the answer cannot
    mean anything, VetoStands.
    """

    def act(connection: Connection) -> Answered:
        both = members_of(connection, names[0]), members_of(connection, names[1])
        return _decide(connection, answer, both, level=level or level_of(*names), author=author)

    return _in_turn(store, act)


def decide_field(store: Store, name: str, *, field: str, value: Any, author: Author) -> Answered:
    """Choose a value (JSON; None removes it) of a field of an edition or work, or of the edition of a record.

    Raises NotFound, UsageError for a field or value that it cannot have.
    """

    def act(connection: Connection) -> Answered:
        members = _cluster_of(connection, name) if ":" in name else members_of(connection, name)
        level = level_of(name)
        made = field_decision(members, (field, value), level=level, author=author)
        keys = {str(record.key) for record in members}
        found = cases.about(connection, sorted(keys), "open")
        settled = [c for c in found if (c.kind, c.field, c.level) == ("field", field, level)]
        return _keep(Shelf(connection), made, settled, author)

    return _in_turn(store, act)


def separate(store: Store, record: str, author: Author, *, level: ClusterLevel = "edition") -> Answered:
    """A record is not what the rest of its edition (or work) is. Raises NotFound, UsageError where it stands alone."""

    def act(connection: Connection) -> Answered:
        own = members_of(connection, record)
        rest = [other for other in _cluster_of(connection, record, level) if other.key != own[0].key]
        if not rest:
            raise UsageError(Sentence("{record} stands alone: there is nothing to separate it from", record=record))
        return _decide(connection, "different", (own, rest), level=level, author=author)

    return _in_turn(store, act)


def join(store: Store, left: str, right: str, *, level: ClusterLevel, author: Author) -> Answered:
    """Two records, editions or works are one edition, or one work. Raises as `decide`.

    It replaces what earlier answers said of exactly the pairs that it joins, `jobs.joining`.
    """

    def act(connection: Connection) -> Answered:
        return _decide(connection, "same", apart(connection, (left, right), level).sides, level=level, author=author)

    return _in_turn(store, act)


def undo(store: Store, number: int, author: Author) -> Answered:
    """Take a decision back, by a new event. What it settled is asked again, unless the rules know by now.

    Raises NotFound, UsageError where it is undone already.
    """

    def act(connection: Connection) -> Answered:
        taken = decisions.find(connection, number)
        shelf = Shelf(connection)
        leaning = _leaning(shelf, taken)
        event = decisions.undo(
            connection, number, author=author.name, at=author.at, note=author.note, role=author.role, via=author.via
        )
        if taken.identifier is not None:
            return Answered(event, waits=True)
        if taken.answer == "unsure":
            if taken.case:
                claims.undefer(connection, taken.case, taken.author)
            return Answered(event, leaning=leaning)
        answered = [c.case for c in cases.about(connection, taken.records, "answered") if _is_about(c, taken)]
        cases.set_state(connection, answered, "dissolved", author.at, was="answered")
        settled = settle(shelf, touched_by(shelf, [taken]), author.at)
        return _answered(event, settled, leaning=leaning)

    return _in_turn(store, act)


def changes_of(connection: Connection, case: Case) -> tuple[EvidenceChange, ...]:
    """What changed since a case was answered before; nothing for one that is asked for the first time."""
    if case.reopened is None:
        return ()
    made = decisions.find(connection, case.reopened)
    return changes_since(made.seen, Shelf(connection).live(case.members).values())


def _in_turn(store: Store, act: Callable[[Connection], Answered]) -> Answered:
    """Act in one transaction; again where the database broke it off for another's sake (a harvest going live)."""
    for _ in range(TRIES - 1):
        try:
            with store.write(in_turn=True) as connection:
                return act(connection)
        except ServiceUnreachable as error:
            state = getattr(getattr(error.__cause__, "orig", None), "sqlstate", None) or ""
            if not state.startswith(BROKEN_OFF):
                raise
    with store.write(in_turn=True) as connection:
        return act(connection)


def _decide(
    connection: Connection,
    answer: MatchAnswer,
    both: Sides,
    *,
    level: ClusterLevel,
    author: Author,
) -> Answered:
    shown = {str(record.key) for side in both for record in side}
    found = cases.about(connection, sorted(shown), "open")
    asked = next((c for c in found if (c.kind, c.level) == ("match", level) and set(c.members) == shown), None)
    made = match_decision(connection, answer, both, level=level, author=author, about=About(asked))
    return _keep(Shelf(connection), made, [asked] if asked else [], author)


def _keep(shelf: Shelf, made: Decision, asked: Sequence[Case], author: Author) -> Answered:
    """Keep a decision, unless it stands already; its cases, which are open, are answered, its clusters settled."""
    connection = shelf.connection
    said = is_said_already(decisions.standing(connection, made.records), made)
    kept = said or decisions.append(connection, made)
    if made.answer == "unsure":
        for case in asked:
            claims.defer(connection, case.case, author.name, author.at)
        return Answered(kept)
    names = [case.case for case in asked]
    cases.set_state(connection, names, "answered", author.at, was="open")
    settled = settle(shelf, touched_by(shelf, [kept]), author.at)
    settled.closed.update(names)
    return _answered(kept, settled)


def _answered(made: Decision, settled: Settled, leaning: tuple[int, ...] = ()) -> Answered:
    works, opened, closed = (tuple(sorted(some)) for some in (settled.works, settled.opened, settled.closed))
    return Answered(made, works, opened, closed, leaning, settled.waits)


def _repeated(
    connection: Connection, asked: Case, version: int, *, said: tuple[str, Any], author: Author
) -> Answered | None:
    """The first result of a form that was sent twice."""
    if asked.state == "open" and said[0] != "unsure":
        return None
    made = [d for d in decisions.of_case(connection, asked.case) if d.answer != "undo"]
    last = made[-1] if made else None
    if last is None or last.author != author.name or answers_of(last) != said:
        return None
    expected = ("open", version) if last.answer == "unsure" else ("answered", version + 1)
    if (asked.state, asked.version) != expected or decisions.undo_of(connection, last.id):
        return None
    places = matches.places(connection, sorted(touched_by(Shelf(connection), [last])))
    works = () if last.answer == "unsure" else tuple(sorted({place.work for place in places.values()}))
    return Answered(last, works, closed=() if last.answer == "unsure" else (asked.case,))


def _check_version(asked: Case, version: int) -> None:
    if asked.state != "open" or asked.version != version:
        raise StaleAnswer(asked.case, seen=version, version=asked.version)


def _shown_sides(asked: Case, answer: MatchAnswer) -> tuple[Sequence[str], Sequence[str]]:
    if asked.kind == "match":
        left, right = asked.candidates
        return left, right
    edges: list[dict[str, Any]] = list(asked.candidates)
    edge = edges[-1] if answer == "same" else next(edge for edge in edges if edge["weakest"])
    return [edge["left"]], [edge["right"]]


def _both_live(shelf: Shelf, shown: tuple[Sequence[str], Sequence[str]]) -> Sides:
    """The live records of both sides, each in its order."""
    found = shelf.live([*shown[0], *shown[1]])
    left, right = ([found[key] for key in side if key in found] for side in shown)
    return left, right


def _cluster_of(connection: Connection, record: str, level: ClusterLevel = "edition") -> list[CatalogueRecord]:
    """The live records of the edition or work that holds a record."""
    own = members_of(connection, record)
    number = records.numbers_of(connection, [own[0].key])[own[0].key]
    place = matches.places(connection, [number]).get(number)
    return members_of(connection, getattr(place, level)) if place else own


def _is_about(case: Case, taken: Decision) -> bool:
    """Whether a decision answered a case."""
    shown = (case.level, case.field, tuple(sorted(case.members)))
    return case.case == taken.case or (taken.case is None and shown == (taken.level, taken.field, taken.records))


def _leaning(shelf: Shelf, taken: Decision) -> tuple[int, ...]:
    """Later decisions about the works that hold what a decision was about."""
    near = matches.around(shelf.connection, sorted(touched_by(shelf, [taken])))
    keys = shelf.keys_of(sorted(near)).values()
    return tuple(d.id for d in decisions.standing(shelf.connection, keys) if d.id > taken.id and d.answer != "unsure")
