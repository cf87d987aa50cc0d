"""The text of a MARC record: ASCII, else strict UTF-8, else MARC-8 or Latin-1, whatever leader/09 says. Always NFC.

The unit is the field: records exist in which one field kept its MARC-8 escapes when the rest was converted.
"""

from __future__ import annotations

import re
from unicodedata import normalize

from catalogue.defect import Defect
from parsers.encoding import judged
from parsers.marc.marc8 import REPLACEMENT, from_marc8, has_escapes
from parsers.mojibake import mojibake, repaired_field

FIELD_END = b"\x1e"
_CONTROLS = bytes(c for c in range(0x20) if c not in (0x09, 0x0A, 0x0D, 0x1B, 0x1E, 0x1F)) + b"\x7f"
_C1_CONTROL = re.compile(rb"\xc2[\x80-\x9f]")  # in UTF-8
_CONTROL_RUN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1d\x7f-\x9f]+")
_BETWEEN_LETTERS = re.compile(r"(?<=\w)[\x00-\x08\x0b\x0c\x0e-\x1d\x7f-\x9f]+(?=\w)")
_NAMES = {"a": "UTF-8", " ": "MARC-8"}
_NORDIC = b"\xc4\xc5\xd6\xe4\xe5\xf6"  # Ä Å Ö ä å ö in Latin-1; marks over or under the next letter in MARC-8
_NORDIC_MARC8 = re.compile(rb"\xe8[aouAOU]|\xea[aA]")
_NEVER_MARC8 = re.compile(
    rb"\xd6|([\xe4\xe5\xf6])(?:\1|[^A-Za-z\xe0-\xfe]|$)"
    rb"|\xe4[^aeinouvyAEINOUVY\xe0-\xfe]|\xe5[^aegiouyAEGIOUY\xe0-\xfe]|\xf6[^bdhklnrtzBDHKLNRTZ\xe0-\xfe]"
)


def decoded_fields(data: bytes, coding: str, tags: list[str]) -> tuple[list[str], tuple[Defect, ...]]:
    """The fields of a record's data, split at the field terminator. `coding` is leader/09.

    `tags` name the fields for the loci of `marc.encoding` (once per record) and `marc.bytes` (once per field).
    """
    defects: tuple[Defect, ...] = ()
    if b"\x1b" not in data:
        try:
            text = data.decode("utf-8")
        except UnicodeDecodeError:
            return _field_by_field(data, coding, tags)
        if text.isascii():
            texts = text.split("\x1e")
        else:
            texts, defects = _mended(normalize("NFC", text).split("\x1e"), tags)
            if coding != "a":
                defects = (_disagreement(coding, "UTF-8"), *defects)
        if len(data.translate(None, _CONTROLS)) == len(data) and not _C1_CONTROL.search(data):
            return texts, defects
        return _without_controls(texts, defects, tags)
    return _field_by_field(data, coding, tags)


def _mended(texts: list[str], tags: list[str]) -> tuple[list[str], tuple[Defect, ...]]:
    """Fields that show UTF-8 in another encoding, repaired."""
    found = []
    for number, text in enumerate(texts):
        used = repaired_field(text)
        if used is not None:
            texts[number] = used
            found.append(mojibake(tags[number] if number < len(tags) else "", text, used))
    return texts, tuple(found)


def _without_controls(
    texts: list[str], defects: tuple[Defect, ...], tags: list[str]
) -> tuple[list[str], tuple[Defect, ...]]:
    """Control characters out (non-sorting marks 88 and 89 among them); a space where one stood between letters."""
    found = []
    for number, text in enumerate(texts):
        if _CONTROL_RUN.search(text):
            texts[number] = _CONTROL_RUN.sub("", _BETWEEN_LETTERS.sub(" ", text))
            found.append(Defect("text.control_characters", tags[number] if number < len(tags) else ""))
    return texts, (*defects, *found)


def _field_by_field(data: bytes, coding: str, tags: list[str]) -> tuple[list[str], tuple[Defect, ...]]:
    defects: list[Defect] = []
    texts: list[str] = []
    foreign: str | None = None
    mostly_utf8 = coding == "a" and judged(data)[1] in ("utf-8", "utf-8 with cp1252")
    latin = not mostly_utf8 and _is_latin(data)
    for number, field in enumerate(data.split(FIELD_END)):
        text, used, whole = decoded(field, mostly_utf8=mostly_utf8, latin=latin)
        texts.append(text)
        if used and used != _NAMES.get(coding):
            foreign = used
        if not whole:
            defects.append(Defect("marc.bytes", tags[number] if number < len(tags) else ""))
    if foreign:
        defects.insert(0, _disagreement(coding, foreign))
    texts, repairs = _mended(texts, tags)
    return _without_controls(texts, (*defects, *repairs), tags)


def _is_latin(data: bytes) -> bool:
    """Whether a record is Nordic text in Latin-1: its ä and ö stand where a mark of MARC-8 has no letter."""
    high = [byte for byte in data if byte >= 0x80]
    return (
        2 * sum(byte in _NORDIC for byte in high) >= len(high)
        and not has_escapes(data)
        and not _NORDIC_MARC8.search(data)
        and _NEVER_MARC8.search(data) is not None
    )


def decoded(field: bytes, *, mostly_utf8: bool = False, latin: bool = False) -> tuple[str, str | None, bool]:
    """A field's text, what it was read as (None: ASCII says nothing), and whether every byte was valid.

    `mostly_utf8`: the rest of the record is UTF-8, so that a single bad byte does not make a field MARC-8.
    `latin`: what is not UTF-8 is Latin-1 (as cp1252, which has its quotation marks and dashes too).
    """
    if not has_escapes(field):
        if field.isascii():
            return field.decode("ascii"), None, True
        try:
            return normalize("NFC", field.decode("utf-8")), "UTF-8", True
        except UnicodeDecodeError:
            if mostly_utf8:
                return normalize("NFC", field.decode("utf-8", "replace")), "UTF-8", False
            if latin:
                text = field.decode("cp1252", "replace")
                return text, "Latin-1", REPLACEMENT not in text
    text, whole = from_marc8(field)
    return normalize("NFC", text), "MARC-8", whole


def _disagreement(coding: str, used: str) -> Defect:
    return Defect("marc.encoding", "LDR/09", {"declared": _NAMES.get(coding, repr(coding)), "used": used})


def as_shown(data: bytes) -> str:
    """Bytes for a message: ASCII, the rest replaced."""
    return re.sub(r"[^\x20-\x7e]", REPLACEMENT, data.decode("latin-1"))
