"""How text is analysed: the definitions of ``layout/analysis.json`` with the folding rules, and their version."""

from __future__ import annotations

import json
import unicodedata
from functools import cache
from typing import Any

from catalogue.folding import fold_letters
from catalogue.keys import content_hash
from index.groups import LAYOUT, WHOLE_WORDS
from index.lexicon.hand_lists import LANGUAGES
from index.lexicon.tables import packed_hash
from index.vocabulary import Vocabulary

SCHEMA = 3  # of the fields and what is written into them; part of every index's name

NONE = "_none_"  # no keywords

# Where letters of the Latin script are found; other scripts are left as they are.
_LATIN = ((0x00C0, 0x024F), (0x1E00, 0x1EFF), (0xFB00, 0xFB06), (0xFF21, 0xFF5A))
_WIDE = (0xFF01, 0xFF5E)  # ASCII as wide as a Chinese character
_COMBINING = (0x0300, 0x036F)
_KEPT_PAIRS = {"a\u0308": "ä", "A\u0308": "Ä", "o\u0308": "ö", "O\u0308": "Ö", "a\u030a": "å", "A\u030a": "Å"}


def analysis(vocabulary: Vocabulary | None = None) -> dict[str, Any]:
    """The `analysis` part of an index's settings, for a catalogue of these words."""
    definitions: dict[str, Any] = json.loads((LAYOUT / "analysis.json").read_text("utf-8"))
    definitions["char_filter"]["fold"]["mappings"] = fold_rules()
    definitions["char_filter"]["plain_marks"]["mappings"] = mark_rules()
    if vocabulary:
        for view in LANGUAGES:
            keywords, rules = vocabulary.settings(view)
            definitions["filter"][f"{view}_protected"]["keywords"] = keywords or NONE
            definitions["filter"][f"{view}_compounds"]["synonyms"] = rules
    return definitions


def fold_rules() -> list[str]:
    """Rules of a `mapping` char filter that does to Latin letters what `catalogue.folding` does: å ä ö stay.

    The filter runs before `lowercase`, so capitals have rules of their own.
    """
    pairs = dict(_KEPT_PAIRS)
    for first, last in _LATIN:
        for character in map(chr, range(first, last + 1)):
            folded = fold_letters(character)
            if unicodedata.category(character).startswith("L") and folded not in (character, character.lower()):
                pairs[character] = folded
    pairs |= {chr(0xFF10 + digit): str(digit) for digit in range(10)}
    for mark in map(chr, range(_COMBINING[0], _COMBINING[1] + 1)):
        pairs[mark] = ""
    return [f"{found}=>{written}" for found, written in sorted((pairs | WHOLE_WORDS).items())]


def mark_rules() -> list[str]:
    """Rules of a `mapping` char filter for numbers: digits and marks of any width as in ASCII, dashes as hyphens.

    Spaces of all kinds become one kind; what nobody sees (soft hyphens, marks of direction) goes.
    """
    written = {" ": r"\u0020", "\\": r"\\"}
    found = ((character, _plain_mark(character)) for character in map(chr, range(0x80, 0xFFFF)))
    return [f"\\u{ord(given):04x}=>{written.get(plain, plain)}" for given, plain in found if plain is not None]


def _plain_mark(character: str) -> str | None:
    """The mark as ASCII has it; None where it is to be left."""
    if _WIDE[0] <= ord(character) <= _WIDE[1]:
        return unicodedata.normalize("NFKC", character)
    match unicodedata.category(character):
        case "Nd":
            return str(unicodedata.digit(character))
        case "Pd":
            return "-"
        case "Zs":
            return " "
        case "Cf":
            return ""
    return "-" if character == "\N{MINUS SIGN}" else None


@cache
def analysis_version() -> str:
    """Names everything that decides which terms are in an index; another version needs a rebuild.

    The catalogue's own words are not in it: they change daily, and are taken anew at every rebuild.
    """
    words = [packed_hash(language) for language in LANGUAGES]
    text = json.dumps([SCHEMA, analysis(), mappings(), words], sort_keys=True, ensure_ascii=False)
    return content_hash(text.encode()).hex()[:12]


def mappings() -> dict[str, Any]:
    """The field layout, strict at every level."""
    layout: dict[str, Any] = json.loads((LAYOUT / "mappings.json").read_text("utf-8"))
    return layout
