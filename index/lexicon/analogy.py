"""Missing forms by analogy: what lemmas with the same ending and the same known forms agree on."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field

from index.lexicon.word_lists import FormsByLemma, ending_rule

Rule = tuple[str, str]
Rules = frozenset[Rule]
_ENDINGS = (5, 4, 3, 2)  # letters of the lemma, the longest agreement first
_RICH = 12  # rules of a lemma that may teach others
_ALIKE, _SHARE, _WEIGHT, _AT_MOST = 0.8, 0.5, 2, 20


@dataclass
class Pool:
    """Sets of rules by the endings of the lemmas that have them, with how many have each."""

    sets: dict[str, Counter[Rules]] = field(default_factory=lambda: defaultdict(Counter))
    _agreed: dict[tuple[str, Rules], list[Rule] | None] = field(default_factory=dict)

    def add(self, lemma: str, rules: Rules) -> None:
        if len(rules) >= _RICH:
            for size in _ENDINGS:
                self.sets[lemma[-size:] if len(lemma) >= size else f"^{lemma}"][rules] += 1

    def missing(self, lemma: str, rules: Rules) -> list[Rule]:
        """Rules that most of the lemmas most alike have, and this one should have too."""
        for size in _ENDINGS:
            key = (lemma[-size:], rules)
            if key not in self._agreed:
                self._agreed[key] = self._vote(*key)
            agreed = self._agreed[key]
            if agreed is not None:
                return [(lost, added) for lost, added in agreed if lemma.endswith(lost) and (lost, added) not in rules]
        return []

    def _vote(self, ending: str, rules: Rules) -> list[Rule] | None:
        votes: Counter[Rule] = Counter()
        total = 0.0
        for other, count in self.sets.get(ending, {}).items():
            alike = len(other & rules) / len(rules) if rules else 0
            if other != rules and alike >= _ALIKE and len(other) > len(rules) * _ALIKE:
                weight = min(count, _AT_MOST) * alike**4
                total += weight
                for rule in other:
                    votes[rule] += weight  # type: ignore[assignment]  # Counter is typed for whole numbers
        return [rule for rule, weight in votes.items() if weight > _SHARE * total] if total >= _WEIGHT else None


def complete(paradigms: FormsByLemma) -> int:
    """Add missing forms to the paradigms; how many there were. (soiden, pellot and öitä get their lemmas so.)"""
    rules = {lemma: frozenset(ending_rule(lemma, f) for f in forms) for lemma, forms in paradigms.items()}
    pool = Pool()
    for lemma, known in rules.items():
        pool.add(lemma, known)
    added = 0
    for lemma, known in rules.items():
        for lost, gained in pool.missing(lemma, known):
            form = lemma[: len(lemma) - len(lost)] + gained
            if len(form) > 1:
                paradigms[lemma].add(form)
                added += 1
    return added
