"""The text of a MARC record: ASCII, else strict UTF-8, else MARC-8 or eight-bit text, whatever leader/09 says.

Always NFC. The unit is the field: records exist in which one field kept its MARC-8 when the rest was converted.
"""

from __future__ import annotations

import re
from unicodedata import normalize

from catalogue.defect import Defect
from catalogue.sentence import Sentence
from parsers.marc import eightbit
from parsers.marc.marc8 import REPLACEMENT, from_marc8, has_escapes, without_escapes
from parsers.mojibake import mojibake, repaired_field

FIELD_END = b"\x1e"
_CONTROLS = bytes(c for c in range(0x20) if c not in (0x09, 0x0A, 0x0D, 0x1B, 0x1E, 0x1F)) + b"\x7f"
_NOT_PLAIN = _CONTROLS + b"\x1b"
_C1_CONTROL = re.compile(rb"\xc2[\x80-\x9f]")  # in UTF-8
_CONTROL_RUN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1d\x7f-\x9f]+")
_BETWEEN_LETTERS = re.compile(r"(?<=\w)(?<!\x1f\w)[\x00-\x08\x0b\x0c\x0e-\x1d\x7f-\x9f]+(?=\w)")
_NAMES = {"a": "UTF-8", " ": "MARC-8"}
_ODD_CODE = re.compile(r"\x1f[^\x00-\x7f]")


def plain_fields(data: bytes) -> list[str] | None:
    """The fields of a record's data where they are ASCII without control characters, which most are; else None."""
    if data.isascii() and len(data.translate(None, _NOT_PLAIN)) == len(data):
        return data.decode("ascii").split("\x1e")
    return None


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
            text = _composed(text)
            texts, defects = _mended(text.split("\x1e"), tags)
            if _ODD_CODE.search(text):
                defects = (*_odd_codes(texts, tags), *defects)
            if coding != "a":
                defects = (_disagreement(coding, "UTF-8"), *defects)
        if len(data.translate(None, _CONTROLS)) == len(data) and not _C1_CONTROL.search(data):
            return texts, defects
        return _without_controls(texts, defects, tags)
    return _field_by_field(data, coding, tags)


def _composed(text: str) -> str:
    """NFC, within each subfield: a mark at the beginning of a text does not change the code before it."""
    whole = normalize("NFC", text)
    if not _ODD_CODE.search(whole):
        return whole
    return "\x1f".join(piece[:1] + normalize("NFC", piece[1:]) for piece in text.split("\x1f"))


def _mended(texts: list[str], tags: list[str]) -> tuple[list[str], tuple[Defect, ...]]:
    """Fields that show UTF-8 in another encoding, repaired."""
    found = []
    for number, text in enumerate(texts):
        used = repaired_field(text)
        if used is not None:
            texts[number] = used
            found.append(mojibake(tags[number] if number < len(tags) else "", text, used))
    return texts, tuple(found)


def _odd_codes(texts: list[str], tags: list[str]) -> tuple[Defect, ...]:
    reason = {"reason": Sentence("a subfield code is no letter or digit")}
    odd = [number for number, text in enumerate(texts) if not text.isascii() and _ODD_CODE.search(text)]
    return tuple(Defect("marc.field", tags[number] if number < len(tags) else "", reason) for number in odd)


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
    mostly_utf8 = eightbit.is_mostly_utf8(data, declared=coding == "a")
    coded = None if mostly_utf8 else eightbit.encoding_of(data)
    for number, field in enumerate(data.split(FIELD_END)):
        text, used, whole = decoded(field, mostly_utf8=mostly_utf8, coded=coded)
        texts.append(text)
        if used and used != _NAMES.get(coding):
            foreign = used
        if not whole:
            defects.append(Defect("marc.bytes", tags[number] if number < len(tags) else ""))
    if foreign:
        defects.insert(0, _disagreement(coding, foreign))
    texts, repairs = _mended(texts, tags)
    return _without_controls(texts, (*defects, *_odd_codes(texts, tags), *repairs), tags)


def decoded(field: bytes, *, mostly_utf8: bool = False, coded: str | None = None) -> tuple[str, str | None, bool]:
    """A field's text, what it was read as (None: ASCII says nothing), and whether every byte was valid.

    `mostly_utf8`: the rest of the record is UTF-8, so that a single bad byte does not make a field MARC-8.
    `coded`: what is not UTF-8 is in this eight-bit encoding.
    """
    if field.isascii() and not has_escapes(field):
        return field.decode("ascii"), None, True
    try:
        without_escapes(field).decode("utf-8")
    except UnicodeDecodeError:
        return _foreign(field, mostly_utf8, coded)
    if not has_escapes(field):
        return _composed(field.decode("utf-8")), "UTF-8", True
    text, whole = from_marc8(field, high_utf8=True)
    return _composed(text), "MARC-8" if field.isascii() else "UTF-8 with MARC-8", whole


def _foreign(field: bytes, mostly_utf8: bool, coded: str | None) -> tuple[str, str, bool]:
    """A field that is not UTF-8."""
    if not has_escapes(field):
        if mostly_utf8:
            return _in_utf8(field)
        if coded:
            text = field.decode(coded, "replace")
            return text, eightbit.NAMES[coded], REPLACEMENT not in text
    text, whole = from_marc8(field)
    return _composed(text), "MARC-8", whole


def _in_utf8(field: bytes) -> tuple[str, str, bool]:
    """A field of a record in UTF-8: what is not valid in it may be Latin-1 or MARC-8, or damage."""
    if (letters := eightbit.with_latin_letters(field)) is not None:
        return _composed(letters.decode("utf-8")), "UTF-8 with cp1252", True
    if eightbit.has_no_sequence(field) and eightbit.NORDIC_MARC8.search(field):
        text, whole = from_marc8(field)
        if whole:
            return _composed(text), "MARC-8", True
    return _composed(field.decode("utf-8", "replace")), "UTF-8", False


def _disagreement(coding: str, used: str) -> Defect:
    return Defect("marc.encoding", "LDR/09", {"declared": _NAMES.get(coding, repr(coding)), "used": used})


def as_shown(data: bytes) -> str:
    """Bytes for a message: ASCII, the rest replaced."""
    return re.sub(r"[^\x20-\x7e]", REPLACEMENT, data.decode("latin-1"))
