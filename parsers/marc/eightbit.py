"""MARC data that are not valid UTF-8: whether their bytes are MARC-8, Latin-1 (as cp1252), cp850, or damaged UTF-8.

MARC-8 puts a mark before its letter: ``\\xe4`` is a tilde over what follows, in Latin-1 it is ``ä``. What stands behind
tells them apart.
"""

from __future__ import annotations

import re
from functools import cache
from unicodedata import normalize

from parsers.encoding import counted_sequences, in_utf8
from parsers.marc.marc8 import from_marc8, has_escapes

NAMES = {"cp1252": "Latin-1", "cp850": "cp850"}
NORDIC_MARC8 = re.compile(rb"\xe8[aouAOU]|\xea[aA]")
_ASCII = bytes(range(0x80))
_NORDIC = b"\xc4\xc5\xd6\xe4\xe5\xf6"  # Ä Å Ö ä å ö in Latin-1; marks over or under the next letter in MARC-8
_NEVER_MARC8 = re.compile(
    rb"\xd6|([\xe4\xe5\xf6])(?:\1|[^A-Za-z\xe0-\xfe]|$)"
    rb"|\xe4[^aeinouvyAEINOUVY\xe0-\xfe]|\xe5[^aegiouyAEGIOUY\xe0-\xfe]|\xf6[^bdhklnrtzBDHKLNRTZ\xe0-\xfe]"
)
_NO_MARC8 = re.compile(  # what MARC-8 leaves undefined, and marks over no letter; quotation marks and dashes of Windows
    rb"[\x85\x91-\x97\xaf\xbb\xc9-\xdf\xfc\xfd]|[\xe0-\xfb\xfe](?=[^A-Za-z\xa1-\xfe]|$)"
)
_NO_TEXT = re.compile(rb"[\x80-\x84\x86-\x90\x98-\x9f]")  # of Latin-1, but for marks of Windows
_MARKED_LETTER = re.compile(rb"([\xe0-\xfe])([A-Za-z])")
_IN_DOS_WORD = re.compile(rb"[A-Za-z][\x81\x82\x84\x86\x94][A-Za-z]")
_DOS_LETTERS = b"\x80\x81\x82\x84\x86\x8e\x8f\x90\x94\x99\x9a\xe1"  # Ç ü é ä å Ä Å É ö Ö Ü ß in cp850
_OPEN_END = re.compile(rb"[\xc2-\xf4][\x80-\xbf]*(?=\x1f|$)")  # may be a sequence that was cut off


def is_mostly_utf8(data: bytes, *, declared: bool) -> bool:
    """Whether a record is in UTF-8 all the same: by most of its letters, or by one where it says so itself."""
    if not declared and has_escapes(data):
        return False
    valid, foreign = counted_sequences(data)
    return valid > (0 if declared else foreign)


def encoding_of(data: bytes) -> str | None:
    """The eight-bit encoding a record's data are in, ``cp1252`` or ``cp850``; None where MARC-8 reads as well."""
    if has_escapes(data):
        return None
    if _is_nordic(data):
        return "cp1252"
    high = data.translate(None, _ASCII)
    if not high.translate(None, _DOS_LETTERS) and _IN_DOS_WORD.search(data):
        return "cp850"
    if _NO_TEXT.search(high) or NORDIC_MARC8.search(data) or not _NO_MARC8.search(data):
        return None
    against = len(_NO_MARC8.findall(data))
    return "cp1252" if against > sum(_goes_with(*found) for found in set(_MARKED_LETTER.findall(data))) else None


@cache
def _goes_with(mark: bytes, letter: bytes) -> bool:
    """Whether a mark of MARC-8 stands over a letter that is written with it somewhere."""
    return len(normalize("NFC", from_marc8(mark + letter)[0])) == 1


def _is_nordic(data: bytes) -> bool:
    """Whether a text is Nordic in Latin-1: its ä and ö stand where a mark of MARC-8 has no letter."""
    high = data.translate(None, _ASCII)
    return (
        2 * len(high.translate(None, _NORDIC)) <= len(high)
        and not NORDIC_MARC8.search(data)
        and _NEVER_MARC8.search(data) is not None
    )


def has_no_sequence(field: bytes) -> bool:
    """Whether no character beyond ASCII is in UTF-8."""
    return counted_sequences(field)[0] == 0


def with_latin_letters(field: bytes) -> bytes | None:
    """A field as UTF-8 in which ä, ö or å slipped in from Latin-1; None where what is foreign may be something else."""
    if _OPEN_END.search(field) and not has_no_sequence(field):
        return None
    foreign = in_utf8(field, valid=b"x", foreign=bytes)
    if not _is_nordic(foreign):
        return None
    return in_utf8(field, foreign=lambda run: run.decode("cp1252", "replace").encode("utf-8"))
