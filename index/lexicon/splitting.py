"""Compounds of the word list, each in its first and last part; how many compounds each part has is learnt from them."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Container, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from index.lexicon.derivations import is_derivation
from index.lexicon.hand_lists import HandLists
from index.lexicon.loans import is_loan
from index.lexicon.penalties import penalty
from index.lexicon.word_lists import FormsByLemma, LemmasByForm

SHORTEST_COMPOUND, _SHORTEST_WITH_UNKNOWN = 5, 9
_HARMONY = str.maketrans("äöy", "aou")
PRODUCTIVE = 60  # compounds of a last part that may stand after an unknown first part
_ROUNDS, _INFLECTS_LIKE, _FEW_FORMS = 3, 0.6, 3
_VERBAL, _OF_VERB = ("ning", "ande", "are"), 1.0
_FEW_COMPOUNDS = 10
_S_OF_WHICH = 2.0


class Split(NamedTuple):
    """`last` is the end of the compound's own lemma and a form of `last_lemma`."""

    first: str
    first_lemma: str
    last: str
    last_lemma: str


@dataclass
class Splitter:
    """`linking`: linking form → lemma; `last_parts`: form → lemmas it may be of at a compound's end.

    `abroad`: lemmas of the other language. `firsts` and `lasts` count the compounds of each lemma at either end,
    `links` those of each linking form.
    """

    hand: HandLists
    paradigms: FormsByLemma
    verbs: FormsByLemma
    linking: dict[str, str]
    last_parts: dict[str, list[str]]
    nominals: set[str]
    forms: Container[str]
    abroad: Container[str] = ()
    firsts: Counter[str] = field(default_factory=Counter)
    lasts: Counter[str] = field(default_factory=Counter)
    links: Counter[str] = field(default_factory=Counter)

    def splits(self) -> dict[str, Split]:
        """The compounds among the lemmas."""
        candidates = {lemma: list(self._candidates(lemma)) for lemma in self.paradigms}
        candidates = {lemma: splits for lemma, splits in candidates.items() if splits}
        for number in range(_ROUNDS):
            self._learn(candidates, first_time=number == 0)
        found = {}
        for lemma, splits in candidates.items():
            cost, best = min((self._cost(s) - 0.02 * len(s.last), s) for s in splits)
            if cost <= self.hand.known_limit and lemma not in self.hand.never_split:
                found[lemma] = best
        for lemma in self.paradigms:
            if lemma not in found and (split := self._after_unknown(lemma)):
                found[lemma] = split
        return found

    def _cost(self, split: Split) -> float:
        family = self.family(split.first, split.first_lemma)
        derived = family < _FEW_COMPOUNDS and self._is_of_verb(split.first + split.last)
        first = penalty(split.first, family, self.hand) + (_OF_VERB if derived else 0)
        joint = _S_OF_WHICH if self._may_begin_with_s(split) else 0
        return first + joint + penalty(split.last, self.lasts[split.last_lemma], self.hand)

    def _may_begin_with_s(self, split: Split) -> bool:
        """Swedish: whether an s that seldom links this word may begin the last part: mun|spelare, bostads|lån."""
        bare = split.first.removesuffix("s")
        if self.hand.language != "sv" or bare == split.first or "s" + split.last not in self.forms:
            return False
        return bare in self.linking and self.links[bare] > 2 * self.links[split.first]

    def _is_of_verb(self, word: str) -> bool:
        """Swedish nouns of known verbs, which are seldom compounds: beskrivning, of beskriva."""
        ending = next((e for e in _VERBAL if word.endswith(e)), None)
        return ending is not None and self.hand.language == "sv" and word.removesuffix(ending) + "a" in self.paradigms

    def family(self, first: str, lemma: str) -> int:
        """Compounds that begin with a lemma, fewer for a linking form that it seldom has: bostads, not bostad."""
        return round(math.sqrt((self.links[first] + 0.4) * (self.firsts[lemma] + 0.4)))

    def _learn(self, candidates: dict[str, list[Split]], *, first_time: bool) -> None:
        firsts, lasts, links = Counter[str](), Counter[str](), Counter[str]()
        for splits in candidates.values():
            _, best = min(((0 if first_time else self._cost(s)) - 0.01 * len(s.last), s) for s in splits)
            firsts[best.first_lemma] += 1
            lasts[best.last_lemma] += 1
            links[best.first] += 1
        self.firsts, self.lasts, self.links = firsts, lasts, links

    def _candidates(self, lemma: str) -> Iterator[Split]:
        """Every way to cut a lemma into a linking form and a form of a nominal that it inflects like."""
        if len(lemma) < SHORTEST_COMPOUND:
            return
        for at in range(2, len(lemma) - 1):
            first, last = lemma[:at], lemma[at:].removeprefix("-")
            if first in self.linking and last in self.last_parts and not self._is_derivation(first, last):
                if is_loan(self.hand, lemma, (first, last), self.abroad):
                    continue
                for of in self.last_parts[last]:
                    split = Split(first, self.linking[first], last, of)
                    if self._fits(lemma, split):
                        yield split

    def _fits(self, lemma: str, split: Split) -> bool:
        of = split.last_lemma
        is_form = of == split.last or split.last in self.paradigms.get(of, ())
        shorter = len(of) < len(lemma) and len(split.first_lemma) < len(lemma)
        return is_form and shorter and self._inflects_like(lemma, split.first, of)

    def _inflects_like(self, lemma: str, first: str, last_lemma: str) -> bool:
        """A compound inflects like its last part: this keeps kli|mat and nuor|iso whole.

        Back and front vowels of Finnish count as one: lists inflect aikakauslehti by the vowels of its first part.
        """
        forms = self.paradigms[lemma]
        if len(forms) < _FEW_FORMS:
            return True
        of = self.paradigms.get(last_lemma, set())
        if self.hand.language == "fi":
            of = of | {form.translate(_HARMONY) for form in of}
        ends = (form[len(first) :].lstrip("-") for form in forms if form.startswith(first))
        return sum(self._is_ending(end, of) for end in ends) >= _INFLECTS_LIKE * len(forms)

    def _is_ending(self, end: str, of: set[str]) -> bool:
        """Among the forms of a compound's last part, or a Swedish genitive of one: lists lack many."""
        if self.hand.language == "fi":
            return end in of or end.translate(_HARMONY) in of
        return end in of or end.removesuffix("s") in of

    def _after_unknown(self, lemma: str) -> Split | None:
        """An unknown first part before a last part of very many compounds."""
        if len(lemma) < _SHORTEST_WITH_UNKNOWN or lemma not in self.nominals or lemma in self.hand.never_split:
            return None
        for at in range(4, len(lemma) - 4):
            first, last = lemma[:at], lemma[at:].lstrip("-")
            if len(last) >= SHORTEST_COMPOUND and self._is_productive(last) and not self._is_derivation(first, last):
                bare = first.rstrip("-")
                if self._inflects_like(lemma, bare, last):
                    return Split(first, bare, last, last)
        return None

    def _is_productive(self, last: str) -> bool:
        return self.may_end(last) and self.lasts[last] >= PRODUCTIVE

    def _is_derivation(self, first: str, last: str) -> bool:
        return is_derivation(self.hand.language, first, last, self)

    def is_lemma(self, word: str) -> bool:
        return word in self.paradigms or word in self.verbs

    def is_verb(self, word: str) -> bool:
        return word in self.verbs

    def is_form(self, word: str) -> bool:
        return word in self.forms

    def may_end(self, lemma: str) -> bool:
        return lemma in self.nominals and lemma not in self.hand.never_last


def last_parts(lemmas: LemmasByForm, nominals: set[str], hand: HandLists) -> dict[str, list[str]]:
    """Forms that may end a compound, with the nominals they may be of."""
    found = {}
    for form, of in lemmas.items():
        fitting = [x for x in of if x in nominals and not hand.is_too_short(x) and x not in hand.never_last]
        if fitting and not hand.is_too_short(form):
            found[form] = sorted(fitting)
    return found
