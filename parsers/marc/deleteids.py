"""Lists of deleted ids: a CSV whose first column is the record's number, as catalogues publish beside their feeds."""

from __future__ import annotations

import re
from collections.abc import Iterator

from catalogue.parsed import BadRecord, MarcField, ParsedRecord
from parsers.lines import text_lines
from parsers.payload import Payload, Unreadable

DELETED_LEADER = "00000dam a2200000   4500"
_ALEPH_NUMBER = re.compile(r"\W*(?:sys(?:tem|\.)?|doc(?:ument|\.)?)\s*(?:no\.?|num(?:ber)?)\s*", re.IGNORECASE)
_HEADING = re.compile(r"\W*(?:sys|doc|bib|rec|id|number|001|control)", re.IGNORECASE)
_ALEPH_DIGITS = 9


def is_deleteids(head: str) -> bool:
    """Whether a text is such a list: a heading that names a number, then rows that begin with an id."""
    lines = [line for line in head.splitlines() if line.strip()][:6]
    if len(lines) < 2 or not _HEADING.match(lines[0]) or len(lines[0]) > 200:
        return False
    return all(re.match(r"\"?[A-Za-z0-9()_-]{1,32}\"?\s*(?:[,;\t]|$)", line) for line in lines[1:-1] or lines[1:])


def parse_deleteids(payload: Payload) -> Iterator[ParsedRecord | BadRecord]:
    """One deletion for each row. A system number of Aleph is written without zeros here, with nine digits in 001."""
    index = 0
    pad = False
    try:
        for number, line in text_lines(payload):
            own, other = _columns(line)
            if number == 1 and _HEADING.match(line):
                pad = _ALEPH_NUMBER.fullmatch(own) is not None
            elif own:
                index += 1
                own = own.zfill(_ALEPH_DIGITS) if pad and own.isdigit() else own
                yield deleted_record(own, index, f"line {number}", other)
    except Unreadable as fault:
        yield BadRecord(fault.defect, index + 1, fault.excerpt, ends_payload=True)


def _columns(line: str) -> tuple[str, str]:
    """The first two columns, which hold numbers: no delimiter ever stands inside them."""
    own, other, *_ = [*re.split(r"[,;\t]", line), ""]
    return own.strip(' "\r\ufeff'), other.strip(' "\r')


def deleted_record(own_id: str, index: int, locus: str, other_number: str = "") -> ParsedRecord:
    """A MARC record that says no more than that `own_id` is deleted (LDR/05 = d)."""
    fields: list[MarcField] = [["001", own_id]]
    if other_number:
        fields.append(["035", "  ", [["a", other_number]]])
    return ParsedRecord("marc21", [DELETED_LEADER, fields], index, locus)
