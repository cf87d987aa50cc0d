"""Synthetic feeds into a folder: a file per source, the truth, and the configuration that harvests them."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import ExitStack
from multiprocessing import get_context
from pathlib import Path

from catalogue.errors import UsageError
from catalogue.sentence import Sentence
from demo.feeds import FILES, SOURCES, TRUTH_HEAD, Part, configuration, feed_part, head, parts, tail

_ALONE = 20_000  # records: for fewer, starting a process takes longer than it saves


def generate(out: Path, records: int, seed: int, *, processes: int = 1) -> dict[str, int]:
    """Write feeds of `records` records under `out`; the number of bytes of each source's feed.

    The same seed and number give the same files, however many processes made them. Raises UsageError where they cannot
    be written.
    """
    try:
        sizes = _written(out, _made(records, seed, processes if records > _ALONE else 1))
        for source in SOURCES:
            _in_folder(out / "sources" / f"{source}.toml").write_text(configuration(source), "utf-8")
        (out / "lyhde.toml").write_text(configuration(), "utf-8")
    except OSError as error:
        raise UsageError(Sentence("--out {out}: cannot be written: {why}", out=out, why=error.strerror)) from error
    return sizes


def _written(out: Path, made: Iterator[Part]) -> dict[str, int]:
    with ExitStack() as kept:
        paths = {source: _in_folder(out / "feeds" / source / FILES[source]) for source in SOURCES}
        feeds = {source: kept.enter_context(path.open("wb")) for source, path in paths.items()}
        truth = kept.enter_context((out / "truth.csv").open("w", encoding="utf-8", newline=""))
        truth.write(TRUTH_HEAD)
        for source in SOURCES:
            feeds[source].write(head(source))
        for part in made:
            truth.write(part.truth)
            for source, feed in zip(SOURCES, part.feeds, strict=True):
                feeds[source].write(feed)
        for source in SOURCES:
            feeds[source].write(tail(source))
        return {source: feeds[source].tell() for source in SOURCES}


def _in_folder(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    return path


def _made(records: int, seed: int, processes: int) -> Iterator[Part]:
    """The parts in their order; a few are under way at a time, so that they fit in memory."""
    if processes < 2:
        yield from (feed_part(seed, number, count) for number, count in parts(records))
        return
    with ProcessPoolExecutor(processes, get_context("spawn")) as pool:
        waiting: deque[Future[Part]] = deque()
        for number, count in parts(records):
            waiting.append(pool.submit(feed_part, seed, number, count))
            if len(waiting) > 2 * processes:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
