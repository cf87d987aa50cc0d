"""Why two records are the same, or not: every finding with its weight, the vetoes and the asks."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from catalogue.evidence import ClusterLevel, Finding, ScoredPair, Thresholds, Verdict
from matching.asks import INSISTED, library_duplicate
from matching.columns import Floats, build_columns
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
    return explain_all([left, right], [(0, 1)], level, model, facts=facts)[0]


def explain_all(
    features: Sequence[Features],
    ends: Sequence[tuple[int, int]],
    level: ClusterLevel,
    model: MatchModel | None = None,
    *,
    facts: SetFacts | None = None,
) -> list[ScoredPair]:
    """The explanations of pairs of records, by their positions: many cost little more than one."""
    model = model or load_model()
    table = np.array(ends, np.int64).reshape(-1, 2)
    compared = compare(build_columns(features, facts or SetFacts()), Pairs(table[:, 0], table[:, 1]))
    vetoes, asks = ({name: rule(compared) for name, rule in rules.items()} for rules in (VETOES[level], ASKS[level]))
    duplicates, domains = library_duplicate(compared), domain_numbers(compared)
    bits = {name: bits_of(model.level(level), name) for name in COMPARISONS}
    found = []
    for n in range(len(ends)):
        findings = (_prior(model, level), *(_finding(compared, bits[name], name, n) for name in COMPARISONS))
        held = tuple(tuple(name for name, where in rules.items() if where[n]) for rules in (vetoes, asks))
        domain = DOMAINS[int(domains[n])]
        found.append(_scored(findings, held, (model, level, domain), of_one_sender=bool(duplicates[n])))
    return found


def _scored(
    findings: tuple[Finding, ...],
    held: tuple[tuple[str, ...], ...],
    by: tuple[MatchModel, ClusterLevel, str],
    *,
    of_one_sender: bool,
) -> ScoredPair:
    model, level, domain = by
    vetoes, asks = held
    score = round(sum(finding.bits for finding in findings), 6)
    thresholds = model.thresholds(level, domain)
    if of_one_sender:  # a sender knows its own records apart
        thresholds = Thresholds(accept=thresholds.accept, reject=thresholds.accept)
    return ScoredPair(
        score=score,
        probability=round(1 / (1 + 2**-score), 6) if level in model.domains[domain].calibrated else None,
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


def _finding(compared: Compared, bits: Floats, name: str, pair: int) -> Finding:
    comparison, number = COMPARISONS[name], int(compared.levels[name][pair])
    left, right = (compared.columns.features[side[pair]] for side in (compared.pairs.left, compared.pairs.right))
    return Finding(
        comparison=name,
        level=comparison.levels[number],
        left=comparison.show(left),
        right=comparison.show(right),
        bits=float(bits[number]),
    )
