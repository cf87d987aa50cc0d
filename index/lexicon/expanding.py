"""From a word to all the forms that an index writes at its place."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache, lru_cache

from index.lexicon.hand_lists import Language
from index.lexicon.lexicon import Lexicon, Reading, lexicon

_CACHED = 200_000
_VOWELS = "aeiouyåäö"
# A name in a consonant, in any Finnish case: Canthin, Janssonille.
_WITH_I = re.compile(r"(.{2,}[bcdfghjklmnpqrtvwxz])i(?:n|[aä]|in|ksi|n[aä]|ss[aä]|st[aä]|ll[aä]|lt[aä]|lle)")
# A Finnish name in -s, in any case: Topelius, Topeliuksen.
_IN_S = re.compile(r"(.{2,}[aeiouyäö])(?:s|st[aä]|ks(?:en|een|i|et|e(?:n[aä]|ksi|[sl]t[aä]|ss[aä]|ll[aä]|lle)))")


@cache
def expander(language: Language) -> Expander:
    """The expander of a language's shipped lexicon."""
    return Expander(lexicon(language), language)


class Expander:
    """Writes forms, never stems: the index and a query are stemmed alike by whatever stemmer the server has."""

    def __init__(self, words: Lexicon, language: Language) -> None:
        self._words = words
        self._language = language
        self.forms = lru_cache(_CACHED)(self._forms)

    def inflections(self, word: str) -> tuple[str, ...]:
        """The word and forms of its lemmas, but none of its parts: of names."""
        readings = self._words.analyse(word)
        entries = (self._words.entry(reading.lemma) for reading in readings)
        found = [form for entry in entries if entry and entry.kind != "F" for form in entry.forms]
        if not found and len(word) > 2 and word.isalpha():
            found = [*self._guessed(word), *self._of_name(word)]
        return tuple(dict.fromkeys([word, *found]))

    def _forms(self, word: str) -> tuple[str, ...]:
        """The word (lower case, unfolded), forms of its lemmas, of its parts and of every run of its parts."""
        readings = self._words.analyse(word)
        if word in self._words.hand.function_forms:
            found = []
        elif readings:
            found = [form for reading in readings for form in self._of_reading(reading)]
        elif len(word) > 2 and word.isalpha():
            found = [*self._guessed(word), *self._of_name(word)]
        else:
            found = []
        return tuple(dict.fromkeys([word, *found]))

    def _of_reading(self, reading: Reading) -> Iterator[str]:
        entry = self._words.entry(reading.lemma)
        if entry and entry.kind == "F":
            return
        if entry:
            yield from entry.forms
        parts = reading.parts
        if len(parts) == 1:
            return
        for first in range(len(parts)):
            for last in range(first, len(parts)):
                whole = first == 0 and last == len(parts) - 1
                if not (whole and entry):
                    yield from self._of_run(reading, first, last)

    def _of_run(self, reading: Reading, first: int, last: int) -> Iterator[str]:
        """Forms of the word that a run of parts makes, and the run as it links: perusterveyden."""
        before = "".join(part.surface for part in reading.parts[first:last])
        end = reading.parts[last]
        for form in self._words.forms(end.lemma):
            yield before + form
        if last < len(reading.parts) - 1:
            yield before + end.surface

    def _guessed(self, word: str) -> Iterator[str]:
        """An unknown word inflects like the longest known word it ends in."""
        for at in range(1 if len(word) > 6 else 2, len(word) - 3):
            lemma = next(iter(self._words.lemmas(word[at:])), None)
            entry = self._words.entry(lemma) if lemma else None
            if entry and entry.kind == "N" and lemma not in self._words.hand.never_last:
                yield from (word[:at] + form for form in entry.forms)
                return

    def _of_name(self, word: str) -> list[str]:
        """An unknown word may be a name: with the commonest endings."""
        if self._language == "sv":
            return [] if word.endswith("s") else [word + "s"]
        harmony = next((c for c in reversed(word) if c in "aouåäöy"), "ä")
        a = "a" if harmony in "aouå" else "ä"
        if found := _IN_S.fullmatch(word):
            stem = found[1]
            return [f"{stem}s", f"{stem}st{a}", f"{stem}ksen", f"{stem}sin"]
        if found := _WITH_I.fullmatch(word):
            return [found[1], *(found[1] + ending for ending in ("i", "in", "i" + a, "iss" + a, "ille", "iin"))]
        if word[-1] in _VOWELS:
            return [word + "n", word + a, f"{word}ss{a}", word + "lle", word + word[-1] + "n"]
        return [word + ending for ending in ("in", "i" + a, "iss" + a, "ille", "iin")]
