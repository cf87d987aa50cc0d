"""Public ids: minted once, never given to something else, redirecting for ever unless they come back."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, bindparam, delete, select, update

from catalogue.evidence import ClusterLevel
from catalogue.keys import is_text
from catalogue.publicid import PublicKind, encode, is_mintable
from catalogue.succession import Succession, assign_ids
from store.batches import batches
from store.locks import take_turn
from store.schema import former_member, membership, minted_number, public_id
from store.upsert import insert, upsert

KIND: dict[ClusterLevel, PublicKind] = {"edition": "e", "work": "w"}


_GONE = (
    update(public_id)
    .where(public_id.c.id == bindparam("name"))
    .values(redirect_to=bindparam("target"), retired_at=bindparam("at"))
)


@dataclass(frozen=True, slots=True)
class Naming:
    """`ids[n]` names cluster n. `retired` maps ids that went to where they redirect (None: nowhere)."""

    ids: tuple[str, ...]
    minted: frozenset[str]
    revived: frozenset[str]
    retired: dict[str, str | None]


def name_clusters(
    connection: Connection,
    level: ClusterLevel,
    clusters: Sequence[Sequence[int]],
    at: str,
    *,
    stood: Mapping[int, str] | None = None,
) -> Naming:
    """Give every cluster its public id and keep what follows: new numbers, redirects, revivals.

    `clusters` are all clusters that hold a member of a touched one (or all there are), as record numbers; members
    of touched ids that are in none of them are gone. Call it before `matches.save_membership`: it reads the
    memberships that stood until now, unless `stood` gives them: the id of each record of the touched ones.
    """
    members = {member for cluster in clusters for member in cluster}
    held = _held(connection, level, members) if stood is None else _held_by(stood, members)
    retired = _retired(connection, level, members)
    found = assign_ids(clusters, held, retired)
    fresh = iter(mint(connection, level, sum(name is None for name in found.ids), at))
    ids = tuple(name or next(fresh) for name in found.ids)
    gone = _retire(connection, (found, held), ids, at)
    _revive(connection, found.revived)
    return Naming(ids, frozenset(set(ids) - set(found.ids)), found.revived, gone)


def retire_empty(connection: Connection, level: ClusterLevel, ids: Sequence[str], at: str) -> None:
    """Retire ids whose last members are gone: they lead nowhere until a member comes back.

    Call it before `matches.save_membership`.
    """
    for part in batches(ids):
        rows = connection.execute(
            select(getattr(membership.c, level), membership.c.record).where(getattr(membership.c, level).in_(part))
        ).all()
        upsert(connection, former_member, [{"public_id": name, "record": record} for name, record in rows])
        connection.execute(update(public_id).where(public_id.c.id.in_(part)).values(retired_at=at, redirect_to=None))


def mint(connection: Connection, level: ClusterLevel, count: int, at: str) -> list[str]:
    """New ids in order of number; numbers whose check character is not safe in addresses are passed over."""
    if not count:
        return []
    take_turn(connection)
    kind = KIND[level]
    last = connection.scalar(select(minted_number.c.last).where(minted_number.c.kind == kind)) or 0
    ids: list[str] = []
    while len(ids) < count:
        last += 1
        if is_mintable(last):
            ids.append(encode(kind, last))
    upsert(connection, minted_number, [{"kind": kind, "last": last}])
    insert(
        connection,
        public_id,
        [{"id": name, "level": level, "minted_at": at, "retired_at": None, "redirect_to": None} for name in ids],
    )
    return ids


def resolve_id(connection: Connection, name: str) -> str | None:
    """The id in use that a name leads to, redirects followed; None for one that was never minted or leads nowhere."""
    seen: set[str] = set()
    while name not in seen and is_text(name):
        seen.add(name)
        row = connection.execute(
            select(public_id.c.retired_at, public_id.c.redirect_to).where(public_id.c.id == name)
        ).one_or_none()
        if row is None:
            return None
        if row.retired_at is None:
            return name
        if row.redirect_to is None:
            return None
        name = row.redirect_to
    return None


def is_minted(connection: Connection, name: str) -> bool:
    """Whether a name was ever given, retired or not."""
    return is_text(name) and connection.scalar(select(public_id.c.id).where(public_id.c.id == name)) is not None


def _held(connection: Connection, level: ClusterLevel, members: set[int]) -> dict[str, list[int]]:
    column = getattr(membership.c, level)
    names: set[str] = set()
    for part in batches(sorted(members)):
        names.update(connection.scalars(select(column).where(membership.c.record.in_(part)).distinct()))
    held: dict[str, list[int]] = defaultdict(list)
    for some in batches(sorted(names)):
        for name, record in connection.execute(select(column, membership.c.record).where(column.in_(some))):
            held[name].append(record)
    return held


def _held_by(stood: Mapping[int, str], members: set[int]) -> dict[str, list[int]]:
    names = {stood[member] for member in members if member in stood}
    held: dict[str, list[int]] = defaultdict(list)
    for record, name in sorted(stood.items()):
        if name in names:
            held[name].append(record)
    return held


def _retired(connection: Connection, level: ClusterLevel, members: set[int]) -> dict[str, list[int]]:
    retired: dict[str, list[int]] = defaultdict(list)
    for part in batches(sorted(members)):
        rows = connection.execute(
            select(former_member.c.public_id, former_member.c.record)
            .join(public_id, public_id.c.id == former_member.c.public_id)
            .where(former_member.c.record.in_(part), public_id.c.level == level)
        )
        for name, record in rows:
            retired[name].append(record)
    return retired


def _retire(
    connection: Connection,
    found: tuple[Succession, dict[str, list[int]]],
    ids: tuple[str, ...],
    at: str,
) -> dict[str, str | None]:
    """Write where every id without a cluster leads; those that were in use are returned."""
    succession, held = found
    targets = {name: None if index is None else ids[index] for name, index in succession.moved.items()}
    for name in (name for name in targets if name not in held):  # retired before: it leads elsewhere now
        connection.execute(update(public_id).where(public_id.c.id == name).values(redirect_to=targets[name]))
    gone = [{"name": name, "target": target, "at": at} for name, target in targets.items() if name in held]
    if gone:
        connection.execute(_GONE, gone)
    rows = [{"record": record, "public_id": name} for name in targets if name in held for record in held[name]]
    upsert(connection, former_member, rows)
    return {name: target for name, target in targets.items() if name in held}


def _revive(connection: Connection, names: frozenset[str]) -> None:
    for part in batches(sorted(names)):
        connection.execute(update(public_id).where(public_id.c.id.in_(part)).values(retired_at=None, redirect_to=None))
        connection.execute(delete(former_member).where(former_member.c.public_id.in_(part)))
