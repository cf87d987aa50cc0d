"""MARC-in-JSON in the shapes of pymarc, Melinda, Sierra, Catmandu, ruby-marc and of MARCXML turned into JSON; one
object, an array, or one object a line."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from catalogue.defect import Defect
from catalogue.parsed import BadRecord, ParsedRecord
from catalogue.sentence import Sentence, words_of
from parsers.marc.json_shapes import NotMarc, marc_objects, read_object
from parsers.marc.json_window import JsonWindow
from parsers.mojibake import mended
from parsers.payload import EXCERPT_BYTES, Payload, Unreadable


def parse_marcjson(payload: Payload) -> Iterator[ParsedRecord | BadRecord]:
    """Records in order, also out of wrapping objects (``{"record": …}``, ``{"data": […]}``)."""
    index = 0
    try:
        for value, place, doubled in _values(payload):
            if isinstance(value, Unreadable):
                index += 1
                yield BadRecord(value.defect, index, value.excerpt)
                continue
            for found in _read(value, place, doubled):
                index += 1
                yield replace(found, index=index, **_notes(found, payload))
    except Unreadable as fault:
        yield BadRecord(fault.defect, index + 1, fault.excerpt, ends_payload=True)


def _read(value: Any, place: str, doubled: list[str]) -> Iterator[ParsedRecord | BadRecord]:
    given = list(marc_objects(value))
    if not given:
        yield _bad(value, place, Sentence("there is no MARC record in it"))
    for record in given:
        try:
            content, defects = read_object(record)
            yield mended(ParsedRecord("marc21", content, 0, place, defects=(*defects, *_told(doubled))))
        except NotMarc as reason:
            yield _bad(record, place, words_of(reason))


def _told(doubled: list[str]) -> Iterator[Defect]:
    for name in dict.fromkeys(doubled):
        reason = Sentence(
            "{name} comes more than once in one object; of what MARC has once, the last was read", name=name
        )
        yield Defect("marc.field", name if name.isdigit() else "", {"reason": reason})


def _bad(value: Any, place: str, reason: str) -> BadRecord:
    excerpt = json.dumps(value, ensure_ascii=False)[:EXCERPT_BYTES].encode("utf-8", "replace")[:EXCERPT_BYTES]
    return BadRecord(Defect("marc.json_record", place, {"reason": reason}), 0, excerpt)


def _notes(found: ParsedRecord | BadRecord, payload: Payload) -> dict[str, Any]:
    if isinstance(found, BadRecord) or not (notes := payload.take_notes()):
        return {}
    return {"defects": found.defects + notes}


def _values(payload: Payload) -> Iterator[tuple[Any, str, list[str]]]:
    """Objects one after the other with their line and the names that are doubled in them, whatever stands between
    them; a faulty one is an Unreadable.

    Raises Unreadable where an object or an array ends nowhere.
    """
    window = JsonWindow(payload)
    while window.more():
        is_beside, value = window.is_beside, window.value()
        if not is_beside or any(marc_objects(value)):
            yield value, f"line {window.line}", window.doubled
    if window.fault:
        raise window.fault
    if window.is_open:
        raise Unreadable(Defect("payload.truncated", f"line {window.line}"))
