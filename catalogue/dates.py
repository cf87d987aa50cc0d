"""Dates as records give them: partial, in many shapes, sometimes impossible. Ours are ISO 8601, maybe partial."""

from __future__ import annotations

import re
from datetime import date, datetime

_ISO = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?")
_NOT_DIGITS = re.compile(r"\D")
_CUT = {"02": (6, 4), "03": (5, 4), "04": (5, 4), "06": (16, 8), "07": (12, 6), "08": (12, 4), "09": (10, 4),
        "10": (10, 4), "11": (8, 4)}  # fmt: skip
"""Format of ONIX list 55 → how many digits it has, and how many of them we keep."""
_DAY_FIRST = re.compile(r"([0-9]{1,2})\.([0-9]{1,2})\.([0-9]{4})")  # as Finnish writes a date
_TEXT, _HIJRI = "12", ("20", "21", "25", "32")
_YEAR = re.compile(r"(?<!\d)(1[4-9]\d\d|20\d\d)(?!\d)")


def partial_date(year: str, month: str = "", day: str = "") -> str | None:
    """``2021``, ``2021-05`` or ``2021-05-03``; None where the calendar has no such date. Empty or ``00`` = unknown."""
    try:
        if not month.strip("0 "):
            date(int(year), 1, 1)
            return f"{int(year):04d}"
        if not day.strip("0 "):
            date(int(year), int(month), 1)
            return f"{int(year):04d}-{int(month):02d}"
        return date(int(year), int(month), int(day)).isoformat()
    except ValueError:
        return None


def is_partial_date(text: str) -> bool:
    """Whether a text is one of our dates and possible."""
    found = _ISO.fullmatch(text)
    return found is not None and partial_date(*(g or "" for g in found.groups())) is not None


def years_in(text: str) -> tuple[int, ...]:
    """The years 1400-2099 written in a text, in order, as cataloguers write them ("[2019?]", "cop. 2021")."""
    return tuple(int(y) for y in _YEAR.findall(text))


def onix_date(value: str, dateformat: str | None = None) -> str | None:
    """ISO form of an ONIX date (list 55); None if impossible.

    Weeks, quarters and seasons count as their year, a span as its beginning, a text as the first year in it. The
    format is read from the value's own length too, because senders state one and write another.
    """
    text = value.strip()
    if found := _DAY_FIRST.fullmatch(text):
        return partial_date(found[3], found[2], found[1])
    digits = re.sub(r"[-/.]", "", text.split("T")[0])
    if not digits.isdigit() or not digits.isascii():
        years = years_in(text) if dateformat == _TEXT else ()
        return str(years[0]) if years else None
    if dateformat in _HIJRI:
        return None
    length, kept = _CUT.get(dateformat or "", (0, 0))
    if length == len(digits):
        digits = digits[:kept]
    elif len(digits) in (12, 14):
        digits = digits[:8]
    if len(digits) not in (4, 6, 8):
        return None
    return partial_date(digits[:4], digits[4:6], digits[6:8])


def sent_time(value: str | None) -> str | None:
    """A sortable UTC time of a message out of ONIX SentDateTime/SentDate or MARC 005; None if unreadable."""
    if not value:
        return None
    text = value.strip().removesuffix("Z")
    zone = re.search(r"[+-]\d{2}:?\d{2}$", text) if "T" in text else None
    plain = _NOT_DIGITS.sub("", (text[: zone.start()] if zone else text).split(".")[0])[:14].ljust(14, "0")
    if not plain.isascii():
        return None
    day, hour, minute, second = plain[:8], int(plain[8:10]), int(plain[10:12]), int(plain[12:])
    try:
        moment = datetime(int(day[:4]), int(day[4:6]), int(day[6:]), hour, minute, second)
        if zone:
            offset = datetime.strptime(zone[0].replace(":", ""), "%z").utcoffset()
            moment -= offset if offset is not None else moment - moment
    except (ValueError, OverflowError):
        return None
    return f"{moment.isoformat()}Z"
