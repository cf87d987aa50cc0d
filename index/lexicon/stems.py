"""Which forms of a lemma an index needs, so that a stock Snowball stemmer on both sides brings all of them together."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

import Stemmer

from catalogue.folding import fold_letters
from index.lexicon.hand_lists import Language
from index.lexicon.word_lists import FormsByLemma

SHORT_STEM = 5  # letters; longer stems that two lemmas share are mostly of derivations, which readers want together
_ALGORITHMS: dict[Language, str] = {"fi": "finnish", "sv": "swedish"}


@cache
def stemmer(language: Language) -> Stemmer.Stemmer:
    return Stemmer.Stemmer(_ALGORITHMS[language], 0)  # no cache of its own: nearly every word is asked for once


def stem(language: Language, form: str) -> str:
    """The stem of a form as the index has it: folded first."""
    return str(stemmer(language).stemWord(fold_letters(form)))


class SharedStems:
    """Short stems that forms of more than one lemma have: virsi, virren and virta are all `vir`."""

    def __init__(self, language: Language, paradigms: FormsByLemma) -> None:
        self._language = language
        self._owner: dict[str, str] = {}
        self._shared: set[str] = set()
        for lemma, forms in paradigms.items():
            self._enter(lemma, forms)

    def __contains__(self, stem_: object) -> bool:
        return stem_ in self._shared

    def _enter(self, lemma: str, forms: Iterable[str]) -> None:
        for short in {s for form in forms if len(s := stem(self._language, form)) <= SHORT_STEM}:
            if self._owner.setdefault(short, lemma) != lemma:
                self._shared.add(short)

    def needed(self, lemma: str, forms: Iterable[str]) -> tuple[list[str], list[str]]:
        """Forms whose stem is shared, all of them: an index may keep them from stemming. Then one form of each other
        stem, the lemma among them or among the former."""
        shared: list[str] = []
        others: dict[str, str] = {}
        for form in sorted({lemma, *forms}, key=lambda f: (f != lemma, len(f), f)):
            found = stem(self._language, form)
            if found in self:
                shared.append(form)
            else:
                others.setdefault(found, form)
        return shared, list(others.values())
