"""Parsing and mapping against the floors of the libraries: ``python -m benchmarks.parsing``.

Needs LYHDE_TEST_DATA. Ratios are taken within one run, best of several, because machines differ and are shared.
"""

from __future__ import annotations

import gzip
import io
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import pymarc
from lxml import etree

from catalogue.parsed import ParsedRecord
from parsers.registry import parse

TIMES = 5
ONIX_SETS = (
    "onix21-au/hlasep08.xml",
    "onix-parity-21-30-31/samples/onix3-multiple.xml",
    "onix-parity-21-30-31/samples/onix2-multiple.xml",
)
MARC_SET = "marc-gpo-2024/new_records_202402_747_utf8.mrc.gz"
LARGE_BYTES = 100 * 2**20


def main() -> None:
    if sys.argv[1:2] == ["--peak"]:
        print_peak(Path(sys.argv[2]))
        return
    data = Path(os.environ["LYHDE_TEST_DATA"])
    # first, because a process counts the peak of the one it was started by as its own
    with tempfile.TemporaryDirectory() as folder:
        large = Path(folder) / "large.xml"
        write_large(large, (data / ONIX_SETS[0]).read_bytes())
        subprocess.run([sys.executable, "-m", "benchmarks.parsing", "--peak", str(large)], check=True)
    print("| step | records/s | ratio to the floor |\n|---|---|---|")
    for name in ONIX_SETS:
        print_onix(Path(name).stem, about_4_mb((data / name).read_bytes()))
    print_marc(gzip.decompress((data / MARC_SET).read_bytes()))


def best(step: Callable[[], int]) -> tuple[float, int]:
    """Processor seconds of the fastest of several runs, and what the step counted."""
    seconds, count = [], 0
    for _ in range(TIMES):
        start = time.process_time()
        count = step()
        seconds.append(time.process_time() - start)
    return min(seconds), count


def onix_floor(data: bytes) -> int:
    """Bare iterparse that clears what it has read."""
    count = 0
    for _, element in etree.iterparse(io.BytesIO(data), tag=["{*}Product", "{*}product"], resolve_entities=False):
        count += 1
        element.clear()
        while element.getprevious() is not None:
            del element.getparent()[0]
    return count


def parsed(data: bytes) -> int:
    return sum(1 for _ in parse(io.BytesIO(data)))


def mapped(data: bytes) -> int:
    from mappings.registry import map_record

    records = (r for r in parse(io.BytesIO(data)) if isinstance(r, ParsedRecord))
    return sum(map_record(r, "bench", str(r.index)).record is not None for r in records)


def print_onix(name: str, data: bytes) -> None:
    floor, _ = best(lambda: onix_floor(data))
    print(f"| {name}: iterparse floor, {len(data) / floor / 1e6:.0f} MB/s | | 1.0 |")
    for step in (parsed, mapped):
        seconds, count = best(lambda step=step: step(data))  # type: ignore[misc] # mypy cannot infer the bound default
        print(f"| {name}: {step.__name__} | {count / seconds:.0f} | {seconds / floor:.2f} |")


def print_marc(data: bytes) -> None:
    floor, count = best(lambda: sum(1 for _ in pymarc.MARCReader(data, to_unicode=True)))
    print(f"| ISO 2709: pymarc | {count / floor:.0f} | 1.0 |")
    for step in (parsed, mapped):
        seconds, count = best(lambda step=step: step(data))  # type: ignore[misc] # mypy cannot infer the bound default
        print(f"| ISO 2709: {step.__name__} | {count / seconds:.0f} | {floor / seconds:.2f} x faster |")


def about_4_mb(data: bytes) -> bytes:
    """A small message with its products repeated, so that the start is not what is measured."""
    start, end = data.index(b"<Product"), data.rindex(b"</Product>") + len(b"</Product>")
    return data[:start] + data[start:end] * max(1, 4_000_000 // len(data)) + data[end:]


def write_large(path: Path, data: bytes) -> None:
    start, end = data.index(b"<Product"), data.rindex(b"</Product>") + len(b"</Product>")
    with path.open("wb") as out:
        out.write(data[:start])
        while out.tell() < LARGE_BYTES:
            out.write(data[start:end])
        out.write(data[end:])


def print_peak(path: Path) -> None:
    with path.open("rb") as stream:
        count = sum(1 for _ in parse(stream))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"ONIX file of {path.stat().st_size / 2**20:.0f} MB, {count} products: {peak:.0f} MB peak memory\n", flush=True
    )


if __name__ == "__main__":
    main()
