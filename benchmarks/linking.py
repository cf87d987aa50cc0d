"""Matching at size, beside splink: ``python -m benchmarks.linking [--records N…] [--seed S] [--splink]``.

Synthetic e-library records, every size in a process of its own. Prints records per second of CPU of matching and
clustering at both levels (features are at hand, as the store has them), the peak of memory, F1 by pairs against the
truth, and how time grows with size. With ``--splink`` the first size is also linked by splink, on one thread, in the
same run: its prediction and clustering are counted, its training is shown beside. It is no dependency:
``pip install "splink>=4,<5"``. Ends with an error if a cluster holds a vetoed pair.
"""

from __future__ import annotations

import argparse
import gc
import json
import math
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from resource import RUSAGE_SELF, getrusage
from typing import Any

from benchmarks.synthetic import catalogue_records
from matching.checking import vetoed_inside
from matching.evaluate import evaluate_clusters
from matching.features import Features, extract
from matching.resolution import resolve
from ops.collecting import collect_seldom

HEAD = (
    "| records | by | features, CPU s | match and cluster, CPU s | records/s | edition F1 | work F1 | peak MB |\n"
    "|---|---|---|---|---|---|---|---|"
)
Truth = list[tuple[str, str]]


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--records", nargs="+", type=int, default=[100_000])
    options.add_argument("--seed", type=int, default=2026)
    options.add_argument("--splink", action="store_true")
    options.add_argument("--one", choices=("lyhde", "splink"), help="measure in this process, print JSON")
    chosen = options.parse_args()
    if chosen.one:
        measure = of_lyhde if chosen.one == "lyhde" else of_splink
        print(json.dumps(measure(chosen.seed, chosen.records[0])))
        return
    print(HEAD, flush=True)
    found = [row("lyhde", size, chosen.seed) for size in chosen.records]
    if chosen.splink:
        row("splink", chosen.records[0], chosen.seed)
    for small, large in pairwise(found):
        grown = math.log(large["matching"] / small["matching"]) / math.log(large["records"] / small["records"])
        print(f"\nTime grows with size to the power of {grown:.2f} ({small['records']:,} to {large['records']:,}).")


def row(name: str, size: int, seed: int) -> dict[str, Any]:
    """One line of the table, measured in a process of its own."""
    words = ["-m", "benchmarks.linking", "--one", name, "--records", str(size), "--seed", str(seed)]
    said = subprocess.run([sys.executable, *words], check=True, capture_output=True, text=True).stdout
    found: dict[str, Any] = json.loads(said.splitlines()[-1])
    work = f"{found['work']:.4f}" if found["work"] else ""
    print(
        f"| {size:,} | {name} | {found['before']:.0f} | {found['matching']:.1f} | {size / found['matching']:,.0f}"
        f" | {found['edition']:.4f} | {work} | {found['peak_mb']:,} |",
        flush=True,
    )
    return found


def read(seed: int, size: int) -> tuple[list[Features], Truth]:
    collect_seldom()
    features, truth = [], []
    for record, edition, work in catalogue_records(seed, size):
        features.append(extract(record))
        truth.append((edition, work))
    gc.freeze()
    return features, truth


def timed(job: Callable[[], Any]) -> tuple[Any, float]:
    start = time.process_time()
    return job(), time.process_time() - start


def of_lyhde(seed: int, size: int) -> dict[str, Any]:
    (features, truth), before = timed(lambda: read(seed, size))
    found, matching = timed(lambda: resolve(features))
    peak = getrusage(RUSAGE_SELF).ru_maxrss // 1024
    if vetoed := vetoed_inside(features, found):
        raise SystemExit(f"clusters hold vetoed pairs: {vetoed[:5]}")
    levels = {"edition": found.editions, "work": found.works}
    scores = {level: f1([row[level == "work"] for row in truth], clusters) for level, clusters in levels.items()}
    return {"records": size, "before": before, "matching": matching, "peak_mb": peak, **scores}


def f1(truth: Sequence[str], clusters: Sequence[Sequence[int]]) -> float:
    label = {number: place for place, members in enumerate(clusters) for number in members}
    return evaluate_clusters([str(label[n]) for n in range(len(truth))], truth)[0].f1


def of_splink(seed: int, size: int) -> dict[str, Any]:
    """Editions by splink: the same fields, blocks as ours where it can have them, weights by its EM."""
    import duckdb
    import pandas
    from splink import DuckDBAPI, Linker

    features, truth = read(seed, size)
    table = pandas.DataFrame([flat(number, record) for number, record in enumerate(features)])
    connection = duckdb.connect(config={"threads": 1})
    linker = Linker(table, settings(), db_api=DuckDBAPI(connection=connection))
    _, training = timed(lambda: train(linker))

    def link() -> Any:
        pairs = linker.inference.predict(threshold_match_probability=0.9)
        clusters = linker.clustering.cluster_pairwise_predictions_at_threshold(pairs, 0.99)
        return clusters.as_pandas_dataframe()

    found, matching = timed(link)
    clusters = found.groupby("cluster_id")["unique_id"].apply(list).tolist()
    peak = getrusage(RUSAGE_SELF).ru_maxrss // 1024
    edition = f1([row[0] for row in truth], clusters)
    return {
        "records": size, "before": training, "matching": matching, "peak_mb": peak, "edition": edition, "work": None,
    }  # fmt: skip


def flat(number: int, record: Features) -> Mapping[str, Any]:
    """A record as a row: what our keys and comparisons read, where a row can hold it."""
    family, _, given = record.people.author.partition(", ")
    longest = sorted(record.title.main.split(), key=lambda word: (-len(word), word))[:2]
    series, volume = next(((name, number) for name, number in record.numbering.series if number), ("", ""))
    values = {
        "title": record.title.main,
        "full": record.title.full,
        "original": " ".join(record.title.original[:1]),
        "word": longest[0][:7] if longest and family else "",
        "words": " ".join(longest) if len(longest) == 2 else "",
        "author": record.people.author,
        "family": family,
        "initial": given[:1],
        "narrator": ";".join(record.people.narrators),
        "translator": ";".join(record.people.translators),
        "publisher": record.imprint.publisher,
        "place": record.imprint.place,
        "year": record.imprint.first_year,
        "pages": record.imprint.pages,
        "minutes": record.imprint.minutes,
        "language": " ".join(record.form.languages),
        "medium": record.form.medium,
        "volume": record.numbering.volume,
        "series": series,
        "series_number": volume,
        "edition": record.numbering.edition,
        "isbn": " ".join(record.ids.own_isbns[:1]),
    }
    return {"unique_id": number, **{name: value or None for name, value in values.items()}}


def settings() -> Any:
    from splink import SettingsCreator, block_on
    from splink import comparison_library as library

    likened = ("title", "full", "author", "narrator", "translator", "publisher", "series")
    equal = ("original", "place", "year", "pages", "minutes", "language", "medium", "volume", "edition", "isbn")
    return SettingsCreator(
        link_type="dedupe_only",
        blocking_rules_to_generate_predictions=[
            block_on("isbn"),
            block_on("substr(title, 1, 24)", "substr(family, 1, 4)"),
            block_on("word", "family", "initial"),
            block_on("words", "initial"),
            block_on("series", "series_number", "family"),
            block_on("substr(title, 1, 24)", "year"),
            block_on("family", "year", "pages"),
        ],
        comparisons=[
            *(library.JaroWinklerAtThresholds(name, [0.95, 0.88]) for name in likened),
            *(library.ExactMatch(name) for name in equal),
        ],
    )


def train(linker: Any) -> None:
    from splink import block_on

    linker.training.estimate_probability_two_random_records_match([block_on("isbn")], recall=0.7)
    linker.training.estimate_u_using_random_sampling(max_pairs=2e6, seed=1)
    linker.training.estimate_parameters_using_expectation_maximisation(block_on("isbn"))
    linker.training.estimate_parameters_using_expectation_maximisation(block_on("title", "author"))


if __name__ == "__main__":
    main()
