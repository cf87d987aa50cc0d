"""Cases: questions with a stable id. Open, answered, dissolved, open again; never deleted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, bindparam, func, select, update

from catalogue.decision import Case, CaseKind, CaseState
from catalogue.errors import NotFound
from catalogue.keys import is_text
from store import claims, queue_rows
from store.batches import batches
from store.documents import pack_model, unpack_bytes
from store.schema import case_member, review_case
from store.upsert import upsert

Look = tuple[str, str]

# Two statements, and the state not a condition: joined, SQLite walks all open cases.
_LOOKS = (
    select(review_case.c.case, review_case.c.kind, review_case.c.level, case_member.c.record_key)
    .join(case_member, case_member.c.case == review_case.c.case)
    .where(review_case.c.case.in_(bindparam("names", expanding=True)), review_case.c.kind.in_(("match", "split")))
)
_NEAR = (
    select(case_member.c.record_key, review_case.c.case, review_case.c.kind, review_case.c.level, review_case.c.state)
    .join(review_case, review_case.c.case == case_member.c.case)
    .where(case_member.c.record_key.in_(bindparam("keys", expanding=True)))
)


_ABOUT = select(review_case).where(
    review_case.c.case.in_(
        select(case_member.c.case).where(case_member.c.record_key.in_(bindparam("keys", expanding=True)))
    )
)


_BY_NAME = (
    select(review_case).where(review_case.c.case.in_(bindparam("names", expanding=True))).order_by(review_case.c.case)
)
_BY_NAME_LOCKED = _BY_NAME.with_for_update()
_STATE = (
    update(review_case)
    .where(review_case.c.case.in_(bindparam("names", expanding=True)), review_case.c.state != bindparam("wanted"))
    .values(state=bindparam("wanted"), changed_at=bindparam("at"), version=review_case.c.version + 1)
)
_PRIORITY = (
    update(review_case)
    .where(review_case.c.case == bindparam("name"), review_case.c.priority != bindparam("wanted"))
    .values(priority=bindparam("wanted"))
)


@dataclass(frozen=True, slots=True)
class Kept:
    """A case as it stands after it was saved. `fresh`: it is new, or was dissolved and is asked again."""

    case: Case
    fresh: bool


def save(connection: Connection, cases: Iterable[Case], at: str) -> int:
    """`keep`, without the queue's rows (`jobs.queueing.keep_cases` writes both); how many are fresh."""
    return sum(kept.fresh for kept in keep(connection, cases, at))


def keep(connection: Connection, cases: Iterable[Case], at: str, *, same_priority: bool = False) -> list[Kept]:
    """Keep cases in the state they come in; a known case keeps the day it was opened, and its answer.

    A dissolved case that is asked again is open again. The version grows where state, evidence or candidates
    differ from what is known; weights and priority alone are no difference. `same_priority`: a known case keeps its.
    """
    done: list[Kept] = []
    for part in batches(cases):
        known = _rows(connection, sorted(case.case for case in part), lock=True)
        rows, members = [], []
        for case in part:
            old = known.get(case.case)
            kept = _next(old, case) if old else case
            if old and same_priority:
                kept = kept.model_copy(update={"priority": old.priority})
            done.append(Kept(kept, old is None or old.state == "dissolved"))
            row = _row(kept, at)
            if old is None or any(row[name] != getattr(old, name) for name in row if name != "changed_at"):
                rows.append(row)
            if old is None or old.state == "dissolved":
                members += [{"record_key": key, "case": case.case} for key in case.members]
        upsert(connection, review_case, sorted(rows, key=lambda row: str(row["case"])))
        upsert(connection, case_member, members, update=())
    return done


def set_state(
    connection: Connection, names: Iterable[str], state: CaseState, at: str, *, was: CaseState | None = None
) -> None:
    """Answer, dissolve or open cases again: the version grows, the queue follows, claims on settled ones end.

    `was`: the state that all of them are in, where the caller knows.
    """
    for part in batches(sorted(set(names))):
        connection.execute(_STATE, {"names": part, "wanted": state, "at": at})
        queue_rows.set_state(connection, part, state, was=was)
        if state != "open":
            claims.forget(connection, part)


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


def names(connection: Connection) -> list[str]:
    """The ids of all cases, in any state, sorted."""
    return list(connection.scalars(select(review_case.c.case).order_by(review_case.c.case)))


def by_name(connection: Connection, wanted: Iterable[str]) -> list[Case]:
    """The cases of these ids, sorted by id; unknown ones are left out."""
    return [_case(row) for _, row in sorted(_rows(connection, wanted).items())]


def sharing(connection: Connection, wanted: Iterable[str]) -> dict[str, int]:
    """Case → other open cases of the same kind and level that ask about one of its records; matches and splits only."""
    found: dict[str, int] = {}
    for part in batches(wanted):
        own = _looks(connection, part)
        near = _open_near(connection, sorted({key for _, keys in own.values() for key in keys}))
        for name, (look, keys) in own.items():
            others = {other for key in keys for other, its in near.get(key, ()) if its == look and other != name}
            found |= {name: len(others)} if others else {}
    return found


def set_priorities(connection: Connection, wanted: Mapping[str, int]) -> None:
    """Keep other priorities. It is no change of a case: its version stays."""
    if wanted:
        connection.execute(_PRIORITY, [{"name": name, "wanted": wanted[name]} for name in sorted(wanted)])


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
    rows = {row.case: row for part in batches(keys) for row in connection.execute(_ABOUT, {"keys": part})}
    return [_case(row) for _, row in sorted(rows.items()) if state in (None, row.state)]


def count(connection: Connection) -> dict[tuple[CaseKind, CaseState], int]:
    """Cases by kind and state."""
    rows = connection.execute(
        select(review_case.c.kind, review_case.c.state, func.count()).group_by(review_case.c.kind, review_case.c.state)
    )
    return {(kind, state): number for kind, state, number in rows}


def _next(old: Row[Any], case: Case) -> Case:
    state: CaseState = "answered" if old.state == "answered" and case.state == "open" else case.state
    kept = case.model_copy(
        update={"opened": old.opened, "state": state, "reopened": case.reopened or old.reopened, "version": old.version}
    )
    changed = state != old.state or kept.reopened != old.reopened or _differs(old, kept)
    return kept.model_copy(update={"version": old.version + 1}) if changed else kept


def _differs(old: Row[Any], case: Case) -> bool:
    """Whether what a person would see differs, weights aside."""
    return _packed(case) != old.document and _shown(_case(old)) != _shown(case)


def _shown(case: Case) -> dict[str, Any]:
    """What is compared: not the row's own columns, nor the weights, which the whole set has a say in."""
    own = dict.fromkeys(("state", "version", "opened", "priority", "reopened"), True)
    return case.model_dump(mode="json", exclude={**own, "findings": {"__all__": {"bits"}}})


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


def _looks(connection: Connection, names: list[str]) -> dict[str, tuple[Look, list[str]]]:
    """Match and split cases → their kind and level, and the records they name."""
    found: dict[str, tuple[Look, list[str]]] = {}
    for name, kind, level, key in connection.execute(_LOOKS, {"names": names}):
        found.setdefault(name, ((kind, level), []))[1].append(key)
    return found


def _open_near(connection: Connection, keys: list[str]) -> dict[str, list[tuple[str, Look]]]:
    """Record → the open cases that name it, with kind and level."""
    found: dict[str, list[tuple[str, Look]]] = {}
    for part in batches(keys):
        for key, name, kind, level, state in connection.execute(_NEAR, {"keys": part}):
            if state == "open":
                found.setdefault(key, []).append((name, (kind, level)))
    return found


def _rows(connection: Connection, names: Iterable[str], *, lock: bool = False) -> dict[str, Row[Any]]:
    found: dict[str, Row[Any]] = {}
    for part in batches(names):
        rows = connection.execute(_BY_NAME_LOCKED if lock else _BY_NAME, {"names": part})
        found |= {row.case: row for row in rows}
    return found


def _row(case: Case, at: str) -> dict[str, Any]:
    return {
        "case": case.case,
        "kind": case.kind,
        "level": case.level,
        "state": case.state,
        "priority": case.priority,
        "opened": case.opened,
        "changed_at": at,
        "version": case.version,
        "reopened": case.reopened,
        "document": _packed(case),
    }


def _packed(case: Case) -> bytes:
    """The document without what its row says anyway."""
    return pack_model(case.model_copy(update={"state": "open", "version": 1, "reopened": None, "priority": 0}))


def _case(row: Row[Any]) -> Case:
    return Case.model_validate_json(unpack_bytes(row.document)).model_copy(
        update={name: getattr(row, name) for name in ("state", "opened", "priority", "version", "reopened")}
    )
