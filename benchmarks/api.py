"""How fast the API answers readers: ``python -m benchmarks.api [--config FILE --data-dir DIR]``.

Serves a catalogue that is harvested, resolved and published (default: the demo, in a folder of its own) in a process
of its own, and asks it from eight clients that keep their connections, some seconds for each kind of request.
"""

from __future__ import annotations

import argparse
import itertools
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

ROOT = Path(__file__).parent.parent
CLIENTS = 8
SECONDS = 10.0
WORDS = ("talvi", "vinter", "seitsemän veljestä", "runeberg", "meri", "kirja", "fältskärns", "saari", "historia", "")


def main() -> None:
    """Print one line for each kind of request."""
    options = argparse.ArgumentParser()
    options.add_argument("--config", default=str(ROOT / "fixtures" / "demo" / "lyhde.toml"))
    options.add_argument("--data-dir")
    options.add_argument("--seconds", type=float, default=SECONDS)
    given = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        words = [sys.executable, "-m", "cli.main", "--config", given.config, "--quiet"]
        words += ["--data-dir", given.data_dir or folder]
        with served(words, fill=not given.data_dir) as address:
            for name, paths in kinds(address).items():
                measured(address, paths, given.seconds / 2)  # the search server compiles what it runs often
                report(name, measured(address, paths, given.seconds))


@contextmanager
def served(words: list[str], *, fill: bool) -> Iterator[str]:
    """The address of the API."""
    if fill:
        subprocess.run([*words, "run"], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    environment = {**os.environ, "LYHDE__API__REQUESTS_PER_MINUTE": "10000000"}
    serving = subprocess.Popen([*words, "api", "serve"], cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True)
    try:
        assert serving.stdout is not None
        yield serving.stdout.readline().strip()
    finally:
        serving.terminate()
        serving.wait()


def kinds(address: str) -> dict[str, list[str]]:
    """What is asked, by kind."""
    hits = [hit["id"] for hit in fetched(address, "/search?limit=100")["hits"]]
    works = [f"/works/{name}" for name in hits]
    editions = [fetched(address, path)["editions"]["editions"][0]["url"] for path in works[:50]]
    searches = [f"/search?q={quote(words)}&lang={lang}" for words in WORDS for lang in ("fi", "sv")]
    return {
        "search, first page with facets": searches,
        "search, filtered": [f"{path}&medium=ebook&language=swe" for path in searches],
        "suggest": [f"/suggest?q={quote(words[:4])}&lang=fi" for words in WORDS],
        "work": works,
        "edition": editions,
        "changes, 500": ["/changes?since=0&limit=500"],
    }


def measured(address: str, paths: list[str], seconds: float) -> list[float]:
    """Milliseconds of each request of all clients, from its first byte to the last of the answer."""
    end = time.perf_counter() + seconds

    def client(number: int) -> list[float]:
        connection = HTTPConnection(urlsplit(address).netloc, timeout=60)
        found = []
        for path in itertools.islice(itertools.cycle(paths), number, None):
            begun = time.perf_counter()
            if begun > end:
                break
            connection.request("GET", path)
            answer = connection.getresponse()
            answer.read()
            assert answer.status == 200, (path, answer.status)
            found.append((time.perf_counter() - begun) * 1000)
        connection.close()
        return found

    with ThreadPoolExecutor(CLIENTS) as pool:
        return [ms for part in pool.map(client, range(CLIENTS)) for ms in part]


def report(name: str, times: list[float]) -> None:
    """One line: requests, median, 95th percentile."""
    edges = statistics.quantiles(times, n=20)
    print(f"{name:32} {len(times):6} requests   p50 {edges[9]:7.1f} ms   p95 {edges[18]:7.1f} ms")


def fetched(address: str, path: str) -> Any:
    """The JSON of a path."""
    connection = HTTPConnection(urlsplit(address).netloc, timeout=60)
    connection.request("GET", path)
    found = json.loads(connection.getresponse().read())
    connection.close()
    return found


if __name__ == "__main__":
    main()
