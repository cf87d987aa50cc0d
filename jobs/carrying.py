"""Decisions carried from one store to another, or through a rebuild: one line of JSON for each event."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from catalogue.decision import RE_ATTACHED, Decision
from catalogue.errors import UsageError
from catalogue.sentence import Sentence
from jobs.settling import touched_by
from store import decisions, features
from store.batches import batches
from store.database import Connection, Store
from store.shelf import Shelf

IN_ONE_GO = 500


@dataclass(slots=True)
class Carried:
    """`kept` events are new here, `known` were here already."""

    kept: int = 0
    known: int = 0


def exported(store: Store) -> Iterator[dict[str, Any]]:
    """Every event, undone ones and undos included, in the order made; ``id`` is the number in this store."""
    with store.read() as connection:
        for made in decisions.every(connection):
            yield made.model_dump(mode="json")


def take_in(store: Store, events: Iterable[Any], now: str) -> Carried:
    """Keep events of another store; the next resolve obeys them. An event that is here already is not kept again.

    Those about records that are not here are kept too, and bind when the records come. Raises UsageError, with the
    place of the line, for what is no event or undoes one that was not given before it; nothing is kept then.
    """
    made = [_event(number, event) for number, event in enumerate(events, 1)]
    done = Carried()
    with store.write(in_turn=True) as connection:
        here = {_likeness(each): each.id for each in decisions.every(connection)}
        numbers: dict[int, int] = {}
        for place, each in enumerate(made, 1):
            if each.undoes is not None and each.undoes not in numbers:
                raise UsageError(
                    Sentence(
                        "line {place}: undoes {undone}, which does not stand before it",
                        place=str(place),
                        undone=str(each.undoes),
                    )
                )
            undone = numbers[each.undoes] if each.undoes is not None else None
            own = each.model_copy(update={"undoes": undone, "note": _renumbered(each, numbers)})
            known = here.get(_likeness(own))
            numbers[each.id] = known or decisions.append(connection, own).id
            done.known += known is not None
            done.kept += known is None
        _queue(connection, made, now)
    return done


def _event(number: int, event: Any) -> Decision:
    try:
        return Decision.model_validate(event)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"]))
        raise UsageError(
            Sentence("line {number}: {where}: {fault}", number=str(number), where=where, fault=first["msg"])
        ) from error


def _renumbered(made: Decision, numbers: Mapping[int, int]) -> str | None:
    """The note; where it names the decisions that a re-attached one stands for, by their numbers here."""
    if made.via != RE_ATTACHED or not made.note:
        return made.note
    return re.sub(r"\d+", lambda found: str(numbers.get(int(found[0]), found[0])), made.note)


def _likeness(made: Decision) -> str:
    """What makes two events one: all but their numbers."""
    return made.model_dump_json(exclude={"id"})


def _queue(connection: Connection, made: Iterable[Decision], now: str) -> None:
    for part in batches(made, IN_ONE_GO):
        features.mark_more(connection, sorted(touched_by(Shelf(connection), part)), now)
