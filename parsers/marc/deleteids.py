"""Lists of deleted ids, as catalogues publish them beside their feeds: CSV with or without a heading, one id a line,
or a JSON array of ids."""

from __future__ import annotations

import re
from collections.abc import Iterator

from catalogue.defect import Defect
from catalogue.parsed import BadRecord, MarcField, ParsedRecord
from catalogue.sentence import Sentence
from parsers.lines import text_lines
from parsers.payload import EXCERPT_BYTES, Payload, Unreadable

DELETED_LEADER = "00000dam a2200000   4500"
_ALEPH_NUMBER = re.compile(r"\W*(?:sys(?:tem|\.)?|doc(?:ument|\.)?)\s*(?:no\.?|num(?:ber)?)\s*", re.IGNORECASE)
_ALEPH_DIGITS = 9
_HEADING = re.compile(
    r"\W*(?:sys|doc|bib|rec|id\b|number|001\W*$|001\s*[,;\t]\D*$|control|mms|ppn|identifier|tietue|tunn|poist"
    r"|radera|borttag|post|delet|removed)",
    re.IGNORECASE,
)
_LONE_HEADING = re.compile(  # of a list without rows
    r"\W*(?:(?:(?:sys|doc|bib|rec|record|system|document|control|mms|deleted|removed)[ _.]*)?(?:no|num|number|ids?|key)"
    r"|sysno|ppn|001|identifier|tietuetunnus|postnummer|post-id)\W*(?:[,;\t|][\w .()-]{0,40})*", re.IGNORECASE
)  # fmt: skip
_OF_A_CATALOGUE = re.compile(r"title|titel|nimeke|author|författ|tekijä|price|pris|hinta|isbn", re.IGNORECASE)
_ID = re.compile(r"(?:\([A-Za-z0-9_-]{2,32}\)\s?)?(?=[^\s()]*\d)[\w.:/?=#%~+-]{1,200}")
_BINARY = re.compile(r"[\x00-\x08\x0e-\x1f]")  # an archive, a picture
_FLAG = re.compile(r"\W*(?:is[ _]?)?(?:delet|poist|radera|borttag|removed)", re.IGNORECASE)
_NOT_DELETED = {"false", "f", "no", "n", "0", "ei", "nej"}
_AGENCY = re.compile(r"\([^()]+\)\s?")
_MEMBER = r"\"\w+\"\s*:\s*(?:\"[^\"]*\"|[-+.\w]+)\s*"  # beside the list, in the object around it
_JSON_START = re.compile(
    rf"\s*(?:\{{\s*(?:{_MEMBER},\s*)*\"\w+\"\s*:\s*)?\[\s*(?=\"[^\"<>\\]{{0,200}}(?:\"|$)|[\d\]]|$)"
)
_JSON_END = re.compile(rf"\]\s*(?:,\s*{_MEMBER})+\}}\s*$")
_JSON_MARKS = " \t\r[]{}\"'"
_SAMPLED = 40  # rows that tell whether a text is such a list
_LONE_ID_DIGITS = 5  # a shorter number that stands alone in a file could be anything


def is_deleteids(head: str) -> bool:
    """Whether a text is such a list: rows that begin with an id, under a heading that names a number or under none."""
    if _is_json_list(head):
        return True
    if head.startswith("%PDF") or _BINARY.search(head):
        return False
    lines = [line for line in head.splitlines() if line.strip() and not _is_comment(line)][: _SAMPLED + 1]
    if not lines or _OF_A_CATALOGUE.search(lines[0]):
        return False
    if len(lines) == 1 and _LONE_HEADING.fullmatch(lines[0]):
        return True
    headed = _is_heading(lines[0])
    rows = lines[headed:]
    whole = rows[:-1] or rows  # the last line may be cut
    if not rows or max(len(line) for line in whole) > 200:
        return False
    if not headed and len(rows) == 1 and sum(map(str.isdigit, rows[0])) < _LONE_ID_DIGITS:
        return False
    return all(_ID.fullmatch(own) for line in whole if (own := _columns(line)[0]))


def parse_deleteids(payload: Payload) -> Iterator[ParsedRecord | BadRecord]:
    """One deletion for each id. A system number of Aleph is written without zeros here, with nine digits in 001.

    The agency of ``(FI-MELINDA)001234567`` goes to 035; of an address the last part is the id.
    """
    index = 0
    try:
        for place, own, other in _rows(payload):
            index += 1
            if _ID.fullmatch(own):
                yield _deletion(own, index, place, other)
            else:
                reason = {"reason": Sentence("it does not begin with an id")}
                yield BadRecord(Defect("marc.field", place, reason), index, own.encode()[:EXCERPT_BYTES])
    except Unreadable as fault:
        yield BadRecord(fault.defect, index + 1, fault.excerpt, ends_payload=True)


def _rows(payload: Payload) -> Iterator[tuple[str, str, str]]:
    """The place, the id and the number beside it of each row; not of those that a column says are not deleted."""
    pad = in_json = False
    flag = 0
    begun = False
    for number, line in text_lines(payload):
        place = f"line {number}"
        if _is_comment(line):
            continue
        opening = not begun
        begun = True
        in_json = in_json or (opening and _is_json_list(line))
        if in_json or (opening and _is_row_of_ids(line)):
            bare = _JSON_END.sub("", _JSON_START.sub("", line, count=1) if opening else line)
            yield from ((place, own, "") for token in bare.split(",") if (own := token.strip(_JSON_MARKS)))
        elif opening and (_is_heading(line) or _LONE_HEADING.fullmatch(line)):
            payload.says_empty = True  # should no row follow
            flag = next((n for n, name in enumerate(_cells(line)) if n and _FLAG.match(name)), 0)
            pad = _ALEPH_NUMBER.fullmatch(_columns(line)[0]) is not None
        else:
            own, other = _columns(line)
            own = own.zfill(_ALEPH_DIGITS) if pad and own.isdigit() else own
            if own and not (flag and "".join(_cells(line)[flag : flag + 1]).lower() in _NOT_DELETED):
                yield place, own, other


def _is_comment(line: str) -> bool:
    return line.lstrip("\ufeff ").startswith(("#", "//"))


def _is_json_list(text: str) -> bool:
    return _JSON_START.match(text.lstrip("\ufeff")) is not None


def _is_row_of_ids(line: str) -> bool:
    """Whether a line is the whole list: at least three numbers of one length."""
    numbers = [number.strip() for number in line.split(",")]
    return len(numbers) > 2 and all(n.isdigit() for n in numbers) and len({len(n) for n in numbers}) == 1


def _is_heading(line: str) -> bool:
    own = _columns(line)[0]
    if _HEADING.match(line.lstrip("\ufeff\"' ")) and (own == "001" or not re.search(r"\d\d", own)):
        return True
    return not any(map(str.isdigit, line)) and _ALEPH_NUMBER.match(own) is not None


def _columns(line: str) -> tuple[str, str]:
    """The first two columns, which hold numbers: no delimiter ever stands inside them."""
    own, other, *_ = [*_cells(line), ""]
    return own, other


def _cells(line: str) -> list[str]:
    return [cell.strip(" \"\r\ufeff'") for cell in re.split(r"[,;\t|]", line)]


def _deletion(written: str, index: int, place: str, other: str) -> ParsedRecord:
    own = _AGENCY.sub("", written)
    if "://" in own or own.lower().startswith("oai:"):
        own = own.rstrip("/").rpartition("/")[2].rpartition(":")[2].partition("#")[0]
    numbers = [number for number in (written, other) if _AGENCY.match(number)]
    return deleted_record(own, index, place, *numbers)


def deleted_record(own_id: str, index: int, locus: str, *other_numbers: str) -> ParsedRecord:
    """A MARC record that says no more than that `own_id` is deleted (LDR/05 = d); other numbers go to 035."""
    fields: list[MarcField] = [["001", own_id]]
    fields += [["035", "  ", [["a", number]]] for number in other_numbers]
    return ParsedRecord("marc21", [DELETED_LEADER, fields], index, locus)
