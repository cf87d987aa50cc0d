"""MARC-8 to Unicode (MARC 21 specifications, part 3), with the code tables of pymarc."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

REPLACEMENT = "\ufffd"
_ASCII, _ANSEL, _EACC = 0x42, 0x45, 0x31
_ESCAPE = re.compile(rb"\x1b(?:(s|g|b|p)|([(,)\-])(!?[\x30-\x7e])|\$([(,)\-]?)(\x31)|\$([\x30-\x7e]))")
_PLAIN = re.compile(rb"[ -~]+")
_SPECIAL = {b"s": _ASCII, b"g": 0x67, b"b": 0x62, b"p": 0x70}


@cache
def _tables() -> tuple[dict[int, Any], dict[int, int]]:
    """Characters by set and code, and the odd ones; 4 MB that feeds in UTF-8 do without."""
    from pymarc import marc8_mapping

    return marc8_mapping.CODESETS, marc8_mapping.ODD_MAP


def has_escapes(text: bytes) -> bool:
    """Whether there is a designation of a character set: a sign of MARC-8 that UTF-8 never has."""
    return b"\x1b" in text and _ESCAPE.search(text) is not None


def without_escapes(text: bytes) -> bytes:
    """The text without its designations of character sets."""
    return _ESCAPE.sub(b"", text)


def from_marc8(text: bytes, *, high_utf8: bool = False) -> tuple[str, bool]:
    """The text, not normalised, and whether every byte was understood. Unknown bytes become U+FFFD.

    A combining character stands before its letter in MARC-8 and after it in Unicode. Every subfield begins in the
    default character sets. `high_utf8`: the escapes were left over when the rest was converted to UTF-8.
    """
    decoder = _Decoder(text, high_utf8=high_utf8)
    decoder.run()
    return "".join(decoder.out), decoder.whole


class _Decoder:
    def __init__(self, text: bytes, *, high_utf8: bool) -> None:
        self.text = text
        self.high_utf8 = high_utf8
        self.place = 0
        self.g0, self.g1 = _ASCII, _ANSEL
        self.waiting: list[str] = []
        self.out: list[str] = []
        self.whole = True

    def run(self) -> None:
        while self.place < len(self.text):
            if self.g0 == _ASCII and not self.waiting and (plain := _PLAIN.match(self.text, self.place)):
                self.out.append(plain[0].decode("ascii"))
                self.place = plain.end()
                continue
            byte = self.text[self.place]
            if byte == 0x1F:
                self._subfield()
            elif byte == 0x1B and (escape := _ESCAPE.match(self.text, self.place)):
                self._designate(escape)
            elif byte <= 0x20 or byte == 0xA0 or (byte == 0x7F and self.g0 != _EACC):
                self._control(byte)
            elif byte >= 0x80 and self.high_utf8:
                self._sequence(byte)
            else:
                self._character(byte)
        self._drop_waiting()

    def _subfield(self) -> None:
        """A delimiter and its code, which are ASCII whatever was designated before."""
        self._drop_waiting()
        self.out.append(self.text[self.place : self.place + 2].decode("ascii", "replace"))
        self.place += 2
        self.g0, self.g1 = _ASCII, _ANSEL

    def _drop_waiting(self) -> None:
        """Marks without a letter to stand over: the letter is lost."""
        self.whole = self.whole and not self.waiting
        self.waiting = []

    def _sequence(self, byte: int) -> None:
        width = 2 if byte < 0xE0 else 3 if byte < 0xF0 else 4
        self.out += [self.text[self.place : self.place + width].decode("utf-8", "replace"), *self.waiting]
        self.waiting = []
        self.place += width

    def _designate(self, escape: re.Match[bytes]) -> None:
        special, place, code, wide_place, wide, bare_wide = escape.groups()
        self.place = escape.end()
        if special:
            self.g0 = _SPECIAL[special]
            return
        target = place or wide_place
        charset = (code or wide or bare_wide)[-1]
        if target in (b")", b"-"):
            self.g1 = charset
        else:
            self.g0 = charset

    def _control(self, byte: int) -> None:
        self.place += 1
        if byte in (0x1B, 0x7F):
            self.whole = False
            return
        self.out.append(" " if byte == 0xA0 else chr(byte))
        if byte in (0x20, 0xA0):  # an accent on its own stands over a space
            self.out += self.waiting
            self.waiting = []

    def _character(self, byte: int) -> None:
        charset = self.g1 if byte > 0x80 else self.g0
        if charset == _EACC:
            code = int.from_bytes(bytes(b & 0x7F for b in self.text[self.place : self.place + 3]), "big")
            width = 3
        else:
            code, width = byte, 1
        found = self._lookup(charset, code)
        if found is None and width == 3:
            width = 1
        self.place += width
        if found is None:
            self.whole = False
            found = (ord(REPLACEMENT), False)
        character, combining = chr(found[0]), bool(found[1])
        if combining:
            self.waiting.append(character)
            return
        self.out += [character, *self.waiting]
        self.waiting = []

    @staticmethod
    def _lookup(charset: int, code: int) -> tuple[int, int] | None:
        sets, odd_ones = _tables()
        table = sets.get(charset)
        if table is None:
            return None
        for candidate in (code, code & 0x7F, code | 0x80) if code <= 0xFF else (code,):
            if candidate in table:
                found: tuple[int, int] = table[candidate]
                return found
        odd = odd_ones.get(code)
        return (odd, 0) if odd is not None else None
