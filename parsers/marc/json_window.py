"""JSON objects one after the other out of a stream, in constant memory: alone, in an array, or in one of an object."""

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

_BETWEEN = re.compile(r"[\s,\[\]\x1e]*")
_STRING = r"\"(?:[^\"\\]|\\.)*+\""
_MEMBER = re.compile(r"\"(?:[^\"\\]|\\.){0,500}+\"\s{0,100}+:\s{0,100}+")
_LONGEST_MEMBER = 1000  # of its name and what follows it
_WRAPPER = re.compile(
    rf"\{{\s*(?:\"(?!_?id\"|leader\")\w+\"\s*:\s*(?:{_STRING}|[-+.\w]+)\s*,\s*)*"
    r"(?=\"(?!fields\"|varFields\")\w+\"\s*:\s*\[\s*\{)"
)  # an object around an array of records: none of the members before the array is one of a record
_RECORD = re.compile(r"\{\s*\"(?:leader|fields)\"\s*:")
_CUT_SHORT = 16  # a fault this near the end of the text may be the cut of a token


class JsonWindow:
    """A window on the text that grows until the object at its beginning is whole."""

    def __init__(self, payload: Payload) -> None:
        self._stream = Utf8Stream(payload)
        self._joining = Joining()
        self._decoder = json.JSONDecoder(strict=False, object_pairs_hook=self._joining)
        self._text = ""
        self._at = 0
        self._ended = False
        self._wrapped: bool | None = None  # whether an array of an object holds the objects; None: not known yet
        self._open_arrays = 0  # around the objects
        self._next_line = 1
        self.line = 1
        self.fault: Unreadable | None = None  # of the stream: told once what came before it is read

    @property
    def doubled(self) -> list[str]:
        """Names that came more than once in an object of the value read last."""
        return self._joining.names

    @property
    def is_open(self) -> bool:
        """Whether what stands around the objects has not ended."""
        return self._open_arrays > 0 or bool(self._wrapped)

    @property
    def is_beside(self) -> bool:
        """Whether the object is a member of the one around the records, after their array."""
        return bool(self._wrapped) and self._open_arrays < 1

    def more(self) -> bool:
        """Whether another object begins, after what separates objects and what stands around them."""
        while True:
            self._pass_between()
            if self._at == len(self._text):
                if not self._fill():
                    return False
            elif not (self._opens() or self._ends_wrapper()):
                return True

    def value(self) -> Any:
        """The object at the beginning, or an Unreadable that concerns it alone."""
        self.line = self._next_line
        while True:
            self._joining.names = []
            try:
                value, end = self._decoder.raw_decode(self._text, self._at)
            except RecursionError as fault:
                return self._give_up(fault)
            except ValueError as fault:
                if self._is_broken(fault) or not self._grow():
                    return self._give_up(fault)
                continue
            if end < len(self._text) or not self._fill():
                self._pass(end)
                return value

    def _opens(self) -> bool:
        """Whether the first object is one around all records, and has been entered."""
        if self._wrapped is not None:
            return False
        found = _WRAPPER.match(self._text, self._at)
        self._wrapped = found is not None
        if found:
            self._pass(found.end())
        return self._wrapped

    def _ends_wrapper(self) -> bool:
        """Whether something of the object around the records has been passed: its end, or a member that holds none."""
        if not self.is_beside:
            return False
        if self._text[self._at] == "}":
            self._wrapped = False
            self._pass(self._at + 1)
            return True
        name = _MEMBER.match(self._text, self._at)
        if name is None or name.end() == len(self._text):
            return self._text[self._at] == '"' and len(self._text) - self._at < _LONGEST_MEMBER and self._fill()
        self._pass(name.end())
        if self._text[self._at] not in "[{":
            self.value()
        return True

    def _is_broken(self, fault: Exception) -> bool:
        """Whether more text would not mend what stands here."""
        if not isinstance(fault, json.JSONDecodeError):
            return False
        if not fault.msg.startswith("Unterminated"):
            return fault.pos < len(self._text) - _CUT_SHORT
        line, newline, after = self._text[self._at :].partition("\n")
        return bool(newline) and line.startswith("{") and after.lstrip(" \r\n")[:1] == "{" and len(line) > 1

    def _grow(self) -> bool:
        """Twice the text, unless the largest record or the end has been reached."""
        before = len(self._text) - self._at
        while len(self._text) - self._at < min(before * 2, MAX_RECORD_BYTES) and self._fill():
            pass
        return len(self._text) - self._at > before

    def _give_up(self, fault: Exception) -> Unreadable:
        if self.fault:
            raise self.fault
        text = self._text[self._at :]
        excerpt = text[:EXCERPT_BYTES].encode("utf-8", "replace")
        reason = json_fault(fault) if isinstance(fault, json.JSONDecodeError) else Sentence("it is nested too deeply")
        about = Defect("marc.json_record", f"line {self.line}", {"reason": reason})
        line, newline, after = text.partition("\n")
        if newline and after.lstrip(" \r\n")[:1] == "{":
            self._pass(self._at + len(line) + 1)
            return Unreadable(about, line.encode("utf-8", "replace"))
        if self._is_broken(fault) and (following := self._next_record()):
            excerpt = self._text[self._at : following].encode("utf-8", "replace")
            self._pass(following)
            return Unreadable(about, excerpt)
        if len(text) >= MAX_RECORD_BYTES:
            params = {"size": str(len(text)), "limit": str(MAX_RECORD_BYTES)}
            raise Unreadable(Defect("record.too_large", f"line {self.line}", params), excerpt)
        raise Unreadable(about, excerpt)

    def _next_record(self) -> int:
        """Where the record after a broken one begins; 0 where none does within the size of a record."""
        while True:
            if found := _RECORD.search(self._text, self._at + 1):
                return found.start()
            if not self._grow():
                return 0

    def _fill(self) -> bool:
        try:
            chunk = b"" if self._ended else self._stream.read()
        except Unreadable as fault:
            self.fault, chunk = fault, b""
        self._ended = not chunk
        if chunk:
            self._text = self._text[self._at :] + chunk.decode("utf-8")
            self._at = 0
        return bool(chunk)

    def _pass_between(self) -> None:
        found = _BETWEEN.match(self._text, self._at)
        if found and found[0]:
            self._open_arrays += found[0].count("[") - found[0].count("]")
            self._pass(found.end())

    def _pass(self, end: int) -> None:
        self._next_line += self._text.count("\n", self._at, end)
        self._at = end
