"""Folding: what counts as the same text. å, ä and ö are letters and stay; other accents are dropped."""

from __future__ import annotations

import re
import unicodedata

_KEPT = "åäö"
_SPECIAL = str.maketrans(
    {"ø": "ö", "æ": "ä", "đ": "d", "ð": "d", "ł": "l", "ß": "ss", "þ": "th", "œ": "oe", "ı": "i", "’": "'"}
)
_WORDS = re.compile(r"[^\W_]+")
_PLAIN = re.compile("[\x00-\x7fåäö]*")
_PROTECT = str.maketrans({"å": "\ue000", "ä": "\ue001", "ö": "\ue002"})
_RESTORE = str.maketrans({"\ue000": "å", "\ue001": "ä", "\ue002": "ö"})


def fold(text: str) -> str:
    """Lower-case words separated by single spaces, accents dropped, å ä ö kept (ø → ö, æ → ä).

    ``fold("Égalité – Åbo, 2:a uppl.") == "egalite åbo 2 a uppl"``
    """
    return " ".join(_WORDS.findall(fold_letters(text)))


def fold_letters(text: str) -> str:
    """As `fold`, but punctuation and spaces stay as they are."""
    lower = text.lower()
    if lower.isascii() or _PLAIN.fullmatch(lower):
        return lower
    plain = unicodedata.normalize("NFKC", text).lower()  # "𝓐" and "℃" hide capitals
    composed = unicodedata.normalize("NFC", plain).translate(_SPECIAL).translate(_PROTECT)
    bare = "".join(c for c in unicodedata.normalize("NFKD", composed) if not unicodedata.combining(c))
    return bare.translate(_SPECIAL).translate(_RESTORE)  # ǽ is æ under its accent


def fold_ascii(text: str) -> str:
    """As `fold`, with å ä ö folded too. For blocking keys alone: it proposes pairs and decides nothing."""
    folded = fold(text)
    if folded.isascii():
        return folded
    return "".join(c for c in unicodedata.normalize("NFKD", folded) if not unicodedata.combining(c))


def is_all_caps(text: str) -> bool:
    """Whether a title is written in capitals only (at least four letters)."""
    letters = 0
    for char in text:
        if char.isalpha():
            if not char.isupper():
                return False
            letters += 1
    return letters >= 4
