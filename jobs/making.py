"""The search documents of many works, made by several processes: most of a rebuild's time goes into words."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Collection, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from functools import partial
from multiprocessing import get_context, parent_process
from pathlib import Path
from threading import Thread

from catalogue.record import Medium
from catalogue.vocabularies.headings import use_own
from catalogue.vocabularies.tables import own_folder
from index.spool import Piece, piece
from jobs.publisher import publisher
from ops.collecting import collect_seldom
from ops.logs import get_logger
from store.batches import batches
from store.database import Store, connect_store

BATCH = 500  # works
MOST_PROCESSES = 4
ALONE = 5_000  # works: for fewer, starting processes takes longer than they save
log = get_logger("publish")


def made(
    store: Store, media: Collection[Medium], works: Sequence[str], processes: int | None = None
) -> Iterator[Piece]:
    """Documents of those of the works that are public, in their order; each piece is a consistent view of the store.

    Without `processes` as many as the machine has, up to four; few works are made in this process alone.
    """
    count = processes or (min(MOST_PROCESSES, os.cpu_count() or 1) if len(works) > ALONE else 1)
    parts = batches(works, BATCH)
    if count < 2:
        yield from (_piece(store, media, part) for part in parts)
        return
    waiting: deque[list[str]] = deque()
    with _pool(store, media, count) as pool:
        try:
            yield from _by_others(pool, parts, waiting, 2 * count)
        except BrokenProcessPool:
            log.warning("a process that makes documents ended early: the rest is made in one")
            yield from (_piece(store, media, part) for part in (*waiting, *parts))
        finally:
            pool.shutdown(cancel_futures=True)


def _by_others(
    pool: ProcessPoolExecutor, parts: Iterator[list[str]], waiting: deque[list[str]], most: int
) -> Iterator[Piece]:
    """Pieces in the order of their parts, at most so many under way; `waiting` are the parts not given back yet."""
    under_way: deque[Future[Piece]] = deque()
    for part in parts:
        waiting.append(part)  # first: the pool may be found broken here
        under_way.append(pool.submit(_ask, part))
        if len(under_way) > most:
            found = under_way.popleft().result()
            waiting.popleft()
            yield found
    for future in under_way:
        found = future.result()
        waiting.popleft()
        yield found


def _pool(store: Store, media: Collection[Medium], count: int) -> ProcessPoolExecutor:
    address = store.engine.url.render_as_string(hide_password=False)
    prepare = partial(_prepare, address, store.data_dir, tuple(media), own_folder())
    return ProcessPoolExecutor(count, get_context("spawn"), prepare)


def _piece(store: Store, media: Collection[Medium], works: Sequence[str]) -> Piece:
    with store.read() as connection:
        return piece(publisher(connection, media).documents(connection, works, tombstones=False))


_answers: list[Callable[[Sequence[str]], Piece]] = []  # in a process of the pool: how it makes documents


def _prepare(address: str, data_dir: Path, media: Collection[Medium], vocabularies: Path | None) -> None:
    """Once in each process of the pool, which ends with the one that started it, however that ends."""
    Thread(target=_end_with_parent, daemon=True).start()
    collect_seldom()
    use_own(vocabularies)
    _answers[:] = [partial(_piece, connect_store(address, data_dir), media)]


def _ask(works: Sequence[str]) -> Piece:
    return _answers[0](works)


def _end_with_parent() -> None:
    parent = parent_process()
    if parent:
        parent.join()
        os._exit(1)
