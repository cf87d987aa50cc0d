"""Facts about a whole set of records that no single record shows: they steer keys and vetoes, and are kept as rows.

They are computed from the set alone, so that a delta and a full resolve know the same; beside them stands what people
said of single identifiers.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

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


class Declared(NamedTuple):
    """What a record's sender declares of its language; `contradicted`: the title is plainly in another."""

    sender: str
    languages: tuple[str, ...]
    contradicted: bool


def set_facts(features: Sequence[Features], by_hand: ByHand | None = None) -> SetFacts:
    """Facts of a set of records, in any order, and what people said beside."""
    return SetFacts(glued=_glued(features), one_language=_one_language(features), by_hand=by_hand or ByHand())


def _glued(features: Iterable[Features]) -> tuple[str, ...]:
    works: dict[tuple[str, str], set[str]] = defaultdict(set)
    for record in features:
        for use in _uses(record):
            works[use].add(_work(record))
    return tuple(sorted({value for (_, value), names in works.items() if len(names) >= GLUED_WORKS}))


def identifiers(record: Features) -> list[str]:
    """The identifiers of a record that may turn out to be glued."""
    return [value for _, value in _uses(record)]


def is_glued(value: str, holders: Iterable[Features]) -> bool:
    """Whether an identifier names too many works, of all records that may have it."""
    works: dict[str, set[str]] = defaultdict(set)
    for record in holders:
        for among, used in _uses(record):
            if used == value:
                works[among].add(_work(record))
    return any(len(names) >= GLUED_WORKS for names in works.values())


def _uses(record: Features) -> Iterator[tuple[str, str]]:
    """Each identifier with the records among which its works are counted."""
    for value in (*record.ids.own_isbns, *record.ids.others):
        yield "", value
    languages = " ".join(record.form.languages)
    for value in record.ids.related_others:  # of a work: translations share it, under titles of their own
        yield f"|{languages}", value


def declared(record: Features) -> Declared | None:
    """What a record tells of the habit of its sender; None where it tells nothing."""
    form = record.form
    if not form.sender or not form.languages or form.language_detected:
        return None
    told = _LANGUAGE_OF.get(form.title_language or "")
    return Declared(form.sender, form.languages, told is not None and told not in form.languages)


def _work(record: Features) -> str:
    """A work's rough name: forms of one title that differ late, or in an author's given name, are one."""
    return f"{record.title.main[:12]}|{record.people.author[:4]}"


def _one_language(features: Iterable[Features]) -> tuple[str, ...]:
    spoken: dict[str, Counter[str]] = defaultdict(Counter)
    contradicted: Counter[str] = Counter()
    for record in features:
        if said := declared(record):
            spoken[said.sender][" ".join(said.languages)] += 1
            contradicted[said.sender] += said.contradicted
    return tuple(sorted(sender for sender, counts in spoken.items() if is_untrue(counts, contradicted[sender])))


_LANGUAGE_OF = {"fi": "fin", "sv": "swe", "en": "eng"}


def is_untrue(counts: Mapping[str, int], contradicted: int) -> bool:
    """Whether a sender declares one language for everything. `counts`: records by the languages they declare."""
    total = sum(counts.values())
    return len(counts) == 1 and total >= LEAST_RECORDS and contradicted >= max(2, LEAST_CONTRADICTED * total)
