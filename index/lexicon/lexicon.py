"""What a word is: its lemmas, and the parts of a compound, known or not."""

from __future__ import annotations

from functools import cache, lru_cache
from typing import NamedTuple

from index.lexicon.derivations import is_derivation
from index.lexicon.hand_lists import HandLists, Language, hand_lists
from index.lexicon.penalties import penalty
from index.lexicon.possessives import case_forms
from index.lexicon.splitting import PRODUCTIVE
from index.lexicon.tables import DATA, Entry, Tables, packed_path

_CACHED = 200_000
_MOST_PARTS = 6
_WITHOUT_S = 1.0
_SHORTEST_TAIL = 5
_CLITICS = ("kaan", "kään", "kin", "han", "hän", "ko", "kö", "pa", "pä")


class Part(NamedTuple):
    """A part of a compound as written there, and its lemma."""

    surface: str
    lemma: str


class Reading(NamedTuple):
    """One lemma a word may be of; `parts` has one part for a simple word."""

    lemma: str
    parts: tuple[Part, ...]


class _Path(NamedTuple):
    """Parts found so far, ordered as they are preferred: fewest parts, then lowest penalty."""

    number: int
    penalty: float
    parts: tuple[Part, ...]


@cache
def lexicon(language: Language) -> Lexicon:
    """The shipped lexicon of a language, loaded when it is first asked for."""
    return Lexicon(hand_lists(language), Tables(packed_path(DATA, language)))


class Lexicon:
    """Words in lower case, unfolded. Everything here is a function of the tables."""

    def __init__(self, hand: HandLists, tables: Tables) -> None:
        self.hand = hand
        self._tables = tables
        self._language = hand.language
        self.analyse = lru_cache(_CACHED)(self._analyse)

    def entry(self, lemma: str) -> Entry | None:
        return self._tables.entry(lemma)

    def forms(self, lemma: str) -> tuple[str, ...]:
        """The forms an index needs of a lemma; the lemma alone where it is a function word or unknown."""
        entry = self.entry(lemma)
        return entry.forms if entry and entry.kind != "F" else (lemma,)

    def _analyse(self, word: str) -> tuple[Reading, ...]:
        """Every reading of a word; none of a word that is neither known nor a compound of known words."""
        lemmas = self.lemmas(word)
        if lemmas:
            return tuple(Reading(lemma, self.parts(lemma)) for lemma in dict.fromkeys(lemmas))
        if "-" in word.strip("-"):
            return self._hyphenated(word)
        parts = self._split(word) or self._after_unknown(word)
        if parts is None:
            return ()
        return (Reading("".join(p.surface for p in parts[:-1]) + parts[-1].lemma, parts),)

    def lemmas(self, word: str) -> list[str]:
        """Lemmas of a form in the tables; without its clitic or possessive (fi) or genitive -s (sv) where need be."""
        found = self._tables.lemmas(word)
        if found:
            return found
        if self._language == "sv":
            return self._tables.lemmas(word[:-1]) if word.endswith("s") else []
        return self._possessed(word) or self._without_clitic(word)

    def _possessed(self, word: str) -> list[str]:
        """Lemmas of nominals that a word is a form of with a possessive suffix."""
        for form in case_forms(word):
            nominals = [lemma for lemma in self._tables.lemmas(form) if self._has_cases(lemma)]
            if nominals:
                return nominals
        return []

    def _has_cases(self, lemma: str) -> bool:
        """Whether the tables have a lemma's case forms; one form may stand for many that are stemmed alike (vaimo)."""
        entry = self.entry(lemma)
        return entry is not None and (entry.kind == "N" or (entry.kind == "X" and len(entry.forms) > 1))

    def _without_clitic(self, word: str) -> list[str]:
        ending = next((e for e in _CLITICS if word.endswith(e) and len(word) - len(e) > 2), None)
        return self.lemmas(word.removesuffix(ending)) if ending else []

    def parts(self, lemma: str) -> tuple[Part, ...]:
        """The parts of a lemma of the tables, down to simple words."""
        entry = self.entry(lemma)
        if entry is None or entry.split is None:
            return (Part(lemma, lemma),)
        first, first_lemma, last_lemma = entry.split
        if len(first_lemma) >= len(lemma) or len(last_lemma) >= len(lemma):
            return (Part(lemma, lemma),)
        last = lemma[len(first) :].lstrip("-")
        return self._flat((Part(first, first_lemma), Part(last, last_lemma)))

    def _flat(self, parts: tuple[Part, ...]) -> tuple[Part, ...]:
        """Parts that are compounds themselves, in their parts."""
        flat: list[Part] = []
        for part in parts:
            inner = self.parts(part.lemma)
            beginning = "".join(p.surface for p in inner[:-1])
            rest = part.surface[len(beginning) :].lstrip("-")
            if len(inner) > 1 and part.surface.startswith(inner[0].surface) and len(rest) > 1:
                flat += [*inner[:-1], Part(rest, inner[-1].lemma)]
            else:
                flat.append(part)
        return tuple(flat)

    def _hyphenated(self, word: str) -> tuple[Reading, ...]:
        first, _, last = word.rpartition("-")
        before = self.analyse(first)
        parts = before[0].parts if before else (Part(first, first),)
        if len(parts) == 1:
            parts = (Part(first, parts[0].lemma),)
        after = self.analyse(last) or (Reading(last, (Part(last, last),)),)
        return tuple(Reading(f"{first}-{reading.lemma}", parts + reading.parts) for reading in after)

    def _split(self, word: str) -> tuple[Part, ...] | None:
        """A compound that the list lacks: the fewest known parts, then the least unlikely ones."""
        best = {0: _Path(0, 0.0, ())}
        done: _Path | None = None
        for at in range(len(word) - 1):
            path = best.get(at)
            if path is None:
                continue
            if at and (done is None or path.number < done.number):
                done = min(filter(None, (done, self._ended(path, word[at:]))), default=None)
            if path.number < _MOST_PARTS - 1:
                self._go_on(word, at, best)
        if done is None or done.penalty > self.hand.unknown_limit + self.hand.further_limit * (done.number - 2):
            return None
        return self._flat(done.parts)

    def _ended(self, path: _Path, tail: str) -> _Path | None:
        """The path with the rest of the word for its last part, if that is one."""
        if self.hand.is_too_short(tail) or is_derivation(self._language, path.parts[-1].surface, tail, self):
            return None
        fitting = [lemma for lemma in self.lemmas(tail) if self.may_end(lemma)]
        cost = path.penalty + (_WITHOUT_S if self._lacks_s(path, tail) else 0)
        ended = (
            _Path(
                path.number + 1,
                cost + penalty(tail, self._tables.family(lemma), self.hand),
                (*path.parts, Part(tail, lemma)),
            )
            for lemma in fitting
        )
        return min(ended, default=None)

    def _lacks_s(self, path: _Path, tail: str) -> bool:
        """An s between a Swedish compound and what follows links them: luftfarts|lag, not luftfart|slag."""
        before = path.parts[-1]
        if self._language != "sv" or not tail.startswith("s") or not self._tables.knows(tail[1:]):
            return False
        return path.number > 1 or len(self.parts(before.lemma)) > 1

    def is_lemma(self, word: str) -> bool:
        return self.entry(word) is not None

    def is_verb(self, word: str) -> bool:
        entry = self.entry(word)
        return entry is not None and entry.kind == "V"

    def is_form(self, word: str) -> bool:
        return self._tables.knows(word)

    def may_end(self, lemma: str) -> bool:
        """Whether a lemma may be the last part of a compound."""
        entry = self.entry(lemma)
        is_part = entry is not None and entry.kind == "N"
        return is_part and lemma not in self.hand.never_last and not self.hand.is_too_short(lemma)

    def _go_on(self, word: str, at: int, best: dict[int, _Path]) -> None:
        path = best[at]
        for link in self._tables.links(word[at:]):
            end = at + len(link.form)
            end += word[end : end + 1] == "-"
            if end < len(word):
                cost = path.penalty + penalty(link.form, link.family, self.hand)
                longer = _Path(path.number + 1, cost, (*path.parts, Part(link.form, link.lemma)))
                best[end] = min(longer, best.get(end, longer))

    def _after_unknown(self, word: str) -> tuple[Part, ...] | None:
        """An unknown first part: before an ending of place names, or before a last part of very many compounds."""
        for at in range(3, len(word) - 2):
            first, last = word[:at], word[at:]
            if is_derivation(self._language, first, last, self) or self._cuts_geminate(first, last):
                continue
            for lemma in self.lemmas(last):
                if lemma in self.hand.place_endings or (at > 3 and self._is_productive(lemma)):
                    return self._flat((Part(first, first), Part(last, lemma)))
        return None

    def _cuts_geminate(self, first: str, last: str) -> bool:
        """No Finnish word ends in k, p or t before the same: rikosyyt|teiden is of syyte, not of tie."""
        return self._language == "fi" and first[-1] == last[0] and last[0] in "kpt"

    def _is_productive(self, lemma: str) -> bool:
        return len(lemma) >= _SHORTEST_TAIL and self.may_end(lemma) and self._tables.family(lemma) >= PRODUCTIVE
