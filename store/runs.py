"""Harvest runs, their counts and their ledger: a killed run goes on where it stopped."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from typing import Any, Literal, NamedTuple

from sqlalchemy import Connection, Row, delete, func, insert, select, update

from catalogue.errors import NotFound
from catalogue.sentence import as_json, from_json
from store.schema import harvest_run, run_file
from store.upsert import insert as insert_rows

RunState = Literal["running", "held", "promoted", "rejected", "failed"]


@dataclass(frozen=True, slots=True)
class RunCounts:
    """Where every record of a run went.

    received = new + changed + unchanged + deleted + superseded + quarantined. `removed` are live records that became
    tombstones by a message, `absent` those that a full feed no longer holds.
    """

    received: int = 0
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    deleted: int = 0
    superseded: int = 0
    quarantined: int = 0
    removed: int = 0
    absent: int = 0

    def check(self) -> RunCounts:
        """Itself. Raises AssertionError, a bug of ours, where a record went nowhere or twice."""
        explained = self.new + self.changed + self.unchanged + self.deleted + self.superseded + self.quarantined
        if explained != self.received:
            raise AssertionError(f"{self.received} records received, {explained} explained: {self}")
        return self


@dataclass(frozen=True, slots=True)
class Run:
    """`complete`: a full feed, absence removes. `reasons`: why it is held, rejected or failed; plain in old runs."""

    id: int
    source: str
    state: RunState
    complete: bool
    started_at: str
    finished_at: str | None
    counts: RunCounts
    reasons: tuple[str, ...]


class RunFile(NamedTuple):
    """One payload of a run. `items_done` records of it are staged; `known`: unchanged since the last promoted run."""

    position: int
    name: str
    sha256: str
    media_type: str
    etag: str | None = None
    last_modified: str | None = None
    known: bool = False
    items_done: int = 0
    finished: bool = False
    ended_early: bool = False


def begin(
    connection: Connection,
    source: str,
    files: Sequence[RunFile],
    *,
    complete: bool,
    at: str,
    reasons: Iterable[str] = (),
) -> Run:
    """Open a run with its files; from here on it is found again after a crash.

    `reasons` stand until it is closed: a harvest has none, so that what a crash left of other work is told apart.
    """
    values = {
        "source": source,
        "state": "running",
        "complete": complete,
        "started_at": at,
        "finished_at": None,
        "counts": asdict(RunCounts()),
        "reasons": [as_json(reason) for reason in reasons],
    }
    key = connection.execute(insert(harvest_run).values(values)).inserted_primary_key
    number = int(key[0]) if key else 0
    insert_rows(connection, run_file, [{"run": number, **file._asdict()} for file in files])
    return find(connection, number)


def add_file(connection: Connection, number: int, file: RunFile) -> None:
    """A further file of a run that is under way."""
    connection.execute(insert(run_file).values(run=number, **file._asdict()))


def forget_files(connection: Connection, number: int) -> None:
    """A run that read no feed of its own: what it read is no measure for the next one."""
    connection.execute(delete(run_file).where(run_file.c.run == number))


def unfinished(connection: Connection, source: str) -> Run | None:
    """The run of a source that was killed before its end."""
    found = listed(connection, state="running", source=source, limit=1)
    return found[0] if found else None


def files(connection: Connection, number: int) -> list[RunFile]:
    """The ledger of a run, in order."""
    columns = [run_file.c[name] for name in RunFile._fields]
    rows = connection.execute(select(*columns).where(run_file.c.run == number).order_by(run_file.c.position))
    return [RunFile(*row) for row in rows]


def last_read(connection: Connection, source: str) -> tuple[Run, list[RunFile]] | None:
    """The last promoted run that read any files, with them."""
    wanted = (
        select(func.max(harvest_run.c.id))
        .join(run_file, run_file.c.run == harvest_run.c.id)
        .where(harvest_run.c.source == source, harvest_run.c.state == "promoted")
    )
    number = connection.scalar(wanted)
    return (find(connection, number), files(connection, number)) if number is not None else None


def last_whole(connection: Connection, source: str) -> int | None:
    """The last promoted run of a full feed that was read to its end: what it did not bring is not offered any more."""
    of_run = run_file.c.run == harvest_run.c.id
    read = select(run_file.c.run).where(of_run).exists()
    cut = select(run_file.c.run).where(of_run, run_file.c.ended_early).exists()
    number: int | None = connection.scalar(
        select(func.max(harvest_run.c.id)).where(
            harvest_run.c.source == source, harvest_run.c.state == "promoted", harvest_run.c.complete, read, ~cut
        )
    )
    return number


def advance(connection: Connection, number: int, file: RunFile) -> None:
    """Write how far a file is staged, in the transaction that stages it."""
    connection.execute(
        update(run_file)
        .where(run_file.c.run == number, run_file.c.position == file.position)
        .values(items_done=file.items_done, finished=file.finished, ended_early=file.ended_early)
    )


def rewind(connection: Connection, number: int) -> None:
    """Read all files of a run anew (their staging is dropped by the caller)."""
    connection.execute(
        update(run_file).where(run_file.c.run == number).values(items_done=0, finished=False, ended_early=False)
    )
    connection.execute(update(harvest_run).where(harvest_run.c.id == number).values(state="running"))


def finish(
    connection: Connection,
    number: int,
    state: RunState,
    *,
    at: str,
    counts: RunCounts | None = None,
    reasons: Iterable[str] = (),
) -> Run:
    """Close a run (or change the state of a closed one); counts stay where none are given."""
    values: dict[str, Any] = {"state": state, "finished_at": at, "reasons": [as_json(reason) for reason in reasons]}
    if counts is not None:
        values["counts"] = asdict(counts)
    connection.execute(update(harvest_run).where(harvest_run.c.id == number).values(values))
    return find(connection, number)


def find(connection: Connection, number: int) -> Run:
    """The run of a number. Raises NotFound."""
    row = connection.execute(select(harvest_run).where(harvest_run.c.id == number)).one_or_none()
    if row is None:
        raise NotFound("run", str(number))
    return _run(row)


def listed(
    connection: Connection, *, state: RunState | None = None, source: str | None = None, limit: int | None = None
) -> list[Run]:
    """Runs, newest first."""
    wanted = select(harvest_run).order_by(harvest_run.c.id.desc()).limit(limit)
    if state is not None:
        wanted = wanted.where(harvest_run.c.state == state)
    if source is not None:
        wanted = wanted.where(harvest_run.c.source == source)
    return [_run(row) for row in connection.execute(wanted)]


def promoted_since(connection: Connection, source: str, number: int) -> bool:
    """Whether a later run of the source was promoted."""
    wanted = select(harvest_run.c.id).where(
        harvest_run.c.source == source, harvest_run.c.state == "promoted", harvest_run.c.id > number
    )
    return connection.execute(wanted.limit(1)).one_or_none() is not None


def promoted_counts(connection: Connection, source: str, since: str, before: int | None = None) -> list[RunCounts]:
    """Counts of the source's runs promoted since a time, newest first; `before` leaves out that run and later ones."""
    wanted = (
        select(harvest_run.c.counts)
        .where(harvest_run.c.source == source, harvest_run.c.state == "promoted", harvest_run.c.finished_at >= since)
        .order_by(harvest_run.c.id.desc())
    )
    if before is not None:
        wanted = wanted.where(harvest_run.c.id < before)
    return [_counts(row.counts) for row in connection.execute(wanted)]


def _run(row: Row[Any]) -> Run:
    return Run(
        id=row.id,
        source=row.source,
        state=row.state,
        complete=row.complete,
        started_at=row.started_at,
        finished_at=row.finished_at,
        counts=_counts(row.counts),
        reasons=tuple(from_json(reason) for reason in row.reasons),
    )


def _counts(values: Mapping[str, int]) -> RunCounts:
    known = {field.name for field in fields(RunCounts)}
    return RunCounts(**{name: value for name, value in values.items() if name in known})
