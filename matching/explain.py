"""Why two records are the same, or not: every finding with its weight, the vetoes and the asks."""

from __future__ import annotations

import numpy as np

from catalogue.evidence import ClusterLevel, Finding, ScoredPair, Thresholds, Verdict
from matching.asks import INSISTED, library_duplicate
from matching.columns import build_columns
from matching.comparisons import COMPARISONS, Compared, compare
from matching.facts import SetFacts
from matching.features import Features
from matching.model import DOMAINS, MatchModel, load_model
from matching.scoring import ASKS, VETOES, bits_of, domain_numbers
from matching.similarity import Pairs


def explain(
    left: Features,
    right: Features,
    level: ClusterLevel,
    model: MatchModel | None = None,
    *,
    facts: SetFacts | None = None,
) -> ScoredPair:
    """The explanation of any two records, candidates or not. The findings' bits sum to the score.

    The verdict is that of the pair alone: ``different`` under a veto, ``ask`` under an ask or between the
    thresholds. `facts` are those of the set the records belong to, if it is known.
    """
    model = model or load_model()
    pairs = Pairs(np.array([0]), np.array([1]))
    compared = compare(build_columns([left, right], facts or SetFacts()), pairs)
    findings = (_prior(model, level), *(_finding(compared, model, level, name) for name in COMPARISONS))
    score = round(sum(finding.bits for finding in findings), 6)
    domain = DOMAINS[int(domain_numbers(compared)[0])]
    thresholds = model.thresholds(level, domain)
    vetoes = tuple(name for name, rule in VETOES[level].items() if rule(compared)[0])
    asks = tuple(name for name, rule in ASKS[level].items() if rule(compared)[0])
    if library_duplicate(compared)[0]:  # a sender knows its own records apart
        thresholds = Thresholds(accept=thresholds.accept, reject=thresholds.accept)
    calibrated = level in model.domains[domain].calibrated
    return ScoredPair(
        score=score,
        probability=round(1 / (1 + 2**-score), 6) if calibrated else None,
        verdict=verdict(score, thresholds, vetoes, asks),
        thresholds=thresholds,
        model=f"{model.name} {model.version}",
        findings=findings,
        vetoes=vetoes,
        asks=asks,
    )


def verdict(score: float, thresholds: Thresholds, vetoes: tuple[str, ...], asks: tuple[str, ...]) -> Verdict:
    """What a pair comes to: a veto or a score below the lower threshold is different, an ask is never automatic."""
    if vetoes or (score < thresholds.reject and not INSISTED.intersection(asks)):
        return "different"
    return "ask" if asks or score < thresholds.accept else "same"


def _prior(model: MatchModel, level: ClusterLevel) -> Finding:
    return Finding(comparison="prior", level=level, bits=model.level(level).prior)


def _finding(compared: Compared, model: MatchModel, level: ClusterLevel, name: str) -> Finding:
    comparison, number = COMPARISONS[name], int(compared.levels[name][0])
    left, right = compared.columns.features
    return Finding(
        comparison=name,
        level=comparison.levels[number],
        left=comparison.show(left),
        right=comparison.show(right),
        bits=float(bits_of(model.level(level), name)[number]),
    )
