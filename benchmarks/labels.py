"""The matcher on labelled records: ``python -m benchmarks.labels [--model FILE]``. Needs LYHDE_TEST_DATA.

``--out DIR`` writes what ``lyhde match fit``, ``match evaluate`` and ``match cluster-evaluate`` take:
``records.jsonl``, ``pairs.csv`` of all parts, of parts 0-6 (to choose by) and 7-9 (to measure a choice once), and
``truth.csv``.
The records are MARC-in-JSON of printed monographs without identifiers (HathiTrust "goldfinch", validation part).
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import tempfile
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from jobs.checking import Unread
from jobs.clustering import evaluate_pairs, unique_features
from matching.answering import Answers, answered_by_score, answers_to
from matching.evaluate import evaluate_clusters
from matching.fitting import parts
from matching.model import load_model
from matching.resolution import Resolution, resolve

SET = "truth-hathi-goldfinch"
PARTS, CHOSEN_BY = 10, 7
ROUNDS = 3  # of answers: some questions come up once others are answered
Row = dict[str, str]


class Labels(NamedTuple):
    """Lines of distinct records, pairs with their clusters, and the cluster of each record by its id."""

    records: list[str]
    pairs: list[Row]
    clusters: dict[str, str]


def main() -> None:
    options = read_arguments()
    labels = read_labels(Path(os.environ["LYHDE_TEST_DATA"]) / SET)
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(options.out or scratch)
        folder.mkdir(parents=True, exist_ok=True)
        write_files(folder, labels)
        if not options.out:
            print_quality(folder, options.model)


def read_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="The matcher on labelled records")
    parser.add_argument("--model", default="default", help="a model by name, or its file")
    parser.add_argument("--out", help="write the files here, and measure nothing")
    return parser.parse_args()


def read_labels(folder: Path) -> Labels:
    """The set, each record once."""
    (packed,), (listed,) = folder.rglob("*.zip"), folder.rglob("*_labels.csv")
    records: dict[str, str] = {}
    clusters: dict[str, str] = {}
    with zipfile.ZipFile(packed) as whole, whole.open(whole.namelist()[0]) as stream:
        for line in stream:
            name, cluster = told(json.loads(line))
            records[name], clusters[name] = line.decode("utf-8"), cluster
    with listed.open(encoding="utf-8", newline="") as rows:
        pairs = [
            {"left": row["id1"], "right": row["id2"], "same": row["label"],
             "left_cluster": clusters[row["id1"]], "right_cluster": clusters[row["id2"]]}
            for row in csv.DictReader(rows)
        ]  # fmt: skip
    return Labels(list(records.values()), pairs, clusters)


def told(record: Any) -> tuple[str, str]:
    """Id (001) and cluster (CID $a)."""
    fields = {tag: value for field in record["fields"] for tag, value in field.items() if tag in ("001", "CID")}
    return fields["001"], fields["CID"]["subfields"][0]["a"]


def write_files(folder: Path, labels: Labels) -> None:
    (folder / "records.jsonl").write_text("".join(labels.records), "utf-8")
    numbers = parts([(row["left_cluster"], row["right_cluster"]) for row in labels.pairs], PARTS).tolist()
    numbered = list(zip(numbers, labels.pairs, strict=True))
    write_csv(folder / "pairs.csv", labels.pairs)
    write_csv(folder / "pairs-0-6.csv", (row for number, row in numbered if number < CHOSEN_BY))
    write_csv(folder / "pairs-7-9.csv", (row for number, row in numbered if number >= CHOSEN_BY))
    write_csv(folder / "truth.csv", ({"source_id": name, "cluster": of} for name, of in labels.clusters.items()))


def write_csv(path: Path, rows: Iterable[Row]) -> None:
    found = list(rows)
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, list(found[0]))
        writer.writeheader()
        writer.writerows(found)


def read_csv(path: Path) -> Iterator[Row]:
    with path.open(encoding="utf-8", newline="") as stream:
        yield from csv.DictReader(stream)


def print_quality(folder: Path, model: str) -> None:
    """Pairs of each part by one model, then all records end to end by the model in use."""
    records = folder / "records.jsonl"
    print("| pairs of | labels | best F1 | recall at precision .995 | joined: precision | recall |")
    print("|---|---|---|---|---|---|")
    for name, of in (("pairs-0-6", "parts 0-6"), ("pairs-7-9", "parts 7-9"), ("pairs", "all parts")):
        labels = list(read_csv(folder / f"{name}.csv"))
        found, _ = evaluate_pairs(records, labels, "edition", model, unread=Unread())
        best, joined, recall = found["best"]["f1"], found["automatic"], found["recall_at_precision"]["0.995"]
        told = f"{best:.4f} | {recall:.3f} | {joined['precision']:.4f} | {joined['recall']:.3f}"
        print(f"| {of} | {len(labels)} | {told} |", flush=True)
    print_clusters(folder, model)


def print_clusters(folder: Path, model: str) -> None:
    """All records end to end, each question answered as the labels do, and by its score alone, as if nobody asked."""
    features, weights = unique_features(folder / "records.jsonl"), load_model(model)
    cluster = {row["source_id"]: row["cluster"] for row in read_csv(folder / "truth.csv")}
    truth = [cluster[record.key.partition(":")[2]] for record in features]
    answers: Answers = {}
    print("\n| answers | given | pairs: precision | recall | F1 | B³: precision | recall | F |")
    print("|---|---|---|---|---|---|---|---|")
    for _ in range(ROUNDS):
        found = resolve(features, list(answers.values()), weights)
        print_row("as the labels say", len(answers), found, truth)
        asks = (ask for ask in found.asks if ask.level == "edition")
        answers |= answers_to(asks, features, lambda ask: truth[ask.left] == truth[ask.right])
    found, given = answered_by_score(features, resolve(features, (), weights), weights)
    print_row("by score alone, at both levels", given, found, truth)


def print_row(answers: str, given: int, found: Resolution, truth: Sequence[str]) -> None:
    label = {number: place for place, members in enumerate(found.editions) for number in members}
    measured = evaluate_clusters([label[number] for number in range(len(truth))], truth)
    told = " | ".join(f"{q.precision:.4f} | {q.recall:.4f} | {q.f1:.4f}" for q in measured)
    print(f"| {answers} | {given} | {told} |", flush=True)


if __name__ == "__main__":
    main()
