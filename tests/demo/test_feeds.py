"""Synthetic feeds: our parsers read all of them, one seed gives one catalogue, what is hard to tell apart is there."""

from __future__ import annotations

import io
from collections import Counter, defaultdict

import pytest

from benchmarks.synthetic import mapped
from catalogue.keys import RecordKey
from catalogue.parsed import BadRecord
from catalogue.record import CatalogueRecord
from demo.feeds import SOURCES, Part, feed_part, head, parts, records_of, tail
from mappings.registry import map_record
from matching.evaluate import evaluate_clusters
from matching.features import extract
from matching.resolution import resolve
from parsers.registry import parse

RECORDS = 1_500
FLOORS = {"edition": 0.97, "work": 0.975}


@pytest.fixture(scope="module")
def part() -> Part:
    return feed_part(20, 3, RECORDS)


@pytest.fixture(scope="module")
def truth(part: Part) -> dict[str, tuple[str, str, str]]:
    rows = [row.split(",") for row in part.truth.splitlines()]
    return {source_id: (edition, work, source) for source_id, edition, work, source in rows}


@pytest.fixture(scope="module")
def read(part: Part) -> list[CatalogueRecord]:
    found = []
    for source, feed in zip(SOURCES, part.feeds, strict=True):
        for parsed in parse(io.BytesIO(head(source) + feed + tail(source))):
            assert not isinstance(parsed, BadRecord), parsed
            record = map_record(parsed, source, str(parsed.index)).record
            assert record is not None
            found.append(record)
    return found


def test_every_record_is_read_and_is_in_the_truth(
    read: list[CatalogueRecord], truth: dict[str, tuple[str, str, str]]
) -> None:
    assert sorted(r.source_id for r in read) == sorted(truth)
    assert {r.source_id: r.source for r in read} == {name: row[2] for name, row in truth.items()}
    assert len(truth) == RECORDS


def test_a_seed_gives_the_same_bytes_and_another_seed_others(part: Part) -> None:
    assert feed_part(20, 3, RECORDS) == part
    assert feed_part(21, 3, RECORDS) != part


def test_parts_share_no_id_and_no_isbn(part: Part) -> None:
    other = feed_part(20, 4, 300)

    def ids(found: Part) -> set[str]:
        return {row.split(",")[0] for row in found.truth.splitlines()}

    def works(found: Part) -> set[str]:
        return {row.split(",")[2] for row in found.truth.splitlines()}

    assert not ids(part) & ids(other)
    assert not works(part) & works(other)


@pytest.mark.parametrize(("count", "expected"), [(1, [1]), (5_000, [5_000]), (12_345, [5_000, 5_000, 2_345])])
def test_parts_add_up_to_the_size_asked_for(count: int, expected: list[int]) -> None:
    assert [size for _, size in parts(count)] == expected


def test_what_is_hard_to_tell_apart_is_there(
    read: list[CatalogueRecord], truth: dict[str, tuple[str, str, str]]
) -> None:
    works: dict[str, list[CatalogueRecord]] = defaultdict(list)
    holders: dict[str, set[str]] = defaultdict(set)
    seen: Counter[str] = Counter()
    for record in read:
        works[truth[record.source_id][1]].append(record)
        for isbn in record.own_isbns():
            holders[isbn].add(truth[record.source_id][0])
        seen["invalid isbn"] += any(i.scheme == "isbn" and not i.valid for i in record.identifiers)
        seen["no isbn"] += not record.own_isbns()
        seen["capitals"] += record.titles[0].text.isupper()
        seen["no year"] += not record.publication.dates.published
        seen["thin"] += not record.publication.publisher
        seen["abridged"] += record.edition_statement.abridged is True
        seen["daisy"] += "daisy" in record.formats
        seen["serial"] += record.level == "serial"
        seen["issue"] += record.level == "issue"
        seen["issue without issn"] += record.issue is not None and record.issue.serial_issn is None
    seen["isbn of two editions"] = sum(len(editions) > 1 for editions in holders.values())
    for members in works.values():
        narrators = {c.name for r in members for c in r.contributors if "nrt" in c.roles}
        seen["second narrator"] += len(narrators) > 1
        seen["translation"] += len({r.languages.text for r in members}) > 1
    seen["series"] = sum(bool(r.series) for r in read)
    assert {name for name, count in seen.items() if not count} == set()


def test_the_records_of_benchmarks_say_what_the_feeds_say(read: list[CatalogueRecord]) -> None:
    """Beside the wording of an edition statement, and minutes that a Daisy disc's extent does not show."""
    sent = {record.key: extract(record) for record in read}
    for source_id, told in records_of(20, 3, RECORDS):
        made = extract(mapped(told, source_id))
        parsed = sent[RecordKey.parse(made.key)]
        for part in ("form", "title", "people", "ids", "issue"):
            assert getattr(made, part) == getattr(parsed, part), made.key


@pytest.mark.parametrize("level", ["edition", "work"])
def test_matching_finds_the_truth_again(
    read: list[CatalogueRecord], truth: dict[str, tuple[str, str, str]], level: str
) -> None:
    found = resolve([extract(record) for record in read])
    clusters = found.editions if level == "edition" else found.works
    label = {read[n].source_id: place for place, members in enumerate(clusters) for n in members}
    names = sorted(label)
    column = 0 if level == "edition" else 1
    pairs, _ = evaluate_clusters([label[n] for n in names], [truth[n][column] for n in names])
    assert pairs.f1 >= FLOORS[level]
