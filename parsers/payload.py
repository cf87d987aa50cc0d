"""A payload on its way through a parser: its bytes, and what was learned about them while reading."""

from __future__ import annotations

from dataclasses import dataclass
from typing import BinaryIO

from catalogue.defect import Defect

MAX_RECORD_BYTES = 8 * 2**20
"""No honest description of one publication is larger; a record above it is refused, not read into memory."""

EXCERPT_BYTES = 64 * 1024
CHUNK_BYTES = 64 * 1024
PIECE_BYTES = 512 * 1024
LARGEST_PIECE_BYTES = MAX_RECORD_BYTES // 2


class Unreadable(Exception):
    """Nothing after this place can be read. Carries the defect out of a reader's callback; never leaves this room."""

    def __init__(self, defect: Defect, excerpt: bytes = b"") -> None:
        super().__init__(defect.code)
        self.defect = defect
        self.excerpt = excerpt[:EXCERPT_BYTES]


class Uncuttable(Exception):
    """A payload, from here on, is read as a whole or not as it should be. Told to whoever reads it in pieces."""


@dataclass(frozen=True, slots=True)
class Piece:
    """Some records of a payload, whole. `place` is where it begins, in the unit in which its format tells places."""

    data: bytes
    place: int


class Payload:
    """A stream whose beginning can be looked at, with room for what concerns the payload as a whole."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._ahead = b""
        self._fault: Unreadable | None = None  # met while looking ahead: raised once what came before is used up
        self._notes: list[Defect] = []
        self.encoding: str | None = None
        self.says_empty = False  # it states that there is no record in it

    def peek(self, size: int) -> bytes:
        """The next `size` bytes, or all there are, without using them up.

        A fault of the stream is raised only where nothing stands before it.
        """
        try:
            while not self._fault and len(self._ahead) < size and (more := self._stream.read(size - len(self._ahead))):
                self._ahead += more
        except Unreadable as fault:
            self._fault = fault
        if self._fault and not self._ahead:
            raise self._fault
        return self._ahead[:size]

    def read(self, size: int) -> bytes:
        """Up to `size` bytes; empty at the end alone."""
        if self._ahead:
            taken, self._ahead = self._ahead[:size], self._ahead[size:]
            return taken
        if self._fault:
            raise self._fault
        return self._stream.read(size)

    def put_back(self, data: bytes) -> None:
        """What was read too far comes first in the next read."""
        self._ahead = data + self._ahead

    def note(self, defect: Defect) -> None:
        """Keep a defect of the whole payload until a record comes that can carry it."""
        self._notes.append(defect)

    def take_notes(self) -> tuple[Defect, ...]:
        """The defects kept since the last call: they go out with the next record, once."""
        if not self._notes:
            return ()
        notes, self._notes = tuple(self._notes), []
        return notes
