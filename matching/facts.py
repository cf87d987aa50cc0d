"""Facts about a whole set of records that no single record shows: they steer keys and vetoes, and are kept as rows.

They are computed from the set alone, so that a delta and a full resolve know the same; beside them stands what people
said of single identifiers.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence

from catalogue.model import Model
from matching.features import Features

FACTS_VERSION = "2"

GLUED_WORKS = 4
"""An identifier used by this many distinct works names none of them."""

LEAST_RECORDS = 20
"""A sender with fewer records is not judged."""

LEAST_CONTRADICTED = 0.05
"""The share of titles plainly in another language from which the one declared language is not believed."""


class ByHand(Model):
    """What people said of identifiers: `stopped` name no work, `trusted` name one however often they are used."""

    stopped: tuple[str, ...] = ()
    trusted: tuple[str, ...] = ()


class SetFacts(Model):
    """`glued`: identifiers that too many works use; `one_language`: senders whose declared language means nothing."""

    version: str = FACTS_VERSION
    glued: tuple[str, ...] = ()
    one_language: tuple[str, ...] = ()
    by_hand: ByHand = ByHand()

    @property
    def stop_list(self) -> frozenset[str]:
        """The identifiers that name nothing: by frequency and by hand."""
        return frozenset(self.glued).union(self.by_hand.stopped).difference(self.by_hand.trusted)


def set_facts(features: Sequence[Features], by_hand: ByHand | None = None) -> SetFacts:
    """Facts of a set of records, in any order, and what people said beside."""
    return SetFacts(glued=_glued(features), one_language=_one_language(features), by_hand=by_hand or ByHand())


def _glued(features: Iterable[Features]) -> tuple[str, ...]:
    works: dict[str, set[str]] = defaultdict(set)
    for record in features:
        for value in (*record.ids.own_isbns, *record.ids.others):
            works[value].add(_work(record))
        languages = " ".join(record.form.languages)
        for value in record.ids.related_others:  # of a work: translations share it, under titles of their own
            works[f"{languages}|{value}"].add(_work(record))
    glued = (value.rpartition("|")[2] for value, names in works.items() if len(names) >= GLUED_WORKS)
    return tuple(sorted(set(glued)))


def _work(record: Features) -> str:
    """A work's rough name: forms of one title that differ late, or in an author's given name, are one."""
    return f"{record.title.main[:12]}|{record.people.author[:4]}"


def _one_language(features: Iterable[Features]) -> tuple[str, ...]:
    declared: dict[str, Counter[tuple[str, ...]]] = defaultdict(Counter)
    contradicted: Counter[str] = Counter()
    for record in features:
        sender = record.form.sender
        if not sender or not record.form.languages or record.form.language_detected:
            continue
        declared[sender][record.form.languages] += 1
        told = _LANGUAGE_OF.get(record.form.title_language or "")
        contradicted[sender] += told is not None and told not in record.form.languages
    return tuple(sorted(s for s, counts in declared.items() if _is_untrue(counts, contradicted[s])))


_LANGUAGE_OF = {"fi": "fin", "sv": "swe", "en": "eng"}


def _is_untrue(counts: Counter[tuple[str, ...]], contradicted: int) -> bool:
    total = counts.total()
    return len(counts) == 1 and total >= LEAST_RECORDS and contradicted >= max(2, LEAST_CONTRADICTED * total)
