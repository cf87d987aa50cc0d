"""Reading words that tell a form: which carrier, content and format a phrase in fi, sv or en speaks of."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from mappings.marc.tables import alternatives, table


class FormWords(NamedTuple):
    """What a phrase says; empty where it says nothing. `carriers` is in the order of the text."""

    carriers: tuple[str, ...] = ()
    contents: tuple[str, ...] = ()
    formats: tuple[str, ...] = ()
    is_set: bool = False


NOTHING_SAID = FormWords()
_MEANING = {word: row for row in table("marc_forms")["words"] for word in row["words"]}
_WORDS = re.compile(rf"(?<![\w-])(?:{alternatives(list(_MEANING))})(?![\w-])")


_COUNTS = re.compile("[01456789]+")  # no word of the table holds these digits; without them texts repeat


def form_words(text: str) -> FormWords:
    """The form a text speaks of, its words taken whole and longest first."""
    return _form_words(_COUNTS.sub("", text))


@lru_cache(maxsize=2048)
def _form_words(text: str) -> FormWords:
    rows = [_MEANING[found] for found in _WORDS.findall(text.lower())]
    if not rows:
        return NOTHING_SAID
    return FormWords(
        tuple(dict.fromkeys(row["carrier"] for row in rows if "carrier" in row)),
        tuple(dict.fromkeys(row["content"] for row in rows if "content" in row)),
        tuple(dict.fromkeys(row["format"] for row in rows if "format" in row)),
        any(row.get("set") for row in rows),
    )
