"""One work in two media: ``python -m benchmarks.formats [FOLDER OF ISO 2709]``. Needs LYHDE_TEST_DATA without one.

Records that a library links as another format of one another (776 $w, an 001 or 035 $a of the set) and that have other
media: how many come out as one edition (none should) and as one work (all should). Once with all that the records say,
once on text alone: without any identifier.
"""

from __future__ import annotations

import argparse
import gzip
import io
import os
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from catalogue.parsed import MarcField, ParsedRecord
from catalogue.record import CatalogueRecord
from mappings.registry import map_record
from matching.features import Features, Identifiers, extract
from matching.resolution import resolve
from parsers.registry import parse

SET = "marc-gpo-2024"
LINK = "776"
NO_NUMBERS = Identifiers((), (), (), (), (), ())


def main() -> None:
    options = argparse.ArgumentParser(description="Records of one work in two media")
    options.add_argument("folder", type=Path, nargs="?", help="files of ISO 2709, packed or not")
    folder = options.parse_args().folder or Path(os.environ["LYHDE_TEST_DATA"]) / SET
    fields, records = read(folder)
    pairs = [(a, b) for a, b in sorted(linked(fields)) if records[a].medium != records[b].medium]
    features = [extract(record) for record in records]
    print("| by | linked pairs of two media | as one edition | as one work |\n|---|---|---|---|")
    print_row("all that is said", features, pairs)
    print_row("text alone", [replace(each, ids=NO_NUMBERS) for each in features], pairs)


def read(folder: Path) -> tuple[list[Sequence[MarcField]], list[CatalogueRecord]]:
    """The fields of each live record, and what we make of it; each id once."""
    found: dict[str, tuple[Sequence[MarcField], CatalogueRecord]] = {}
    for path in sorted(p for p in folder.iterdir() if ".mrc" in p.suffixes):
        data = path.read_bytes()
        for item in parse(io.BytesIO(gzip.decompress(data) if path.suffix == ".gz" else data)):
            if not isinstance(item, ParsedRecord):
                continue
            record = map_record(item, "bench", f"{path.stem}-{item.index}").record
            if record is not None and record.status == "live":
                found.setdefault(str(record.key), (item.content[1], record))
    return [fields for fields, _ in found.values()], [record for _, record in found.values()]


def linked(records: Sequence[Sequence[MarcField]]) -> set[tuple[int, int]]:
    """Places of records of which one names the other as another format."""
    known: dict[str, int] = {}
    for place, fields in enumerate(records):
        for name in (*(f[1].strip() for f in fields if f[0] == "001"), *values(fields, "035", "a")):
            known.setdefault(name, place)
    named = ((place, known.get(name)) for place, fields in enumerate(records) for name in values(fields, LINK, "w"))
    return {(min(a, b), max(a, b)) for a, b in named if b is not None and a != b}


def values(fields: Sequence[MarcField], tag: str, code: str) -> Iterator[str]:
    """What a subfield says, wherever it stands."""
    return (value.strip() for field in fields if field[0] == tag for c, value in field[2] if c == code)


def print_row(name: str, features: Sequence[Features], pairs: Sequence[tuple[int, int]]) -> None:
    found = resolve(features)
    told = []
    for clusters in (found.editions, found.works):
        label = {number: place for place, members in enumerate(clusters) for number in members}
        told.append(sum(label[a] == label[b] for a, b in pairs))
    shares = " | ".join(f"{count:,} ({100 * count / len(pairs):.1f} %)" for count in told)
    print(f"| {name} | {len(pairs):,} | {shares} |", flush=True)


if __name__ == "__main__":
    main()
