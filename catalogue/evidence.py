"""What matching says about two records: findings with weights in bits, vetoes, and a verdict."""

from __future__ import annotations

from typing import Literal

from catalogue.model import Model

ClusterLevel = Literal["edition", "work"]
Verdict = Literal["same", "ask", "different"]


class Finding(Model):
    """One comparison: the named level it fell into, both values, and its weight.

    The first finding of a pair is always ``prior``; the weights of all findings sum to the score.
    """

    comparison: str
    level: str
    left: str | None = None
    right: str | None = None
    bits: float


class Thresholds(Model):
    """Score at or above `accept`: same; below `reject`: different; between: ask a person."""

    accept: float
    reject: float


class ScoredPair(Model):
    """The explanation of one pair at one level (`lyhde pair explain`)."""

    score: float
    probability: float | None = None  # None while the model's domain is not calibrated
    verdict: Verdict
    thresholds: Thresholds
    model: str  # name and version of the weights
    findings: tuple[Finding, ...]
    vetoes: tuple[str, ...] = ()
    asks: tuple[str, ...] = ()  # rules that send the pair to a person whatever the score


class Constraint(Model):
    """A person's word about two records, as clustering reads it. `lifts` are the vetoes it overrules."""

    kind: Literal["must", "cannot"]
    level: ClusterLevel
    left: str  # SOURCE:SOURCE_ID
    right: str
    lifts: tuple[str, ...] = ()
    decision: int = 0  # whose word it is; 0 outside a store
