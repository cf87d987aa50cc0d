"""Documents for a rebuild: the same whoever makes them, and none is lost with a process that ends early."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from index.spool import Piece
from jobs import making
from jobs.making import made
from jobs.resolving import resolve
from store import merged
from store.database import Store

NOW = "2026-01-01T00:00:00Z"
MEDIA = ("ebook",)


@pytest.fixture
def works(store: Store, deliver: Callable[..., None], book: Callable[..., str]) -> list[str]:
    deliver("kaarna", *(book(ref, title=title) for ref, title in (("a", "Lasten kädet"), ("b", "Talvi"), ("c", "Yö"))))
    resolve(store, NOW)
    with store.read() as connection:
        return merged.names(connection, "work")


def _keys(pieces: list[Piece]) -> list[str]:
    return [line.key for piece in pieces for line in piece.lines]


def test_several_processes_make_the_same_documents_in_the_same_order(
    store: Store, works: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(making, "BATCH", 1)
    alone = list(made(store, MEDIA, works))
    assert _keys(alone) == works
    assert [piece.vocabulary.words["fi"]["kädet"] for piece in alone].count(1) == 1
    assert list(made(store, MEDIA, works, processes=2)) == alone


@pytest.mark.parametrize("victim", [0, 1])
def test_what_a_killed_process_left_is_made_by_the_one_that_asked(
    store: Store, works: list[str], monkeypatch: pytest.MonkeyPatch, victim: int
) -> None:
    started = making._started
    processes = []

    def killed(*arguments: Any) -> Any:
        processes.append(started(*arguments))
        if len(processes) == victim + 1:
            processes[-1].process.kill()
            processes[-1].process.join()
        return processes[-1]

    monkeypatch.setattr(making, "BATCH", 1)
    monkeypatch.setattr(making, "_started", killed)
    assert _keys(list(made(store, MEDIA, works, processes=2))) == works
    assert all(not each.process.is_alive() for each in processes)
