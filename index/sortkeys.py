"""Sort keys without a collation plug-in: one order for Finnish and Swedish readers, 0-9 a-z å ä ö."""

from __future__ import annotations

import re

from catalogue.folding import fold

KEY_LIMIT = 200  # characters; beyond that two titles may share a place
_LAST_LETTERS = str.maketrans({"å": "{", "ä": "|", "ö": "}"})  # the three characters that follow z
_NUMBER = re.compile(r"\d+")


def sort_key(text: str, nonfiling: int = 0) -> str:
    """The key of a heading: without its first `nonfiling` characters, folded, numbers in order of size.

    A number is written with its length before it, so that 2 < 10 < 100. Empty for a text without letters or digits.
    """
    filed = fold(text[nonfiling:]) or fold(text)
    return _NUMBER.sub(_sized, filed).translate(_LAST_LETTERS)[:KEY_LIMIT]


def _sized(found: re.Match[str]) -> str:
    digits = found[0].lstrip("0") or "0"
    return f"{min(len(digits), 99):02d}{digits}"
