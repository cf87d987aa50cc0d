"""Processes that parse and map pieces of large feeds, while this one applies and keeps the records in their order.

Each is a new interpreter with nothing of ours in it but parsers and mappings; pieces go to it and readings come back
over a socket. It ends when that closes, so none outlives the process that started it, however that ends. A reader that
ends early (killed, out of memory, a bug) is no loss: the feed is read on in this process, and a bug shows there.
"""

from __future__ import annotations

import subprocess
import sys
from collections import deque
from collections.abc import Callable, Iterator
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from types import TracebackType
from typing import NamedTuple

from catalogue.parsed import BadRecord
from catalogue.vocabularies.tables import own_folder
from jobs.readings import Ahead
from ops.logs import get_logger
from parsers.payload import Piece, Uncuttable

LEAST_BYTES = 8 * 2**20
"""Of feeds that are smaller, more time would go into starting the readers than they save."""

log = get_logger("readers")
Answer = list[Ahead | BadRecord]


class Task(NamedTuple):
    """A piece to be read. `mapped`: its records will most likely have to be mapped."""

    piece: Piece
    mapped: bool


class _Reader(NamedTuple):
    process: subprocess.Popen[bytes]
    connection: Connection


class Readers:
    """The readers of one run, started when its feed turns out to be large. `count` below 2: it reads alone."""

    def __init__(self, source: str, count: int) -> None:
        self._source = source
        self._count = count if count > 1 else 0
        self._readers: list[_Reader] = []
        self._seen_bytes = 0

    def __enter__(self) -> Readers:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._end()

    def answers(self, pieces: Iterator[Piece], mapped: Callable[[], bool]) -> Iterator[Answer]:
        """What is read in the pieces, in their order. `mapped` is asked before each is sent.

        Raises Uncuttable where the rest has to be read in this process.
        """
        waiting = self._first(pieces)
        asked: deque[_Reader] = deque()
        try:
            idle = deque(self._started())
            for piece in self._all(waiting, pieces):
                if not idle:
                    yield self._answer(asked, idle)
                reader = idle.popleft()
                reader.connection.send(Task(piece, mapped()))
                asked.append(reader)
            while asked:
                yield self._answer(asked, idle)
        except (EOFError, OSError) as error:
            self._count = 0
            self._end()
            log.warning("a reader ended early: the feed is read on in one process", source=self._source)
            raise Uncuttable from error
        finally:
            if asked:
                self._end()

    def _first(self, pieces: Iterator[Piece]) -> deque[Piece]:
        """The first pieces of a payload. Raises Uncuttable where the run is too small to start readers for it."""
        if not self._count:
            raise Uncuttable
        waiting: deque[Piece] = deque()
        while self._seen_bytes < LEAST_BYTES:
            piece = next(pieces, None)
            if piece is None:
                raise Uncuttable
            waiting.append(piece)
            self._seen_bytes += len(piece.data)
        return waiting

    @staticmethod
    def _all(waiting: deque[Piece], pieces: Iterator[Piece]) -> Iterator[Piece]:
        while waiting:
            yield waiting.popleft()
        yield from pieces

    @staticmethod
    def _answer(asked: deque[_Reader], idle: deque[_Reader]) -> Answer:
        reader = asked[0]
        answer: Answer | None = reader.connection.recv()
        idle.append(asked.popleft())
        if answer is None:
            raise Uncuttable
        return answer

    def _started(self) -> list[_Reader]:
        while len(self._readers) < self._count:
            ours, theirs = Pipe()
            with theirs:
                command = [sys.executable, "-P", "-m", "jobs.reader", str(theirs.fileno())]
                process = subprocess.Popen(  # noqa: S603 - ourselves
                    command,
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.DEVNULL,
                    pass_fds=[theirs.fileno()],
                    start_new_session=True,  # Ctrl-C is ours to answer
                )
            self._readers.append(_Reader(process, ours))
            ours.send((self._source, own_folder()))
        return self._readers

    def _end(self) -> None:
        for reader in self._readers:
            reader.process.kill()
            reader.process.wait()
            reader.connection.close()
        self._readers = []
