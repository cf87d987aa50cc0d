"""What an index is told of its catalogue's own words: forms to keep from stemming, and compounds to take apart."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from catalogue.folding import fold_letters
from index.groups import View, group_words
from index.lexicon.hand_lists import LANGUAGES
from index.lexicon.lexicon import Reading, lexicon
from index.lexicon.mistakable import mistakable
from index.lexicon.subject_compounds import is_joined, subject_compounds

MOST_RULES = 5000  # of a language: reading them makes most of the time that an index takes to be created


@dataclass
class Vocabulary:
    """Words of documents by the language they are indexed as, each with how often it comes."""

    words: dict[View, Counter[str]] = field(default_factory=lambda: {view: Counter() for view in LANGUAGES})

    def add(self, document: Mapping[str, Any]) -> None:
        """Take in the words of a search document; a tombstone has none."""
        for texts in document.get("x", {}).values():
            for view in LANGUAGES:
                self.words[view].update(group_words(texts.get(view, ())))

    def update(self, other: Vocabulary) -> None:
        """Take in the words of other documents."""
        for view, counts in other.words.items():
            self.words[view].update(counts)

    def settings(self, view: View) -> tuple[str, str]:
        """The keywords and the synonym rules of a language's analysers, each as one text with commas.

        A list of so many would be dear: the server handles each of its members several times at every change.
        """
        used = _Used(view, self.words[view])
        return ",".join(sorted(used.protected())), ",".join(used.rules(subject_compounds(view)))


class _Used:
    """The lemmas in use, with how often: of the words, and of the parts of compounds among them."""

    def __init__(self, view: View, counts: Counter[str]) -> None:
        self._view = view
        self._words = words = lexicon(view)
        self._lemmas: Counter[str] = Counter()
        self._compounds: set[Reading] = set()
        for word, count in counts.items():
            for reading in words.analyse(word):
                for lemma in {reading.lemma, *(part.lemma for part in reading.parts)}:
                    self._lemmas[lemma] += count
                if is_joined(reading):
                    self._compounds.add(reading)

    def protected(self) -> set[str]:
        """Forms of nominals whose short stem words of other lemmas have too: virsi is not to find virta.

        Words that are not in use need no protection, as no document has their stem, but for those whose stem is a
        protected form itself.
        """
        protected = {
            fold_letters(form)
            for lemma in self._lemmas
            if (entry := self._words.entry(lemma)) and entry.kind in ("N", "X")
            for form in entry.shared
        }
        stemmed_to = mistakable(self._view)
        return protected.union(*(stemmed_to[form] for form in protected if form in stemmed_to))

    def rules(self, subjects: Iterable[Reading]) -> list[str]:
        """``kirjastoauto => kirjasto auto``: for compounds in use and those of subjects, those that pay most first.

        Each form of a compound stands for itself or for all its parts; a rule pays where the rarest part is used.
        """
        paying = {
            reading: least
            for reading in self._compounds.union(subjects)
            if (least := min(self._lemmas[part.lemma] for part in reading.parts))
        }
        chosen = sorted(paying, key=lambda reading: (-paying[reading], reading))[:MOST_RULES]
        return sorted({rule for reading in chosen for rule in self._rules(reading)})

    def _rules(self, reading: Reading) -> Iterator[str]:
        before = "".join(part.surface for part in reading.parts[:-1])
        entry = self._words.entry(reading.lemma)
        forms = entry.forms if entry else [before + form for form in self._words.forms(reading.parts[-1].lemma)]
        apart = " ".join(part.lemma for part in reading.parts)
        for form in forms:
            if form.startswith(before) and form != before:  # lists give some compounds their last part for a form
                yield f"{form} => {form}"
                yield f"{form} => {apart}"
