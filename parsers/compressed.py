"""Gzip and zstd, unpacked as they are read: the output is capped in bytes and in its ratio to what came in.

Both formats are members one after another (zstd calls them frames), with nothing but padding between them.
"""

from __future__ import annotations

import zlib
from typing import BinaryIO, cast

import zstandard

from catalogue.defect import Defect
from catalogue.sentence import Sentence
from parsers.payload import CHUNK_BYTES, Payload, Unreadable

MAX_OUTPUT_BYTES = 16 * 2**30
MAX_RATIO = 200
_RATIO_FROM_BYTES = 2**20  # a few repeated lines compress without end: below this nothing is at stake
_GZIP = 16 + zlib.MAX_WBITS
_PADDING = b"\0 \t\r\n\x1a"  # tape blocks, and what transfers in text mode leave behind a member
_WINDOW_BYTES = 2**27  # what `zstd` itself accepts unasked
HEAD_BYTES = 4


class GzipMember:
    """One member on its way through its decompressor, which takes `bite_bytes` at a time."""

    bite_bytes = CHUNK_BYTES

    def __init__(self) -> None:
        self._inner = zlib.decompressobj(_GZIP)

    @property
    def ended(self) -> bool:
        """Whether it came to its own end."""
        return self._inner.eof

    def unpack(self, data: bytes, size: int) -> tuple[bytes, bytes]:
        """Up to `size` unpacked bytes, and what was not needed yet. Raises zlib.error for damage."""
        piece = self._inner.decompress(data, size)
        return piece, self._inner.unconsumed_tail or self._inner.unused_data


class ZstdFrame:
    """The same for zstd. `unpack` raises zstandard.ZstdError for damage, and for a window larger than ours."""

    bite_bytes = 512  # three bytes may stand for 128 KiB, and the decoder knows no cap

    def __init__(self) -> None:
        self._inner = zstandard.ZstdDecompressor(max_window_size=_WINDOW_BYTES).decompressobj()

    @property
    def ended(self) -> bool:
        return self._inner.eof

    def unpack(self, data: bytes, _size: int) -> tuple[bytes, bytes]:
        return self._inner.decompress(data), self._inner.unused_data


Member = GzipMember | ZstdFrame


class UnpackedStream:
    """The content of a compressed stream of one or more members, in constant memory.

    `read` raises Unreadable for a bomb, for damage and for other bytes behind a member (`payload.compression`), and
    for a cut end (`payload.truncated`); what could be unpacked before is given first.
    """

    def __init__(self, stream: BinaryIO, member: type[Member], max_output_bytes: int = MAX_OUTPUT_BYTES) -> None:
        self._stream = stream
        self._limit = max_output_bytes
        self._kind = member
        self._member: Member = member()
        self._waiting = b""
        self._ready = b""
        self.taken = 0
        self.given = 0

    def read(self, size: int = CHUNK_BYTES) -> bytes:
        """Up to `size` unpacked bytes; empty at the end alone."""
        while not self._ready:
            ended = not self._refill()
            if ended and self._member.ended:
                return b""
            self._ready = self._counted(self._unpacked(size))
            if ended and not self._ready and not self._member.ended:
                raise Unreadable(Defect("payload.truncated", f"byte {self.taken}"))
        piece, self._ready = self._ready[:size], self._ready[size:]
        return piece

    def _unpacked(self, size: int) -> bytes:
        try:
            piece, rest = self._member.unpack(self._waiting, size)
        except (zlib.error, zstandard.ZstdError) as fault:
            raise self._refused(Sentence("it is damaged")) from fault
        self._waiting = rest.lstrip(_PADDING) if self._member.ended else rest
        return piece

    def _refill(self) -> bool:
        """Have packed bytes at hand and a member to read them with; False at the end of the input."""
        while not self._waiting:
            self._waiting = self._stream.read(self._kind.bite_bytes)
            self.taken += len(self._waiting)
            if not self._waiting:
                return False
            if self._member.ended:
                self._waiting = self._waiting.lstrip(_PADDING)
        if self._member.ended:
            self._next_member()
        return True

    def _next_member(self) -> None:
        while len(self._waiting) < HEAD_BYTES and (more := self._stream.read(self._kind.bite_bytes)):
            self._waiting += more
            self.taken += len(more)
        if member_of(self._waiting) is not self._kind:
            raise self._refused(Sentence("after its end come other bytes"))
        self._member = self._kind()

    def _counted(self, piece: bytes) -> bytes:
        self.given += len(piece)
        if self.given > self._limit:
            raise self._refused(Sentence("it unpacks to more than {most} bytes", most=self._limit))
        if self.given > _RATIO_FROM_BYTES and self.given > MAX_RATIO * self.taken:
            raise self._refused(Sentence("it unpacks to more than {most} times its size", most=MAX_RATIO))
        return piece

    def _refused(self, reason: str) -> Unreadable:
        return Unreadable(Defect("payload.compression", f"byte {self.taken}", {"reason": reason}))


def uncompressed(payload: Payload) -> Payload:
    """A payload as it was before it was compressed, if it was. Raises Unreadable where its beginning is damaged."""
    member = member_of(payload.peek(HEAD_BYTES))
    if member is None:
        return payload
    unpacked = Payload(cast(BinaryIO, UnpackedStream(cast(BinaryIO, payload), member)))
    if member_of(unpacked.peek(HEAD_BYTES)) is not None:
        raise Unreadable(Defect("payload.compression", params={"reason": Sentence("it is packed twice")}))
    return unpacked


def member_of(head: bytes) -> type[Member] | None:
    """How a stream is compressed, by its first `HEAD_BYTES`; None where it is not. Frames to skip are zstd too."""
    if head.startswith(b"\x1f\x8b"):
        return GzipMember
    is_skipped = head[1:4] == b"\x2a\x4d\x18" and head[:1] and head[0] >> 4 == 5
    return ZstdFrame if is_skipped or head.startswith(b"\x28\xb5\x2f\xfd") else None
