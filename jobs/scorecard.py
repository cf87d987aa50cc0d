"""The scorecard of a source: what its sender could mend, with the places, and whether it gets better."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from statistics import median_low
from typing import Any

from catalogue.coverage import FILLED
from catalogue.defect import Defect
from catalogue.errors import NotFound
from catalogue.record import CatalogueRecord, Identifier
from jobs.replaying import outlived
from ops.messages import Language
from ops.saying import defect_text, said
from store import coverage, defects, payloads, records, runs, sources, staging
from store.database import Connection, Store
from store.defects import Quarantined
from store.runs import Run

EXAMPLES = 5
TREND_RUNS = 10
LATE_MESSAGE = "record.late"
_PERIODICAL = ("serial", "issue", "component")
_OF_BOOKS = ("contributor", "identifier")


@dataclass(frozen=True, slots=True)
class Place:
    """Where something is: the file, the record's place in it (from 1), line or path, the record's own id."""

    file: str
    index: int
    locus: str
    source_id: str
    text: str


@dataclass(frozen=True, slots=True)
class Fault:
    """One kind of defect: how many records have it, and where the first of them are."""

    code: str
    severity: str
    records: int
    examples: tuple[Place, ...]


@dataclass(frozen=True, slots=True)
class Missing:
    """A field that some live records lack. `examples` are their own ids."""

    field: str
    records: int
    of: int
    examples: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Reused:
    """An ISBN that several live records call their own: each id with the formats of its record."""

    isbn: str
    records: tuple[str, ...]
    formats: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Late:
    """Timeliness. `after_publication` of `announced` new records came after their publication day."""

    older_messages: int
    announced: int
    after_publication: int
    median_days: int | None
    examples: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Night:
    """An earlier run, newest first. `reasons`: why it is held, rejected or failed."""

    run: int
    state: str
    finished_at: str | None
    received: int
    quarantined: int
    defects: int
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Scorecard:
    """Everything the report tells; texts are in the language it was made for."""

    source: str
    name: str
    made_at: str
    live: int
    rejected: tuple[Fault, ...]
    missing: tuple[Missing, ...]
    faults: tuple[Fault, ...]
    reused: tuple[Reused, ...]
    late: Late
    trend: tuple[Night, ...]

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(slots=True)
class _Found:
    """What one walk over the live records finds."""

    lacking: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    isbns: dict[str, list[tuple[str, str]]] = field(default_factory=lambda: defaultdict(list))
    days_late: dict[str, int] = field(default_factory=dict)
    announced: int = 0


def scorecard(store: Store, source: str, language: Language, now: str) -> Scorecard:
    """The scorecard of a source that delivered. Raises NotFound."""
    with store.read() as connection:
        known = sources.find(connection, source)
        later = records.first_seen_after(connection, source, _first_day(connection, source))
        found = _walk(connection, source, later)
        filled = coverage.of_source(connection, source)
        standing = defects.of_live_records(connection, source)
        return Scorecard(
            source,
            known.name,
            now,
            sources.live_count(connection, source),
            _faults(_rejected(connection, source), language),
            _missing(found, filled),
            _faults(_named(connection, (each for each in standing if each.severity != "info")), language),
            _reused(found),
            _late(found, defects.counts_by_code(connection, source=source).get(LATE_MESSAGE, 0)),
            tuple(
                _night(connection, run, language) for run in runs.listed(connection, source=source, limit=TREND_RUNS)
            ),
        )


def _first_day(connection: Connection, source: str) -> str:
    """When the first run went live: what came with it is the back list, and says nothing of timeliness."""
    promoted = runs.listed(connection, state="promoted", source=source)
    return (promoted[-1].finished_at or "") if promoted else ""


def _walk(connection: Connection, source: str, later: dict[str, str]) -> _Found:
    found = _Found()
    for _, record in records.live_records(connection, source):
        for name, is_filled in FILLED.items():
            if not is_filled(record) and not (record.level in _PERIODICAL and name in _OF_BOOKS):
                found.lacking[name].append(record.source_id)
        for isbn in {each.value for each in record.identifiers if _is_own_isbn(each)}:
            found.isbns[isbn].append((record.source_id, " ".join((record.medium, *record.formats))))
        if record.source_id in later:
            _timeliness(found, record, later[record.source_id])
    return found


def _is_own_isbn(identifier: Identifier) -> bool:
    return identifier.scheme == "isbn" and identifier.role == "own" and identifier.valid


def _timeliness(found: _Found, record: CatalogueRecord, seen_at: str) -> None:
    published = record.publication.dates.published or ""
    if len(published) != len("2026-01-31"):
        return
    found.announced += 1
    days = (date.fromisoformat(seen_at[:10]) - date.fromisoformat(published)).days
    if days > 0:
        found.days_late[record.source_id] = days


def _rejected(connection: Connection, source: str) -> Iterator[tuple[str, Defect]]:
    """What is out now: of live and held deliveries, what no later one has brought, each record where it was last."""
    judged = {run.id for run in runs.listed(connection, source=source) if run.state in ("promoted", "held")}
    found = [
        replace(item, excerpt=b"")
        for item in defects.quarantined(connection, source=source, state="open")
        if item.run in judged
    ]
    past = outlived(connection, source, found)
    standing = staging.standing(connection, source, sorted({item.defect.source_id for item in found} - {""}))
    last: dict[tuple[str, ...], Quarantined] = {}
    for item in found:
        one = item.defect
        came = standing.get(one.source_id)
        if item.number not in past and not (came and came.run > item.run):
            last[(one.source_id,) if one.source_id else (one.payload, str(one.index))] = item
    yield from ((item.file, item.defect) for item in last.values())


def _named(connection: Connection, found: Iterable[Defect]) -> Iterator[tuple[str, Defect]]:
    """Defects with the name of the file they came in."""
    names: dict[str, str] = {}
    for one in found:
        if one.payload not in names:
            names[one.payload] = _name(connection, one.payload)
        yield names[one.payload], one


def _name(connection: Connection, payload: str) -> str:
    try:
        return payloads.find(connection, payload).name
    except NotFound:
        return ""


def _faults(found: Iterable[tuple[str, Defect]], language: Language) -> tuple[Fault, ...]:
    """By code, most frequent first. A record counts once, however often it has a defect."""
    having: dict[str, set[tuple[str, str, int]]] = defaultdict(set)
    examples: dict[str, list[Place]] = defaultdict(list)
    severity: dict[str, str] = {}
    for file, one in found:
        known, key = having[one.code], (one.source_id, one.payload, one.index)
        severity[one.code] = one.severity
        if key not in known and len(known) < EXAMPLES:
            text = defect_text(one, language)
            examples[one.code].append(Place(file, one.index, one.locus, one.source_id, text))
        known.add(key)
    return tuple(
        Fault(code, severity[code], len(known), tuple(examples[code]))
        for code, known in sorted(having.items(), key=lambda item: (-len(item[1]), item[0]))
    )


def _missing(found: _Found, filled: coverage.Coverage) -> tuple[Missing, ...]:
    return tuple(
        Missing(name, len(ids), filled.records, tuple(ids[:EXAMPLES]))
        for name, ids in sorted(found.lacking.items(), key=lambda item: (-len(item[1]), item[0]))
    )


def _reused(found: _Found) -> tuple[Reused, ...]:
    return tuple(
        Reused(isbn, tuple(name for name, _ in users), tuple(sorted({form for _, form in users})))
        for isbn, users in sorted(found.isbns.items())
        if len(users) > 1
    )


def _late(found: _Found, older_messages: int) -> Late:
    worst = sorted(found.days_late, key=lambda name: (-found.days_late[name], name))
    middle = median_low(found.days_late.values()) if found.days_late else None
    return Late(older_messages, found.announced, len(worst), middle, tuple(worst[:EXAMPLES]))


def _trend(connection: Connection, source: str, language: Language) -> tuple[Night, ...]:
    latest = runs.listed(connection, source=source, limit=TREND_RUNS)
    return tuple(_night(connection, run, language) for run in latest)


def _night(connection: Connection, run: Run, language: Language) -> Night:
    number = sum(defects.counts_by_code(connection, run=run.id).values())
    reasons = tuple(said(each, language) for each in run.reasons)
    return Night(run.id, run.state, run.finished_at, run.counts.received, run.counts.quarantined, number, reasons)
