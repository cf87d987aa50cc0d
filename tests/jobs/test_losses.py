"""Nothing that a record says is lost in merging, whatever it is merged with: each field of the model is walked."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from catalogue.merged import MergedRecord, Provenance
from catalogue.record import CatalogueRecord
from jobs.checking import read_files
from matching.features import extract
from matching.resolution import resolve
from merging.edition import merge_edition
from merging.fields import leaves, plain
from merging.sameness import agrees

SEED = 7
DRAWN = 60
BY_DEFAULT = {"level": "monograph", "medium": "other"}
"""Fields that always have a value; these ones need nobody to say them."""


def lost(merged: MergedRecord, members: Sequence[CatalogueRecord]) -> Iterator[tuple[str, str, Any]]:
    """Field, record and value of all that is neither in the merged record nor told as lost, under the record's name."""
    rows: dict[str, list[Provenance]] = defaultdict(list)
    for row in merged.provenance:
        rows[row.field].append(row)
    for path, leaf in leaves().items():
        value = leaf.read(merged.description)
        values = value if leaf.many else () if value is None else (value,)
        kept = [row for row in rows[path] if row.value is not None]
        assert len(kept) == len(values) or value == BY_DEFAULT.get(path), path
        for member in members:
            key, own = str(member.key), leaf.read(member)
            for said in own if leaf.many else () if own is None else (own,):
                stands = any(key in row.sources and agrees(v, said) for v, row in zip(values, kept, strict=False))
                told = any(key in one.sources and one.value == plain(said) for row in rows[path] for one in row.lost)
                if not (stands or told or said == BY_DEFAULT.get(path)):
                    yield path, key, said


def credited_to_the_silent(merged: MergedRecord, members: Sequence[CatalogueRecord]) -> Iterator[tuple[str, str]]:
    """Field and record where a record counts as the source of a value though it says nothing in the field."""
    by_key = {str(member.key): member for member in members}
    for row in merged.provenance:
        for source in row.sources:
            if leaves()[row.field].read(by_key[source]) in (None, ()):
                yield row.field, source


def live(paths: Iterable[Path], source: str = "") -> list[CatalogueRecord]:
    """The records of files that describe a publication, each named by its file and place."""
    found = []
    for path, index, record in read_files(sorted(paths)):
        if record.status == "live" and record.level != "issue":
            name = source or path.parent.name
            found.append(record.model_copy(update={"source": name, "source_id": f"{path.name}/{index}"}))
    return found


def assert_whole(members: Sequence[CatalogueRecord]) -> MergedRecord:
    merged = merge_edition(members)
    assert list(lost(merged, members)) == []
    assert list(credited_to_the_silent(merged, members)) == []
    return merged


def test_editions_of_the_demo_lose_nothing(fixtures: Path) -> None:
    records = live((fixtures / "demo" / "feeds").glob("*/*"))
    editions = [[records[n] for n in found] for found in resolve([extract(r) for r in records]).editions]
    assert len([assert_whole(edition) for edition in editions if len(edition) > 1]) > 50


@pytest.fixture(scope="module")
def melinda(test_data: Path) -> dict[str, list[CatalogueRecord]]:
    """ONIX products and the MARC that the library makes of each, by the folder they are in."""
    found: dict[str, list[CatalogueRecord]] = {}
    for product in sorted((test_data / "onix30-fi-melinda" / "transform-pipeline").glob("*/input.xml")):
        answer = product.with_name("output.json")
        pair = [*live([product], "publisher"), *live([answer], "library")] if answer.exists() else []
        if len(pair) > 1:  # a product may be a deletion
            found[product.parent.name] = pair
    return found


def test_a_product_and_the_librarys_record_of_it_lose_nothing(melinda: dict[str, list[CatalogueRecord]]) -> None:
    assert len(melinda) > 2
    for pair in melinda.values():
        assert_whole(pair)


@pytest.fixture(scope="module")
def strangers(test_data: Path, melinda: dict[str, list[CatalogueRecord]]) -> list[list[CatalogueRecord]]:
    """Real records of publishers and libraries, sender by sender."""
    feeds = ["onix30-pl-elibri/*", "marc-fi-helmet/*/*", "marc-sv-libris/*.json", "marc-fi-fennica/fennica.mrc"]
    found = [live(p for p in test_data.glob(pattern) if p.is_file() and p.suffix != ".md") for pattern in feeds]
    return [*found, [record for pair in melinda.values() for record in pair]]


@pytest.mark.parametrize("size", [2, 3, 4])
def test_records_of_any_senders_lose_nothing(strangers: list[list[CatalogueRecord]], size: int) -> None:
    dice = random.Random(SEED + size)
    for _ in range(DRAWN):
        drawn = [dice.choice(dice.choice(strangers)) for _ in range(size)]
        named = [r.model_copy(update={"source": name}) for r, name in zip(drawn, "abcd", strict=False)]
        assert_whole(named)
