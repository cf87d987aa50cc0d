"""Ampersands that begin no reference: ``Kissa & koira``, ``&undefined;``.

XML refuses them and would end the feed there; they are read as the text they are. In CDATA an ampersand is text anyway.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from parsers.prolog import named_characters

_LOOSE = re.compile(
    rb"&(?!(?:amp|lt|gt|quot|apos|#[0-9]+|#[xX][0-9a-fA-F]+);)(?:([A-Za-z][A-Za-z0-9]*);)?"
)  # fmt: skip
_CDATA, _CDATA_END = b"<![CDATA[", b"]]>"
_OPEN = re.compile(rb"(?:&(?:#[xX]?[0-9a-fA-F]{0,12}|[A-Za-z][A-Za-z0-9]{0,31})?|<(?:!(?:\[[CDAT]{0,5})?)?)$")
_OPEN_BRACKETS = re.compile(rb"\]{1,2}$")
_LONGEST = 40


class Ampersands:
    """One pass over the chunks of a document. Feed it in order."""

    def __init__(self) -> None:
        self._in_cdata = False

    def open_end(self, chunk: bytes) -> int:
        """Where the part of a chunk begins that only the next chunk can tell; its length where there is none."""
        opened = chunk.rfind(_CDATA)
        inside = opened > chunk.rfind(_CDATA_END) if opened >= 0 else self._in_cdata and _CDATA_END not in chunk
        found = (_OPEN_BRACKETS if inside else _OPEN).search(chunk, max(0, len(chunk) - _LONGEST))
        return found.start() if found else len(chunk)

    def escaped(self, chunk: bytes) -> tuple[bytes, list[tuple[int, bytes]]]:
        """The chunk with loose ampersands escaped, and each of them: its place in the chunk as given, and its text."""
        if b"&" not in chunk and b"[" not in chunk and not self._in_cdata:
            return chunk, []
        pieces: list[bytes] = []
        loose: list[tuple[int, bytes]] = []
        done = 0
        for place, text in self._loose(chunk):
            pieces += (chunk[done:place], b"&amp;")
            done = place + 1
            loose.append((place, text))
        return (b"".join((*pieces, chunk[done:])), loose) if loose else (chunk, [])

    def _loose(self, chunk: bytes) -> Iterator[tuple[int, bytes]]:
        for start, end in self._outside(chunk):
            for found in _LOOSE.finditer(chunk, start, end):
                if found[1] is None or found[1].decode("ascii") not in named_characters():
                    yield found.start(), found[0]

    def _outside(self, chunk: bytes) -> Iterator[tuple[int, int]]:
        """The parts of a chunk that are not CDATA."""
        place = 0
        while place < len(chunk):
            if self._in_cdata:
                closed = chunk.find(_CDATA_END, place)
                if closed < 0:
                    return
                place, self._in_cdata = closed + len(_CDATA_END), False
                continue
            opened = chunk.find(_CDATA, place) if b"[" in chunk else -1
            yield place, opened if opened >= 0 else len(chunk)
            if opened < 0:
                return
            place, self._in_cdata = opened + len(_CDATA), True
