"""A rebuild of many works and searches among them: ``python -m benchmarks.searching [--works N] [--heap-mb MB]``.

Synthetic works (`made_works`) are put into a store of their own as a resolve would leave them; the rebuild is that of
``lyhde index rebuild``. Searches are the stored templates, for titles and words of the works: as typed, tolerant with
a typing error, suggestions, and as typed with every facet; by one client and by eight. Milliseconds are those that
Elasticsearch counts, and those of its processor for each search. Last the first page as readers get it, with its facets
and near words where the typed ones find almost nothing; milliseconds are then by the client's clock. Prints a Markdown
table.
"""

from __future__ import annotations

import argparse
import random
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from statistics import quantiles

from elasticsearch import Elasticsearch

from benchmarks.made_works import MadeWork, made_works
from benchmarks.processor import processor_s
from catalogue.record import Medium
from index.definition import FALLBACK, SEARCH, SUGGEST
from index.question import Question
from index.search_index import SearchIndex
from index.searching import search
from index.server import RunningServer, start, stop
from jobs.publishing import rebuild
from ops.collecting import collect_seldom
from store import merged, sources
from store.batches import batches
from store.database import Store, open_store
from store.merged import Merged

SEED = 3
AT = "2026-01-01T00:00:00Z"
MEDIA: tuple[Medium, ...] = ("ebook", "audiobook")
CLIENTS = (1, 8)
WARM_UP, QUERIES = 100, 400


def one_word(title: str) -> str:
    return max(title.split(), key=len)


def mistyped(title: str) -> str:
    return f"{title[:3]}q{title[3:]}"


@dataclass(frozen=True)
class Kind:
    """One way of asking, and how a query is made of a title. Without a template it is a reader's first page."""

    name: str
    template: str | None
    typed: Callable[[str], str]
    facets: bool = False


KINDS = (
    Kind("strict, whole title", SEARCH, lambda title: title),
    Kind("strict, one word", SEARCH, one_word),
    Kind("fallback, mistyped", FALLBACK, mistyped),
    Kind("suggest", SUGGEST, lambda title: title[:5]),
    Kind("faceted, one word", SEARCH, one_word, facets=True),
    Kind("first page, one word", None, one_word),
    Kind("first page, mistyped", None, mistyped),
)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--works", type=int, default=100_000)
    options.add_argument("--heap-mb", type=int, default=512)
    chosen = options.parse_args()
    collect_seldom()  # as every command of ours does
    print("| measure | figure |\n|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        store = open_store(f"sqlite:///{folder}/lyhde.sqlite", Path(folder))
        titles = fill(store, chosen.works)
        server = start(Path(folder) / "search", heap_mb=chosen.heap_mb)
        try:
            with SearchIndex(server.url) as index:
                print_rebuild(store, index, server)
            for clients in CLIENTS:
                for kind in KINDS:
                    print_searches(kind, clients, titles, server)
        finally:
            stop(Path(folder) / "search")
            store.close()


def fill(store: Store, number: int) -> list[str]:
    """Keep the works as a resolve would; some of their titles."""
    titles = []
    with store.write() as connection:
        for known in ("kaarna", "skargard", "aanitorni", "lintula", "vikens"):
            sources.keep(connection, sources.KnownSource(known, known, "catalogue", "full", "own", AT, None, None))
    for part in batches(made_works(number, SEED), 2_000):
        titles += [work.merged.description.titles[0].text for work in part[:20]]
        with store.write() as connection:
            merged.save(connection, [item for work in part for item in _merged(work)], AT)
    return titles


def _merged(work: MadeWork) -> Iterator[Merged]:
    yield Merged(work.id, work.id, work.merged)
    for key, edition in work.editions:
        yield Merged(key, work.id, edition)


def print_rebuild(store: Store, index: SearchIndex, server: RunningServer) -> None:
    spent, clock = processor_s(server.pid), time.perf_counter()
    report = rebuild(store, index, MEDIA)
    minutes = (time.perf_counter() - clock) / 60
    row(f"rebuild of {report.documents:,} works", f"{minutes:.1f} minutes by the clock")
    row("of it, processor time of the server", f"{processor_s(server.pid) - spent:,.0f} s")
    row("index", f"{index.status().size_bytes / 1e6:,.1f} MB")
    clock = time.perf_counter()
    held = sum(1 for _ in index.revisions())
    row("revisions read back, for a check", f"{held / (time.perf_counter() - clock):,.0f}/s")


def print_searches(kind: Kind, clients: int, titles: list[str], server: RunningServer) -> None:
    dice = random.Random(SEED)
    queries = [kind.typed(dice.choice(titles)) for _ in range(WARM_UP + QUERIES)]
    with Elasticsearch(server.url, request_timeout=60) as client, ThreadPoolExecutor(clients) as pool:

        def ask(query: str) -> float:
            if kind.template is None:
                clock = time.perf_counter()
                search(client, "works", Question(query, "fi"))
                return (time.perf_counter() - clock) * 1000
            params = Question(query, "fi").parameters(facets=kind.facets)
            return int(client.search_template(index="works", id=kind.template, params=params)["took"])

        list(pool.map(ask, queries[:WARM_UP]))
        spent = processor_s(server.pid)
        took = list(pool.map(ask, queries[WARM_UP:]))
        spent = (processor_s(server.pid) - spent) / QUERIES * 1000
    cuts = quantiles(took, n=20)
    each = f"{spent:.1f} ms of its processor"
    row(f"{kind.name}, {clients} at a time", f"p50 {cuts[9]:.0f} ms, p95 {cuts[18]:.0f} ms, {each}")


def row(name: str, figure: str) -> None:
    print(f"| {name} | {figure} |", flush=True)


if __name__ == "__main__":
    main()
