"""ISO 2709: records framed by their terminator 1D, never by the length they claim."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from itertools import accumulate
from struct import Struct
from typing import NamedTuple

from catalogue.defect import Defect
from catalogue.parsed import BadRecord, MarcContent, MarcField, ParsedRecord
from catalogue.sentence import Sentence
from parsers.marc.leader import LEADER_LENGTH
from parsers.marc.text import as_shown, decoded_fields, plain_fields
from parsers.payload import CHUNK_BYTES, EXCERPT_BYTES, MAX_RECORD_BYTES, Payload

RECORD_END = b"\x1d"
_MOST_ENTRIES = 12 * 2000  # bytes of a directory that is read the fast way
MAX_FIELDS, MAX_SUBFIELDS = 50_000, 200_000  # of one record; in memory each takes far more than its bytes
_IN_LEADER = bytes(range(0x20, 0x80))
_TAGS = {b"%03d" % number: f"{number:03d}" for number in range(1000)}
_BETWEEN = b"\r\n\0\x1a"  # line ends, and what old tools pad with
_BEFORE = re.compile(rb"(?:[\r\n\0\x1a]+|\xef\xbb\xbf)*+")  # with marks of each file that was put into one
_AS_DATA_FIELD = re.compile(r"[ \d]{2}\x1f[a-z\d]")  # of a control field: indicators and a subfield
_LEADER_START = re.compile(rb"\d{5}[a-z][a-z]")
_SECOND_LEADER = re.compile(
    rb"(\x1e)?[\r\n]*(?=(\d{5})[a-z][a-z][a-z][ -~]{2}22\d{5}[ -~]{3}45[ -~]{2}\d{3}\d{4}00000)"
)


OUT_OF_ORDER = Sentence("the lengths and offsets are wrong; the fields were taken in order")


class Frame(NamedTuple):
    """The bytes of one record without terminator, and the byte of the payload they begin at."""

    data: bytes
    offset: int
    ended: bool = True
    too_large: int = 0  # bytes that were skipped to the next terminator


def frames(payload: Payload, offset: int = 0) -> Iterator[Frame]:
    """Pieces between terminators. What is larger than a record may be is skipped, not kept in memory."""
    waiting = b""
    while chunk := payload.read(CHUNK_BYTES):
        pieces = (waiting + chunk).split(RECORD_END)
        waiting = pieces.pop()
        for piece in pieces:
            if piece[:1].isdigit():
                yield Frame(piece, offset)
            else:
                yield from _trimmed(piece, offset)
            offset += len(piece) + 1
        if len(waiting) > MAX_RECORD_BYTES:
            skipped = _skip(payload, len(waiting))
            yield Frame(waiting[:EXCERPT_BYTES], offset, too_large=skipped)
            offset, waiting = offset + skipped, b""
    yield from _trimmed(waiting, offset, ended=False)


def _trimmed(piece: bytes, offset: int, *, ended: bool = True) -> Iterator[Frame]:
    between = _BEFORE.match(piece)
    data = piece[between.end() :] if between else piece
    if data[:1] == b" " and (data.isspace() or data.lstrip()[:5].isdigit()):
        data = data.lstrip()
    if data:
        yield Frame(data, offset + len(piece) - len(data), ended)


def _rejoined(found: Iterable[Frame]) -> Iterator[Frame]:
    """Frames as they come; those that a terminator inside a text has cut are one again.

    They are where the length that the first states is that of all together, and the last alone ends as a record does.
    """
    held: list[Frame] = []
    for frame in found:
        if not held and frame.data.endswith(b"\x1e"):
            yield frame
            continue
        held.append(frame)
        first = held[0]
        stated = int(first.data[:5]) if first.data[:5].isdigit() and not first.too_large else 0
        reached = frame.offset + len(frame.data) + 1 - first.offset
        is_rest = len(held) > 1 and not _LEADER_START.match(frame.data)
        if reached < stated and frame.data[-1:] != b"\x1e" and frame.ended and (is_rest or len(held) == 1):
            continue
        if reached == stated and is_rest and not any(each.too_large for each in held):
            yield first._replace(data=RECORD_END.join(each.data for each in held), ended=frame.ended)
        else:
            yield from held
        held = []
    yield from held


def _skip(payload: Payload, skipped: int) -> int:
    """Read past the next terminator; the bytes passed over in all."""
    while chunk := payload.read(CHUNK_BYTES):
        before, end, rest = chunk.partition(RECORD_END)
        skipped += len(before) + len(end)
        if end:
            payload.put_back(rest)
            break
    return skipped


def parse_iso2709(payload: Payload, offset: int = 0) -> Iterator[ParsedRecord | BadRecord]:
    """Records in order; a piece that is not a record is given as bad and the next one is read.

    `offset` is where the payload begins in the one that places are told of.
    """
    index = 0
    for frame in _rejoined(frames(payload, offset)):
        for whole, glued in _unglued(frame):
            index += 1
            record = read_record(whole, index, (Defect("marc.terminator", f"byte {whole.offset}"),) if glued else ())
            if payload.encoding is None and isinstance(record, ParsedRecord):
                payload.encoding = "utf-8" if record.content[0][9] == "a" else "marc-8"
            yield record


def _unglued(frame: Frame) -> Iterable[tuple[Frame, bool]]:
    """A frame as its records: more than one where a terminator between them is missing.

    A leader in the middle of a field is one only where the length it states is that of the rest: the record before it
    was cut off.
    """
    data = frame.data
    if frame.too_large or data[:5] == b"%05d" % (len(data) + 1):
        return ((frame, False),)
    by_start: dict[int, re.Match[bytes]] = {}
    for cut in _SECOND_LEADER.finditer(data, 1):
        if cut[1] or int(cut[2]) == len(data) + 1 - cut.end():
            by_start.setdefault(cut.end(), cut)
    cuts = list(by_start.values())
    glued = len(cuts) > 0 and b"\x1e" in data[: cuts[0].end()]  # otherwise what stands before is no record
    starts = [0, *(cut.end() for cut in cuts)]
    ends = [*(cut.end(1) if cut[1] else cut.start() for cut in cuts), len(data)]
    return [
        (frame._replace(data=data[start:end], offset=frame.offset + start), glued)
        for start, end in zip(starts, ends, strict=True)
    ]


def read_record(frame: Frame, index: int, defects: tuple[Defect, ...] = ()) -> ParsedRecord | BadRecord:
    """One record, or why it is none, with its place in the payload."""
    place = f"byte {frame.offset}"
    data = frame.data
    if frame.too_large:
        params = {"size": str(frame.too_large), "limit": str(MAX_RECORD_BYTES)}
        return BadRecord(Defect("record.too_large", place, params), index, data)
    if not frame.ended and data[:5] != b"%05d" % (len(data.rstrip(_BETWEEN)) + 1):
        return BadRecord(Defect("payload.truncated", place), index, data[:EXCERPT_BYTES], ends_payload=True)
    content, found = read_content(data)
    if content is None:
        bad = Defect(found[0].code, place, found[0].params)
        return BadRecord(bad, index, data[:EXCERPT_BYTES])
    if not frame.ended:
        found = (Defect("marc.terminator", place), *found)
    return ParsedRecord("marc21", content, index, place, defects=defects + found)


def read_content(data: bytes) -> tuple[MarcContent | None, tuple[Defect, ...]]:
    """Leader and fields of a record without its terminator; None with one defect where there is no record."""
    directory_end = data.find(b"\x1e")
    leader_bytes = data[:LEADER_LENGTH]
    if len(data) < LEADER_LENGTH or directory_end < LEADER_LENGTH - 1 or not _is_leader(leader_bytes):
        return None, (Defect("marc.leader", params={"leader": as_shown(leader_bytes)}),)
    leader, width, defects = _leader(data, directory_end)
    values = data[directory_end + 1 :]
    if len(values) > MAX_FIELDS and (crowd := _crowd(values)):
        return None, (Defect("marc.directory", params={"reason": crowd}),)
    before, ended, last = values.rpartition(b"\x1e")
    if not last.strip(_BETWEEN):
        if not ended:
            return [leader, []], defects
        values = before
    plain = plain_fields(values)
    lengths = [len(part) + 1 for part in plain or values.split(b"\x1e")]
    tags, order, fault = directory_entries(data[width:directory_end], lengths)
    if not tags:
        directory = data[width:directory_end].decode("ascii", "replace")
        tags, parts, fault = _followed(directory, values.split(b"\x1e"), fault)
        values = b"\x1e".join(parts)
        plain = plain_fields(values)
    if not tags:
        return None, (Defect("marc.directory", params={"reason": fault}),)
    if fault:
        defects = (*defects, Defect("marc.directory_repaired", params={"reason": fault}))
    in_order = tags if order is None else _tags_in_order(tags, order)
    texts, text_defects = (plain, ()) if plain else decoded_fields(values, leader[9], in_order)
    named = zip(tags, texts if order is None else [texts[number] for number in order], strict=True)
    fields, field_defects = _fields(named)
    return [leader, fields], (*defects, *field_defects, *text_defects)


def _crowd(values: bytes) -> str:
    """Why a record's data are no record: more fields or subfields than any description has."""
    if (fields := values.count(b"\x1e")) > MAX_FIELDS:
        return Sentence("{count} fields in one record", count=fields)
    subfields = values.count(b"\x1f")
    return Sentence("{count} subfields in one record", count=subfields) if subfields > MAX_SUBFIELDS else ""


def _fields(named: Iterable[tuple[str, str]]) -> tuple[list[MarcField], list[Defect]]:
    fields: list[MarcField] = []
    defects: list[Defect] = []
    for tag, text in named:
        indicators, mark, rest = text.partition("\x1f")
        if rest and len(indicators) == 2 and tag >= "010":
            several = "\x1f" in rest
            pairs = [[s[0], s[1:]] for s in rest.split("\x1f") if s] if several else [[rest[0], rest[1:]]]
            fields.append([tag, indicators, pairs])
        elif not mark and tag < "010" and tag.startswith("00"):
            fields.append([tag, text])
        else:
            field, reason = read_field(tag, text)
            fields.append(field)
            if reason:
                defects.append(Defect("marc.field", tag, {"reason": reason}))
    return fields, defects


def _is_leader(leader: bytes) -> bool:
    """Enough of a leader to read on: 24 printable characters. What they mean is for the mapping to doubt."""
    return not leader.translate(None, _IN_LEADER)


def _leader(data: bytes, directory_end: int) -> tuple[str, int, tuple[Defect, ...]]:
    """The leader, the bytes it takes (25 where a length above 99,999 was written), and where it disagrees."""
    stated = data[:5]
    if data[:6].isdigit() and _is_shifted(data, directory_end):
        return "99999" + data[6 : LEADER_LENGTH + 1].decode("ascii", "replace"), LEADER_LENGTH + 1, ()
    leader = data[:LEADER_LENGTH].decode("ascii", "replace")
    defects: tuple[Defect, ...] = ()
    if stated != b"%05d" % (len(data) + 1):
        params = {"stated": as_shown(stated), "actual": str(len(data) + 1)}
        defects = (Defect("marc.length", "LDR/00-04", params),)
    if data[12:17] != b"%05d" % (directory_end + 1):
        params = {"stated": as_shown(data[12:17]), "actual": str(directory_end + 1)}
        defects = (*defects, Defect("marc.base_address", "LDR/12-16", params))
    return leader, LEADER_LENGTH, defects


def _is_shifted(data: bytes, directory_end: int) -> bool:
    """Whether a length of six digits moved the leader by one; writers may count the sixth digit or not."""
    bases = (b"%05d" % directory_end, b"%05d" % (directory_end + 1))
    return data[13:18] in bases and 0 <= len(data) + 1 - int(data[:6]) <= 1


def directory_entries(directory: bytes, lengths: list[int]) -> tuple[list[str], list[int] | None, str]:
    """Tags of the directory, which field of the data each names (None: in order), and what did not fit.

    Lengths and offsets are checked against `lengths`: those of the fields as they stand, terminators included. Where
    they are wrong but as many fields as entries are there, fields belong to entries in their order. No tags: nothing
    fits.
    """
    if len(directory) == 12 * len(lengths) <= _MOST_ENTRIES and directory.isdigit():
        entries = _entries(len(lengths))(directory)
        expected = [100_000 * size + at for size, at in zip(lengths, accumulate(lengths, initial=0), strict=False)]
        if list(map(int, entries[1::2])) == expected:
            return [_TAGS[tag] for tag in entries[::2]], None, ""
    tags, order, fault = _entries_checked(directory.decode("ascii", "replace"), lengths)
    if not fault and not "".join(tags).isalnum():
        fault = Sentence("a tag holds more than letters and digits")
    return tags, order, fault


@lru_cache(maxsize=512)
def _entries(count: int) -> Callable[[bytes], tuple[bytes, ...]]:
    """Cuts a directory of so many entries into tag, length with offset, tag, length with offset …"""
    return Struct("3s9s" * count).unpack


def _entries_checked(text: str, lengths: list[int]) -> tuple[list[str], list[int] | None, str]:
    """As `directory_entries`, for tags with letters and for lengths and offsets that outgrew their columns."""
    tags: list[str] = []
    place = start = 0
    for length in lengths:
        expected = f"{length:04d}{start:05d}"
        if text[place + 3 : place + 3 + len(expected)] != expected:
            return _entries_out_of_order(text, lengths)
        tags.append(text[place : place + 3])
        place += 3 + len(expected)
        start += length
    if place != len(text):
        return _entries_out_of_order(text, lengths)
    return tags, None, ""


def _entries_out_of_order(text: str, lengths: list[int]) -> tuple[list[str], list[int] | None, str]:
    entries = [text[at : at + 12] for at in range(0, len(text) - 11, 12)]
    starts = {start: number for number, start in enumerate(accumulate(lengths[:-1], initial=0))}
    order = [starts.get(int(e[7:])) if e[7:].isdecimal() else None for e in entries]
    found = [number for number in order if number is not None]
    if len(text) % 12 == 0 and len(set(found)) == len(entries) == len(lengths):
        right = all(e[3:7] == f"{lengths[n]:04d}" for e, n in zip(entries, found, strict=True))
        return [e[:3] for e in entries], found, "" if right else Sentence("the field lengths are wrong")
    if len(text) % 12:
        return [], None, Sentence("its length is {length}, no multiple of 12", length=str(len(text)))
    if len(entries) == len(lengths):
        return [e[:3] for e in entries], None, OUT_OF_ORDER
    return [], None, Sentence("{entries} entries for {fields} fields", entries=len(entries), fields=len(lengths))


def _followed(text: str, parts: list[bytes], reason: str) -> tuple[list[str], list[bytes], str]:
    """What a directory names that has more or fewer entries than there are fields, and what did not fit.

    It is followed where each entry names whole fields: a terminator then stands in a text, a field has no entry, or
    two entries name one field. Otherwise there are no tags, and the `reason` stays.
    """
    ends = list(accumulate((len(part) + 1 for part in parts), initial=0))
    numbers = {end: number for number, end in enumerate(ends)}
    tags: list[str] = []
    named: list[bytes] = []
    used: set[int] = set()
    for entry in (text[at : at + 12] for at in range(0, len(text), 12)):
        length, start = entry[3:7], entry[7:]
        if not (len(entry) == 12 and length.isdecimal() and start.isdecimal() and len(named) <= MAX_FIELDS):
            return [], parts, reason
        first, last = numbers.get(int(start)), numbers.get(int(start) + int(length))
        if first is None or last is None or last <= first:
            return [], parts, reason
        tags.append(entry[:3])
        named.append(b" ".join(parts[first:last]))
        used.update(range(first, last))
    if sum(map(len, named)) > 2 * ends[-1] or any(part and number not in used for number, part in enumerate(parts)):
        return [], parts, reason
    return tags, named, reason


def _tags_in_order(tags: list[str], order: list[int]) -> list[str]:
    named = dict(zip(order, tags, strict=True))
    return [named[number] for number in range(len(tags))]


def read_field(tag: str, text: str) -> tuple[MarcField, str]:
    """One field, and what was wrong with it. Text before the first subfield is kept under the code " "."""
    if tag < "010" and tag.startswith("00"):
        if not _AS_DATA_FIELD.match(text):
            return [tag, text], ""
        return [tag, " ".join(piece[1:] for piece in text.split("\x1f")[1:])], Sentence("a control field has subfields")
    first, *rest = text.split("\x1f")
    subfields = [[piece[0], piece[1:]] for piece in rest if piece]
    if len(first) == 2:
        return [tag, first, subfields], "" if rest else Sentence("it has no subfields")
    if not rest and first and not tag.isdigit():
        return [tag, text], ""
    reason = Sentence("its indicators are not two characters")
    if first[2:].strip():
        subfields.insert(0, [" ", first[2:].strip()])
    return [tag, first[:2].ljust(2), subfields], reason
