"""Works of synthetic feeds as they come out of merging, without matching a million records: any number, by seed.

What is said of an edition is what the first of its records says; each work has four subjects of YSO, a few of which are
of very many works and most of few, as in libraries.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import groupby, islice
from random import Random
from typing import Any

from benchmarks.synthetic import catalogue_records
from catalogue.merged import MergedRecord
from catalogue.record import CatalogueRecord, Description, Labels, Topic, Topics
from catalogue.vocabularies.tables import read_rows

_RECORDS_OF_A_WORK = 10  # more than there are
_SKEW = 3


@dataclass(frozen=True)
class MadeWork:
    """A work and its editions, each with its id."""

    id: str
    merged: MergedRecord
    editions: list[tuple[str, MergedRecord]]


def made_works(number: int, seed: int) -> Iterator[MadeWork]:
    """So many works; the same for the same seed."""
    dice = Random(seed)
    told = catalogue_records(seed, number * _RECORDS_OF_A_WORK)
    works = groupby(told, key=lambda row: row[2])
    for place, (_, rows) in enumerate(islice(works, number)):
        records = [(record, edition) for record, edition, _ in rows]
        first = {edition: record for record, edition in reversed(records)}
        topics = Topics(subjects=tuple(_subjects()[int(dice.random() ** _SKEW * len(_subjects()))] for _ in range(4)))
        editions = [
            (f"e{place}x{n}", _merged("edition", [record], topics)) for n, record in enumerate(reversed(first.values()))
        ]
        yield MadeWork(f"w{place}", _merged("work", [record for record, _ in records], topics), editions)


def _merged(level: Any, records: list[CatalogueRecord], topics: Topics) -> MergedRecord:
    said = {name: getattr(records[0], name) for name in Description.model_fields}
    about = Description(**{**said, "topics": topics})
    members = tuple(sorted(str(record.key) for record in records))
    return MergedRecord(level=level, description=about, members=members, provenance=(), rules_version="-")


@cache
def _subjects() -> list[Topic]:
    """Concepts of YSO that have all three labels, in an order by chance."""
    rows = [row.split("\t") for row in read_rows("yso")]
    found = [
        Topic(uri=row[0], scheme="yso", labels=Labels(fi=row[1], sv=row[2], en=row[3]))
        for row in rows
        if len(row) > 3 and row[1] and row[2] and row[3]
    ]
    Random(1).shuffle(found)
    return found
