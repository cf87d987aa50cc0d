"""ISO 2709 in pieces: records end at a terminator, and nothing of one says anything about the next."""

from __future__ import annotations

import io
from collections.abc import Iterator

from catalogue.parsed import BadRecord, ParsedRecord
from parsers.marc.iso2709 import RECORD_END, parse_iso2709
from parsers.payload import CHUNK_BYTES, LARGEST_PIECE_BYTES, PIECE_BYTES, Payload, Piece, Uncuttable

_LAST = b"\x1e" + RECORD_END


def cut_iso2709(payload: Payload) -> Iterator[Piece]:
    """Pieces that end with a terminator that ends a field too, so that it cannot stand in a text; the last one as the
    payload ends. `place` is in bytes."""
    waiting, place = bytearray(), 0
    while chunk := payload.read(CHUNK_BYTES):
        waiting += chunk
        while (end := waiting.find(_LAST, PIECE_BYTES) + len(_LAST)) >= PIECE_BYTES:
            yield Piece(bytes(waiting[:end]), place)
            del waiting[:end]
            place += end
        if len(waiting) > LARGEST_PIECE_BYTES:
            raise Uncuttable
    if waiting:
        yield Piece(bytes(waiting), place)


def read_iso2709_piece(piece: Piece) -> list[ParsedRecord | BadRecord]:
    """The records of a piece, each with its place in the payload."""
    return list(parse_iso2709(Payload(io.BytesIO(piece.data)), piece.place))
