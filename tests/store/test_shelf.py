from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import event

from catalogue.keys import RecordKey
from store import records
from store.database import Connection, Store
from store.runs import Run
from store.shelf import Shelf
from store.staging import StagedRow

Row = Callable[..., StagedRow]
Promote = Callable[..., Run]
KEYS = ["otava:b", "otava:a", "otava:gone"]


@pytest.fixture
def shelf(store: Store, row: Row, promote: Promote) -> Iterator[Shelf]:
    """The records a and b, and one that was deleted."""
    promote([row(1, "a", "Aamu"), row(2, "b", "Ilta"), row(3, "gone", "Mennyt")])
    promote([row(1, "gone", outcome="deleted", status="deleted", parsed=None, mapped=None)], night=1)
    with store.read() as connection:
        yield Shelf(connection)


@contextmanager
def statements(connection: Connection) -> Iterator[list[str]]:
    """What is asked of the database meanwhile."""
    asked: list[str] = []

    def listen(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        asked.append(statement)

    event.listen(connection.engine, "before_cursor_execute", listen)
    try:
        yield asked
    finally:
        event.remove(connection.engine, "before_cursor_execute", listen)


def test_records_come_in_the_order_asked_and_unknown_ones_not_at_all(shelf: Shelf) -> None:
    found = shelf.by_key(["otava:b", "otava:none", "otava:a"])
    assert list(found) == ["otava:b", "otava:a"]
    numbers = [one.number for one in found.values()]
    assert list(shelf.by_number([*numbers, 999])) == numbers
    assert shelf.keys_of(reversed(numbers)) == {numbers[1]: "otava:a", numbers[0]: "otava:b"}
    assert shelf.numbers_of(["otava:a", "otava:none"]) == {numbers[1]}


def test_a_tombstone_is_known_and_says_what_it_said_last_but_is_not_live(shelf: Shelf) -> None:
    assert shelf.by_key(KEYS)["otava:gone"].status == "deleted"
    assert list(shelf.live(KEYS)) == ["otava:b", "otava:a"]
    assert [record.titles[0].text for record in shelf.contents(KEYS).values()] == ["Ilta", "Aamu", "Mennyt"]


def test_what_was_read_is_not_read_again(shelf: Shelf) -> None:
    with statements(shelf.connection) as asked:
        numbers = sorted(shelf.numbers_of([*KEYS, "otava:none"]))
        first = len(asked)
        assert sorted(shelf.by_number(numbers)) == numbers
        assert len(shelf.live([*KEYS, "otava:none"])) == 2
        shelf.keys_of(numbers)
    assert (first, len(asked)) == (1, 1)


def test_what_came_by_number_is_known_by_key(shelf: Shelf) -> None:
    known = records.numbers_of(shelf.connection, [RecordKey("otava", "a")])
    shelf.by_number(known.values())
    with statements(shelf.connection) as asked:
        assert shelf.numbers_of(["otava:a"]) == set(known.values())
    assert asked == []
