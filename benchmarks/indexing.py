"""Making search documents and indexing them: ``python -m benchmarks.indexing [--works N] [--heap-mb MB]``.

The works are synthetic (`made_works`). The same documents are indexed as they are and with stock analysis (plain words,
the server's own `finnish`, `swedish` and `english`) into the same embedded server, after a warm-up. Figures are of
processor time, the server's with the client's told apart, as machines are shared; `benchmarks.searching` tells how long
a rebuild takes by the clock. Prints a Markdown table.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import orjson
from elasticsearch import Elasticsearch

from benchmarks.made_works import MadeWork, made_works
from benchmarks.processor import processor_s
from index import headings
from index.bulk import BulkWriter, Versioned
from index.definition import index_body
from index.documents import work_document
from index.groups import grouped
from index.server import RunningServer, start, stop
from index.vocabulary import Vocabulary
from ops.collecting import collect_seldom

SEED = 3
WARM_UP = 4_000
STOCK = {"fi": "finnish", "sv": "swedish", "en": "english"}
T = TypeVar("T")


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--works", type=int, default=20_000)
    options.add_argument("--heap-mb", type=int, default=512)
    chosen = options.parse_args()
    collect_seldom()  # as every command of ours does
    works = list(made_works(chosen.works, SEED))
    print("| measure | figure |\n|---|---|")
    expansion(works)
    made, seconds = timed(lambda: documents(works))
    size = sum(len(orjson.dumps(document)) for _, _, document in made) / len(made)
    row("work documents made, words new at first", f"{len(made) / seconds:,.0f} a CPU-second, {size:,.0f} bytes each")
    with plain_words():
        stock = documents(works)
    with tempfile.TemporaryDirectory() as folder:
        server = start(Path(folder), heap_mb=chosen.heap_mb)
        try:
            fill(server, "warm-up", made[:WARM_UP], index_body(loading=True))
            row("indexed, stock analysis", fill(server, "stock", stock, stock_body()))
            row("indexed, with forms", fill(server, "forms", made, body_of(made)))
        finally:
            stop(Path(folder))


def expansion(works: list[MadeWork]) -> None:
    """How fast headings get their forms: every distinct label and title, when their words are new and again."""
    for view, code in (("fi", "fin"), ("sv", "swe")):
        described = [about.description for work in works for _, about in work.editions]
        labels = {getattr(topic.labels, view) for about in described for topic in about.topics.subjects}
        titles = {t.text for about in described if code in about.languages.text for t in about.titles}
        texts = sorted(titles | labels)
        expand = partial(grouped.__wrapped__, view=view)  # without the cache of whole texts
        expand("talvi vinter")  # loads the tables
        (_, cold), (_, warm) = (timed(lambda: list(map(expand, texts))) for _ in range(2))  # noqa: B023 - called here
        row(
            f"titles and labels expanded, {view}",
            f"{len(texts) / cold:,.0f} a CPU-second, {len(texts) / warm:,.0f} again",
        )


def documents(works: list[MadeWork]) -> list[Versioned]:
    return [(work.id, 1, work_document(work.id, 1, work.merged, work.editions)) for work in works]


@contextmanager
def plain_words() -> Iterator[None]:
    """Documents without forms, for stock analysis."""
    forms = vars(headings)["grouped"]
    headings.grouped = lambda text, *_: text  # type: ignore[attr-defined, assignment]  # it has no cache
    try:
        yield
    finally:
        headings.grouped = forms  # type: ignore[attr-defined]


def stock_body() -> dict[str, Any]:
    body = index_body(loading=True)
    fields = body["mappings"]["properties"]["all"]["properties"]
    for view, analyzer in STOCK.items():
        fields[view] = {"type": "text", "analyzer": analyzer}
    return body


def body_of(made: list[Versioned]) -> dict[str, Any]:
    words = Vocabulary()
    for _, _, document in made:
        words.add(document)
    return index_body(loading=True, vocabulary=words)


def fill(server: RunningServer, name: str, made: list[Versioned], body: dict[str, Any]) -> str:
    """Index documents as a rebuild does, and say what it took."""
    with Elasticsearch(server.url, request_timeout=60) as client:
        client.indices.create(index=name, **body)
        spent, clock, here = processor_s(server.pid), time.perf_counter(), time.process_time()
        report = BulkWriter(client, name, is_alias=False).write(made)
        client.indices.flush(index=name)
        spent, clock, here = processor_s(server.pid) - spent, time.perf_counter() - clock, time.process_time() - here
        size = client.indices.stats(index=name, metric="store")["_all"]["total"]["store"]["size_in_bytes"]
    if report.created != len(made):
        raise SystemExit(f"the server refused documents: {report.refused[:3]}")
    return (
        f"{len(made) / spent:,.0f} a CPU-second of the server, {len(made) / here:,.0f} of the client, "
        f"{len(made) / clock:,.0f}/s by the clock; {size / 1e6:,.1f} MB"
    )


def timed(work: Callable[[], T]) -> tuple[T, float]:
    """What some work gave, and the seconds of processor time that it took."""
    begun = time.process_time()
    return work(), time.process_time() - begun


def row(name: str, figure: str) -> None:
    print(f"| {name} | {figure} |", flush=True)


if __name__ == "__main__":
    main()
