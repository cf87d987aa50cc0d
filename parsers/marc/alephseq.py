"""Aleph sequential: one field a line, as the Aleph library system exports it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from unicodedata import normalize

from catalogue.defect import Defect
from catalogue.parsed import BadRecord, MarcField, ParsedRecord
from catalogue.sentence import Sentence
from parsers.lines import text_lines
from parsers.marc.deleteids import DELETED_LEADER
from parsers.marc.leader import tidy_leader
from parsers.mojibake import mended
from parsers.payload import EXCERPT_BYTES, MAX_RECORD_BYTES, Payload, Unreadable

_LINE = re.compile(r"(\d{9}) (.{3})(.)(.) L (.*)", re.DOTALL)
_NUMBERED = re.compile(r"\d{9} ")  # any other line is of no record
_LEADER, _FORMAT = "LDR", "FMT"
_ONCE = frozenset(("LDR", "FMT", "001", "008", "245"))  # no record has two: a second one begins a later version
_AT_HEAD = frozenset(("LDR", "FMT"))
_OPEN = 8  # records whose lines may stand between each other's
_DELETED = "DEL"  # $a Y: Aleph's own mark of a deleted record, with or without d in the leader


def is_alephseq(head: str) -> bool:
    """Whether the first line is a field of Aleph."""
    return _LINE.match(head.lstrip("\ufeff \r\n").partition("\n")[0]) is not None


def parse_alephseq(payload: Payload) -> Iterator[ParsedRecord | BadRecord]:
    """Records in the order of their first lines: the lines with one system number, also where those of a few others
    stand between them."""
    index = 0
    try:
        for lines in _gathered(text_lines(payload)):
            index += 1
            found = _record(lines, index)
            notes = payload.take_notes() if isinstance(found, ParsedRecord) else ()
            if isinstance(found, ParsedRecord) and notes:
                found = ParsedRecord("marc21", found.content, index, found.locus, defects=found.defects + notes)
            yield found
    except Unreadable as fault:
        yield BadRecord(fault.defect, index + 1, fault.excerpt, ends_payload=True)


@dataclass(slots=True)
class _Lines:
    """Lines of one record. `apart`: others stand between them."""

    own: str
    rows: list[tuple[int, str]] = field(default_factory=list)
    tags: set[str] = field(default_factory=set)
    size: int = 0
    apart: bool = False

    def add(self, number: int, line: str) -> None:
        self.size += len(line)
        self.tags.add(line[10:13])
        if self.size <= MAX_RECORD_BYTES:
            self.rows.append((number, line))


def _gathered(lines: Iterable[tuple[int, str]]) -> Iterator[_Lines]:
    """The lines of each record; those still open come before an end that cannot be read is told."""
    waiting: dict[str, _Lines] = {}
    latest = ""
    try:
        for number, line in lines:
            own, tag = line[:9], line[10:13]
            if own in waiting and tag in waiting[own].tags & (_AT_HEAD if own == latest else _ONCE):
                yield from _closed(waiting, until=own)
            while own not in waiting and len(waiting) >= _OPEN:
                yield from _closed(waiting, until=next(iter(waiting)))
            record = waiting.setdefault(own, _Lines(own))
            record.apart = record.apart or (bool(record.rows) and own != latest)
            record.add(number, line)
            latest = own if _NUMBERED.match(line) else latest
    except Unreadable:
        yield from waiting.values()
        raise
    yield from waiting.values()


def _closed(waiting: dict[str, _Lines], *, until: str) -> Iterator[_Lines]:
    """The records up to one, which are waited for no longer."""
    for own in list(waiting):
        yield waiting.pop(own)
        if own == until:
            return


def _record(given: _Lines, index: int) -> ParsedRecord | BadRecord:
    locus = f"line {given.rows[0][0]}"
    if given.size > MAX_RECORD_BYTES:
        params = {"size": str(given.size), "limit": str(MAX_RECORD_BYTES)}
        return BadRecord(Defect("record.too_large", locus, params), index, given.rows[0][1].encode()[:EXCERPT_BYTES])
    leader, fields, defects = _fields_of(given, locus)
    if not fields:
        excerpt = "\n".join(text for _, text in given.rows).encode()
        return BadRecord(
            Defect("marc.field", locus, {"reason": Sentence("no field could be read")}), index, excerpt[:EXCERPT_BYTES]
        )
    if all(field[0] != "001" for field in fields):
        fields.insert(0, ["001", given.own])
    deleted = any(tag == _DELETED and value[-1:] == [["a", "Y"]] for tag, *_, value in fields)
    leader, more = tidy_leader(leader or (DELETED_LEADER if deleted else ""))
    if deleted:
        leader = leader[:5] + "d" + leader[6:]
    return mended(ParsedRecord("marc21", [leader, fields], index, locus, defects=(*more, *defects)))


def _fields_of(given: _Lines, locus: str) -> tuple[str, list[MarcField], list[Defect]]:
    """The leader as it stands, the fields, and what could not be read."""
    leader, fields = "", []
    between = {"reason": Sentence("its lines stand between those of other records")}
    defects = [Defect("marc.field", locus, between)] if given.apart else []
    for number, line in given.rows:
        found = _LINE.fullmatch(line)
        if not found:
            defects.append(
                Defect("marc.field", f"line {number}", {"reason": Sentence("it is not a line of Aleph sequential")})
            )
            continue
        tag, value = found[2], found[5]
        if tag == _LEADER:
            leader = value.replace("^", " ")
        elif tag != _FORMAT:
            fields.append(_field(tag, (found[3] + found[4]).replace("^", " "), value))
    return leader, fields, defects


def _field(tag: str, indicators: str, value: str) -> MarcField:
    if "$$" not in value and (tag.startswith("00") or not tag.isdigit()):
        return [tag, normalize("NFC", value.replace("^", " "))]
    first, *rest = value.split("$$")
    subfields = [[piece[0], normalize("NFC", piece[1:])] for piece in rest if piece]
    return [tag, indicators, ([[" ", normalize("NFC", first)]] if first.strip() else []) + subfields]
