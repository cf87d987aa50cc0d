"""Identifiers: normal forms and check digits (ISO 2108 ISBN, ISO 3297 ISSN, GS1 GTIN)."""

from __future__ import annotations

import re

_ISBN_NOISE = re.compile(r"^(?:urn:)?isbn(?:[- ]?1[03](?=[: ]))?[-: ]*|[\s‐-―\-]+", re.IGNORECASE)
_ISBN_FORM = re.compile(r"\d{9}[\dX]|\d{13}")
_GAPS = re.compile(r"[\s-]")
_ISSN_FORM = re.compile(r"(\d{4})-?(\d{3}[\dX])")
_PLACEHOLDERS = re.compile(r"^(?:0+|9{9,}|1234567890|9781234567897|9780000000002|n/?a|none|null|tba|-+)$", re.I)


def is_isbn13(value: str) -> bool:
    """13 digits beginning 978 or 979 with a right check digit."""
    return len(value) == 13 and value.isdigit() and value[:3] in ("978", "979") and is_gtin(value)


def is_gtin(value: str) -> bool:
    """8, 12, 13 or 14 digits with a right GS1 check digit."""
    if not value.isascii() or not value.isdigit() or len(value) not in (8, 12, 13, 14):
        return False
    return (sum(map(int, value[::-2])) + 3 * sum(map(int, value[-2::-2]))) % 10 == 0


def isbn_text(value: str) -> str:
    """The bare digits (and X) of an ISBN as written, without prefix, hyphens and spaces."""
    if value.isdigit():
        return value
    return _ISBN_NOISE.sub("", value.strip()).upper()


def isbn13(value: str) -> str | None:
    """The 13-digit form of a valid ISBN-10 or ISBN-13 in any notation, else None."""
    bare = isbn_text(value)
    if not _ISBN_FORM.fullmatch(bare):
        return None
    if len(bare) == 13:
        return bare if is_isbn13(bare) else None
    weights = sum((10 - n) * (10 if d == "X" else int(d)) for n, d in enumerate(bare))
    if weights % 11:
        return None
    return with_check_digit("978" + bare[:9])


def isbn10(value: str) -> str | None:
    """The ISBN-10 twin of a valid 978 ISBN-13, else None."""
    if not is_isbn13(value) or not value.startswith("978"):
        return None
    body = value[3:12]
    check = -sum((10 - n) * int(d) for n, d in enumerate(body)) % 11
    return body + ("X" if check == 10 else str(check))


def with_check_digit(body: str) -> str:
    """A GS1 number's first digits with the check digit appended."""
    total = 3 * sum(map(int, body[::-2])) + sum(map(int, body[-2::-2]))
    return body + str(-total % 10)


def issn(value: str) -> str | None:
    """``NNNN-NNNX`` of a valid ISSN in any notation, else None."""
    found = _ISSN_FORM.fullmatch(value.strip().upper().removeprefix("URN:").removeprefix("ISSN").strip(": "))
    if not found:
        return None
    digits = found[1] + found[2]
    total = sum((8 - n) * (10 if d == "X" else int(d)) for n, d in enumerate(digits))
    return f"{digits[:4]}-{digits[4:]}" if total % 11 == 0 else None


def is_placeholder(value: str) -> bool:
    """Whether an identifier value stands for "none": empty, zeros, nines, 1234567890 and the like."""
    bare = value if value.isalnum() else _GAPS.sub("", value)
    return not bare or bool(_PLACEHOLDERS.match(bare))
