"""Documents for a rebuild: the same whoever makes them, and none is lost with a process that ends early."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor

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


def test_what_a_killed_process_left_is_made_by_the_one_that_asked(
    store: Store, works: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    class Killed(ProcessPoolExecutor):
        def __init__(self, *arguments: object) -> None:
            super().__init__(*arguments)
            self.submit(os.kill, os.getpid(), 0).result()
            for pid in self._processes:
                os.kill(pid, signal.SIGKILL)

    monkeypatch.setattr(making, "BATCH", 1)
    monkeypatch.setattr(making, "ProcessPoolExecutor", Killed)
    assert _keys(list(made(store, MEDIA, works, processes=2))) == works
