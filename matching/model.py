"""The match model: weights in bits per level, thresholds, domains. A versioned table, frozen while it is used."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import resources
from pathlib import Path

from pydantic import Field

from catalogue.errors import ConfigurationError
from catalogue.evidence import ClusterLevel, Thresholds
from catalogue.keys import content_hash
from catalogue.model import Model
from catalogue.ruletables import model_in_use
from matching.comparisons import COMPARISONS
from matching.evaluate import Bin, Quality

DOMAINS = ("monograph", "audio", "serial")
"""The first that fits: a pair with a serial is serial, one with an audiobook is audio."""


class LevelModel(Model):
    """Weights of one cluster level. A level that is not named weighs nothing."""

    prior: float
    accept: float
    reject: float
    weights: dict[str, dict[str, float]]


class Domain(Model):
    """A domain's own thresholds per level where labels calibrate it, else how much surer it is to be.

    `raised`: how far above the base model's `accept` it joins by itself, per level. `reject` is the base model's, so
    that more is asked and nothing is dropped that was not dropped elsewhere.
    """

    raised: dict[ClusterLevel, float] = Field(default_factory=dict)
    calibrated: tuple[ClusterLevel, ...] = ()
    thresholds: dict[ClusterLevel, Thresholds] | None = None


class FitReport(Model):
    """What the weights are worth in one domain, on labelled pairs whose clusters they were not fitted on.

    `automatic` is what the thresholds join without asking, `asked` the number of pairs between them.
    """

    domain: str
    level: ClusterLevel
    labels: int
    best: Quality
    automatic: Quality
    asked: int
    recall_at: dict[str, float]
    precision_lower_bound: float
    calibration: tuple[Bin, ...]


class MatchModel(Model):
    """Weights and thresholds of both levels. `missing` is the most that a pair counts for in a mean
    where an ask stands against it, and the score of two groups whose pairs can tell nothing.
    """

    name: str
    version: str
    missing: float = -1.5
    largest_component: int = 150
    block_cap: int = 40
    domains: dict[str, Domain]
    edition: LevelModel
    work: LevelModel
    reports: tuple[FitReport, ...] = ()

    @property
    def stamp(self) -> str:
        """Name, version and a hash of what decides: two models with one stamp decide alike."""
        content = self.model_dump_json(exclude={"reports"}).encode()
        return f"{self.name} {self.version} {content_hash(content).hex()[:8]}"

    def level(self, level: ClusterLevel) -> LevelModel:
        return self.edition if level == "edition" else self.work

    def thresholds(self, level: ClusterLevel, domain: str) -> Thresholds:
        own = (self.domains[domain].thresholds or {}).get(level)
        if own:
            return own
        base, raised = self.level(level), self.domains[domain].raised.get(level, 0.0)
        return Thresholds(accept=base.accept + raised, reject=base.reject)


def load_model(name_or_path: str | None = None) -> MatchModel:
    """A model by its name in ``matching/models`` or by the path of a TOML file; without either the one in use.

    Raises ConfigurationError naming every fault: a file that is not there or not TOML, an unknown key, comparison
    or level. A file is read once: what changes in it counts for the next process.
    """
    return _read(name_or_path or model_in_use())


@cache
def _read(name_or_path: str) -> MatchModel:
    path = Path(name_or_path)
    place = path if path.suffix == ".toml" else resources.files("matching").joinpath("models", f"{name_or_path}.toml")
    try:
        model = MatchModel.model_validate(tomllib.loads(place.read_text("utf-8")))
    except (OSError, ValueError) as fault:
        raise ConfigurationError([f"{name_or_path}: {fault}"]) from fault
    faults = [f"{name_or_path}: {fault}" for fault in _unknown_names(model)]
    if faults:
        raise ConfigurationError(faults)
    return model


def _unknown_names(model: MatchModel) -> list[str]:
    faults = [f"domains: {name!r} is missing" for name in DOMAINS if name not in model.domains]
    for level in ("edition", "work"):
        for comparison, weights in model.level(level).weights.items():
            if comparison not in COMPARISONS:
                faults.append(f"{level}.weights: {comparison!r} is not one of {', '.join(COMPARISONS)}")
                continue
            allowed = COMPARISONS[comparison].levels
            faults += [
                f"{level}.weights.{comparison}: {n!r} is not one of {allowed}" for n in weights if n not in allowed
            ]
    return faults
