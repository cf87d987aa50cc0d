"""Facts about the whole set, as versioned rows: the newest version stands."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, bindparam, func, select, tuple_

from catalogue.keys import content_hash
from store.documents import pack, unpack, unpack_bytes
from store.schema import set_fact
from store.upsert import insert

_NEWEST = select(set_fact.c.name, set_fact.c.document).where(
    tuple_(set_fact.c.name, set_fact.c.version).in_(
        select(set_fact.c.name, func.max(set_fact.c.version))
        .where(set_fact.c.name.in_(bindparam("names", expanding=True)))
        .group_by(set_fact.c.name)
    )
)


def get_fact(connection: Connection, name: str) -> Any:
    """The standing value of a fact; None where it was never set."""
    return get_facts(connection, name).get(name)


def get_facts(connection: Connection, *names: str) -> dict[str, Any]:
    """The standing values of several facts, by name; those that were never set are left out."""
    rows = connection.execute(_NEWEST, {"names": list(names)})
    return {name: unpack(document) for name, document in rows}


def set_new_fact(connection: Connection, name: str, value: Any, at: str) -> bool:
    """Keep a JSON-able value as the next version, unless it is what stands already; whether it flipped."""
    document = pack(value)
    content = content_hash(unpack_bytes(document))
    last = connection.execute(
        select(set_fact.c.version, set_fact.c.content_hash)
        .where(set_fact.c.name == name)
        .order_by(set_fact.c.version.desc())
        .limit(1)
    ).one_or_none()
    if last and last.content_hash == content:
        return False
    version = last.version + 1 if last else 1
    row = {"name": name, "version": version, "content_hash": content, "document": document, "made_at": at}
    insert(connection, set_fact, [row])
    return True
