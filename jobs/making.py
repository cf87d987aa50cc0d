"""The search documents of many works, made by several processes: most of a rebuild's time goes into words."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Collection, Iterator, Sequence
from contextlib import suppress
from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess
from pathlib import Path
from typing import NamedTuple

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


class _Maker(NamedTuple):
    process: SpawnProcess
    connection: Connection


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
    makers = [_started(store, media) for _ in range(count)]
    try:
        yield from _by_others(makers, parts, waiting)
    except (EOFError, OSError):
        log.warning("a process that makes documents ended early: the rest is made in one")
        yield from (_piece(store, media, part) for part in (*waiting, *parts))
    finally:
        for maker in makers:
            maker.process.kill()
            maker.process.join()
            maker.connection.close()


def _by_others(makers: list[_Maker], parts: Iterator[list[str]], waiting: deque[list[str]]) -> Iterator[Piece]:
    """Pieces in the order of their parts; `waiting` are the parts that were taken and not given back yet."""
    idle, asked = deque(makers), deque[_Maker]()
    for part in parts:
        waiting.append(part)
        if not idle:
            yield _answer(asked, idle, waiting)
        maker = idle.popleft()
        maker.connection.send(part)
        asked.append(maker)
    while asked:
        yield _answer(asked, idle, waiting)


def _answer(asked: deque[_Maker], idle: deque[_Maker], waiting: deque[list[str]]) -> Piece:
    found: Piece = asked[0].connection.recv()
    idle.append(asked.popleft())
    waiting.popleft()
    return found


def _piece(store: Store, media: Collection[Medium], works: Sequence[str]) -> Piece:
    with store.read() as connection:
        return piece(publisher(connection, media).documents(connection, works, tombstones=False))


def _started(store: Store, media: Collection[Medium]) -> _Maker:
    """A process that answers parts with pieces until the connection closes: it outlives nobody."""
    context = get_context("spawn")
    ours, theirs = context.Pipe()
    address = store.engine.url.render_as_string(hide_password=False)
    process = context.Process(target=_make, args=(theirs, (address, store.data_dir), tuple(media), own_folder()))
    process.daemon = True
    process.start()
    theirs.close()
    return _Maker(process, ours)


def _make(asked: Connection, where: tuple[str, Path], media: Collection[Medium], vocabularies: Path | None) -> None:
    collect_seldom()
    use_own(vocabularies)
    store = connect_store(*where)
    with suppress(EOFError, OSError):  # nobody asks any more
        while True:
            asked.send(_piece(store, media, asked.recv()))
