"""Merged records with their history, the change log with its monotonic revisions, and the outbox."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

from sqlalchemy import Connection, Row, delete, func, insert, select, update

from catalogue.evidence import ClusterLevel
from catalogue.keys import content_hash, fingerprint
from catalogue.merged import MergedRecord
from store import lookup
from store.batches import batches
from store.documents import pack_bytes, unpack_bytes
from store.locks import take_turn
from store.schema import change_log, merged_record, merged_revision, outbox
from store.upsert import insert as insert_rows
from store.upsert import upsert

Op = Literal["upsert", "delete", "redirect"]
NEWEST_PAGE = 200  # changes read together, newest first


class Change(NamedTuple):
    """One row of the change log. `rev` only grows."""

    rev: int
    op: Op
    id: str
    redirect_to: str | None = None


@dataclass(frozen=True, slots=True)
class Merged:
    """A merged record under its public id. `work` is the work it belongs to; a work's own id."""

    id: str
    work: str
    merged: MergedRecord


@dataclass(frozen=True, slots=True)
class StoredMerged:
    id: str
    level: ClusterLevel
    work: str
    fingerprint: str
    content_hash: bytes
    rules_version: str
    revision: int
    updated_at: str
    merged: MergedRecord


def save(connection: Connection, items: Sequence[Merged], at: str) -> list[str]:
    """Keep merged records; those that are new or differ get a revision and a change-log entry, and are returned.

    A record whose content stays but whose work changed counts as changed.
    """
    take_turn(connection)
    changed: list[str] = []
    for part in batches(items, 500):
        changed += _save_some(connection, part, at)
    return changed


def retire(connection: Connection, redirects: dict[str, str | None], at: str) -> None:
    """Take merged records out: their last state goes to history, the log says where readers go (None: nowhere)."""
    for part in batches(redirects):
        rows = connection.execute(select(merged_record).where(merged_record.c.id.in_(part))).all()
        _to_history(connection, rows, at)
        connection.execute(delete(merged_record).where(merged_record.c.id.in_(part)))
        lookup.forget(connection, part)
    for name, target in redirects.items():
        log(connection, "redirect" if target else "delete", name, at=at, redirect_to=target)


def log(connection: Connection, op: Op, name: str, *, at: str, redirect_to: str | None = None) -> int:
    """Write one change and return its revision. Revisions are committed in their order (`locks.take_turn`)."""
    take_turn(connection)
    entry = insert(change_log).values(op=op, id=name, redirect_to=redirect_to, at=at)
    rev = connection.execute(entry).inserted_primary_key
    return int(rev[0]) if rev else 0


def renew(connection: Connection, works: Iterable[str], at: str) -> None:
    """A new revision of works whose content stays, because readers are shown it otherwise than before."""
    take_turn(connection)
    for part in batches(works):
        for name, rev in zip(part, _log_upserts(connection, part, at), strict=True):
            connection.execute(
                update(merged_record).where(merged_record.c.id == name).values(revision=rev, updated_at=at)
            )


def queue_works(connection: Connection, works: Iterable[str]) -> None:
    """Put works into the outbox with the newest revision the log has.

    The revision is the search document's external version, so log what changed about the work first.
    """
    take_turn(connection)
    newest = last_revision(connection)
    for part in batches(works):
        upsert(connection, outbox, [{"work": work, "rev": newest} for work in part])


def take_outbox(connection: Connection, limit: int = 500, after: int = 0) -> list[tuple[str, int]]:
    """Works whose search document is behind, with the revision to publish them at; oldest first."""
    wanted = select(outbox.c.work, outbox.c.rev).where(outbox.c.rev > after)
    rows = connection.execute(wanted.order_by(outbox.c.rev, outbox.c.work).limit(limit))
    return [(work, rev) for work, rev in rows]


def outbox_done(connection: Connection, published: Iterable[tuple[str, int]]) -> None:
    """Take out what was published, unless it changed again meanwhile."""
    for work, rev in published:
        connection.execute(delete(outbox).where(outbox.c.work == work, outbox.c.rev == rev))


def waiting(connection: Connection, works: Iterable[str]) -> set[str]:
    """Those of these works whose search document is behind."""
    found: set[str] = set()
    for part in batches(sorted(set(works))):
        found.update(connection.scalars(select(outbox.c.work).where(outbox.c.work.in_(part))))
    return found


def outbox_size(connection: Connection) -> int:
    return connection.scalar(select(func.count()).select_from(outbox)) or 0


def find(connection: Connection, name: str) -> StoredMerged | None:
    """The merged record of an id in use."""
    row = connection.execute(select(merged_record).where(merged_record.c.id == name)).one_or_none()
    return _stored(row) if row else None


def by_id(connection: Connection, names: Iterable[str]) -> dict[str, StoredMerged]:
    """The merged records of these ids."""
    return {
        row.id: _stored(row)
        for part in batches(names)
        for row in connection.execute(select(merged_record).where(merged_record.c.id.in_(part)))
    }


def of_works(connection: Connection, works: Iterable[str]) -> dict[str, list[StoredMerged]]:
    """Work → the merged records under it: the work itself first, then its editions by id."""
    found: dict[str, list[StoredMerged]] = {}
    for part in batches(works):
        rows = connection.execute(select(merged_record).where(merged_record.c.work.in_(part)))
        for row in sorted(rows, key=lambda row: (row.level != "work", row.id)):
            found.setdefault(row.work, []).append(_stored(row))
    return found


def every(connection: Connection, level: ClusterLevel) -> Iterator[StoredMerged]:
    """All merged records of a level in order of id, in pages."""
    last = ""
    wanted = select(merged_record).where(merged_record.c.level == level).order_by(merged_record.c.id).limit(500)
    while page := connection.execute(wanted.where(merged_record.c.id > last)).all():
        yield from map(_stored, page)
        last = page[-1].id


def count(connection: Connection) -> dict[ClusterLevel, int]:
    """Merged records by level."""
    rows = connection.execute(select(merged_record.c.level, func.count()).group_by(merged_record.c.level))
    return {row[0]: row[1] for row in rows}


def changes(connection: Connection, since: int = 0) -> Iterator[Change]:
    """The change log behind a revision, in order."""
    columns = (change_log.c.rev, change_log.c.op, change_log.c.id, change_log.c.redirect_to)
    while page := connection.execute(
        select(*columns).where(change_log.c.rev > since).order_by(change_log.c.rev).limit(1_000)
    ).all():
        yield from (Change(*row) for row in page)
        since = page[-1].rev


def newest(connection: Connection, level: ClusterLevel, before: int | None = None) -> Iterator[StoredMerged]:
    """The merged records of a level, those that changed last first; from below a revision, if one is given."""
    wanted = select(change_log.c.rev, change_log.c.id).where(change_log.c.op == "upsert")
    wanted = wanted.order_by(change_log.c.rev.desc()).limit(NEWEST_PAGE)
    while page := connection.execute(wanted if before is None else wanted.where(change_log.c.rev < before)).all():
        found = by_id(connection, {row.id for row in page})
        for row in page:
            stored = found.get(row.id)
            if stored is not None and stored.revision == row.rev and stored.level == level:
                yield stored
        before = page[-1].rev


def last_revision(connection: Connection) -> int:
    """The newest revision; 0 where nothing ever changed."""
    return connection.scalar(select(func.max(change_log.c.rev))) or 0


def last_change(connection: Connection, name: str) -> int:
    """The revision of the newest change of an id; 0 where it was never logged."""
    return connection.scalar(select(func.max(change_log.c.rev)).where(change_log.c.id == name)) or 0


def names(connection: Connection, level: ClusterLevel) -> list[str]:
    """The ids of all merged records of a level, sorted."""
    wanted = select(merged_record.c.id).where(merged_record.c.level == level)
    return list(connection.scalars(wanted.order_by(merged_record.c.id)))


def works_changed(connection: Connection, since: int) -> list[str]:
    """Works touched by changes behind a revision, themselves or by an edition; retired ones too. Sorted."""
    changed = {change.id for change in changes(connection, since)}
    owners = {found.work for found in by_id(connection, sorted(changed)).values()}
    return sorted(owners | {name for name in changed if name.startswith("w")})


def history(connection: Connection, name: str) -> list[tuple[int, str, MergedRecord]]:
    """(revision, replaced at, record) of the states before the present one, oldest first."""
    rows = connection.execute(
        select(merged_revision).where(merged_revision.c.id == name).order_by(merged_revision.c.revision)
    )
    return [(row.revision, row.replaced_at, _merged(row.document)) for row in rows]


def _save_some(connection: Connection, items: Sequence[Merged], at: str) -> list[str]:
    names = [item.id for item in items]
    columns = merged_record.c
    wanted = select(columns.id, columns.content_hash, columns.work).where(columns.id.in_(names))
    before = {row.id: row for row in connection.execute(wanted).all()}
    rows: list[dict[str, Any]] = []
    for item in items:
        document = item.merged.model_dump_json(by_alias=True, exclude_defaults=True).encode()
        old = before.get(item.id)
        content = content_hash(document)
        if old and old.content_hash == content and old.work == item.work:
            continue
        rows.append(
            {
                "id": item.id,
                "level": item.merged.level,
                "work": item.work,
                "fingerprint": fingerprint(list(item.merged.members)),
                "content_hash": content,
                "document": pack_bytes(document),
                "rules_version": item.merged.rules_version,
                "updated_at": at,
            }
        )
    changed = [row["id"] for row in rows]
    for row, rev in zip(rows, _log_upserts(connection, changed, at), strict=True):
        row["revision"] = rev
    replaced = [name for name in changed if name in before]
    if replaced:
        _to_history(connection, connection.execute(select(merged_record).where(columns.id.in_(replaced))).all(), at)
    upsert(connection, merged_record, rows)
    return changed


def _log_upserts(connection: Connection, names: Sequence[str], at: str) -> list[int]:
    """One change for each id, in their order, in one round trip."""
    if not names:
        return []
    entries = [{"op": "upsert", "id": name, "redirect_to": None, "at": at} for name in names]
    wanted = insert(change_log).returning(change_log.c.rev, sort_by_parameter_order=True)
    return list(connection.scalars(wanted, entries))


def _to_history(connection: Connection, rows: Sequence[Row[Any]], at: str) -> None:
    insert_rows(
        connection,
        merged_revision,
        [
            {
                "id": row.id,
                "revision": row.revision,
                "fingerprint": row.fingerprint,
                "document": row.document,
                "rules_version": row.rules_version,
                "replaced_at": at,
            }
            for row in rows
        ],
    )


def _merged(document: bytes) -> MergedRecord:
    return MergedRecord.model_validate_json(unpack_bytes(document))


def _stored(row: Row[Any]) -> StoredMerged:
    return StoredMerged(
        id=row.id,
        level=row.level,
        work=row.work,
        fingerprint=row.fingerprint,
        content_hash=row.content_hash,
        rules_version=row.rules_version,
        revision=row.revision,
        updated_at=row.updated_at,
        merged=_merged(row.document),
    )
