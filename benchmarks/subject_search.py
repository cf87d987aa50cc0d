"""Subjects as queries: ``python -m benchmarks.subject_search [DOCUMENTS.tsv]`` (titles with YSO concepts, tab between).

Each Finnish label of a concept that librarians gave to a title is asked of the titles alone, on the
embedded server. Relevant are the titles that have the concept. Most titles do not hold the words of their subjects, so
compare rows, not numbers. Prints a Markdown table and paired bootstrap intervals of the differences.
"""

from __future__ import annotations

import argparse
import math
import os
import random
import re
import tempfile
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from elasticsearch import Elasticsearch

from catalogue.vocabularies.concepts import concepts
from index.analysis import analysis
from index.groups import grouped
from index.server import start, stop
from index.vocabulary import Vocabulary

FEWEST, DEPTH, SEED, ROUNDS = 1, 1000, 7, 2000
NAME = "subjects"
WAYS = {
    "words as they are": ("plain",),
    "stock `finnish` stemmer": ("stock",),
    "forms in the documents": ("forms",),
    "the same, exact words first": ("forms", "plain"),
}


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    default = Path(os.environ.get("LYHDE_TEST_DATA", ".")) / "titles-fi-finna" / "documents.tsv"
    options.add_argument("documents", nargs="?", type=Path, default=default)
    lines = options.parse_args().documents.read_text("utf-8").splitlines()
    titles = [line.split("\t", 1)[0] for line in lines]
    relevant: dict[str, set[int]] = defaultdict(set)
    for number, line in enumerate(lines):
        for uri in re.findall(r"<([^>]+)>", line):
            relevant[uri].add(number)
    queries = {
        concept.labels.fi: found
        for uri, found in sorted(relevant.items())
        if len(found) >= FEWEST and (concept := concepts().by_uri(uri)) and concept.labels.fi
    }
    with tempfile.TemporaryDirectory() as folder:
        server = start(Path(folder))
        try:
            with Elasticsearch(server.url, request_timeout=600) as client:
                fill(client, titles)
                results = {way: ask(client, fields, list(queries)) for way, fields in WAYS.items()}
        finally:
            stop(Path(folder))
    report(queries, results, len(titles))


def fill(client: Elasticsearch, titles: Sequence[str]) -> None:
    """One index with the titles in three fields."""
    groups = [grouped(title, "fi") for title in titles]
    vocabulary = Vocabulary()
    vocabulary.add({"x": {"title": {"fi": groups}}})
    definitions = analysis(vocabulary)
    definitions["analyzer"]["stock"] = {"type": "custom", "tokenizer": "standard", "filter": ["lowercase", "fi"]}
    fields = {
        "plain": {"type": "text", "analyzer": "std"},
        "stock": {"type": "text", "analyzer": "stock"},
        "forms": {"type": "text", "analyzer": "fi_index", "search_analyzer": "fi_query"},
    }
    client.indices.create(index=NAME, settings={"analysis": definitions}, mappings={"properties": fields})
    for at in range(0, len(titles), 500):
        lines: list[dict[str, Any]] = []
        for number in range(at, min(at + 500, len(titles))):
            lines.append({"index": {"_id": str(number)}})
            lines.append({"plain": titles[number], "stock": titles[number], "forms": groups[number]})
        client.bulk(index=NAME, operations=lines)
    client.indices.refresh(index=NAME)


def ask(client: Elasticsearch, fields: Sequence[str], queries: Sequence[str]) -> list[list[int]]:
    """The best titles for each query: all words of it in the first field, those of the others lift."""
    found = []
    for query in queries:
        words = {"query": query, "operator": "and", "auto_generate_synonyms_phrase_query": False}
        asked = {
            "must": [{"match": {fields[0]: words}}],
            "should": [{"match": {field: {"query": query, "boost": 3}}} for field in fields[1:]],
        }
        answer = client.search(index=NAME, query={"bool": asked}, size=DEPTH, source=False)
        found.append([int(hit["_id"]) for hit in answer["hits"]["hits"]])
    return found


def report(queries: Mapping[str, set[int]], results: Mapping[str, list[list[int]]], titles: int) -> None:
    print(f"{titles:,} titles, {len(queries):,} subjects\n")
    print(f"| analysis | recall@{DEPTH} | nDCG@10 | no hit |\n|---|---|---|---|")
    scores = {}
    for way, found in results.items():
        pairs = list(zip(found, queries.values(), strict=True))
        recalls = [len(wanted.intersection(hits)) / len(wanted) for hits, wanted in pairs]
        gains = [ndcg(hits, wanted) for hits, wanted in pairs]
        none = sum(not hits for hits in found) / len(found)
        scores[way] = {"recall": recalls, "nDCG@10": gains}
        print(f"| {way} | {mean(recalls):.3f} | {mean(gains):.3f} | {none:.1%} |")
    ours = list(WAYS)[-1]
    print()
    for way in list(WAYS)[:2]:
        for measure in ("recall", "nDCG@10"):
            differences = [a - b for a, b in zip(scores[ours][measure], scores[way][measure], strict=True)]
            low, high = interval(differences)
            print(f"- {measure} over {way}: {mean(differences):+.3f} [{low:+.3f}, {high:+.3f}]")


def ndcg(hits: Sequence[int], wanted: set[int], depth: int = 10) -> float:
    gained = sum(1 / math.log2(rank + 2) for rank, hit in enumerate(hits[:depth]) if hit in wanted)
    best = sum(1 / math.log2(rank + 2) for rank in range(min(depth, len(wanted))))
    return gained / best


def interval(differences: Sequence[float]) -> tuple[float, float]:
    """The middle 95 % of the means of resampled queries."""
    chance = random.Random(SEED)
    means = sorted(mean(chance.choices(differences, k=len(differences))) for _ in range(ROUNDS))
    return means[int(ROUNDS * 0.025)], means[int(ROUNDS * 0.975)]


def mean(values: Sequence[float]) -> float:
    return sum(values) / len(values)


if __name__ == "__main__":
    main()
