"""MARC beside yaz and pymarc, in turn within one run: ``python -m benchmarks.marc``. Needs LYHDE_TEST_DATA.

Figures of a repeated file flatter us: our caches then know its headings. The year, read once, is what a feed meets.
"""

from __future__ import annotations

import gzip
import io
import os
import resource
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import pymarc

from benchmarks import mapping
from catalogue.parsed import MarcField, ParsedRecord
from ops.collecting import collect_seldom
from parsers.registry import parse

TIMES = 5
YEAR = "marc-gpo-2024"
MONTH = f"{YEAR}/new_records_202402_747_utf8.mrc.gz"
FINNISH, FINNISH_XML = "marc-fi-fennica/fennica.mrc", "marc-fi-fennica/fennica.marcxml.xml"
YAZ = shutil.which("yaz-marcdump")
YAZ_TIMES = 20  # the file so many times over, so that the start of the program is not what is measured


def main() -> None:
    collect_seldom()  # as every command of ours does
    print("| step | records/s | time, as a ratio |\n|---|---|---|")
    print_marc(Path(os.environ["LYHDE_TEST_DATA"]))


def print_marc(data: Path) -> None:
    """ISO 2709 as UTF-8, a whole year of it, MARCXML, and MARC-8 where yaz is there to make it."""
    month = gzip.decompress((data / MONTH).read_bytes())
    print_in_turn("ISO 2709", steps_beside_pymarc(month), yaz_seconds(month))
    year = [gzip.decompress(path.read_bytes()) for path in sorted((data / YEAR).glob("*.mrc.gz"))]
    start = time.process_time()
    read = sum(map(mapped, year))
    seconds = time.process_time() - start
    print(f"| ISO 2709: mapped, {read} records of a year, each once | {read / seconds:.0f} | |")
    xml = (data / FINNISH_XML).read_bytes()
    print_in_turn("MARCXML", {"parsed": lambda: parsed(xml), "mapped": lambda: mapped(xml)})
    if old := in_marc8(data / FINNISH):
        print_in_turn("MARC-8", steps_beside_pymarc(old))


def steps_beside_pymarc(data: bytes) -> dict[str, Callable[[], int]]:
    """What is measured of one file; each step counts the records."""
    return {
        "pymarc reading": lambda: sum(1 for _ in pymarc.MARCReader(data, to_unicode=True)),
        "pymarc reading, our mapping": lambda: mapped_by_pymarc(data),
        "parsed": lambda: parsed(data),
        "mapped": lambda: mapped(data),
    }


def print_in_turn(name: str, steps: dict[str, Callable[[], int]], floor: float = 0) -> None:
    """A row for each step; its time is a ratio to `floor`, in seconds a record, where there is one, or the first."""
    seconds = dict.fromkeys(steps, float("inf"))
    for _ in range(TIMES):
        for label, step in steps.items():
            start = time.process_time()
            read = step()
            seconds[label] = min(seconds[label], (time.process_time() - start) / read)
    if floor:
        print(f"| {name}: yaz-marcdump -n | {1 / floor:.0f} | 1.00 |")
    for label, each in seconds.items():
        print(f"| {name}: {label} | {1 / each:.0f} | {each / (floor or next(iter(seconds.values()))):.2f} |")


def parsed(data: bytes) -> int:
    return sum(1 for _ in parse(io.BytesIO(data)))


def mapped(data: bytes) -> int:
    """Parsed, mapped and validated."""
    return mapping.mapped(parse(io.BytesIO(data)))


def mapped_by_pymarc(data: bytes) -> int:
    """The same work with pymarc as the parser: its records put into our shape, mapped and validated."""
    read = enumerate(pymarc.MARCReader(data, to_unicode=True), 1)
    return mapping.mapped(
        ParsedRecord("marc21", [str(record.leader), [as_lists(field) for field in record]], index)
        for index, record in read
        if record is not None
    )


def as_lists(field: pymarc.Field) -> MarcField:
    """A field of pymarc in the shape our parsers give."""
    if field.control_field:
        return [field.tag, field.data]
    return [field.tag, "".join(field.indicators or ()), [[code, value] for code, value in field.subfields]]


def yaz_seconds(data: bytes) -> float:
    """Processor seconds that ``yaz-marcdump -n`` takes for a record; 0 where it is not installed."""
    if YAZ is None:
        return 0
    with tempfile.NamedTemporaryFile(suffix=".mrc") as file:
        file.write(data * YAZ_TIMES)
        file.flush()
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run([YAZ, "-n", file.name], check=True, stdout=subprocess.DEVNULL)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
    used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return used / (data.count(b"\x1d") * YAZ_TIMES)


def in_marc8(path: Path) -> bytes:
    """A file of UTF-8 records as MARC-8; empty where yaz is not installed."""
    if YAZ is None:
        return b""
    command = [YAZ, "-f", "utf-8", "-t", "marc-8", "-l", "9=32", "-o", "marc", str(path)]
    return subprocess.run(command, check=True, capture_output=True).stdout


if __name__ == "__main__":
    main()
