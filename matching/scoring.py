"""Scores of candidate pairs at both levels, with the vetoes and asks that stand against or beside them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from catalogue.evidence import ClusterLevel
from matching.asks import EDITION_ASKS, WORK_ASKS, library_duplicate
from matching.columns import Codes, Columns, Flags, Floats, Ints
from matching.comparisons import COMPARISONS, Compared, compare
from matching.model import DOMAINS, LevelModel, MatchModel
from matching.similarity import Pairs
from matching.vetoes import EDITION_VETOES, WORK_VETOES, Rule, untold_translation

_AT_ONCE = 100_000  # pairs compared in one go: bounds memory

VETOES: dict[ClusterLevel, dict[str, Rule]] = {"edition": EDITION_VETOES, "work": WORK_VETOES}
ASKS: dict[ClusterLevel, dict[str, Rule]] = {"edition": EDITION_ASKS, "work": WORK_ASKS}


@dataclass(frozen=True, slots=True)
class LevelScores:
    """One level's outcome per pair. `limits` gives the place of its thresholds in the tables `accepts` and `rejects`;
    `vetoes` and `asks` are bit masks in the order of the registries; `silent` are pairs that can tell nothing at this
    level.
    """

    score: Floats
    limits: npt.NDArray[np.int8]
    vetoes: Codes
    asks: Codes
    silent: Flags
    accepts: Floats
    rejects: Floats

    @property
    def accept(self) -> Floats:
        """The score from which on each pair joins."""
        return self.accepts[self.limits]

    @property
    def reject(self) -> Floats:
        """The score below which each pair is not asked about."""
        return self.rejects[self.limits]

    @property
    def links(self) -> Flags:
        """Which pairs join by themselves, whatever people said."""
        found: Flags = (self.score >= self.accept) & (self.asks == 0) & (self.vetoes == 0) & ~self.silent
        return found

    def take(self, chosen: Flags | Ints) -> LevelScores:
        return LevelScores(
            score=self.score[chosen],
            limits=self.limits[chosen],
            vetoes=self.vetoes[chosen],
            asks=self.asks[chosen],
            silent=self.silent[chosen],
            accepts=self.accepts,
            rejects=self.rejects,
        )


@dataclass(frozen=True, slots=True)
class Scored:
    """Scored pairs at both levels."""

    pairs: Pairs
    levels: dict[ClusterLevel, LevelScores]

    def take(self, chosen: Flags | Ints) -> Scored:
        parts = {level: part.take(chosen) for level, part in self.levels.items()}
        return Scored(self.pairs.take(chosen), parts)


def score(columns: Columns, pairs: Pairs, model: MatchModel) -> Scored:
    """Score pairs at both levels. Order and number of pairs are kept."""
    order = _by_titles(columns, pairs)
    slices = [np.sort(order[start : start + _AT_ONCE]) for start in range(0, max(1, len(pairs)), _AT_ONCE)]
    parts = [_score_part(compare(columns, pairs.take(part)), model) for part in slices]
    place = np.empty_like(order)
    place[np.concatenate(slices)] = np.arange(len(order))
    joined = {level: _joined([part[level] for part in parts]).take(place) for level in VETOES}
    return Scored(pairs, joined)


def _by_titles(columns: Columns, pairs: Pairs) -> Ints:
    """The places of pairs by their titles, so that those of the same two titles are compared in one go."""
    if len(pairs) <= _AT_ONCE:
        return np.arange(len(pairs))
    titles = columns.texts["full"]
    left, right = titles.codes[pairs.left].astype(np.int64), titles.codes[pairs.right].astype(np.int64)
    return np.argsort(np.minimum(left, right) * len(titles.values) + np.maximum(left, right))


def judged(columns: Columns, pairs: Pairs, level: ClusterLevel) -> tuple[Codes, Flags]:
    """The vetoes of pairs alone, as bit masks, and which pairs are silent."""
    compared = compare(columns, pairs)
    return _mask(compared, VETOES[level]), _silent(compared, level)


def domain_numbers(pairs: Compared) -> npt.NDArray[np.int8]:
    """The domain of each pair, as a number in `DOMAINS`."""

    def has(column: str, name: str) -> Flags:
        texts = pairs.columns.texts[column]
        code = texts.values.index(name) if name in texts.values else -1
        found: Flags = (texts.codes[pairs.pairs.left] == code) | (texts.codes[pairs.pairs.right] == code)
        return found

    chosen = np.select([has("level", "serial"), has("medium", "audiobook")], [2, 1], 0)
    return chosen.astype(np.int8)


def named(mask: int, registry: Mapping[str, Rule]) -> tuple[str, ...]:
    """The names of the rules whose bits are set."""
    return tuple(name for bit, name in enumerate(registry) if mask >> bit & 1)


def mask_of(names: Collection[str], registry: Mapping[str, Rule]) -> int:
    """The bit mask of the rules with these names; names that the registry lacks have no bit."""
    return sum(1 << bit for bit, name in enumerate(registry) if name in names)


def bits_of(level: LevelModel, comparison: str) -> Floats:
    """The weights of a comparison's levels, by level number."""
    weights = level.weights.get(comparison, {})
    return np.array([weights.get(name, 0.0) for name in COMPARISONS[comparison].levels])


def weigh(pairs: Compared, level: LevelModel) -> Floats:
    """The prior and the weights of all comparisons, summed for each pair."""
    total = np.full(len(pairs.pairs), level.prior)
    for comparison, numbers in pairs.levels.items():
        total += bits_of(level, comparison)[numbers]
    return total


def vetoed(pairs: Compared, level: ClusterLevel) -> Flags:
    """Which pairs some veto forbids."""
    found: Flags = _mask(pairs, VETOES[level]) != 0
    return found


def _score_part(pairs: Compared, model: MatchModel) -> dict[ClusterLevel, LevelScores]:
    domains = domain_numbers(pairs)
    return {level: _score_level(pairs, model, level, domains) for level in VETOES}


def _score_level(pairs: Compared, model: MatchModel, level: ClusterLevel, domains: npt.NDArray[np.int8]) -> LevelScores:
    total = weigh(pairs, model.level(level))
    thresholds = [model.thresholds(level, name) for name in DOMAINS]
    accepts, rejects = np.array([t.accept for t in thresholds]), np.array([t.reject for t in thresholds])
    accepts, rejects = np.tile(accepts, 2), np.append(rejects, accepts)  # a sender knows its own records apart
    limits = domains + library_duplicate(pairs).astype(np.int8) * np.int8(len(DOMAINS))
    vetoes, asks = _mask(pairs, VETOES[level]), _mask(pairs, ASKS[level])
    return LevelScores(total, limits, vetoes, asks, _silent(pairs, level), accepts, rejects)


def _silent(pairs: Compared, level: ClusterLevel) -> Flags:
    return untold_translation(pairs) if level == "work" else np.zeros(len(pairs.pairs), np.bool_)


def _mask(pairs: Compared, rules: Mapping[str, Rule]) -> Codes:
    mask = np.zeros(len(pairs.pairs), np.int32)
    for bit, rule in enumerate(rules.values()):
        mask |= rule(pairs).astype(np.int32) << np.int32(bit)
    return mask


def _joined(parts: list[LevelScores]) -> LevelScores:
    return LevelScores(
        score=np.concatenate([p.score for p in parts]),
        limits=np.concatenate([p.limits for p in parts]),
        vetoes=np.concatenate([p.vetoes for p in parts]),
        asks=np.concatenate([p.asks for p in parts]),
        silent=np.concatenate([p.silent for p in parts]),
        accepts=parts[0].accepts,
        rejects=parts[0].rejects,
    )
