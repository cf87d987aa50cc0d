"""Large payloads cut into pieces that are read apart, in other processes, to the same records as in one go.

A piece ends where a record ends. Whatever could make the pieces read otherwise than the whole raises Uncuttable, at
cutting or at reading: the payload is then read in one go, from the record on that was not given yet.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import BinaryIO

from catalogue.parsed import BadRecord, ParsedRecord
from parsers.detect import Format
from parsers.marc.cutting import cut_iso2709, read_iso2709_piece
from parsers.onix.cutting import OnixPiece, cut_onix, read_onix_piece
from parsers.payload import Payload, Piece, Uncuttable, Unreadable
from parsers.registry import parse

CUTTERS: dict[Format, Callable[[Payload], Iterator[Piece]]] = {"onix": cut_onix, "iso2709": cut_iso2709}


def pieces(stream: BinaryIO, format: Format | None = None) -> Iterator[Piece]:  # noqa: A002 - the contract's word
    """The pieces of a payload, in order; `read_piece` reads each. Raises Uncuttable for the rest of a payload."""
    found = parse(stream, format)
    cut = CUTTERS.get(found.format) if found.format else None
    if cut is None:
        raise Uncuttable
    try:
        yield from cut(found.payload)
    except Unreadable as fault:
        raise Uncuttable from fault


def read_piece(piece: Piece) -> list[ParsedRecord | BadRecord]:
    """The records of a piece; their `index` counts from 1 in the piece. Raises Uncuttable."""
    return read_onix_piece(piece) if isinstance(piece, OnixPiece) else read_iso2709_piece(piece)
