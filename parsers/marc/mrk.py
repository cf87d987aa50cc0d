"""MARC as lines of text: ``.mrk`` of MARCMaker and MarcEdit, and lines whose subfields begin with ‡."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import cache
from importlib import resources
from unicodedata import normalize

from catalogue.defect import Defect
from catalogue.parsed import BadRecord, MarcField, ParsedRecord
from catalogue.sentence import Sentence
from parsers.lines import text_lines
from parsers.marc.leader import tidy_leader
from parsers.mojibake import mended
from parsers.payload import EXCERPT_BYTES, MAX_RECORD_BYTES, Payload, Unreadable

_MNEMONIC = re.compile(r"=(?P<tag>[0-9A-Z]{3}) {1,2}(?P<rest>.*)", re.DOTALL)  # =245  10$aKesä
_SHOWN = re.compile(r"(?P<tag>LDR|\d{3}|[A-Z]{3}) (?P<indicators>..) (?P<rest>.*)", re.DOTALL)  # 245 10 ‡aKesä
_FIRST = re.compile(r"(?:=(?:LDR|000) {1,2}|LDR {4})[\d *^#\\|]{5}[\w *^#\\|]")
_LEADERS = frozenset(("LDR", "000"))
_DELIMITERS = re.compile("[‡ǂ]")
_NAME = re.compile(r"\{([A-Za-z]{2,9})\}")


def is_mrk(head: str) -> bool:
    """Whether the first line is a leader in one of these forms."""
    return _FIRST.match(head.lstrip("\ufeff \r\n")) is not None


def parse_mrk(payload: Payload) -> Iterator[ParsedRecord | BadRecord]:
    """Records in order; each begins with its leader, or with 001 where it has none."""
    index = 0
    try:
        for lines in _gathered(text_lines(payload)):
            index += 1
            found = _record(lines, index)
            if isinstance(found, ParsedRecord) and (notes := payload.take_notes()):
                found = replace(found, defects=found.defects + notes)
            yield found
    except Unreadable as fault:
        yield BadRecord(fault.defect, index + 1, fault.excerpt, ends_payload=True)


@dataclass(slots=True)
class _Lines:
    """Lines of one record with their numbers; those beyond the size a record may have are not kept."""

    rows: list[tuple[int, str]] = field(default_factory=list)
    tags: set[str] = field(default_factory=set)
    size: int = 0

    def add(self, number: int, line: str, tag: str) -> None:
        self.tags.add(tag)
        self.size += len(line)
        if self.size <= MAX_RECORD_BYTES or not self.rows:
            self.rows.append((number, line))

    def ends_before(self, tag: str) -> bool:
        return tag in _LEADERS or (tag == "001" and tag in self.tags)


def _gathered(lines: Iterable[tuple[int, str]]) -> Iterator[_Lines]:
    """The lines of each record; the last one comes before an end that cannot be read is told."""
    record = _Lines()
    try:
        for number, line in lines:
            found = _of_field(line)
            tag = found["tag"] if found else ""
            if record.rows and record.ends_before(tag):
                yield record
                record = _Lines()
            record.add(number, line, tag)
    except Unreadable:
        if record.rows:
            yield record
        raise
    if record.rows:
        yield record


def _of_field(line: str) -> re.Match[str] | None:
    return (_MNEMONIC if line.startswith("=") else _SHOWN).fullmatch(line)


def _record(given: _Lines, index: int) -> ParsedRecord | BadRecord:
    locus = f"line {given.rows[0][0]}"
    excerpt = "\n".join(text for _, text in given.rows[:1000]).encode()[:EXCERPT_BYTES]
    if given.size > MAX_RECORD_BYTES:
        params = {"size": str(given.size), "limit": str(MAX_RECORD_BYTES)}
        return BadRecord(Defect("record.too_large", locus, params), index, excerpt)
    leader, fields, defects = _fields_of(given)
    if not fields:
        return BadRecord(Defect("marc.field", locus, {"reason": Sentence("no field could be read")}), index, excerpt)
    leader, more = tidy_leader(leader)
    return mended(ParsedRecord("marc21", [leader, fields], index, locus, defects=(*more, *defects)))


def _fields_of(given: _Lines) -> tuple[str, list[MarcField], list[Defect]]:
    """The leader as it stands, the fields, and what could not be read."""
    leader = ""
    fields: list[MarcField] = []
    defects: list[Defect] = []
    for number, whole in _whole_lines(given.rows):
        found = _of_field(whole)
        if found is None:
            reason = {"reason": Sentence("it is not a line of MARC")}
            defects.append(Defect("marc.field", f"line {number}", reason))
        elif found["tag"] in _LEADERS:
            leader = _blanks(found["rest"])
        else:
            fields.append(_field(found))
            if _has_unknown_name(found["rest"]):
                reason = {"reason": Sentence("a named character is not known")}
                defects.append(Defect("marc.field", found["tag"], reason))
    return leader, fields, defects


def _whole_lines(rows: list[tuple[int, str]]) -> Iterator[tuple[int, str]]:
    """Fields of .mrk with the lines they go on over: one that does not begin with = belongs to the one before."""
    waiting: list[str] = []
    begun = 0
    for number, line in rows:
        if waiting and waiting[0].startswith("=") and not line.startswith("="):
            waiting.append(line.strip())
            continue
        if waiting:
            yield begun, " ".join(waiting)
        waiting, begun = [line], number
    if waiting:
        yield begun, " ".join(waiting)


def _field(found: re.Match[str]) -> MarcField:
    tag, rest = found["tag"], found["rest"]
    is_mnemonic = found.re is _MNEMONIC
    starts = _starts(rest) if is_mnemonic else [each.start() for each in _DELIMITERS.finditer(rest)]
    if tag.startswith("00") or (not tag.isdigit() and not starts):
        return [tag, normalize("NFC", _blanks(rest))]
    indicators = rest[:2] if is_mnemonic else found["indicators"]
    outside = rest[2 * is_mnemonic : starts[0]] if starts else rest[2 * is_mnemonic :]
    subfields = [[" ", _text(outside.strip())]] if outside.strip() else []
    for start, end in zip(starts, [*starts[1:], len(rest)], strict=True):
        subfields.append([rest[start + 1], _text(rest[start + 2 : end])])
    return [tag, _blanks(indicators).replace("#", " ").ljust(2), subfields]


def _starts(rest: str) -> list[int]:
    """Where the subfields of a .mrk field begin; a $ without a code is a dollar."""
    return [at for at in range(2, len(rest) - 1) if rest[at] == "$" and rest[at + 1].isalnum()]


def _blanks(text: str) -> str:
    return text.replace("\\", " ").replace("^", " ")


def _has_unknown_name(rest: str) -> bool:
    return "{" in rest and any(all(name not in table for table in _mnemonics()) for name in _NAME.findall(rest))


def _text(value: str) -> str:
    """A value with its mnemonics resolved; unknown ones stay as they stand."""
    if "{" in value:
        marks, characters = _mnemonics()
        value = _NAME.sub(lambda named: characters.get(named[1], named[0]), value)
        value = _marked().sub(lambda group: group[2] + _NAME.sub(lambda named: marks[named[1]], group[1]), value)
    return normalize("NFC", value)


@cache
def _mnemonics() -> tuple[dict[str, str], dict[str, str]]:
    text = resources.files("parsers").joinpath("marc", "mnemonics.toml").read_text("utf-8")
    table = tomllib.loads(text)
    return table["marks"], table["characters"]


@cache
def _marked() -> re.Pattern[str]:
    """One or more marks with the letter they belong to."""
    marks, _ = _mnemonics()
    return re.compile(rf"((?:\{{(?:{'|'.join(marks)})\}})+)([^{{]?)")
