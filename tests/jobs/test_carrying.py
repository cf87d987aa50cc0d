"""Decisions carried to another store: once, with their undos, and kept for records that are yet to come."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from catalogue.errors import UsageError
from jobs.carrying import exported, take_in
from jobs.constraints import read_standing
from jobs.exporting import export
from jobs.resolving import resolve
from jobs.reviewing import Author, decide, undo
from store import decisions
from store.database import Store, open_store

NOW = "2026-01-01T00:00:00Z"
AINO = Author("aino", NOW)
PAIR = ("kaarna:a", "aalto:b")


@pytest.fixture
def answered(store: Store, deliver: Callable[..., None], book: Callable[..., str]) -> Store:
    deliver("kaarna", book("a"))
    deliver("aalto", book("b", publisher="Aalto", date="20190101"))
    resolve(store, NOW)
    undo(store, decide(store, "different", PAIR, level="edition", author=AINO).decision.id, AINO)
    decide(store, "same", PAIR, level="edition", author=AINO)
    return store


def test_what_is_taken_in_twice_is_kept_once(answered: Store) -> None:
    events = list(exported(answered))
    assert [event["answer"] for event in events] == ["different", "undo", "same"]
    done = take_in(answered, events, NOW)
    assert (done.kept, done.known) == (0, 3)


def test_decisions_wait_for_their_records(
    answered: Store, tmp_path: Path, deliver: Callable[..., None], book: Callable[..., str]
) -> None:
    other = open_store(f"sqlite:///{tmp_path / 'other.sqlite'}", tmp_path / "other")
    done = take_in(other, exported(answered), NOW)
    assert (done.kept, done.known) == (3, 0)
    with other.read() as connection:
        assert [made.answer for made in read_standing(connection).orphans] == ["same"]
        assert [made.answer for made in decisions.standing(connection)] == ["same"]
    other.close()


def test_an_answer_taken_in_is_obeyed(answered: Store) -> None:
    events = list(exported(answered))
    undo(answered, events[-1]["id"], AINO)
    assert len(list(export(answered, "clusters"))) == 2
    take_in(answered, [{**events[-1], "author": "berit"}], NOW)
    resolve(answered, NOW)
    assert [cluster["members"] for cluster in export(answered, "clusters")] == [["aalto:b", "kaarna:a"]]


@pytest.mark.parametrize(("event", "said"), [({}, "line 1"), ({"undoes": 99}, "undoes 99")])
def test_what_is_no_event_is_refused_with_its_line(answered: Store, event: dict[str, int], said: str) -> None:
    whole = {**next(exported(answered)), **event} if event else event
    with pytest.raises(UsageError, match=said):
        take_in(answered, [whole], NOW)
