"""Subjects and genres: concepts by URI, words by what they say, and a word that names a concept is that concept."""

from __future__ import annotations

from collections.abc import Sequence

from catalogue.record import Labels, Topic
from merging.claims import Claim, Outcome, Settled, ranked
from merging.rules import FieldRule
from merging.sameness import text_key
from merging.unions import filled, grouped, united


def topics(claims: Sequence[Claim], row: FieldRule, settled: Settled) -> Outcome:
    """Concepts with the labels of all languages any source gives; words equal to a concept's label join it."""
    ordered = ranked(claims, row)
    concepts = grouped((c for c in ordered if c.value.uri), lambda c: c.value.uri)
    labelled: dict[str, int] = {}
    for n, group in enumerate(concepts):
        for text in set[str]().union(*(said(c.value) for c in group)):
            labelled.setdefault(text, n)
    words = _Words()
    for claim in (c for c in ordered if not c.value.uri):
        texts = said(claim.value)
        concept = min((labelled[text] for text in texts if text in labelled), default=None)
        if concept is not None:
            concepts[concept].append(claim)
        else:
            words.add(texts, claim)
    return Outcome([united(group, _merged(group)) for group in (*concepts, *words.groups.values())])


class _Words:
    """Words that share a text, as groups by number in the order they came."""

    def __init__(self) -> None:
        self.groups: dict[int, list[Claim]] = {}
        self._texts: dict[int, set[str]] = {}
        self._home: dict[str, int] = {}

    def add(self, texts: set[str], claim: Claim) -> None:
        """Put a word with those that share a text with it; it may join words that shared none until now."""
        homes = sorted({self._home[text] for text in texts if text in self._home})
        home = homes[0] if homes else len(self._texts)
        group, known = self.groups.setdefault(home, []), self._texts.setdefault(home, set())
        new = set(texts)
        for other in reversed(homes[1:]):
            group += self.groups.pop(other)
            new |= self._texts[other]
        known |= new
        self._home.update(dict.fromkeys(new, home))
        group.append(claim)


def said(topic: Topic) -> set[str]:
    """Every folded word a topic goes by."""
    return {text_key(t) for t in (topic.labels.fi, topic.labels.sv, topic.labels.en, topic.source_text) if t}


def _merged(group: list[Claim]) -> Topic:
    """The first one's form, its scheme, with labels from all."""
    values: list[Topic] = [c.value for c in group]
    first = values[0]
    if len(values) == 1:
        return first
    concepts = [v for v in values if v.uri] or values
    labels: Labels = filled([v.labels for v in concepts])
    return first.model_copy(update={"labels": labels, "source_text": filled(concepts).source_text})
