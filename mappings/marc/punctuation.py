"""ISBD punctuation, removed from the ends of a value and never from its middle."""

from __future__ import annotations

from mappings.marc.tables import table

_MARKS = " \t\u00a0/:;=,"
_ABBREVIATIONS = frozenset(table("marc_words")["abbreviations"]["words"])
_IN_STATEMENTS = _ABBREVIATIONS | frozenset(table("marc_words")["abbreviations"]["statements"])
_PAIRS = {"[": "]", "(": ")"}
_CLOSING = frozenset(_PAIRS.values())


def trim_statement(text: str) -> str:
    """`trim` for editions, places, publishers, extents and qualifiers, which have abbreviations of their own.

    ``2. uppl.``, ``8 vol.``, ``Boston, Mass.``, ``(nid.)``: such words end titles without being abbreviated.
    """
    return trim(text, _IN_STATEMENTS)


def trim(text: str, abbreviations: frozenset[str] = _ABBREVIATIONS) -> str:
    """Without ISBD marks at both ends and without the full stop that ends a field.

    A stop stays where it belongs to the word: initials, ``m.m.``, known abbreviations, an ellipsis.
    """
    if text and text[-1].isalnum() and text[0].isalnum():
        return text
    bare = text.strip(_MARKS)
    while bare.endswith(".") and not _stop_belongs(bare, abbreviations):
        bare = bare[:-1].rstrip(_MARKS)
    return bare


def _stop_belongs(text: str, abbreviations: frozenset[str]) -> bool:
    if text.endswith(".."):
        return True
    if text[-2:-1] in ')]»”"':
        return False
    word = text[text.rfind(" ") + 1 : -1].lstrip("([\"'")
    return (len(word) == 1 and word.isalpha()) or "." in word or word.lower() in abbreviations


def unbracket(text: str) -> str:
    """Without square brackets: what a cataloguer supplied is said as well as what was printed."""
    return text.replace("[", "").replace("]", "") if "[" in text or "]" in text else text


def unwrap(text: str) -> str:
    """Without the one pair of square brackets that holds the whole text."""
    if text.startswith("[") and text.endswith("]") and "]" not in text[:-1] and "[" not in text[1:]:
        return text[1:-1].strip()
    return text


def balance(text: str) -> str:
    """Without a bracket at one end that has no partner (``[Helsinki`` of ``[Helsinki : Otava]``)."""
    if not text or (text[0] not in _PAIRS and text[-1] not in _CLOSING):
        return text
    for opening, closing in _PAIRS.items():
        if text.count(opening) > text.count(closing) and text.startswith(opening):
            text = text[1:]
        elif text.count(closing) > text.count(opening) and text.endswith(closing):
            text = text[:-1]
    return text.strip()
