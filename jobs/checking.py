"""Files at hand through parsers and mappings, without a store."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from catalogue import lifecycle
from catalogue.defect import Defect, whereabouts
from catalogue.parsed import BadRecord, ParsedRecord
from catalogue.record import CatalogueRecord, Status
from catalogue.sentence import Sentence
from jobs.mapping import map_record
from jobs.pieces import pieces, require_some
from mappings.mapped import Mapped
from ops.messages import Language
from ops.saying import defect_text
from parsers.detect import Format
from parsers.registry import ParseResult

MOST_NAMED = 20  # of the records that could not be read
SOURCE = "file"  # the source that records of loose files are said to come from


@dataclass(slots=True)
class FileSummary:
    """The counts of one file. records = live and withdrawn ones that stand."""

    file: str
    format: str | None = None
    encoding: str | None = None
    records: int = 0
    deleted: int = 0
    superseded: int = 0
    quarantined: int = 0
    defects: dict[str, int] = field(default_factory=dict)

    def count(self, defects: Iterable[Defect]) -> None:
        for defect in defects:
            self.defects[defect.code] = self.defects.get(defect.code, 0) + 1


def check_files(files: Iterable[Path], language: Language, form: Format | None = None) -> Iterator[dict[str, Any]]:
    """Every record and defect of some files as JSON-able values, then a summary of each file or member of an archive.

    Raises UsageError for a file that cannot be read.
    """
    for name, found in pieces(files, form):
        yield from _check(name, found, language)


@dataclass(slots=True)
class Unread:
    """What could not become a record in some files: how many, and of the first ones where they are and why."""

    read: int = 0
    count: int = 0
    first: list[Sentence] = field(default_factory=list)

    def add(self, file: str, index: int, defect: Defect) -> None:
        """One more, and the defect that keeps it out."""
        self.count += 1
        if len(self.first) < MOST_NAMED:
            where = whereabouts(file, index, defect.locus)
            self.first.append(Sentence("{where}: {why}", where=where, why=defect.words))


def read_files(files: Iterable[Path], unread: Unread | None = None) -> Iterator[tuple[Path, int, CatalogueRecord]]:
    """Every record of some files that can be mapped, with its file and its index there; `unread` hears of the others.

    Raises LossBudgetExceeded at the end where there was something to read, `unread` is given, and nothing became a
    record.
    """
    heard = unread or Unread()
    for name, found in pieces(files):
        for item in found:
            record = None if isinstance(item, BadRecord) else _mapped_or_told(item, name, heard)
            if isinstance(item, BadRecord):
                heard.add(name, item.index, item.defect)
            elif record is not None:
                heard.read += 1
                yield Path(name), item.index, record
    if unread is not None:
        require_some(unread.read, unread.count)


def _mapped_or_told(item: ParsedRecord, name: str, unread: Unread) -> CatalogueRecord | None:
    found = mapped(item)
    reason = next((defect for defect in found.defects if defect.severity == "error"), None)
    if found.record is None and reason is not None:
        unread.add(name, item.index, reason if reason.locus else replace(reason, locus=item.locus))
    return found.record


@dataclass(slots=True)
class Tally:
    """What became of the records of all files. `unread`: those that a harvest would quarantine."""

    read: int = 0
    unread: int = 0

    def over(self, told: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
        """The same values, counted as they go by."""
        for row in told:
            if row["kind"] == "summary":
                self.read += row["records"] + row["deleted"] + row["superseded"]
                self.unread += row["quarantined"]
            yield row


def mapped(parsed: ParsedRecord) -> Mapped:
    """A parsed record of a loose file, named by a hash where it has no id of its own."""
    return map_record(parsed, SOURCE, lifecycle.parsed_hash(parsed).hex())


def _check(name: str, found: ParseResult, language: Language) -> Iterator[dict[str, Any]]:
    summary = FileSummary(name)
    standing: dict[str, Status] = {}
    for item in found:
        if isinstance(item, BadRecord):
            summary.quarantined += 1
            summary.count([item.defect])
            yield _defect(summary.file, item.index, item.defect, language) | {"place": item.defect.locus}
            continue
        result = mapped(item)
        if result.record is None and lifecycle.arrival(item).kind == "blocks":
            result = _update(item, standing)
        source_id = result.record.source_id if result.record else lifecycle.arrival(item).own_id or ""
        about = [
            d.about(source=SOURCE, source_id=source_id, index=item.index) for d in (*item.defects, *result.defects)
        ]
        summary.count(about)
        if result.record is None:
            summary.quarantined += any(d.severity == "error" for d in result.defects)
            summary.superseded += not any(d.severity == "error" for d in result.defects)
        else:
            _count(summary, result.record, standing)
            yield {
                "kind": "record",
                "file": summary.file,
                "index": item.index,
                "source_id": source_id,
                "status": result.record.status,
                "record": result.record.model_dump(mode="json"),
            }
        yield from (_defect(summary.file, item.index, defect, language) | {"place": item.locus} for defect in about)
    summary.format, summary.encoding = found.format, found.encoding
    yield {
        "kind": "summary",
        "file": summary.file,
        "format": summary.format,
        "encoding": summary.encoding,
        "records": summary.records,
        "deleted": summary.deleted,
        "superseded": summary.superseded,
        "quarantined": summary.quarantined,
        "defects": summary.defects,
    }


def _update(item: ParsedRecord, standing: dict[str, Status]) -> Mapped:
    """Blocks alone are no record: they belong to one of this file, or wait for one."""
    known = standing.get(lifecycle.arrival(item).own_id or "")
    return Mapped(None, () if known and known != "deleted" else (Defect("record.update_waits"),))


def _count(summary: FileSummary, record: CatalogueRecord, standing: dict[str, Status]) -> None:
    """Of records with one id the last one stands: the others count as superseded."""
    before = standing.get(record.source_id)
    if before is not None:
        summary.superseded += 1
        _add(summary, before, -1)
    standing[record.source_id] = record.status
    _add(summary, record.status, 1)


def _add(summary: FileSummary, status: Status, number: int) -> None:
    if status == "deleted":
        summary.deleted += number
    else:
        summary.records += number


def _defect(file: str, index: int, defect: Defect, language: Language) -> dict[str, Any]:
    return {
        "kind": "defect",
        "file": file,
        "index": index,
        "source_id": defect.source_id,
        "code": defect.code,
        "severity": defect.severity,
        "locus": defect.locus,
        "params": dict(defect.params),
        "text": defect_text(defect, language),
    }
