"""Gzip, unpacked as it is read: the output is capped in bytes and in its ratio to what came in."""

from __future__ import annotations

import zlib
from typing import BinaryIO

from catalogue.defect import Defect
from parsers.payload import CHUNK_BYTES, Unreadable

MAX_OUTPUT_BYTES = 16 * 2**30
MAX_RATIO = 200
_RATIO_FROM_BYTES = 2**20  # a few repeated lines compress without end: below this nothing is at stake
_GZIP = 16 + zlib.MAX_WBITS
MAGIC = b"\x1f\x8b"


class GunzipStream:
    """The content of a gzip stream of one or more members, in constant memory.

    `read` raises Unreadable for a bomb (`payload.compression`), for bytes that are not gzip, and for a cut end.
    """

    def __init__(self, stream: BinaryIO, max_output_bytes: int = MAX_OUTPUT_BYTES) -> None:
        self._stream = stream
        self._limit = max_output_bytes
        self._unpacker = zlib.decompressobj(_GZIP)
        self._waiting = b""
        self.taken = 0
        self.given = 0

    def read(self, size: int = CHUNK_BYTES) -> bytes:
        """Up to `size` unpacked bytes; empty at the end alone."""
        while True:
            ended = not self._refill()
            if ended and self._unpacker.eof:
                return b""
            try:
                piece = self._unpacker.decompress(self._waiting, size)
            except zlib.error as fault:
                raise self._refused("it is damaged") from fault
            self._waiting = self._unpacker.unconsumed_tail or self._unpacker.unused_data.lstrip(b"\0")
            if piece:
                return self._counted(piece)
            if ended and not self._unpacker.eof:
                raise Unreadable(Defect("payload.truncated", f"byte {self.taken}"))

    def _refill(self) -> bool:
        """Have packed bytes at hand and a member to read them with; False at the end of the input."""
        while not self._waiting:
            self._waiting = self._stream.read(CHUNK_BYTES)
            self.taken += len(self._waiting)
            if not self._waiting:
                return False
            if self._unpacker.eof:
                self._waiting = self._waiting.lstrip(b"\0")  # padding after a member
        if self._unpacker.eof:
            self._unpacker = zlib.decompressobj(_GZIP)
        return True

    def _counted(self, piece: bytes) -> bytes:
        self.given += len(piece)
        if self.given > self._limit:
            raise self._refused(f"it unpacks to more than {self._limit} bytes")
        if self.given > _RATIO_FROM_BYTES and self.given > MAX_RATIO * self.taken:
            raise self._refused(f"it unpacks to more than {MAX_RATIO} times its size")
        return piece

    def _refused(self, reason: str) -> Unreadable:
        return Unreadable(Defect("payload.compression", f"byte {self.taken}", {"reason": reason}))
