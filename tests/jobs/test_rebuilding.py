"""A rebuild while readers search and a harvest writes: no search fails, nothing is lost, no reader sees the past."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from catalogue.errors import RunLocked
from index.search_index import SearchIndex
from jobs import publishing
from jobs.publishing import check, rebuild, update
from jobs.resolving import resolve
from store.database import Store

MEDIA = ("ebook",)
BEGUN = datetime(2026, 1, 1, tzinfo=UTC)
SMALL, LARGE = (30, 4, 2), (1500, 20, 8)  # books, readers, rebuilds
_numbers = count(1)
pytestmark = pytest.mark.search_server


@pytest.fixture
def search(search_server: str, prefix: Callable[[str], str]) -> Iterator[SearchIndex]:
    with SearchIndex(search_server, prefix=prefix(f"rebuilding{next(_numbers)}")) as opened:
        yield opened
        opened.discard()


@pytest.fixture
def own_file(tmp_path: Path, store_in: Callable[[str], Store]) -> Store:
    return store_in("rebuilt")


def _feed(book: Callable[..., str], size: int, night: int) -> list[str]:
    """Books that stay as they are, books with another title every night, and some that come and go."""
    kept = [book(f"k{n}", title=f"Pysyvä {n}", author=f"Kirjailija{n}, A") for n in range(size)]
    changed = [book(f"c{n}", title=f"Muuttuva {n} yö{night}", author=f"Tekijä{n}, B") for n in range(size)]
    passing = [book(f"p{n}", title=f"Ohimenevä {n}", author=f"Vieras{n}, C") for n in range(night % 3 * 3)]
    return [*kept, *changed, *passing]


class Reader:
    """Searches until told to end. `seen`: the newest night of each book that it was shown."""

    def __init__(self, search: SearchIndex) -> None:
        self._search = search
        self.totals: set[tuple[int, int]] = set()
        self.seen: dict[str, int] = {}
        self.went_back: list[str] = []
        self.searches = 0

    def read(self, ended: threading.Event) -> None:
        with SearchIndex(self._search.url, prefix=self._search.names.prefix) as index:
            while not ended.is_set():
                totals = [index.search(word, limit=1)["total"] for word in ("pysyvä", "muuttuva")]
                self.totals.add((totals[0], totals[1]))
                for hit in index.search("muuttuva", limit=50)["hits"]:
                    self._see(hit["id"], int(hit["title"].partition(" yö")[2]))
                assert index.suggest("pysyv")["hits"]
                self.searches += 4

    def _see(self, work: str, night: int) -> None:
        if night < self.seen.get(work, 0):
            self.went_back.append(f"{work}: {night} after {self.seen[work]}")
        self.seen[work] = max(night, self.seen.get(work, 0))


@pytest.mark.parametrize("sizes", [SMALL, pytest.param(LARGE, marks=pytest.mark.soak)], ids=["small", "large"])
def test_a_rebuild_under_searches_and_a_harvest_fails_none_loses_and_ages_nothing(
    own_file: Store, search: SearchIndex, deliver_to: Callable[..., None], book: Callable[..., str], sizes: Any
) -> None:
    size, readers, rebuilds = sizes
    nights = count(1)

    def write(ended: threading.Event) -> None:
        while not ended.is_set():
            _night(own_file, deliver_to, _feed(book, size, night := next(nights)), night)
            try:
                update(own_file, search, MEDIA)
            except RunLocked:
                time.sleep(0.01)  # the rebuild takes over what changed

    _night(own_file, deliver_to, _feed(book, size, 0), 0)
    update(own_file, search, MEDIA)
    ended = threading.Event()
    reading = [Reader(search) for _ in range(readers)]
    with ThreadPoolExecutor(readers + 1) as pool:
        working: list[Future[None]] = [pool.submit(reader.read, ended) for reader in reading]
        working.append(pool.submit(write, ended))
        try:
            _rebuilds(own_file, search, rebuilds, working)
        finally:
            ended.set()
    assert [each.result() for each in working] == [None] * len(working)
    assert {totals for reader in reading for totals in reader.totals} == {(size, size)}
    assert [reader.went_back for reader in reading] == [[]] * readers
    assert min(reader.searches for reader in reading) > 0
    update(own_file, search, MEDIA)
    assert not any(check(own_file, search, MEDIA).values())
    (last,) = {int(re.findall(r"yö(\d+)", hit["title"])[0]) for hit in search.search("muuttuva", limit=30)["hits"]}
    assert last == next(nights) - 1


def test_an_update_during_a_rebuild_is_refused_in_words_and_what_changed_is_found_all_the_same(
    own_file: Store,
    search: SearchIndex,
    deliver_to: Callable[..., None],
    book: Callable[..., str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    changed, refused = publishing._changed_since, list[RunLocked]()

    def meanwhile(*given: Any) -> Any:
        """A night and an update, before the switch of the aliases and after it."""
        night = len(refused) + 1
        replayed = list(changed(*given))
        _night(own_file, deliver_to, _feed(book, 5, night), night)
        with pytest.raises(RunLocked) as held:
            update(own_file, search, MEDIA)
        refused.append(held.value)
        return replayed if night == 1 else list(changed(*given))

    _night(own_file, deliver_to, _feed(book, 5, 0), 0)
    update(own_file, search, MEDIA)
    monkeypatch.setattr(publishing, "_changed_since", meanwhile)
    rebuild(own_file, search, MEDIA)
    assert [error.exit_code for error in refused] == [7, 7]
    assert all("another run (publish) is at work" in str(error) for error in refused)
    assert search.search("yö2")["total"] == 5
    update(own_file, search, MEDIA)
    assert not any(check(own_file, search, MEDIA).values())


def _night(store: Store, deliver_to: Callable[..., None], feed: list[str], night: int) -> None:
    deliver_to(store, "kaarna", *feed)
    resolve(store, f"{BEGUN + timedelta(days=night):%Y-%m-%dT%H:%M:%SZ}")


def _rebuilds(store: Store, search: SearchIndex, number: int, working: list[Future[None]]) -> None:
    """So many rebuilds, unless somebody stopped working."""
    while number and not any(each.done() for each in working):
        try:
            rebuild(store, search, MEDIA)
            number -= 1
        except RunLocked:
            time.sleep(0.01)  # the harvest publishes
