"""Pages, duration and size (ONIX lists 23 and 24), height and width of print (lists 48 and 50), illustrations."""

from __future__ import annotations

import re
from collections.abc import Sequence
from math import ceil

from catalogue.parsed import OnixNode
from mappings.onix.reading import Reading, Values, counted, text_of
from mappings.onix.tables import by_code, codes, table

_NUMBER = re.compile(r"([0-9]{1,12}(?:[.,][0-9]{1,6})?)")
_PACKED = re.compile(r"[0-9]{1,9}")
_CLOCK = re.compile(r"(\d{1,3}):(\d{1,2})(?::(\d{1,2}))?")
_SPELLED = re.compile(
    r"(?:PT)?(?:(\d{1,4}) ?(?:h|t)[a-zäö.]*)? ?(?:(\d{1,6}) ?m[a-zäö.]*)? ?(?:(\d{1,6})(?:[.,]\d+)? ?s[a-zäö.]*)?",
    re.IGNORECASE,
)
_LENGTHS: dict[str, float] = table("extents")["millimetres"]
_TALLEST_CM = 200
_FACTOR = {"bytes": 1, "kilobytes": 1024, "megabytes": 1024 * 1024}


def read_extent(reading: Reading, medium: str, languages: Sequence[str]) -> Values:
    """Whole pages, minutes and bytes; pages told in words stay words; what is nothing or no number is left out."""
    words = reading.text(reading.descriptive, "IllustrationsNote", "DescriptiveDetail")
    found: Values = {"illustrations": words or _illustrated(reading, languages)}
    if medium == "print" and "Measure" in reading.descriptive:
        found["dimensions"] = _dimensions(reading)
    return found | _counts(reading, medium) if "Extent" in reading.descriptive else found


def _illustrated(reading: Reading, languages: Sequence[str]) -> str | None:
    """The one word, in the language of the text, where the sender says no more than that there are illustrations."""
    stated, number = text_of(reading.descriptive, "Illustrated"), text_of(reading.descriptive, "NumberOfIllustrations")
    if not (stated or number):
        return None
    reading.check(stated, 152, "DescriptiveDetail/Illustrated")
    if stated in codes("extents", "illustrated", "no") or not (stated or number.strip("0 ")):
        return None
    words: dict[str, str] = table("extents")["illustrated"]["words"]
    return words.get(languages[0] if languages else "", words["eng"])


def _counts(reading: Reading, medium: str) -> Values:
    found: Values = {}
    pages: dict[str, int] = {}
    words: list[str] = []
    known = codes("extents", "known", "types")
    for node, locus in counted(reading.descriptive, "Extent", "DescriptiveDetail/"):
        kind, value = text_of(node, "ExtentType"), text_of(node, "ExtentValue")
        unit = _unit(reading, node, locus)
        if kind not in known:
            reading.unknown(kind, 23, f"{locus}/ExtentType")
        if kind in table("extents")["duration"]["types"]:
            found["duration_min"] = found.get("duration_min") or minutes_of(value, unit)
        elif kind in table("extents")["size"]["types"]:
            found["size_bytes"] = found.get("size_bytes") or _bytes(value, unit)
        elif unit == "pages" and (count := _count(value)):
            pages.setdefault(kind, count)
        elif unit == "pages" and value.strip("0 "):
            words.append(value)  # "xii, 285 s."
    order = table("extents")["pages"]["print" if medium == "print" else "digital"]
    found["pages"] = next((pages[kind] for kind in order if kind in pages), None)
    found["text"] = words[0] if words and not pages else None
    return found


def _dimensions(reading: Reading) -> str | None:
    """Height in whole centimetres, rounded up; the width too where the book is wider than high, or less than half as
    wide (RDA 3.5.1.4.14)."""
    sides: dict[str, float] = {}
    sides_by_code = by_code("extents", "measures")
    for node, locus in counted(reading.descriptive, "Measure", "DescriptiveDetail/"):
        tag = "MeasureType" if "MeasureType" in node else "MeasureTypeCode"  # 2.1
        kind, unit = text_of(node, tag), text_of(node, "MeasureUnitCode")
        reading.check(kind, 48, f"{locus}/{tag}")
        reading.check(unit, 50, f"{locus}/MeasureUnitCode")
        side = sides_by_code.get(kind)
        if side and side not in sides and unit in _LENGTHS:
            sides[side] = _number(text_of(node, "Measurement")) * _LENGTHS[unit] / 10
    height, width = ceil(round(sides.get("height", 0.0), 2)), ceil(round(sides.get("width", 0.0), 2))
    if not 0 < height < _TALLEST_CM:
        return None
    if width and (width > height or 2 * width < height):
        return f"{height} x {width} cm"
    return f"{height} cm"


def _unit(reading: Reading, node: OnixNode, locus: str) -> str:
    code = text_of(node, "ExtentUnit")
    unit = by_code("extents", "units").get(code)
    if unit is None:
        if code:
            reading.unknown(code, 24, f"{locus}/ExtentUnit")
        return ""
    return unit


def _number(value: str) -> float:
    found = _NUMBER.match(value.replace(" ", ""))
    return float(found[1].replace(",", ".")) if found else 0.0


def _count(value: str) -> int | None:
    return int(_number(value)) or None


def _bytes(value: str, unit: str) -> int | None:
    return int(_number(value) * _FACTOR[unit]) or None if unit in _FACTOR else None


def minutes_of(value: str, unit: str) -> int | None:
    """Whole minutes, at least 1. ``HHHMM`` and ``HHHMMSS`` are also read with colons; ``6 h 11 min``, ``6 t 11 min``
    and ``PT6H11M`` say their own units."""
    clock = _CLOCK.fullmatch(value) or (
        _SPELLED.fullmatch(value) if value[-1:].isalpha() or value[-1:] == "." else None
    )
    if clock:
        minutes = int(clock[1] or 0) * 60 + int(clock[2] or 0) + int(clock[3] or 0) / 60
    elif unit == "hours":
        minutes = _number(value) * 60
    elif unit == "seconds":
        minutes = _number(value) / 60
    elif unit in ("hours_minutes", "hours_minutes_seconds") and _PACKED.fullmatch(value):
        minutes = _packed(value, seconds=unit == "hours_minutes_seconds")
    elif unit == "minutes":
        minutes = _number(value)
    else:
        return None
    return max(1, round(minutes)) if minutes else None


def _packed(value: str, seconds: bool) -> float:
    """``0061100`` is 6 h 11 min; parts above 59 cannot be what they are said to be: plain minutes then."""
    if not seconds:
        hours, minutes, rest = int(value[:-2] or 0), int(value[-2:]), 0
    else:
        hours, minutes, rest = int(value[:-4] or 0), int(value[-4:-2] or 0), int(value[-2:])
    if minutes > 59 or rest > 59:
        return float(int(value))
    return hours * 60 + minutes + rest / 60
