"""Documents kept on disk while the words of all of them are counted: an index is made for the words it will hold."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from tempfile import TemporaryFile
from typing import IO, Any, NamedTuple

import orjson

from index.bulk import Line, Versioned, line
from index.vocabulary import Vocabulary

_PIECE = 500  # documents


class Piece(NamedTuple):
    """Some documents, ready to be sent, and their words: what a process that makes documents gives to another."""

    lines: list[Line]
    vocabulary: Vocabulary


def piece(documents: Iterable[Versioned]) -> Piece:
    """Documents as JSON, written once and for all, with their words."""
    made = Piece([], Vocabulary())
    for key, rev, document in documents:
        made.vocabulary.add(document)
        made.lines.append(line(key, rev, document))
    return made


def pieces(documents: Iterable[Versioned]) -> Iterator[Piece]:
    """All of the documents, so many at a time as fit in memory."""
    rest = iter(documents)
    while (made := piece(islice(rest, _PIECE))).lines:
        yield made


class Spool:
    """Written once, read once; gone when it is closed. Holds what the body of a bulk request does."""

    def __init__(self, pieces: Iterable[Piece]) -> None:
        self.vocabulary = Vocabulary()
        self._pieces = pieces
        self._file: IO[bytes] = TemporaryFile()  # noqa: SIM115 - closed with the spool

    def __enter__(self) -> Spool:
        try:
            for made in self._pieces:
                self.vocabulary.update(made.vocabulary)
                for each in made.lines:
                    self._file.writelines((each.action, b"\n", each.content, b"\n"))
        except BaseException:
            self._file.close()
            raise
        return self

    def __exit__(self, *_: Any) -> None:
        self._file.close()

    def lines(self) -> Iterator[Line]:
        self._file.seek(0)
        for action in self._file:
            key = orjson.loads(action)["index"]["_id"]
            yield Line(key, action[:-1], next(self._file)[:-1])
