"""Resolve a set of records: candidate pairs, scores, editions, works, and what is left to ask.

A pure function of the set, the constraints and the model: in whatever order the records come, the same belong
together.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from catalogue.evidence import ClusterLevel, Constraint
from catalogue.keys import RecordKey
from matching.asking import Ask, open_asks
from matching.blocking import OversizeBlock, candidate_pairs
from matching.columns import Flags, Ints, build_columns
from matching.constraints import Bindings, bindings
from matching.facts import SetFacts, set_facts
from matching.features import Features
from matching.joining import cluster_editions, cluster_records
from matching.model import MatchModel, load_model
from matching.scoring import VETOES, Scored, named, score
from matching.serials import attach_issues
from matching.similarity import united

_KEPT_BELOW = 3.0  # bits under the lower threshold down to which a pair is kept


class KeptPair(NamedTuple):
    """A scored pair by record numbers; `vetoes` are those of the edition level, then those of the work alone."""

    left: int
    right: int
    edition_score: float
    work_score: float
    vetoes: tuple[str, ...]


class Contradiction(NamedTuple):
    """A must-link that could not be kept: a cannot-link or a veto that it does not lift stands against it."""

    level: ClusterLevel
    left: int
    right: int


@dataclass(frozen=True, slots=True)
class Resolution:
    """Clusters of record numbers, sorted by record key inside and by their first member among themselves."""

    editions: list[tuple[int, ...]]
    works: list[tuple[int, ...]]
    asks: list[Ask]
    contradictions: list[Contradiction]
    facts: SetFacts
    oversize: list[OversizeBlock]
    scored: Scored
    numbers: Ints  # the caller's number of each record of `scored`

    @property
    def pairs(self) -> Iterator[KeptPair]:
        """The scored pairs that are kept, by the caller's record numbers."""
        edition, work = self.scored.levels["edition"], self.scored.levels["work"]
        lefts, rights = self.numbers[self.scored.pairs.left], self.numbers[self.scored.pairs.right]
        columns = (lefts, rights, edition.score, work.score, edition.vetoes, work.vetoes)
        for left, right, bits, work_bits, vetoes, work_vetoes in zip(*(c.tolist() for c in columns), strict=True):
            names = (*named(vetoes, VETOES["edition"]), *named(work_vetoes, VETOES["work"]))
            yield KeptPair(left, right, round(bits, 3), round(work_bits, 3), tuple(dict.fromkeys(names)))


def resolve(
    features: Sequence[Features],
    constraints: Sequence[Constraint] = (),
    model: MatchModel | None = None,
    facts: SetFacts | None = None,
) -> Resolution:
    """Cluster records into editions and works. Keys must be distinct; numbers are positions in `features`.

    `facts` default to those of the set itself. Constraints that name unknown records bind nothing.
    """
    model = model or load_model()
    facts = facts or set_facts(features)
    order = sorted(range(len(features)), key=lambda n: RecordKey.parse(features[n].key))
    numbers = [n for n in order if features[n].form.level != "issue"]
    records = [features[n] for n in numbers]
    bound = {level: bindings(constraints, level, {r.key: n for n, r in enumerate(records)}) for level in VETOES}
    columns = build_columns(records, facts)
    candidates, oversize = candidate_pairs(records, facts, model.block_cap)
    scored = score(columns, united([candidates, *(b.must for b in bound.values())], len(records)), model)
    clusters: dict[ClusterLevel, Ints] = {"edition": cluster_records(columns, scored, bound["edition"], model)}
    clusters["work"] = cluster_editions(columns, scored, bound["work"], (clusters["edition"], model))
    issues = [n for n in order if features[n].form.level == "issue"]
    editions, works = (_members(clusters[level], numbers) for level in VETOES)
    editions, works = attach_issues(features, issues, editions, works)
    place = {number: position for position, number in enumerate(order)}
    return Resolution(
        editions=_sorted(editions, place),
        works=_sorted(works, place),
        asks=[a._replace(left=numbers[a.left], right=numbers[a.right]) for a in open_asks(scored, clusters, bound)],
        contradictions=_contradictions(clusters, bound, numbers),
        facts=facts,
        oversize=oversize,
        scored=scored.take(_kept(scored)),
        numbers=np.array(numbers, np.int64),
    )


def _members(labels: Ints, numbers: Sequence[int]) -> list[list[int]]:
    clusters: dict[int, list[int]] = {}
    for label, number in zip(labels.tolist(), numbers, strict=True):
        clusters.setdefault(label, []).append(number)
    return list(clusters.values())


def _sorted(clusters: Sequence[Sequence[int]], place: Mapping[int, int]) -> list[tuple[int, ...]]:
    ordered = [tuple(sorted(members, key=place.__getitem__)) for members in clusters]
    return sorted(ordered, key=lambda members: place[members[0]])


def _kept(scored: Scored) -> Flags:
    parts = [part.score >= part.reject - _KEPT_BELOW for part in scored.levels.values()]
    found: Flags = np.logical_or.reduce(parts)
    return found


def _contradictions(
    clusters: Mapping[ClusterLevel, Ints], bound: Mapping[ClusterLevel, Bindings], numbers: Sequence[int]
) -> list[Contradiction]:
    found = []
    for level, labels in clusters.items():
        must = bound[level].must
        broken = np.flatnonzero(labels[must.left] != labels[must.right])
        pairs = zip(must.left[broken].tolist(), must.right[broken].tolist(), strict=True)
        found += [Contradiction(level, numbers[left], numbers[right]) for left, right in pairs]
    return found
