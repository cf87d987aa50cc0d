"""ONIX messages in pieces that end with a product.

A message is cut after its text was made clean UTF-8 for the XML parser, and each piece is read between the start and
the end tag of the message. A cut in a comment, in CDATA or inside another product makes a piece that is not
well-formed; other numbers of products than of end tags, and a header in the middle, tell the rest.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import cast

from lxml import etree

from catalogue.defect import Defect
from catalogue.parsed import NO_HEADER, BadRecord, Dialect, MessageHeader, ParsedRecord
from parsers.onix.messages import BARE_ROOTS, declared_release, dialect, read_header
from parsers.onix.tags import HEADERS, PRODUCTS, plain_tag
from parsers.onix.walk import Walker
from parsers.payload import LARGEST_PIECE_BYTES, PIECE_BYTES, Payload, Piece, Uncuttable, Unreadable
from parsers.prolog import root_tag
from parsers.xml_stream import XmlPiece, XmlStream

_PRODUCT = re.compile(rb"<(?:[\w.-]+:)?(?:[Pp]roduct|PRODUCT)[\s>]")
_PRODUCT_END = re.compile(rb"</(?:[\w.-]+:)?(?:[Pp]roduct|PRODUCT)\s*>")

Notes = tuple[tuple[int, tuple[Defect, ...]], ...]


@dataclass(frozen=True, slots=True)
class Message:
    """What all pieces of a message have in common. `start` is its start tag."""

    root: str
    start: bytes
    release: Dialect | None
    header: MessageHeader = NO_HEADER


@dataclass(frozen=True, slots=True)
class OnixPiece(Piece):
    """`place` counts the lines before it, `records` its products. `notes` go out with the product of that number
    (from 0). The last piece holds the end of the message."""

    message: Message
    records: int
    notes: Notes
    is_last: bool


def cut_onix(payload: Payload) -> Iterator[Piece]:
    """The pieces of a message. Raises Uncuttable, also where there is no message around the products."""
    stream = XmlStream(payload, bare=BARE_ROOTS)
    release, defects = declared_release(stream.prolog)
    for defect in defects:
        payload.note(defect)
    if stream.prolog.root in BARE_ROOTS:
        raise Uncuttable
    cutter: _Cutter | None = None
    for chunk in stream.chunks():
        notes = payload.take_notes()
        if cutter is None:
            start = root_tag(chunk)
            cutter = _Cutter(Message(stream.prolog.root, start, release), stream.prolog.lines + start.count(b"\n"))
            chunk = chunk[len(start) :]  # noqa: PLW2901 - the start tag is no part of a piece
        cutter.add(chunk, notes)
        while piece := cutter.cut():
            yield piece
    if cutter is not None:
        yield cutter.rest()


class _Cutter:
    """Text that waits for its piece to be full, with the notes that were made of it."""

    def __init__(self, message: Message, lines: int) -> None:
        self._message = message
        self._lines = lines
        self._end = b""  # the end tag of products, as this message writes it
        self._waiting = bytearray()
        self._notes: list[tuple[int, tuple[Defect, ...]]] = []  # where the text begins that they were made of

    def add(self, chunk: bytes, notes: tuple[Defect, ...]) -> None:
        if notes:
            self._notes.append((len(self._waiting), notes))
        self._waiting += chunk

    def cut(self) -> OnixPiece | None:
        """A piece, where one is full. Raises Uncuttable where it grows beyond measure."""
        if len(self._waiting) < PIECE_BYTES:
            return None
        if not self._end:
            self._look_at_beginning()
        place = self._waiting.find(self._end, PIECE_BYTES)
        if place < 0:
            if len(self._waiting) > LARGEST_PIECE_BYTES:
                raise Uncuttable
            return None
        return self._piece(place + len(self._end), is_last=False)

    def rest(self) -> OnixPiece:
        """What follows the last full piece."""
        if not self._end:
            self._look_at_beginning()
        return self._piece(len(self._waiting), is_last=True)

    def _piece(self, size: int, *, is_last: bool) -> OnixPiece:
        data = bytes(self._waiting[:size])
        if data.count(b"\r") != data.count(b"\r\n"):
            raise Uncuttable  # is it the end of a line?
        records = data.count(self._end)
        notes = [(data.count(self._end, 0, at), told) for at, told in self._notes if at < size]
        self._notes = [(at - size, told) for at, told in self._notes if at >= size]
        piece = OnixPiece(data, self._lines, self._message, records, tuple(notes), is_last)
        del self._waiting[:size]
        self._lines += data.count(b"\n")
        return piece

    def _look_at_beginning(self) -> None:
        """Learn how products end, and read the header before them."""
        first, end = _PRODUCT.search(self._waiting), _PRODUCT_END.search(self._waiting)
        if first is None or end is None:
            raise Uncuttable
        self._end = end[0]
        walker, header = Walker(), NO_HEADER
        for element in _elements(self._message, bytes(self._waiting[: first.start()]), HEADERS):
            header = read_header(walker.node(element))
        self._message = replace(self._message, header=header)


def read_onix_piece(piece: OnixPiece) -> list[ParsedRecord | BadRecord]:
    """The products of a piece, each with its line in the payload. Raises Uncuttable."""
    message, walker, notes = piece.message, Walker(), dict(piece.notes)
    lines = piece.place - message.start.count(b"\n")
    found: list[ParsedRecord | BadRecord] = []
    try:
        for element in _elements(message, piece.data, PRODUCTS + HEADERS, is_last=piece.is_last):
            content = walker.node(element)
            if plain_tag(element.tag) in HEADERS:
                if read_header(content) != message.header:
                    raise Uncuttable
                continue
            locus = f"line {lines + cast(int, element.sourceline)}"
            defects = walker.take_defects() + notes.get(len(found), ())
            release = dialect(message.release, content)
            found.append(ParsedRecord(release, content, len(found) + 1, locus, message.header, defects))
    except Unreadable as fault:
        raise Uncuttable from fault
    if len(found) != piece.records:
        raise Uncuttable
    return found


def _elements(
    message: Message, data: bytes, names: tuple[str, ...], *, is_last: bool = False
) -> Iterator[etree._Element]:
    return XmlPiece(message.root, message.start, data, is_last=is_last).elements(*names)
