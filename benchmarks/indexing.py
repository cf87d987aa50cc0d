"""Work documents into the embedded server: ``python -m benchmarks.indexing [--works N] [--heap-mb MB]``.

The works are made of vocabulary labels, two editions each, about the size of real ones. Prints a Markdown table:
documents made per second, documents indexed per second (sending alone, and made on the way), bytes, rebuild, and the
time of searches by one client.
"""

from __future__ import annotations

import argparse
import random
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from statistics import quantiles
from typing import Any, TypeVar

import orjson

from catalogue.identifiers import with_check_digit
from catalogue.merged import MergedRecord
from catalogue.record import (
    Contributor,
    Description,
    Identifier,
    Labels,
    Languages,
    Publication,
    PublicationDates,
    Title,
    Topic,
    Topics,
)
from catalogue.vocabularies.tables import read_rows
from index.documents import work_document
from index.search_index import SearchIndex
from index.server import start, stop

SEED = 3
QUERIES = 300
Versioned = tuple[str, int, dict[str, Any]]
T = TypeVar("T")


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--works", type=int, default=20_000)
    options.add_argument("--heap-mb", type=int, default=512)
    chosen = options.parse_args()
    clusters = list(works(chosen.works))
    made, making_s = timed(lambda: [(key, 1, work_document(key, 1, work, parts)) for key, work, parts in clusters])
    size = sum(len(orjson.dumps(document)) for _, _, document in made) / len(made)
    print("| measure | figure |\n|---|---|")
    row("works", f"{len(made):,}, {size:,.0f} bytes each")
    row("documents made", f"{len(made) / making_s:,.0f}/s")
    with tempfile.TemporaryDirectory() as folder:
        server, starting_s = timed(lambda: start(Path(folder), heap_mb=chosen.heap_mb))
        row("server start", f"{starting_s:.1f} s")
        try:
            with SearchIndex(server.url, prefix="figures") as index:
                measure(index, made)
        finally:
            stop(Path(folder))


def measure(index: SearchIndex, made: list[Versioned]) -> None:
    index.ensure()
    _, seconds = timed(lambda: index.bulk(made))
    row("indexed", f"{len(made) / seconds:,.0f}/s")
    _, seconds = timed(lambda: index.rebuild(made))
    row("rebuild with its checks", f"{len(made) / seconds:,.0f}/s")
    status = index.status()
    row("index", f"{status.size_bytes / 1e6:,.1f} MB")
    held, seconds = timed(lambda: sum(1 for _ in index.revisions()))
    row("revisions read back", f"{held / seconds:,.0f}/s")
    words = [title["display"]["titles"]["fi"]["title"] for _, _, title in random.Random(SEED).sample(made, QUERIES)]
    row("search, whole title", latency(lambda q: index.search(q, "fi"), words))
    row("search, one word", latency(lambda q: index.search(q.split()[0], "fi"), words))
    row("search, mistyped", latency(lambda q: index.search(q[:3] + "q" + q[3:], "fi"), words))
    row("suggest", latency(lambda q: index.suggest(q[:5], "fi"), words))


def works(number: int) -> Iterator[tuple[str, MergedRecord, list[tuple[str, MergedRecord]]]]:
    """Ids, works and their editions, the same for every run."""
    dice = random.Random(SEED)
    concepts = [row.split("\t") for row in read_rows("yso")]
    labelled = [c for c in concepts if len(c) > 3 and c[1] and c[2] and c[3]]
    for n in range(number):
        topics = tuple(_topic(dice.choice(labelled)) for _ in range(4))
        editions = [
            (f"e{n}x{k}", _edition(dice, n * 2 + k, medium, topics)) for k, medium in enumerate(("ebook", "audiobook"))
        ]
        work = editions[0][1].model_copy(update={"level": "work", "members": (f"a:{n}", f"b:{n}")})
        yield f"w{n}", work, editions


def _topic(row: list[str]) -> Topic:
    return Topic(uri=row[0], scheme="yso", labels=Labels(fi=row[1], sv=row[2], en=row[3]))


def _edition(dice: random.Random, n: int, medium: Any, topics: tuple[Topic, ...]) -> MergedRecord:
    first, second = topics[0].labels, topics[1].labels
    fi, sv = f"{first.fi} {second.fi}".capitalize(), f"{first.sv} {second.sv}".capitalize()
    author = f"{dice.choice(topics).labels.fi} {n % 5000}".title()
    about = Description(
        medium=medium,
        formats=("epub" if medium == "ebook" else "mp3",),
        identifiers=(Identifier(scheme="isbn", value=with_check_digit(f"978951{n:06d}")),),
        titles=(Title(text=fi, language="fin"), Title(text=sv, language="swe")),
        languages=Languages(text=("fin",)),
        contributors=(Contributor(name=author, roles=("aut",)), Contributor(name="Lukija Esimerkki", roles=("nrt",))),
        publication=Publication(publisher=f"Kustantaja {n % 60}", dates=PublicationDates(published=str(1950 + n % 75))),
        topics=Topics(subjects=topics),
    )
    return MergedRecord(level="edition", description=about, members=(f"a:{n}",), provenance=(), rules_version="-")


def timed(work: Callable[[], T]) -> tuple[T, float]:
    begun = time.perf_counter()
    return work(), time.perf_counter() - begun


def latency(ask: Callable[[str], Any], words: list[str]) -> str:
    """p50 and p95 in milliseconds, after a short warm-up."""
    for word in words[:30]:
        ask(word)
    cuts = quantiles([timed(partial(ask, word))[1] * 1000 for word in words], n=20)
    return f"p50 {cuts[9]:.0f} ms, p95 {cuts[18]:.0f} ms"


def row(name: str, figure: str) -> None:
    print(f"| {name} | {figure} |", flush=True)


if __name__ == "__main__":
    main()
