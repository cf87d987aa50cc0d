"""Whoever is killed, the writer or the search server, and whenever: the next update makes the index right."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from catalogue.errors import ServiceUnreachable
from index.search_index import SearchIndex
from index.server import start, status
from jobs.publishing import check, publisher, rebuild, update
from jobs.resolving import resolve
from store import merged
from store.database import Store

NOW, LATER = "2026-01-01T00:00:00Z", "2026-01-02T00:00:00Z"
MEDIA = ("ebook",)
BOOKS = 12
VICTIM = """
import contextlib, os, pathlib, signal, sys
from elastic_transport import Transport
from index.search_index import SearchIndex
from index.vocabulary import Vocabulary
from jobs import making, publishing
from store.database import Store, open_store

making.BATCH = publishing.BATCH = 5
left = 0

def point():
    global left
    left -= 1
    if left == 0:
        os.kill(os.getpid(), signal.SIGKILL)

write, ask = Store.write, Transport.perform_request

@contextlib.contextmanager
def mortal(self, **how):
    with write(self, **how) as connection:
        yield connection
        point()
    point()

def asked(self, *given, **more):
    point()
    answer = ask(self, *given, **more)
    point()
    return answer

Store.write, Transport.perform_request = mortal, asked
Vocabulary().settings("fi"), Vocabulary().settings("sv")
for line in sys.stdin:
    action, folder, url, prefix, at = line.split()
    child = os.fork()
    if child:
        print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
        continue
    left = int(at)
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    store = open_store(f"sqlite:///{folder}/lyhde.sqlite", pathlib.Path(folder))
    getattr(publishing, action)(store, SearchIndex(url, prefix=prefix), ("ebook",))
    os._exit(0)
"""
_numbers = count(1)
pytestmark = pytest.mark.search_server


@pytest.fixture(scope="module")
def victims() -> Iterator[Callable[..., int]]:
    """Does an action in a process of its own, killed at its so many-th point; how that process ended."""
    command = [sys.executable, "-c", VICTIM]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdin
        assert parent.stdout

        def act(*told: Any) -> int:
            print(*told, file=parent.stdin, flush=True)
            return int(parent.stdout.readline())  # type: ignore[union-attr]  # it is a pipe

        yield act
        parent.stdin.close()


@pytest.fixture
def catalogue(
    store_in: Callable[[str], Store], deliver_to: Callable[..., None], book: Callable[..., str]
) -> Callable[[SearchIndex], Store]:
    """Makes a store whose first night is published, and whose second waits: new, changed, deleted and merged works."""

    def make(search: SearchIndex) -> Store:
        store = store_in(f"store{next(_numbers)}")
        first = [book(f"r{n}", title=f"Kirja {n}", author=f"Tekijä{n}, A") for n in range(BOOKS)]
        deliver_to(store, "kaarna", *first, book("x", "9789510000014", title="Talvi", author="Meri, A"))
        deliver_to(store, "aalto", book("y", "9789510000021", title="Toinen nimi", author="Suo, B"))
        resolve(store, NOW)
        update(store, search, MEDIA)
        second = [
            book(f"r{n}", title=f"Kirja {n} {'b' * (n % 2)}", author=f"Tekijä{n}, A") for n in range(3, BOOKS + 3)
        ]
        deliver_to(store, "kaarna", *second, book("x", "9789510000014", title="Talvi", author="Meri, A"))
        deliver_to(store, "aalto", book("y", "9789510000014", title="Talvi", author="Meri, A"))
        resolve(store, LATER)
        return store

    return make


@contextmanager
def _index(url: str, prefix: str) -> Iterator[SearchIndex]:
    with SearchIndex(url, prefix=prefix) as opened:
        yield opened
        opened.discard()


def _expected(store: Store) -> dict[str, int]:
    """Every public work with the revision of its document."""
    with store.read() as connection:
        works = merged.names(connection, "work")
        made = list(publisher(connection, MEDIA).documents(connection, works, tombstones=False))
    return {work: rev for work, rev, _ in made}


def _is_right(store: Store, search: SearchIndex) -> None:
    """After an update the index is what the store says, and nothing waits."""
    update(store, search, MEDIA)
    assert not any(check(store, search, MEDIA).values())
    found = {work: rev for work, rev, deleted in search.revisions() if not deleted}
    assert found == _expected(store)
    assert len(found) == BOOKS + 1
    with store.read() as connection:
        assert merged.outbox_size(connection) == 0
    assert search.search("talvi")["total"] == 1
    assert search.search("toinen")["total"] == 0


KILLS = {"update": (2, 13, 22), "rebuild": (3, 21, 34)}
PIECES = 4  # of the long run


@pytest.mark.parametrize("action", ["update", "rebuild"])
def test_a_killed_writer_leaves_nothing_that_the_next_update_does_not_mend(
    catalogue: Any, victims: Callable[..., int], search_server: str, prefix: Callable[[str], str], action: str
) -> None:
    _kill_at(KILLS[action], action, catalogue, victims, (search_server, prefix("killed")))


@pytest.mark.soak
@pytest.mark.parametrize("piece", range(1, PIECES + 1))
@pytest.mark.parametrize("action", ["update", "rebuild"])
def test_a_writer_may_be_killed_anywhere(
    catalogue: Any, victims: Any, search_server: str, prefix: Callable[[str], str], action: str, piece: int
) -> None:
    _kill_at(count(piece, PIECES), action, catalogue, victims, (search_server, prefix("killed")))


def _kill_at(points: Any, action: str, catalogue: Any, victims: Callable[..., int], where: tuple[str, str]) -> None:
    """Kill it at one point after the other, as far as it comes to them."""
    for point in points:
        url, prefix = where[0], f"{where[1]}-{next(_numbers)}"
        with _index(url, prefix) as search:
            store = catalogue(search)
            ended = victims(action, store.data_dir, url, prefix, point)
            assert ended in (-signal.SIGKILL, 0)
            _is_right(store, search)
        if ended == 0:
            return


@pytest.mark.soak
@pytest.mark.parametrize("action", [update, rebuild], ids=["update", "rebuild"])
@pytest.mark.parametrize("after_s", [0.0, 0.1, 0.3, 0.6, 1.0, 1.5, 2.5])
def test_a_server_may_be_killed_while_it_is_written_to(
    catalogue: Any, own_search_folder: Path, monkeypatch: pytest.MonkeyPatch, action: Any, after_s: float
) -> None:
    monkeypatch.setattr("jobs.publishing.BATCH", 2)
    with SearchIndex(start(own_search_folder).url) as search:
        store = catalogue(search)
        killing = threading.Thread(target=_kill_server, args=(own_search_folder, after_s))
        killing.start()
        with suppress(ServiceUnreachable):
            action(store, search, MEDIA)
        killing.join()
    with SearchIndex(start(own_search_folder).url) as search:
        _is_right(store, search)


def _kill_server(folder: Path, after_s: float) -> None:
    time.sleep(after_s)
    running = status(folder)
    assert running.pid
    os.kill(running.pid, signal.SIGKILL)
    while status(folder).running:
        time.sleep(0.05)
