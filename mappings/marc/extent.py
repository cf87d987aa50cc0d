"""Extent: pages, playing time and size out of 300 and 306."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from mappings.marc.draft import Draft, Subfields, Values, every
from mappings.marc.kept import kept_field
from mappings.marc.punctuation import trim_statement
from mappings.marc.tables import alternatives, table

_TABLE = table("marc_words")["extent"]
_COUNT = r"[\[(]?(?:(?:\d+|[ivxlcdm]+)[\])]?\s*[-–]\s*[\[(]?)?(?:\d+|[ivxlcdm]+)[\])]?"
_PAGES = re.compile(
    rf"(?<![\w.])(?P<counts>(?:{_COUNT}[\s,.+&]{{1,3}}){{0,30}}{_COUNT})\s*(?:(?:{alternatives(_TABLE['unnumbered'])})\s+)?"
    rf"(?:{alternatives(_TABLE['pages'])})(?!\w|\.?\s*[lℓ](?:\W|$)|\.?\s*leaves)",
    re.IGNORECASE,
)
_RANGE = re.compile(r"(?:^|[\s(])(?:s|p|pp|sivut|sidorna|sid)\.?\s*\[?(\d+)\s*[-–]\s*(\d+)", re.IGNORECASE)
_NUMBERS = re.compile(r"(\[?)(\d+)")
_CLOCK = re.compile(r"(?<![\d:])(\d{1,3}):([0-5]\d)(?::([0-5]\d))?(?![\d:])")
_FRACTIONS = str.maketrans({"¼": ",25", "½": ",5", "¾": ",75"})
_TIME = re.compile(
    rf"(?<![\w.,])(?=\d)(?:(?P<hours>\d{{1,3}})(?:\.(?P<clock>[0-5]\d)|[.,](?P<part>\d{{1,2}}))?\s*"
    rf"(?:{alternatives(_TABLE['hours'])})\.?(?![^\W\d_]),?\s*"
    rf"(?:ja\s+|och\s+|and\s+)?)?(?:(?P<minutes>\d{{1,4}})\s*(?:{alternatives(_TABLE['minutes'])})\.?(?!\w),?\s*)?"
    rf"(?:(?P<seconds>\d{{1,2}})\s*(?:{alternatives(_TABLE['seconds'])})\.?(?!\w))?",
    re.IGNORECASE,
)
_SIZE = re.compile(r"(?<![\w.,])(\d+(?:[.,]\d+)?)\s*(k|m|g)(?:t|b|ilo|ega)\w*", re.IGNORECASE)
_BESIDE = {"b": "illustrations", "c": "dimensions", "e": "accompanying"}
_LONGEST = 500  # characters of a 300 $a that are read for numbers
_BYTES = {"k": 1024, "m": 1024**2, "g": 1024**3}


class _Read(NamedTuple):
    text: str  # without the mark before $b or $e
    pages: int | None
    minutes: int | None
    size_bytes: int | None


def extent_field(draft: Draft, _tag: str, _: str, subfields: Subfields) -> None:
    """300: $a with its unit ($f, $g), and what stands beside it ($b, $c, $e)."""
    for code, value in subfields:
        if code == "a" and value.strip():
            draft.extents.append(value)
        elif code in "fg" and draft.extents:
            draft.extents[-1] = f"{draft.extents[-1].rstrip()} {value}"
        elif code in _BESIDE and (text := trim_statement(value.strip(" +"))):
            draft.described.setdefault(_BESIDE[code], []).append(text)


def duration_field(draft: Draft, tag: str, indicators: str, subfields: Subfields) -> None:
    """306: hhmmss, one subfield for each part; kept for its seconds and parts."""
    kept_field(draft, tag, indicators, subfields)
    draft.durations.extend(every(subfields, "a"))


def settle_extent(draft: Draft) -> Values:
    """The first count of each kind that 300 gives; playing time from 306 where 300 has none. Minutes are rounded."""
    heard = draft.content in ("spoken", "music", "video")
    found: Values = {}
    texts = []
    for text in draft.extents:
        bare, pages, minutes, size = _read(text)
        texts.append(bare)
        if not heard and pages is not None:
            found.setdefault("pages", pages)
        if minutes is not None and (heard or pages is None):
            found.setdefault("duration_min", minutes)
        if size is not None:
            found.setdefault("size_bytes", size)
    if texts:
        found["text"] = " ; ".join(texts) or None
    for part, said in draft.described.items():
        found[part] = " ; ".join(said)
    if "duration_min" not in found and draft.durations:
        found["duration_min"] = sum(filter(None, map(_played, draft.durations))) or None
    return found


@lru_cache(maxsize=2048)
def _read(text: str) -> _Read:
    short = text[:_LONGEST]
    return _Read(trim_statement(text.rstrip(" +")), pages_in(short), minutes_in(short), _size_in(short))


def pages_in(text: str) -> int | None:
    """Pages of an extent: the arabic count ("xii, 285 p." is 285), unnumbered pages only where there are no others."""
    counts = [count for found in _PAGES.finditer(text) for count in _NUMBERS.findall(found["counts"])]
    if counts:
        plain = [int(number) for bracket, number in counts if not bracket]
        return max(plain or [int(number) for _, number in counts]) or None
    span = _RANGE.search(text)
    return int(span[2]) - int(span[1]) + 1 if span and int(span[2]) >= int(span[1]) else None


def minutes_in(text: str) -> int | None:
    """Playing time in minutes: "7 h 32 min", "11 tim.", "7h30min", "7½ tim.", "7.30 h" (by the clock), "2:30:00"."""
    clock = _CLOCK.search(text)
    if clock:
        one, two, three = int(clock[1]), int(clock[2]), clock[3]
        return _minutes(one * 3600 + two * 60 + int(three) if three else one * 60 + two)
    for found in _TIME.finditer(text if text.isascii() else text.translate(_FRACTIONS)):
        if found["hours"] or found["minutes"]:
            part = round(float(f"0.{found['part'] or 0}") * 3600) + int(found["clock"] or 0) * 60
            whole = int(found["hours"] or 0) * 3600 + part + int(found["minutes"] or 0) * 60
            return _minutes(whole + int(found["seconds"] or 0))
    return None


def _played(text: str) -> int | None:
    """Minutes of a 306: its six digits, or words as in 300."""
    return minutes_in(text) if re.search(r"[^\W\d_]", text) else _minutes(_clock_seconds(text))


def _clock_seconds(text: str) -> int:
    digits = re.sub(r"\D", "", text).rjust(6, "0")[:6]
    return int(digits[:2]) * 3600 + int(digits[2:4]) * 60 + int(digits[4:])


def _minutes(seconds: int) -> int | None:
    return round(seconds / 60) or None


def _size_in(text: str) -> int | None:
    found = _SIZE.search(text)
    return round(float(found[1].replace(",", ".")) * _BYTES[found[2].lower()]) if found else None
