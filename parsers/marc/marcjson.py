"""MARC-in-JSON in the shapes of pymarc, of Melinda and of Sierra; one object, an array, or one object a line."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from catalogue.defect import Defect
from catalogue.parsed import BadRecord, ParsedRecord
from parsers.encoding import Utf8Stream
from parsers.marc.json_shapes import NotMarc, marc_objects, read_object
from parsers.mojibake import mended
from parsers.payload import EXCERPT_BYTES, MAX_RECORD_BYTES, Payload, Unreadable

_BETWEEN = " \t\r\n,[]"


def parse_marcjson(payload: Payload) -> Iterator[ParsedRecord | BadRecord]:
    """Records in order, also out of wrapping objects (``{"record": …}``, ``{"data": […]}``)."""
    index = 0
    try:
        for value, place in _values(payload):
            if isinstance(value, Unreadable):
                index += 1
                yield BadRecord(value.defect, index, value.excerpt)
                continue
            for found in _read(value, place):
                index += 1
                yield replace(found, index=index, **_notes(found, payload))
    except Unreadable as fault:
        yield BadRecord(fault.defect, index + 1, fault.excerpt, ends_payload=True)


def _read(value: Any, place: str) -> Iterator[ParsedRecord | BadRecord]:
    given = list(marc_objects(value))
    if not given:
        yield _bad(value, place, "there is no MARC record in it")
    for record in given:
        try:
            content, defects = read_object(record)
            yield mended(ParsedRecord("marc21", content, 0, place, defects=defects))
        except NotMarc as reason:
            yield _bad(record, place, str(reason))


def _bad(value: Any, place: str, reason: str) -> BadRecord:
    excerpt = json.dumps(value, ensure_ascii=False)[:EXCERPT_BYTES].encode("utf-8", "replace")[:EXCERPT_BYTES]
    return BadRecord(Defect("marc.json_record", place, {"reason": reason}), 0, excerpt)


def _notes(found: ParsedRecord | BadRecord, payload: Payload) -> dict[str, Any]:
    if isinstance(found, BadRecord) or not (notes := payload.take_notes()):
        return {}
    return {"defects": found.defects + notes}


def _values(payload: Payload) -> Iterator[tuple[Any, str]]:
    """Objects one after the other with their line, whatever stands between them; a faulty line is an Unreadable.

    Raises Unreadable where an object or an array ends nowhere.
    """
    reader = _Reader(payload)
    while reader.more():
        yield reader.value(), f"line {reader.line}"
    if reader.fault:
        raise reader.fault
    if reader.open_arrays > 0:
        raise Unreadable(Defect("payload.truncated", f"line {reader.line}"))


class _Reader:
    """A window on the text that grows until the object at its beginning is whole."""

    def __init__(self, payload: Payload) -> None:
        self._stream = Utf8Stream(payload)
        self._decoder = json.JSONDecoder(strict=False)
        self._text = ""
        self._ended = False
        self._next_line = 1
        self.line = 1
        self.open_arrays = 0  # around the objects
        self.fault: Unreadable | None = None  # of the stream: told once what came before it is read

    def more(self) -> bool:
        """Whether another object begins, after what separates objects."""
        while True:
            plain = self._text.lstrip(_BETWEEN)
            between = len(self._text) - len(plain)
            self.open_arrays += self._text.count("[", 0, between) - self._text.count("]", 0, between)
            self._pass(between)
            if plain or not self._fill():
                return bool(plain)

    def value(self) -> Any:
        """The object at the beginning, or an Unreadable that concerns its line alone."""
        self.line = self._next_line
        while True:
            try:
                value, end = self._decoder.raw_decode(self._text)
            except (ValueError, RecursionError) as fault:
                if isinstance(fault, RecursionError) or not self._grow():
                    return self._give_up(fault)
                continue
            if end < len(self._text) or not self._fill():
                self._pass(end)
                return value

    def _grow(self) -> bool:
        """Twice the text, unless a line that is not JSON, the largest record, or the end has been reached."""
        line, newline, after = self._text.partition("\n")
        if newline and line.startswith("{") and after.lstrip(" \r\n")[:1] == "{" and len(line) > 1:
            return False
        target = len(self._text) * 2
        before = len(self._text)
        while len(self._text) < min(target, MAX_RECORD_BYTES) and self._fill():
            pass
        return len(self._text) > before

    def _give_up(self, fault: Exception) -> Unreadable:
        if self.fault:
            raise self.fault
        line, newline, after = self._text.partition("\n")
        excerpt = self._text[:EXCERPT_BYTES].encode("utf-8", "replace")
        reason = fault.msg if isinstance(fault, json.JSONDecodeError) else "it is nested too deeply"
        if newline and after.lstrip(" \r\n")[:1] == "{":
            self._pass(len(line) + 1)
            return Unreadable(Defect("marc.json_record", f"line {self.line}", {"reason": reason}), line.encode())
        if len(self._text) >= MAX_RECORD_BYTES:
            params = {"size": str(len(self._text)), "limit": str(MAX_RECORD_BYTES)}
            raise Unreadable(Defect("record.too_large", f"line {self.line}", params), excerpt)
        raise Unreadable(Defect("marc.json_record", f"line {self.line}", {"reason": reason}), excerpt)

    def _fill(self) -> bool:
        try:
            chunk = b"" if self._ended else self._stream.read()
        except Unreadable as fault:
            self.fault, chunk = fault, b""
        self._ended = not chunk
        self._text += chunk.decode("utf-8")
        return bool(chunk)

    def _pass(self, count: int) -> None:
        self._next_line += self._text.count("\n", 0, count)
        self._text = self._text[count:]
