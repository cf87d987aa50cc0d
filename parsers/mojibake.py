"""UTF-8 that was read as Windows-1252, Latin-1 or a DOS code page on its way here, and written down like that.

``HÃ¤meenlinna`` and ``H├ñmeenlinna`` are ``Hämeenlinna``. One round is undone, never two. Sequences that may be meant
(``Ã`` at the end of a Portuguese word before a quotation mark) are left as they stand.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any
from unicodedata import normalize

from catalogue.defect import Defect
from catalogue.parsed import MarcField, ParsedRecord

_WINDOWS = {bytes([b]).decode("cp1252", "ignore") or chr(b): b for b in range(256)}
_WINDOWS |= {chr(b): b for b in range(0x80, 0xA0)}  # of Latin-1
_DOS = tuple({bytes([b]).decode(page): b for b in range(256)} for page in ("cp850", "cp437"))
_AFTER = "".join(char for char, byte in _WINDOWS.items() if 0x80 <= byte < 0xC0)
_AFTER_DOS = "".join({char for table in _DOS for char, byte in table.items() if 0x80 <= byte < 0xC0})
_BEGINNINGS = {"ÃÂ": f"[{re.escape(_AFTER)}]", "â": "[€\x80]", "ÄÅ": "[\x80-\x9f\xa1-\xbf]", "├┬": "", "ÔΓ": "Ç"}
_SUSPECT = re.compile("|".join(f"[{first}]{after}" for first, after in _BEGINNINGS.items()))
_FIRST = "".join(_BEGINNINGS)  # to look for each of them takes a hundredth of the time of the pattern
_LETTER = r"[^\W\d_]"
_RUN = re.compile(
    f"[├┬][{re.escape(_AFTER_DOS)}]|[ÔΓ]Ç[{re.escape(_AFTER_DOS)}]"
    f"|â[€\x80][{re.escape(_AFTER)}]"
    f"|Ã[\xa0-\xbf](?={_LETTER})|(?<={_LETTER})Ã[\xa1-\xbf]"
    f"|Ã[{re.escape(''.join(set(_AFTER) - set(map(chr, range(0xA0, 0xC0)))))}](?={_LETTER})"
)


def repaired(text: str) -> str | None:
    """The text as it was meant; None where nothing has to be repaired."""
    if not _is_suspect(text):
        return None
    whole = _decoded(text, _WINDOWS)
    if whole is None:
        whole = _RUN.sub(_meant, text)
    return normalize("NFC", whole) if whole != text else None


def _is_suspect(text: str) -> bool:
    return not text.isascii() and any(map(text.__contains__, _FIRST)) and bool(_SUSPECT.search(text))


def _decoded(text: str, table: dict[str, int]) -> str | None:
    try:
        return bytes([table[char] for char in text]).decode("utf-8")
    except (KeyError, UnicodeDecodeError):
        return None


def _meant(found: re.Match[str]) -> str:
    for table in (*_DOS, _WINDOWS):
        text = _decoded(found[0], table)
        if text is not None:
            return text
    return found[0]


def repaired_field(text: str) -> str | None:
    """A field of ISO 2709, each subfield judged alone; None where nothing has to be repaired."""
    if not _is_suspect(text):
        return None
    pieces = text.split("\x1f")
    mended = [repaired(piece) or piece for piece in pieces]
    return "\x1f".join(mended) if mended != pieces else None


def mojibake(tag: str, given: str, used: str) -> Defect:
    """What was repaired, at the first place where the two differ."""
    at = next((n for n, pair in enumerate(zip(given, used, strict=False)) if pair[0] != pair[1]), 0)
    start = max(0, given.rfind("\x1f", 0, at) + 2 if "\x1f" in given[:at] else 0, at - 10)
    shown = [" ".join(re.sub(r"[\x00-\x1f\x7f-\x9f]", " ", text[start : at + 15]).split()) for text in (given, used)]
    return Defect("text.mojibake", tag, {"given": shown[0], "used": shown[1]})


def mended(record: ParsedRecord) -> ParsedRecord:
    """A MARC record with its texts repaired, one defect for each field that needed it."""
    leader, fields = record.content
    defects: list[Defect] = []
    kept = [_mended_field(field, defects) for field in fields]
    if not defects:
        return record
    return replace(record, content=[leader, kept], defects=(*record.defects, *defects))


def _mended_field(field: MarcField, defects: list[Defect]) -> MarcField:
    pairs: list[Any] = field[2] if len(field) == 3 else []
    changed = [[code, repaired(value) or value] for code, value in pairs]
    if changed != pairs:
        old, new = ("".join(value for _, value in some) for some in (pairs, changed))
        defects.append(mojibake(field[0], old, new))
        return [field[0], field[1], changed]
    return field
