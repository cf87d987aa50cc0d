"""Cases: questions with a stable id. Open, answered, dissolved, open again; never deleted."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection, Row, delete, func, select, update

from catalogue.decision import Case, CaseKind, CaseState
from catalogue.errors import NotFound
from catalogue.keys import is_text
from store.batches import batches
from store.documents import pack_model, unpack_bytes
from store.schema import case_member, review_case
from store.upsert import upsert


def save(connection: Connection, cases: Iterable[Case], at: str) -> int:
    """Keep cases in the state they come in; a known case keeps the day it was opened, and its answer.

    A dissolved case that is asked again is open again. The number of cases that are new or open again.
    """
    fresh = 0
    for part in batches(cases):
        known = _rows(connection, [case.case for case in part])
        rows, members = [], []
        for case in part:
            old = known.get(case.case)
            fresh += old is None or old.state == "dissolved"
            kept = case.model_copy(update={"opened": old.opened, "state": _state(old.state, case)}) if old else case
            rows.append(_row(kept, at))
            members += [{"record_key": key, "case": case.case} for key in case.members]
        upsert(connection, review_case, rows)
        upsert(connection, case_member, members, update=())
    return fresh


def set_state(connection: Connection, names: Iterable[str], state: CaseState, at: str) -> None:
    """Answer, dissolve or open cases again."""
    for part in batches(names):
        connection.execute(update(review_case).where(review_case.c.case.in_(part)).values(state=state, changed_at=at))


def dissolve_all_but(connection: Connection, asked: Iterable[str], touched: Iterable[str] | None, at: str) -> int:
    """Dissolve the open cases that are no longer asked, among those about the touched record keys (None: all)."""
    keep = set(asked)
    if touched is None:
        names = set(connection.scalars(select(review_case.c.case).where(review_case.c.state == "open")))
    else:
        names = _about(connection, touched)
    gone = sorted(names - keep)
    set_state(connection, gone, "dissolved", at)
    return len(gone)


def find(connection: Connection, name: str) -> Case:
    """The case of an id, in whatever state. Raises NotFound."""
    row = _rows(connection, [name]).get(name) if is_text(name) else None
    if row is None:
        raise NotFound("case", name)
    return _case(row)


def listed(
    connection: Connection, *, state: CaseState | None = "open", kind: CaseKind | None = None, limit: int | None = None
) -> list[Case]:
    """Cases, most urgent first, then oldest. `state` None: in any state."""
    wanted = select(review_case).order_by(review_case.c.priority.desc(), review_case.c.opened, review_case.c.case)
    if state is not None:
        wanted = wanted.where(review_case.c.state == state)
    if kind is not None:
        wanted = wanted.where(review_case.c.kind == kind)
    return [_case(row) for row in connection.execute(wanted.limit(limit))]


def about(connection: Connection, keys: Iterable[str], state: CaseState | None = None) -> list[Case]:
    """Cases that name one of these record keys."""
    names: set[str] = set()
    for part in batches(keys):
        names.update(connection.scalars(select(case_member.c.case).where(case_member.c.record_key.in_(part))))
    found = [_case(row) for row in _rows(connection, sorted(names)).values()]
    return sorted((case for case in found if state in (None, case.state)), key=lambda case: case.case)


def count(connection: Connection) -> dict[tuple[CaseKind, CaseState], int]:
    """Cases by kind and state."""
    rows = connection.execute(
        select(review_case.c.kind, review_case.c.state, func.count()).group_by(review_case.c.kind, review_case.c.state)
    )
    return {(kind, state): number for kind, state, number in rows}


def forget_members(connection: Connection, name: str) -> None:
    """Drop the member index of a case (its document keeps them): it is no longer found by its records."""
    connection.execute(delete(case_member).where(case_member.c.case == name))


def _state(before: CaseState, case: Case) -> CaseState:
    return "answered" if before == "answered" and case.state == "open" else case.state


def _about(connection: Connection, keys: Iterable[str]) -> set[str]:
    names: set[str] = set()
    for part in batches(keys):
        names.update(
            connection.scalars(
                select(case_member.c.case)
                .join(review_case, review_case.c.case == case_member.c.case)
                .where(case_member.c.record_key.in_(part), review_case.c.state == "open")
            )
        )
    return names


def _rows(connection: Connection, names: Iterable[str]) -> dict[str, Row[Any]]:
    return {
        row.case: row
        for part in batches(names)
        for row in connection.execute(select(review_case).where(review_case.c.case.in_(part)))
    }


def _row(case: Case, at: str) -> dict[str, Any]:
    return {
        "case": case.case,
        "kind": case.kind,
        "level": case.level,
        "state": case.state,
        "priority": case.priority,
        "opened": case.opened,
        "changed_at": at,
        "document": pack_model(case),
    }


def _case(row: Row[Any]) -> Case:
    return Case.model_validate_json(unpack_bytes(row.document)).model_copy(
        update={"state": row.state, "opened": row.opened}
    )
