"""The form of a publication in MARC: LDR/06, 007, 008/23, 300, 306, 336-338, 344, 347."""

from __future__ import annotations

import re
from dataclasses import dataclass

from catalogue.record import Description, Extent
from writers.marc.kept import copy, kept, says, write_types
from writers.marc.punctuation import marked
from writers.marc.sheet import Sheet, Subfield
from writers.marc.tables import table

_FORMS = table("forms")
_TERMS = table("terms")
_MARKS = {"b": ":", "c": ";", "e": "+"}  # before these parts of 300
_NUMBERS = re.compile(r"(?<!^)\d|\(")  # a text that counts something, beside its units ("1 verkkoaineisto")


@dataclass(frozen=True, slots=True)
class Form:
    """Codes of MARC: record type (LDR/06), level (LDR/07), RDA carrier ("" = not known) and form of item."""

    kind: str
    level: str
    carrier: str
    item: str

    @property
    def is_online(self) -> bool:
        return self.carrier == "cr"

    @property
    def is_continuing(self) -> bool:
        """Whether 008 is laid out for continuing resources."""
        return self.level in "bis"


def form_of(description: Description) -> Form:
    """What the medium, formats and level of a description are in MARC."""
    carrier = _carrier(description)
    named = _FORMS["item"]["format"]
    item = next((named[f] for f in description.formats if f in named), _FORMS["item"].get(carrier, "|"))
    if carrier == "nc" and item == "r":
        item = " "  # printed as usual; "r" is for reproductions
    kind = "r" if is_board_game(description) else _FORMS["leader"][description.medium]
    return Form(kind, _level(description), carrier, item)


def write_form(sheet: Sheet, form: Form) -> None:
    """007 and 300-347."""
    _physical(sheet, form)
    _extent(sheet, form)
    content = ["tdf"] if form.kind == "r" else _FORMS["content"][sheet.description.medium]
    write_types(sheet, "336", content)
    write_types(sheet, "337", [_FORMS["media"][form.carrier]] if form.carrier else [])
    write_types(sheet, "338", [form.carrier] if form.carrier else [])
    sounds = kept(sheet, "344")
    for field in sounds:
        copy(sheet, field)
    if not sounds and form.kind in "ij" and form.carrier in ("cr", "sd"):
        sheet.add("344", "  ", ("a", sheet.word("sound", "digital")))
    _files(sheet)


def is_board_game(description: Description) -> bool:
    """A game without a file or disc is a thing."""
    return description.medium == "game" and not description.formats


def format_name(name: str) -> str | None:
    """What 020 $q and 347 $b call one of our formats; None where it is a carrier, not a file."""
    row = _FORMS["file"].get(name)
    return row[1] if row else None


def _carrier(description: Description) -> str:
    named: dict[str, str] = _FORMS["carrier_of_format"]
    carrier = next((named[f] for f in description.formats if f in named), None)
    if is_board_game(description):
        return "nr"
    if carrier is None:
        carrier = _FORMS["carrier"][description.medium]
    files = any(f in _FORMS["file"] for f in description.formats)
    return carrier or ("cr" if files else "")


def _level(description: Description) -> str:
    """LDR/07. An issue is a component of its serial; what is serial but no magazine is integrating."""
    by_level = {"monograph": "m", "serial": "s", "issue": "b", "component": "a", "set": "m"}
    if description.level == "serial" and description.medium == "other":
        return "i"
    if description.level == "component" and description.medium == "emagazine":
        return "b"
    return by_level[description.level]


def _physical(sheet: Sheet, form: Form) -> None:
    """007 as a library has it, and of the carrier where that has none."""
    catalogued = [field.value for field in kept(sheet, "007") if field.value]
    alone = [_FORMS["physical"][form.carrier]] if form.carrier in _FORMS["physical"] else []
    online = _FORMS["physical"]["online"].get(form.kind) if form.is_online else None
    told = {value[:1] for value in catalogued}
    for value in (*catalogued, *(made for made in online or alone if made[:1] not in told)):
        sheet.say("007", value)


def _extent(sheet: Sheet, form: Form) -> None:
    extent = sheet.description.extent
    sheet.add("300", "  ", *_described(extent_text(sheet, form), extent))
    if extent.duration_min and sheet.description.medium in ("audiobook", "music", "video"):
        hours, minutes = divmod(extent.duration_min, 60)
        if hours < 100 and not _duration_as_catalogued(sheet, extent.duration_min):
            sheet.add("306", "  ", ("a", f"{hours:02d}{minutes:02d}00"))


def _duration_as_catalogued(sheet: Sheet, minutes: int) -> bool:
    """306 as a library has it, with its seconds and parts, where that is our playing time."""
    fields = kept(sheet, "306")
    times = [value for field in fields for code, value in field.subfields if code == "a"]
    if not times or not all(len(each) == 6 and each.isdigit() for each in times):
        return False
    seconds = sum(int(each[:2]) * 3600 + int(each[2:4]) * 60 + int(each[4:]) for each in times)
    if abs(seconds - minutes * 60) > 60:
        return False
    for field in fields:
        copy(sheet, field)
    return True


def _described(text: str | None, extent: Extent) -> list[Subfield]:
    """The parts of 300, each with ISBD's mark of the next."""
    rows = (("a", text), ("b", extent.illustrations), ("c", extent.dimensions), ("e", extent.accompanying))
    told = [(code, value) for code, value in rows if value]
    marks = [*(_MARKS[code] for code, _ in told[1:]), ""][: len(told)]
    return [(code, marked(value, mark, when=mark)) for (code, value), mark in zip(told, marks, strict=True)]


def extent_text(sheet: Sheet, form: Form) -> str | None:
    """300 $a: as the source wrote it, with the count it does not hold; else made of what is known."""
    extent = sheet.description.extent
    counted = _counted(sheet, extent)
    if extent.text:
        missing = [] if _NUMBERS.search(extent.text) else [text for _, text in counted]
        return f"{extent.text} ({', '.join(missing)})" if missing else extent.text
    inside = ", ".join(text for _, text in counted)
    if form.is_online:
        unit = sheet.word("extent", "cr")
    elif form.carrier in ("nc", ""):
        return inside or None
    else:
        unit = f"1 {_TERMS['carrier'][form.carrier][sheet.language]}"
    return f"{unit} ({inside})" if inside else unit


def _counted(sheet: Sheet, extent: Extent) -> list[tuple[int, str]]:
    if sheet.description.medium in ("audiobook", "music", "video"):
        return [(extent.duration_min, _time(sheet, extent.duration_min))] if extent.duration_min else []
    return [(extent.pages, f"{extent.pages} {sheet.word('extent', 'pages')}")] if extent.pages else []


def _time(sheet: Sheet, minutes: int) -> str:
    hours, rest = divmod(minutes, 60)
    parts = [f"{hours} {sheet.word('extent', 'hours')}"] if hours else []
    if rest or not hours:
        parts.append(f"{rest} {sheet.word('extent', 'minutes')}")
    return " ".join(parts)


def _files(sheet: Sheet) -> None:
    """347: one field for each format; the size stands with the only one."""
    description, catalogued = sheet.description, kept(sheet, "347")
    for field in catalogued:
        copy(sheet, field)
    rows = [_FORMS["file"][f] for f in description.formats if f in _FORMS["file"]]
    rows = [row for row in rows if not any(says(field, "ab", row[1]) for field in catalogued)]
    size = _size(description.extent.size_bytes) if len(rows) < 2 else None
    for kind, name in rows:
        sheet.add("347", "  ", ("a", sheet.word("file", kind)), ("b", name), ("c", size))
    if not rows and size and not any(code == "c" for field in catalogued for code, _ in field.subfields):
        sheet.add("347", "  ", ("c", size))


def _size(size_bytes: int | None) -> str | None:
    if not size_bytes:
        return None
    if size_bytes < 1024 * 1024:
        return f"{round(size_bytes / 1024)} KB"
    return f"{size_bytes / 1024 / 1024:.1f} MB"
