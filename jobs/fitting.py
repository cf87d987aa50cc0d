"""Weights out of labelled pairs: a model file, and what it is worth."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from catalogue.errors import UsageError
from catalogue.evidence import ClusterLevel
from catalogue.sentence import Sentence
from jobs.clustering import is_same, unique_features
from matching.columns import build_columns
from matching.facts import set_facts
from matching.fitting import LEAST_LABELS, Labelled, fit_model
from matching.model import MatchModel, load_model
from matching.modelfile import model_text

CLUSTERS = ("left_cluster", "right_cluster")
"""Columns that may name the cluster of either side; without them records that share a pair are held together."""


def fit_to_labels(
    records: Path, labels: Sequence[Mapping[str, str]], *, level: ClusterLevel, base: str, version: str
) -> MatchModel:
    """A model with the weights of one level fitted on labelled pairs (`left,right,same`).

    Raises UsageError where a label names an unknown record, or labels are too few to fit anything on.
    """
    features = unique_features(records, whatever_status=True)
    number = {record.key.partition(":")[2]: n for n, record in enumerate(features)}
    unknown = next((label[side] for label in labels for side in ("left", "right") if label[side] not in number), None)
    if unknown is not None:
        raise UsageError(Sentence("{records}: no record has the id {name!r}", records=records, name=unknown))
    same = [is_same(label["same"]) for label in labels]
    if min(same.count(True), same.count(False)) < LEAST_LABELS // 2:
        raise UsageError(
            Sentence("{count} labels of either kind are needed to fit weights", count=str(LEAST_LABELS // 2))
        )
    clusters = [(label.get(CLUSTERS[0]) or label["left"], label.get(CLUSTERS[1]) or label["right"]) for label in labels]
    numbers = [(number[label["left"]], number[label["right"]]) for label in labels]
    labelled = Labelled.of(numbers, same, clusters)
    columns = build_columns(features, set_facts(features))
    return fit_model(columns, labelled, load_model(base), level=level, version=version)


def write_model(model: MatchModel, path: Path) -> None:
    """The model file that `load_model` reads. Raises UsageError where it cannot be written."""
    heading = "A match model: weights in bits (log2 of the odds), thresholds and domains. Made by lyhde match fit."
    try:
        path.write_text(model_text(model, heading), "utf-8")
    except OSError as error:
        raise UsageError(Sentence("{path}: cannot be written: {why}", path=path, why=error.strerror)) from error


def report_of(model: MatchModel) -> dict[str, Any]:
    """Version, domains and reports of a model, for programs."""
    return {
        "model": f"{model.name} {model.version}",
        "domains": {name: row.model_dump(mode="json") for name, row in model.domains.items()},
        "reports": [report.model_dump(mode="json") for report in model.reports],
    }
