"""Resolve a set of records: candidate pairs, scores, editions, works, and what is left to ask.

A pure function of the set, the constraints and the model: in whatever order the records come, the same belong
together.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from catalogue.evidence import ClusterLevel, Constraint
from catalogue.keys import RecordKey
from matching.asking import Ask, askable, is_telling, open_asks
from matching.blocking import FIELDS as KEY_FIELDS
from matching.blocking import OversizeBlock, candidate_pairs
from matching.columns import FIELDS as COLUMN_FIELDS
from matching.columns import Ints, build_columns
from matching.constraints import Bindings, bindings
from matching.facts import SetFacts, set_facts
from matching.features import Features
from matching.fields import read_fields
from matching.joining import cluster_editions, cluster_records
from matching.model import MatchModel, load_model
from matching.scoring import VETOES, Scored, named, score
from matching.serials import attach_issues
from matching.similarity import Pairs, united

RESOLUTION_VERSION = "8"
"""Kept pairs of another version are not all that a resolution of a part needs."""

_LINKS: dict[ClusterLevel, int] = {"edition": 1, "work": 2}


class KeptPair(NamedTuple):
    """A candidate pair that links or may be asked about, by record numbers; `vetoes` are those of the edition level,
    then those of the work alone.

    `links`: the levels at which it joins by itself, 1 edition and 2 work. `askable`: it may be asked about where it
    does not join.
    """

    left: int
    right: int
    edition_score: float
    work_score: float
    vetoes: tuple[str, ...]
    links: int
    askable: bool


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a part of a catalogue stands in, so that it is resolved as in the whole.

    `pairs` are the kept pairs of the whole inside the part, and those between it and each work around it with which a
    pair is `askable`. `placed` are records of those works, which have an edition and a work already (any names): they
    are not clustered, but what is open between them and the part is asked. All by position in the features given.
    """

    pairs: Sequence[tuple[int, int]]
    placed: Mapping[int, tuple[str, str]]
    facts: SetFacts


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
    scored: Scored  # of the candidates
    numbers: Ints  # the caller's number of each record of `scored`

    @property
    def pairs(self) -> Iterator[KeptPair]:
        """The candidate pairs that link or may be asked about, by the caller's record numbers."""
        return _kept(self.scored, self.numbers)


def resolve(
    features: Sequence[Features],
    constraints: Sequence[Constraint] = (),
    model: MatchModel | None = None,
    facts: SetFacts | None = None,
    *,
    around: Surroundings | None = None,
) -> Resolution:
    """Cluster records into editions and works. Keys must be distinct; numbers are positions in `features`.

    `facts` default to those of the set itself. Constraints that name unknown records bind nothing. `around` is given
    where the features are a part of a catalogue: the part must hold whole components of pairs that link and of
    must-links, and whole works; what comes out is then what the whole would give for it.
    """
    model = model or load_model()
    facts = around.facts if around else facts or set_facts(features)
    order = sorted(range(len(features)), key=lambda n: RecordKey.parse(features[n].key))
    numbers = [n for n in order if features[n].form.level != "issue"]
    records = [features[n] for n in numbers]
    bound = {level: bindings(constraints, level, {r.key: n for n, r in enumerate(records)}) for level in VETOES}
    read = read_fields(records, sorted({*COLUMN_FIELDS, *KEY_FIELDS}))
    columns = build_columns(records, facts, read)
    candidates, oversize = (
        (_given(around.pairs, numbers), []) if around else candidate_pairs(records, facts, model.block_cap, read)
    )
    del read  # a million records keep 400 MB in it
    scored = score(columns, _with_bound(candidates, [b.must for b in bound.values()], len(records)), model)
    clusters: dict[ClusterLevel, Ints] = {"edition": cluster_records(columns, scored, bound["edition"], model)}
    clusters["work"] = cluster_editions(columns, scored, bound["work"], (clusters["edition"], model))
    placed = around.placed if around else {}
    clusters = {level: _placed(clusters[level], numbers, placed, level) for level in VETOES}
    part = [n for n in order if n not in placed]
    editions, works = (_members(clusters[level], numbers, placed) for level in VETOES)
    editions, works = attach_issues(features, part, editions, works)
    place = {number: position for position, number in enumerate(order)}
    found = open_asks(columns, scored, clusters, bound)
    asks = [ask._replace(left=numbers[ask.left], right=numbers[ask.right]) for ask in found]
    return Resolution(
        editions=_sorted(editions, place),
        works=_sorted(works, place),
        asks=[ask for ask in asks if ask.left not in placed or ask.right not in placed],
        contradictions=_contradictions(clusters, bound, numbers, placed),
        facts=facts,
        oversize=oversize,
        scored=_of_candidates(scored, candidates, len(records)),
        numbers=np.array(numbers, np.int64),
    )


def score_pairs(
    features: Mapping[int, Features], pairs: Sequence[tuple[int, int]], facts: SetFacts, model: MatchModel
) -> Iterator[KeptPair]:
    """Those of these pairs that a resolution of the whole set would keep, by the caller's record numbers."""
    if not pairs:
        return iter(())
    numbers = sorted(features, key=lambda n: RecordKey.parse(features[n].key))
    columns = build_columns([features[n] for n in numbers], facts)
    return _kept(score(columns, _given(pairs, numbers), model), np.array(numbers, np.int64))


def _kept(every: Scored, numbers: Ints) -> Iterator[KeptPair]:
    scored = every.take(is_telling(every))
    edition, work = scored.levels["edition"], scored.levels["work"]
    lefts, rights = numbers[scored.pairs.left], numbers[scored.pairs.right]
    links = edition.links * _LINKS["edition"] + work.links * _LINKS["work"]
    columns = (lefts, rights, edition.score, work.score, edition.vetoes, work.vetoes, links, askable(scored))
    known: dict[tuple[int, int], tuple[str, ...]] = {}  # few of all sets of vetoes occur
    rows = zip(*(column.tolist() for column in columns), strict=True)
    for left, right, bits, work_bits, vetoes, work_vetoes, at, may_ask in rows:
        names = known.get((vetoes, work_vetoes))
        if names is None:
            both = (*named(vetoes, VETOES["edition"]), *named(work_vetoes, VETOES["work"]))
            names = known[vetoes, work_vetoes] = tuple(dict.fromkeys(both))
        yield KeptPair(left, right, round(bits, 3), round(work_bits, 3), names, at, may_ask)


def _given(pairs: Sequence[tuple[int, int]], numbers: Sequence[int]) -> Pairs:
    """The caller's pairs by place in `numbers`."""
    place = {number: n for n, number in enumerate(numbers)}
    ends = sorted(tuple(sorted((place[left], place[right]))) for left, right in pairs)
    table = np.array(ends, np.int64).reshape(-1, 2)
    return Pairs(table[:, 0], table[:, 1])


def _placed(labels: Ints, numbers: Sequence[int], placed: Mapping[int, tuple[str, str]], level: ClusterLevel) -> Ints:
    """The labels, where records that have a place are labelled by it."""
    if not placed or not len(labels):
        return labels
    labels, names = labels.copy(), dict[str, int]()
    first = int(labels.max()) + 1
    for n, number in enumerate(numbers):
        if number in placed:
            labels[n] = first + names.setdefault(placed[number][level == "work"], len(names))
    return labels


def _with_bound(candidates: Pairs, bound: Sequence[Pairs], size: int) -> Pairs:
    """The candidates with the pairs that people bound together."""
    return united([candidates, *bound], size) if any(map(len, bound)) else candidates


def _of_candidates(scored: Scored, candidates: Pairs, size: int) -> Scored:
    """The candidates alone, without pairs that only people bound together."""
    pairs = scored.pairs
    if len(pairs) == len(candidates):
        return scored
    return scored.take(np.isin(pairs.left * size + pairs.right, candidates.left * size + candidates.right))


def _members(labels: Ints, numbers: Sequence[int], without: Collection[int]) -> list[list[int]]:
    clusters: dict[int, list[int]] = {}
    for label, number in zip(labels.tolist(), numbers, strict=True):
        if number not in without:
            clusters.setdefault(label, []).append(number)
    return list(clusters.values())


def _sorted(clusters: Sequence[Sequence[int]], place: Mapping[int, int]) -> list[tuple[int, ...]]:
    ordered = [tuple(sorted(members, key=place.__getitem__)) for members in clusters]
    return sorted(ordered, key=lambda members: place[members[0]])


def _contradictions(
    clusters: Mapping[ClusterLevel, Ints],
    bound: Mapping[ClusterLevel, Bindings],
    numbers: Sequence[int],
    without: Collection[int],
) -> list[Contradiction]:
    found = []
    for level, labels in clusters.items():
        must = bound[level].must
        broken = np.flatnonzero(labels[must.left] != labels[must.right])
        pairs = zip(must.left[broken].tolist(), must.right[broken].tolist(), strict=True)
        ends = [(numbers[left], numbers[right]) for left, right in pairs]
        found += [Contradiction(level, *pair) for pair in ends if not without or not {*pair} <= {*without}]
    return found
