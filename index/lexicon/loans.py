"""Words that Finnish and Swedish have in common: what looks like a compound in one of them alone is none."""

from __future__ import annotations

from collections.abc import Container, Iterator

from index.lexicon.hand_lists import HandLists, Language


def is_loan(hand: HandLists, word: str, cut: tuple[str, str], abroad: Container[str]) -> bool:
    """Whether `word` is one word of both languages, and `cut` in two by chance.

    kontrast is kontrasti in Finnish, which has no kont: no compound; statussymbol is one, for Finnish has status and
    symboli. What only stands before other words (anti, hydro) need not be in the other list. `abroad`: the other
    language's lemmas.
    """
    if not any(cognate in abroad for cognate in _cognates(hand.language, word)):
        return False
    first, last = cut
    is_part = first in hand.first_parts or _is_known(hand.language, first, abroad)
    return not (is_part and _is_known(hand.language, last, abroad))


def _is_known(language: Language, part: str, abroad: Container[str]) -> bool:
    return part in abroad or any(cognate in abroad for cognate in _cognates(language, part))


def _cognates(language: Language, word: str) -> Iterator[str]:
    """A Swedish noun in a consonant has an -i in Finnish, often after a doubled consonant: film, filmi; buss, bussi;
    protest, protesti; advokat, advokaatti."""
    if len(word) < 3:
        return
    if language == "sv":
        yield word + "i"
        yield word + word[-1] + "i"
        if word.endswith("at"):
            yield word[:-1] + "atti"
    elif word.endswith("i"):
        yield word[:-1]
        if word[-2] == word[-3]:
            yield word[:-2]
        if word.endswith("aatti"):
            yield word[:-4] + "t"
