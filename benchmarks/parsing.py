"""Parsing and mapping against the floors of the libraries: ``python -m benchmarks.parsing [--megabytes 100 1024]``.

Needs LYHDE_TEST_DATA. Ratios are taken within one run, best of several, because machines differ and are shared.
Peaks of memory are those of processes that read one large file, made for it and removed, and do nothing else.
"""

from __future__ import annotations

import argparse
import io
import os
import re
import resource
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from itertools import count
from pathlib import Path
from typing import Any, BinaryIO

from lxml import etree

from catalogue.parsed import ParsedRecord
from ops.collecting import collect_seldom
from parsers.registry import parse

TIMES = 5
ONIX_SETS = (
    "onix21-au/hlasep08.xml",
    "onix-parity-21-30-31/samples/onix3-multiple.xml",
    "onix-parity-21-30-31/samples/onix2-multiple.xml",
)
MESSAGE_BYTES = 4_000_000
USUAL_BYTES = 9_000
_PRODUCT = re.compile(rb"<Product[ >].*?</Product>\s*", re.DOTALL)
_ISBN = re.compile(rb"\b978\d{10}\b")


def main() -> None:
    options = read_arguments()
    collect_seldom()  # as every command of ours does
    if options.peak:
        print_peak(Path(options.peak[0]), options.peak[1])
        return
    data = Path(os.environ["LYHDE_TEST_DATA"])
    # first, because a process counts the peak of the one it was started by as its own
    for megabytes in options.megabytes:
        print_peaks((data / ONIX_SETS[0]).read_bytes(), megabytes)
    print("\n| step | records/s | ratio to the floor |\n|---|---|---|")
    for name in ONIX_SETS:
        print_onix(Path(name).stem, message((data / name).read_bytes(), MESSAGE_BYTES))
    for name in ONIX_SETS[1:]:
        usual = of_usual_size((data / name).read_bytes())
        print_onix(f"{Path(name).stem}, of about 9 KB", message(usual, MESSAGE_BYTES))


def read_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Speed and memory of parsing and mapping")
    parser.add_argument(
        "--megabytes", type=int, nargs="*", default=[100], help="sizes of ONIX files read for their peak"
    )
    parser.add_argument("--peak", nargs=2, metavar=("FILE", "STEP"), help="one peak alone, in this process")
    return parser.parse_args()


def best(step: Callable[[], int]) -> tuple[float, int]:
    """Processor seconds of the fastest of several runs, and what the step counted."""
    seconds, result = [], 0
    for _ in range(TIMES):
        start = time.process_time()
        result = step()
        seconds.append(time.process_time() - start)
    return min(seconds), result


def products(data: bytes) -> Iterator[etree._Element]:
    """Every product of bare iterparse, cleared when it has been looked at."""
    for _, element in etree.iterparse(io.BytesIO(data), tag=["{*}Product", "{*}product"], resolve_entities=False):
        yield element
        element.clear()
        while element.getprevious() is not None:
            del element.getparent()[0]


def onix_floor(data: bytes) -> int:
    """Bare iterparse that clears what it has read."""
    return sum(1 for _ in products(data))


def plainly(data: bytes, documents: Sequence[dict[str, Any]]) -> int:
    """The floor, the plainest walk, and validation of ready-made documents: reading without any mapping between.

    The model is loaded here and not above, because parsing alone, whose memory is measured, does without.
    """
    from catalogue.record import CatalogueRecord

    read = 0
    for element, document in zip(products(data), documents, strict=False):
        plain(element)
        read += CatalogueRecord.model_validate(document).status == "live"
    return read


def plain(element: etree._Element) -> dict[Any, list[Any]]:
    """An element as the plainest dictionary: no names, attributes, markup or defects."""
    node: dict[Any, list[Any]] = {}
    for child in element:
        node.setdefault(child.tag, []).append(plain(child) if len(child) else child.text)
    return node


def documents_of(data: bytes) -> list[dict[str, Any]]:
    """What our records of these products say, ready to be validated."""
    from mappings.registry import map_record

    parsed_records = (each for each in parse(io.BytesIO(data)) if isinstance(each, ParsedRecord))
    found = (map_record(each, "bench", str(each.index)).record for each in parsed_records)
    return [record.model_dump(by_alias=True, exclude_defaults=True) for record in found if record]


def parsed(stream: BinaryIO) -> int:
    return sum(1 for _ in parse(stream))


def mapped(stream: BinaryIO) -> int:
    from benchmarks import mapping  # loads the vocabularies, which parsing does without

    return mapping.mapped(parse(stream))


PEAK_STEPS: dict[str, Callable[[BinaryIO], int]] = {"parsed": parsed, "mapped": mapped}


def print_onix(name: str, data: bytes) -> None:
    floor, _ = best(lambda: onix_floor(data))
    print(f"| {name}: iterparse floor, {len(data) / floor / 1e6:.0f} MB/s | | 1.0 |")
    documents = documents_of(data)
    seconds, read = best(lambda: plainly(data, documents))
    print(f"| {name}: walked plainly, a ready record validated | {read / seconds:.0f} | {seconds / floor:.2f} |")
    for step in (parsed, mapped):
        seconds, read = best(lambda step=step: step(io.BytesIO(data)))  # type: ignore[misc] # mypy cannot infer the bound default
        print(f"| {name}: {step.__name__} | {read / seconds:.0f} | {seconds / floor:.2f} |")


def message(data: bytes, size: int) -> bytes:
    """A message of about `size` bytes out of a smaller one: so the start is not what is measured."""
    written = io.BytesIO()
    write_message(written, data, size)
    return written.getvalue()


def write_message(out: BinaryIO, data: bytes, size: int) -> None:
    """The products of a message again and again, each time with ISBNs of their own."""
    start, end = data.index(b"<Product"), data.rindex(b"</Product>") + len(b"</Product>")
    out.write(data[:start])
    numbers = count(1)
    while out.tell() < size:
        out.write(renumbered(data[start:end], numbers))
    out.write(data[end:])


def renumbered(products: bytes, numbers: Iterator[int]) -> bytes:
    """The same products with other ISBNs: what was equal stays equal."""
    made = defaultdict[bytes, bytes](lambda: made_isbn(next(numbers)))
    return _ISBN.sub(lambda found: made[found[0]], products)


def made_isbn(number: int) -> bytes:
    """A valid ISBN-13 for a number."""
    twelve = f"978{number % 10**9:09}"
    check = -sum(int(digit) * (1, 3)[place % 2] for place, digit in enumerate(twelve)) % 10
    return f"{twelve}{check}".encode()


def of_usual_size(data: bytes) -> bytes:
    """The message with its products of 9 KB, give or take a quarter, alone."""
    products = [p for p in _PRODUCT.findall(data) if abs(len(p) - USUAL_BYTES) <= USUAL_BYTES / 4]
    start, end = data.index(b"<Product"), data.rindex(b"</Product>") + len(b"</Product>")
    return data[:start] + b"".join(products) + data[end:]


def print_peaks(data: bytes, megabytes: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        large = Path(folder) / "large.xml"
        with large.open("wb") as out:
            write_message(out, data, megabytes * 2**20)
        for step in PEAK_STEPS:
            subprocess.run([sys.executable, "-m", "benchmarks.parsing", "--peak", str(large), step], check=True)


def print_peak(path: Path, step: str) -> None:
    os.nice(10)
    with path.open("rb") as stream:
        read = PEAK_STEPS[step](stream)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    size = path.stat().st_size / 2**20
    print(f"ONIX file of {size:.0f} MB, {read} products {step}: {peak:.0f} MB peak memory", flush=True)


if __name__ == "__main__":
    main()
