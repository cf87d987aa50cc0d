"""Keeping the queue in step with the cases: one narrow row each, and a ledger of how many there are of which look.

`queue_count` is added to and never changed in place, so that two answers never wait for each other's counter;
`settle` folds it, in the quiet of a batch.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import Connection, Row, bindparam, delete, func, select, update

from catalogue.decision import CaseKind, CaseState
from catalogue.evidence import ClusterLevel
from store.batches import batches
from store.people_schema import queue_count, queue_row, queue_term
from store.schema import review_case
from store.term_index import TermIndex
from store.upsert import insert, upsert

STATES: tuple[CaseState, ...] = ("open", "answered", "dissolved")
LOOK = ("state", "kind", "level", "language", "medium", "reopened", "sources", "reason")
"""What rows are counted by."""

Look = tuple[Any, ...]
CASES = TermIndex(queue_term, "case")

_REPRICED = (
    update(queue_row)
    .where(queue_row.c.case == bindparam("name"))
    .values({name: bindparam(f"{name}_now", type_=queue_row.c[name].type) for name in ("rank", "why", "due")})
)


@dataclass(frozen=True, slots=True)
class QueueRow:
    """A case as the queue shows it.

    `reason` is its signature: cases that have it are alike. `why` tells what the priority is made of: readers_see,
    soon, reach, leverage, nearness, age. `closes`: other open cases about the same records. `appears` is a day,
    `due` the next day on which the priority changes by itself. `words` are folded terms to look it up by.
    """

    case: str
    state: CaseState
    kind: CaseKind
    level: ClusterLevel
    language: str
    medium: str
    reopened: bool
    sources: tuple[str, ...]
    reason: str
    title: str
    priority: int
    why: Mapping[str, int]
    opened: str
    closes: int
    appears: str | None
    due: str | None
    members: int
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Repriced:
    """A row's priority on another day."""

    case: str
    priority: int
    why: Mapping[str, int]
    due: str | None


def put(connection: Connection, rows: Iterable[QueueRow]) -> None:
    """Keep rows, each case at most once, and count them. Their cases were saved in this transaction before."""
    for part in batches(rows, 500):
        found = sorted((_values(row) for row in part), key=lambda values: str(values["case"]))
        before = _looks(connection, [values["case"] for values in found])
        changes: Counter[Look] = Counter()
        changes.update(tuple(values[name] for name in LOOK) for values in found)
        changes.subtract(before.values())
        upsert(connection, queue_row, found)
        CASES.keep(connection, {row.case: row.words for row in part})
        _count(connection, changes)


def set_state(connection: Connection, names: Sequence[str], state: CaseState, *, was: CaseState | None = None) -> None:
    """The rows of these cases are in another state; `was`: the one they all are in, where the caller knows."""
    changes: Counter[Look] = Counter()
    for old in STATES if was is None else (was,):
        for part in batches(names if old != state else ()):
            wanted = update(queue_row).where(queue_row.c.case.in_(part), queue_row.c.state == old)
            moved = wanted.values(state=state).returning(*(queue_row.c[name] for name in LOOK))
            for row in connection.execute(moved):
                changes[tuple(row)] += 1
                changes[(old, *tuple(row)[1:])] -= 1
    _count(connection, changes)


def due(connection: Connection, day: str, limit: int) -> list[QueueRow]:
    """Open cases whose priority is of another day than this one."""
    wanted = select(queue_row).where(queue_row.c.state == "open", queue_row.c.due <= day)
    return [row_of(row) for row in connection.execute(wanted.order_by(queue_row.c.due).limit(limit))]


def reprice(connection: Connection, found: Iterable[Repriced]) -> None:
    """Keep new priorities. It is no change of the case: versions stay."""
    rows = [{"name": r.case, "rank_now": -r.priority, "why_now": dict(r.why), "due_now": r.due} for r in found]
    if rows:
        connection.execute(_REPRICED, rows)


def is_whole(connection: Connection) -> bool:
    """Whether every case has its row."""
    rows, cases = (connection.scalar(select(func.count()).select_from(table)) for table in (queue_row, review_case))
    return rows == cases


def looks(connection: Connection, state: CaseState | None = None) -> dict[Look, int]:
    """How many rows there are of each look (`LOOK`), as the ledger says; of one state or of all."""
    columns = [queue_count.c[name] for name in LOOK]
    total = func.sum(queue_count.c.cases)
    wanted = select(*columns, total).group_by(*columns).having(total != 0)
    if state is not None:
        wanted = wanted.where(queue_count.c.state == state)
    return {tuple(row)[:-1]: int(row[-1]) for row in connection.execute(wanted)}


def recount(connection: Connection) -> dict[Look, int]:
    """The same, counted over the rows themselves."""
    columns = [queue_row.c[name] for name in LOOK]
    rows = connection.execute(select(*columns, func.count()).group_by(*columns))
    return {tuple(row)[:-1]: int(row[-1]) for row in rows}


def settle(connection: Connection) -> None:
    """Fold the ledger: one line for each look. Only what is folded is deleted, so others may write meanwhile."""
    columns = [queue_count.c[name] for name in LOOK]
    gone = connection.execute(delete(queue_count).returning(*columns, queue_count.c.cases))
    sums: Counter[Look] = Counter()
    for row in gone:
        sums[tuple(row)[:-1]] += row[-1]
    _count(connection, sums)


def row_of(row: Row[Any]) -> QueueRow:
    """A row out of all columns of the table; its words stay where they are."""
    values = dict(row._mapping)
    values |= {"priority": -values.pop("rank"), "sources": tuple(values["sources"].split())}
    return QueueRow(**values)


def _values(row: QueueRow) -> dict[str, Any]:
    values = asdict(row)
    rank, _ = -values.pop("priority"), values.pop("words")
    return {**values, "rank": rank, "sources": f" {' '.join(sorted(set(row.sources)))} "}


def _looks(connection: Connection, names: Sequence[str]) -> dict[str, Look]:
    columns = [queue_row.c[name] for name in LOOK]
    wanted = select(queue_row.c.case, *columns).where(queue_row.c.case.in_(names)).order_by(queue_row.c.case)
    return {row[0]: tuple(row)[1:] for row in connection.execute(wanted.with_for_update())}


def _count(connection: Connection, changes: Counter[Look]) -> None:
    rows = [{**dict(zip(LOOK, look, strict=True)), "cases": n} for look, n in changes.items() if n]
    insert(connection, queue_count, rows)
