"""Matching over files at hand: clusters, and measures against labels."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from catalogue.errors import UsageError
from catalogue.evidence import ClusterLevel
from catalogue.record import CatalogueRecord
from catalogue.sentence import Sentence
from jobs.checking import Unread, read_files
from matching.answering import answered_by_score
from matching.evaluate import evaluate_clusters as measure_clusters
from matching.evaluate import evaluate_scores, evaluate_verdicts
from matching.explain import explain
from matching.facts import set_facts
from matching.features import Features, extract
from matching.model import load_model
from matching.resolution import Resolution, resolve


def cluster_files(files: Iterable[Path], unread: Unread | None = None) -> Iterator[dict[str, Any]]:
    """Clusters of the live records of some files: edition and work are numbers of this answer alone.

    `unread` hears of what could not become a record; raises LossBudgetExceeded where it is given and nothing did.
    """
    found = [(path, index, record) for path, index, record in read_files(files, unread) if record.status == "live"]
    features = [_features(record, position) for position, (_, _, record) in enumerate(found)]
    resolution = resolve(features)
    work_of = {n: number for number, work in enumerate(resolution.works, 1) for n in work}
    for number, edition in enumerate(resolution.editions, 1):
        members = [
            {"file": str(found[n][0]), "index": found[n][1], "source_id": found[n][2].source_id} for n in edition
        ]
        yield {"edition": f"e{number}", "work": f"w{work_of[edition[0]]}", "members": members}


def evaluate_pairs(
    records: Path,
    labels: Sequence[Mapping[str, str]],
    level: ClusterLevel,
    model: str = "default",
    *,
    unread: Unread | None = None,
) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """Labelled pairs against the matcher: measures, and a row for every pair. `model` is a name or a file."""
    weights = load_model(model)
    features = {f.key.partition(":")[2]: f for f in unique_features(records, whatever_status=True, unread=unread)}
    facts = set_facts(list(features.values()))
    rows: list[dict[str, Any]] = []
    for label in labels:
        left, right = (_known(features, label[side], records) for side in ("left", "right"))
        scored = explain(left, right, level, weights, facts=facts)
        rows.append(
            {
                "left": label["left"],
                "right": label["right"],
                "score": round(scored.score, 4),
                "probability": scored.probability,
                "verdict": scored.verdict,
                "vetoes": ";".join(scored.vetoes),
            }
        )
    truth = [is_same(label["same"]) for label in labels]
    scores = [-math.inf if row["vetoes"] else float(row["score"]) for row in rows]
    best = evaluate_scores(truth, scores)
    merged = evaluate_verdicts(truth, [row["verdict"] == "same" for row in rows])
    limits = explain(left, right, level, weights, facts=facts).thresholds if rows else None
    return {
        "pairs": len(rows),
        "automatic": merged.model_dump(),
        "best": best.best.model_dump(),
        "best_threshold": best.threshold,
        "recall_at_precision": {str(p): r for p, r in best.recall_at.items()},
        "threshold_at_precision": {str(p): t for p, t in best.threshold_at.items()},
        "thresholds": limits.model_dump() if limits else None,
    }, rows


def evaluate_clusters(
    records: Path, truth: Mapping[str, str], level: ClusterLevel, unread: Unread | None = None
) -> dict[str, Any]:
    """Clusters end to end against the truth: precision, recall and F by pairs and B³.

    As they stand while every question is open, and, as matchers without questions are measured, where each is answered
    by its score.
    """
    features = unique_features(records, unread=unread)
    known = {each.key.partition(":")[2] for each in features}
    names = [name for name in truth if name in known]
    asked = resolve(features)
    answered, count = answered_by_score(features, asked)

    def measures(resolution: Resolution) -> dict[str, Any]:
        clusters = resolution.editions if level == "edition" else resolution.works
        found = {features[n].key.partition(":")[2]: number for number, c in enumerate(clusters) for n in c}
        pairs, by_record = measure_clusters([found[n] for n in names], [truth[n] for n in names])
        return {"pairs": pairs.model_dump(), "b3": by_record.model_dump()}

    told = {"records": len(names), "not_found": len(truth) - len(names), "asked": len(asked.asks)}
    return {**told, **measures(asked), "by_score": {"answered": count, **measures(answered)}}


def is_same(label: str) -> bool:
    """Whether a label's `same` says so."""
    return label.strip().lower() in ("1", "true", "yes", "same")


def unique_features(records: Path, *, whatever_status: bool = False, unread: Unread | None = None) -> list[Features]:
    """Features of the live records of a file or folder; of those with one id the last.

    `whatever_status`: of deleted and withdrawn ones that still describe something too, as labels may be of them.
    """
    files = sorted(p for p in records.rglob("*") if p.is_file()) if records.is_dir() else [records]
    chosen = [
        record
        for _, _, record in read_files(files, unread)
        if record.status == "live" or (whatever_status and record.titles)
    ]
    unique = {record.source_id: record for record in chosen}
    return [extract(record, mixed_origin=True) for record in unique.values()]


def _features(record: CatalogueRecord, position: int) -> Features:
    """Records of loose files may share ids: the position keeps them apart."""
    return extract(record.model_copy(update={"source_id": f"{position:08}/{record.source_id}"}), mixed_origin=True)


def _known(features: Mapping[str, Features], name: str, records: Path) -> Features:
    if name not in features:
        raise UsageError(Sentence("{records}: no record has the id {name!r}", records=records, name=name))
    return features[name]
