"""Aleph sequential: one field a line, as the Aleph library system exports it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import groupby
from unicodedata import normalize

from catalogue.defect import Defect
from catalogue.parsed import BadRecord, MarcField, ParsedRecord
from catalogue.sentence import Sentence
from parsers.lines import text_lines
from parsers.marc.deleteids import DELETED_LEADER
from parsers.marc.leader import tidy_leader
from parsers.mojibake import mended
from parsers.payload import Payload, Unreadable

_LINE = re.compile(r"(\d{9}) (.{3})(.)(.) L (.*)", re.DOTALL)
_LEADER, _FORMAT = "LDR", "FMT"
_DELETED = "DEL"  # $a Y: Aleph's own mark of a deleted record, with or without d in the leader


def is_alephseq(head: str) -> bool:
    """Whether the first line is a field of Aleph."""
    return _LINE.match(head.lstrip("\ufeff").partition("\n")[0]) is not None


def parse_alephseq(payload: Payload) -> Iterator[ParsedRecord | BadRecord]:
    """Records in order: the lines that follow each other with one system number."""
    index = 0
    try:
        for own, lines in groupby(text_lines(payload), key=lambda line: line[1][:9]):
            index += 1
            found = _record(own, list(lines), index)
            notes = payload.take_notes() if isinstance(found, ParsedRecord) else ()
            if isinstance(found, ParsedRecord) and notes:
                found = ParsedRecord("marc21", found.content, index, found.locus, defects=found.defects + notes)
            yield found
    except Unreadable as fault:
        yield BadRecord(fault.defect, index + 1, fault.excerpt, ends_payload=True)


def _record(own: str, lines: list[tuple[int, str]], index: int) -> ParsedRecord | BadRecord:
    leader, fields = "", []
    defects: list[Defect] = []
    locus = f"line {lines[0][0]}"
    for number, line in lines:
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
    if not fields:
        excerpt = "\n".join(text for _, text in lines).encode()
        return BadRecord(
            Defect("marc.field", locus, {"reason": Sentence("no field could be read")}), index, excerpt[: 64 * 1024]
        )
    if all(field[0] != "001" for field in fields):
        fields.insert(0, ["001", own])
    deleted = any(tag == _DELETED and value[-1:] == [["a", "Y"]] for tag, *_, value in fields)
    leader, more = tidy_leader(leader or (DELETED_LEADER if deleted else ""))
    if deleted:
        leader = leader[:5] + "d" + leader[6:]
    return mended(ParsedRecord("marc21", [leader, fields], index, locus, defects=(*more, *defects)))


def _field(tag: str, indicators: str, value: str) -> MarcField:
    if "$$" not in value and (tag.startswith("00") or not tag.isdigit()):
        return [tag, normalize("NFC", value.replace("^", " "))]
    first, *rest = value.split("$$")
    subfields = [[piece[0], normalize("NFC", piece[1:])] for piece in rest if piece]
    return [tag, indicators, ([[" ", normalize("NFC", first)]] if first.strip() else []) + subfields]
