"""One process against several, on large feeds: ``python -m benchmarks.processes [--megabytes N] [--processes N]``.

Needs LYHDE_TEST_DATA. The feeds are real ones of which there are not enough, so they are repeated under other ids: an
ONIX 3.0 message, and all files of `marc-gpo-2024` in one. Each is read (parsed and mapped, nothing kept) and harvested
into SQLite, fresh and then again as the same records in another file. Seconds of the clock on a machine that is shared
say little by themselves: processor seconds, of this process and of its readers, tell how much was moved.
"""

from __future__ import annotations

import argparse
import gzip
import os
import re
import resource
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any

from catalogue.parsed import BadRecord
from jobs.harvesting import harvest
from jobs.readers import Readers
from jobs.readings import Reading
from ops.collecting import collect_seldom
from ops.sources import SourceSettings
from parsers.pieces import pieces
from parsers.registry import parse
from store.database import Store, open_store

ONIX_SET = "onix-parity-21-30-31/samples/onix3-multiple.xml"
MARC_SETS = "marc-gpo-2024"
NIGHTS = ("2026-01-01T03:00:00Z", "2026-01-02T03:00:00Z")


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--megabytes", type=int, default=100)
    options.add_argument("--processes", type=int, default=2)
    chosen = options.parse_args()
    data = Path(os.environ["LYHDE_TEST_DATA"])
    collect_seldom()
    print("| feed | step | processes | records/s | seconds | CPU s here | of readers |\n|---|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as home:
        folder = Path(home)
        for path in (onix_feed(data, folder, chosen.megabytes), marc_feed(data, folder, chosen.megabytes)):
            for processes in (1, chosen.processes):
                row(path, "read", processes, partial(read, path, processes))
                for step, seconds in harvested(path, folder / f"{path.stem}-{processes}", processes):
                    print_row(path, step, processes, seconds)


def onix_feed(data: Path, folder: Path, megabytes: int) -> Path:
    """A message of at least so many MB."""
    message = (data / ONIX_SET).read_bytes()
    start, end = message.index(b"<Product"), message.rindex(b"</Product>") + len(b"</Product>")
    path, number = folder / "onix.xml", 0
    with path.open("wb") as out:
        out.write(message[:start])
        while out.tell() < megabytes * 2**20:
            number += 1
            out.write(re.sub(rb"(<RecordReference>)", rb"\g<1>%d-" % number, message[start:end]))
        out.write(message[end:])
    return path


def marc_feed(data: Path, folder: Path, megabytes: int) -> Path:
    """Records of all files, repeated with a digit of their 001 changed: at most ten times."""
    records = b"".join(gzip.decompress(path.read_bytes()) for path in sorted((data / MARC_SETS).glob("*.mrc.gz")))
    path = folder / "marc.mrc"
    with path.open("wb") as out:
        for digit in b"0123456789":
            for record in records.split(b"\x1d")[:-1]:
                if out.tell() < megabytes * 2**20:
                    out.write(with_digit(record, digit) + b"\x1d")
    return path


def with_digit(record: bytes, digit: int) -> bytes:
    """The record with the last digit of its 001 replaced, its lengths as they were."""
    end = record.find(b"\x1e", record.find(b"\x1e") + 1)
    return record[: end - 1] + bytes([digit]) + record[end:] if end > 0 else record


def read(path: Path, processes: int) -> int:
    """Parse and map, nothing more; the records read."""
    with path.open("rb") as stream:
        if processes == 1:
            found = (item for item in parse(stream) if not isinstance(item, BadRecord))
            return sum(Reading.of(item).ahead("bench", mapped=True).form is not None for item in found)
        with Readers("bench", processes) as readers:
            return sum(map(len, readers.answers(pieces(stream), lambda: True)))


def _received(store: Store, source: SourceSettings, night: str, processes: int) -> int:
    return harvest(store, source, night, processes=processes).counts.received


def harvested(path: Path, home: Path, processes: int) -> Iterator[tuple[str, Any]]:
    """A harvest, and one of the same records in a file that differs by a line end."""
    (home / "feed").mkdir(parents=True)
    transport = {"kind": "folder", "path": home / "feed"}
    source = SourceSettings.model_validate({"id": "bench", "transport": transport})
    with closing(open_store(f"sqlite:///{home / 'lyhde.sqlite'}", home)) as store:
        for night, more in zip(NIGHTS, (b"", b"\n"), strict=True):
            (home / "feed" / path.name).write_bytes(path.read_bytes() + more)
            step = "harvest, unchanged" if more else "harvest, fresh"
            yield step, timed(partial(_received, store, source, night, processes))


def row(path: Path, step: str, processes: int, work: Callable[[], int]) -> None:
    print_row(path, step, processes, timed(work))


def print_row(path: Path, step: str, processes: int, spent: tuple[int, float, float, float]) -> None:
    count, clock, here, there = spent
    size = path.stat().st_size / 2**20
    print(
        f"| {path.name}, {size:.0f} MB | {step} | {processes} | {count / clock:,.0f} | {clock:.1f} | {here:.1f}"
        f" | {there:.1f} |",
        flush=True,
    )


def timed(work: Callable[[], int]) -> tuple[int, float, float, float]:
    """What some work counted, its seconds by the clock, of this process and of its children."""
    before, clock, here = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter(), time.process_time()
    count = work()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    there = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return count, time.perf_counter() - clock, time.process_time() - here, there


if __name__ == "__main__":
    main()
