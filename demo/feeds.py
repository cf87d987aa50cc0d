"""Synthetic feeds by size and seed, part by part: the bytes of every source, and which records belong together.

A part is made from the seed and its number alone, so parts can be made in any order and by any process. The same seed
and size give the same bytes.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain, islice
from random import Random

from demo import magazine_feeds, marc, onix
from demo.magazines import Told, magazine_records
from demo.records import LIBRARIES, PUBLISHERS, Record, records
from demo.works import Shelf, editions

SOURCES = (*PUBLISHERS, *LIBRARIES)
FILES = {source: f"{source}.{'mrc' if source == 'lintula' else 'xml'}" for source in SOURCES}
PART_RECORDS = 5_000
TRUTH_HEAD = "source_id,edition,work,source\n"
_BOOKS_AND_A_MAGAZINE = 60  # one record in so many is of a magazine
_ISBNS_PER_PART = 2 * PART_RECORDS
_IDS = {"kaarna": "fi.kaarna.", "skargard": "SKV-", "aanitorni": "AT", "lintula": "lin", "vikens": "vik"}


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of every source's feed, in the order of `SOURCES`, and the rows of the truth."""

    feeds: tuple[bytes, ...]
    truth: str


def parts(count: int) -> Iterator[tuple[int, int]]:
    """The numbers of the parts that hold `count` records, and how many records each holds."""
    for number, start in enumerate(range(0, count, PART_RECORDS)):
        yield number, min(PART_RECORDS, count - start)


def feed_part(seed: int, number: int, count: int) -> Part:
    """Part `number` of the feeds of a seed, with `count` records in all."""
    feeds: dict[str, list[bytes]] = {source: [] for source in SOURCES}
    truth = []
    for source_id, record in records_of(seed, number, count):
        feeds[record.source].append(_told(record, source_id))
        truth.append(f"{source_id},{record.edition.key},{record.edition.work},{record.source}\n")
    return Part(tuple(b"".join(feeds[source]) for source in SOURCES), "".join(truth))


def records_of(seed: int, number: int, count: int) -> Iterator[tuple[str, Record | Told]]:
    """The records of a part with their ids in their sources, before they are written in a format; magazines last."""
    shelf = Shelf(Random(f"{seed}/{number}"), number, _ISBNS_PER_PART)  # noqa: S311 - a seed is the purpose
    books = count - count // _BOOKS_AND_A_MAGAZINE
    told: Iterator[Record | Told] = chain(
        islice(_records(shelf), books), islice(magazine_records(seed, number), count - books)
    )
    for place, record in enumerate(told):
        yield f"{_IDS[record.source]}{number:05d}{place:04d}", record


def configuration(source: str | None = None) -> str:
    """The configuration that harvests the feeds: of one source, or, without one, of the whole."""
    if source is None:
        return 'data_dir = "data"\nsources_dir = "sources"\n'
    kind = "onix" if source in PUBLISHERS else "marc"
    return (
        f'id = "{source}"\nname = "{source} (demo)"\nformat = "{kind}"\nrole = "catalogue"\nfeed = "full"\n\n'
        f'[transport]\nkind = "folder"\npath = "../feeds/{source}"\n'
    )


def head(source: str) -> bytes:
    """What stands before the records of a source's feed."""
    if source in onix.HEADS:
        return onix.HEADS[source].encode(onix.ENCODINGS[source])
    return marc.XML_HEAD.encode() if source == "vikens" else b""


def tail(source: str) -> bytes:
    """What stands behind the records of a source's feed."""
    return onix.TAILS.get(source, marc.XML_TAIL if source == "vikens" else "").encode()


def _records(shelf: Shelf) -> Iterator[Record]:
    for beside in editions(shelf):
        for edition in beside:
            yield from records(edition, beside, shelf.rng)


def _told(record: Record | Told, source_id: str) -> bytes:
    if isinstance(record, Told):
        return magazine_feeds.told(record, source_id)
    if record.source == "lintula":
        return marc.iso2709(record, source_id)
    if record.source == "vikens":
        return marc.marcxml(record, source_id)
    return onix.product(record, source_id)
