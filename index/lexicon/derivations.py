"""Words that look like compounds and are derivations."""

from __future__ import annotations

from collections.abc import Callable

from index.lexicon.hand_lists import Language

_DEVERBAL = (("ring", "ra"), ("ringar", "ra"), ("ningen", "na"), ("ling", "la"), ("ning", "na"), ("are", "a"))
_CAPES = frozenset(("kap", "kaps", "kapet", "kapets", "kapen", "kapens"))


def is_derivation(language: Language, first: str, last: str, is_word: Callable[[str], bool]) -> bool:
    """Whether `first` + `last` is made with an ending and is no compound: harvinais|uus, lag|ring, land|skap."""
    if language == "fi":
        return first.endswith("s") and last.startswith(("uu", "yy"))
    if first.endswith("s") and last in _CAPES:
        return True
    return any(last.startswith(ending) and is_word(first + verb) for ending, verb in _DEVERBAL)
