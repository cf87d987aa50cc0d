"""JSON text as a window that grows until the value at its beginning is whole, and forgets what was read."""

from __future__ import annotations

import json
import re
from typing import Any

from catalogue.defect import Defect
from catalogue.sentence import Sentence
from parsers.doubled import Joining
from parsers.encoding import Utf8Stream
from parsers.faults import json_fault
from parsers.payload import EXCERPT_BYTES, MAX_RECORD_BYTES, Payload, Unreadable

_SPACE = " \t\r\n\ufeff"
_MARKS = re.compile(r'["\\{}\[\]\n]')
_NEAR_THE_END = 32  # an error so close to what was read may be only that the rest is missing
MAX_DIGITS = 18
TOO_DEEP = Sentence("it is nested too deeply")


class Damaged(Exception):
    """The value at the beginning is not JSON. Never leaves this room."""

    def __init__(self, reason: str, *, cut_off: bool = False) -> None:
        super().__init__(reason)
        self.reason = reason
        self.cut_off = cut_off  # the text ends inside it


def _number(written: str) -> int | float | str:
    """A number, or its words where it is beyond all measure."""
    if len(written) > MAX_DIGITS or "e" in written.lower():
        return written
    return float(written) if "." in written else int(written)


class JsonText:
    """Reads marks and values from the beginning of a text. `line` is that of the window's beginning."""

    def __init__(self, payload: Payload) -> None:
        self.payload = payload
        self._stream = Utf8Stream(payload)
        self._decoder = json.JSONDecoder(
            strict=False,
            object_pairs_hook=Joining(),
            parse_float=_number,
            parse_int=_number,
            parse_constant=lambda _: None,
        )
        self._text = ""
        self._ended = False
        self.line = 1

    def mark(self) -> str:
        """The next character that is no space, left where it is; '' at the end."""
        while True:
            plain = self._text.lstrip(_SPACE)
            self._pass(len(self._text) - len(plain))
            if plain or not self._fill():
                return plain[:1]

    def take(self, wanted: str) -> bool:
        """Pass the next mark if it is one of these."""
        found = self.mark()
        if found and found in wanted:
            self._pass(1)
            return True
        return False

    def value(self) -> Any:
        """The value at the beginning. Raises Damaged where it is no JSON or ends nowhere, or Unreadable too large."""
        self.mark()
        while True:
            try:
                value, end = self._decoder.raw_decode(self._text)
            except RecursionError:
                raise Damaged(TOO_DEEP) from None
            except ValueError as fault:
                self._grow(fault)
                continue
            if end < len(self._text) or not self._fill():
                self._pass(end)
                return value

    def skip(self) -> tuple[bytes, bool]:
        """Pass a value that cannot be read, by its brackets; its beginning, and whether its end was found.

        A line's end closes a text: a missing quotation mark must not turn all that follows inside out.
        """
        excerpt = self._text[:EXCERPT_BYTES].encode("utf-8", "replace")[:EXCERPT_BYTES]
        depth, in_text = 0, False
        while True:
            escaped = -1
            for found in _MARKS.finditer(self._text):
                mark, place = found[0], found.start()
                if mark == "\n" or (mark == '"' and place != escaped):
                    in_text = mark == '"' and not in_text
                elif mark == "\\":
                    escaped = place + 1 if place != escaped else -1
                elif not in_text and mark in "{}[]":
                    depth += 1 if mark in "{[" else -1
                    if depth <= 0:
                        self._pass(place + (depth == 0))
                        return excerpt, True
            self._pass(len(self._text) - self._text.endswith("\\"))
            if not self._fill():
                return excerpt, False

    def ended(self) -> bool:
        """Whether nothing is left."""
        return self.mark() == ""

    def excerpt(self) -> bytes:
        """What stands at the beginning."""
        return self._text[:EXCERPT_BYTES].encode("utf-8", "replace")[:EXCERPT_BYTES]

    def _grow(self, fault: ValueError) -> None:
        """Twice the text. Raises Damaged where more would not help."""
        reason = fault.msg if isinstance(fault, json.JSONDecodeError) else str(fault)
        place = fault.pos if isinstance(fault, json.JSONDecodeError) else 0
        is_cut = reason.startswith("Unterminated") or place > len(self._text) - _NEAR_THE_END
        before = len(self._text)
        while is_cut and len(self._text) < min(before * 2, MAX_RECORD_BYTES) and self._fill():
            pass
        if len(self._text) > before:
            return
        if before >= MAX_RECORD_BYTES:
            params = {"size": str(before), "limit": str(MAX_RECORD_BYTES)}
            raise Unreadable(Defect("record.too_large", f"line {self.line}", params), self.excerpt())
        line = str(self.line + self._text.count("\n", 0, place))
        why = json_fault(fault) if isinstance(fault, json.JSONDecodeError) else reason
        raise Damaged(Sentence("{why} (line {line})", why=why, line=line), cut_off=is_cut)

    def _fill(self) -> bool:
        chunk = b"" if self._ended else self._stream.read()
        self._ended = not chunk
        self._text += chunk.decode("utf-8")
        return bool(chunk)

    def _pass(self, count: int) -> None:
        self.line += self._text.count("\n", 0, count)
        self._text = self._text[count:]
