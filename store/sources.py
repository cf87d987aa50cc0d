"""Sources as the store knows them: what each last delivered, and whether it was retired."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from sqlalchemy import Connection, delete, func, select, update

from catalogue.errors import NotFound
from catalogue.sentence import Sentence
from store.schema import source, source_file, source_record
from store.upsert import upsert


class KnownSource(NamedTuple):
    """One source. `high_water` is the newest sending time that was promoted."""

    id: str
    name: str
    role: str
    feed: str
    identity: str
    created_at: str
    retired_at: str | None
    high_water: str | None


class KnownFile(NamedTuple):
    """What the last promoted run saw under a name: how an unchanged file is known."""

    name: str
    sha256: str
    etag: str | None
    last_modified: str | None
    records: int
    seen_at: str


def keep(connection: Connection, known: KnownSource) -> None:
    """Keep what the settings say about a source; the day it was created and its high-water mark stay."""
    upsert(connection, source, [known._asdict()], update=("name", "role", "feed", "identity", "retired_at"))


def find(connection: Connection, name: str) -> KnownSource:
    """The source of an id. Raises NotFound."""
    row = connection.execute(select(source).where(source.c.id == name)).one_or_none()
    if row is None:
        raise NotFound("source", name, Sentence("nothing was harvested from it yet"))
    return KnownSource(**row._mapping)


def every(connection: Connection) -> list[KnownSource]:
    """All sources that ever delivered, by id."""
    return [KnownSource(**row._mapping) for row in connection.execute(select(source).order_by(source.c.id))]


def roles(connection: Connection) -> dict[str, str]:
    """Source id → role (catalogue, evidence)."""
    return {row.id: row.role for row in connection.execute(select(source.c.id, source.c.role))}


def mixed_origins(connection: Connection) -> set[str]:
    """Sources that are collections of unrelated files: their records do not come from one sender."""
    return set(connection.scalars(select(source.c.id).where(source.c.identity == "file+own")))


def live_count(connection: Connection, name: str) -> int:
    """Live records of a source."""
    wanted = select(func.count()).where(source_record.c.source == name, source_record.c.status == "live")
    return connection.scalar(wanted) or 0


def files(connection: Connection, name: str) -> dict[str, KnownFile]:
    """File name → what was seen of it last."""
    rows = connection.execute(select(source_file).where(source_file.c.source == name))
    return {
        row.name: KnownFile(row.name, row.sha256, row.etag, row.last_modified, row.records, row.seen_at) for row in rows
    }


def keep_files(connection: Connection, name: str, seen: Iterable[KnownFile], *, all_there_is: bool) -> None:
    """Remember the files of a promoted run; `all_there_is`: forget the others."""
    if all_there_is:
        connection.execute(delete(source_file).where(source_file.c.source == name))
    upsert(connection, source_file, [{"source": name, **known._asdict()} for known in seen])


def forget_files(connection: Connection, name: str) -> None:
    """The next harvest reads everything again."""
    connection.execute(delete(source_file).where(source_file.c.source == name))


def raise_high_water(connection: Connection, name: str, sent_at: str) -> None:
    """Remember the newest sending time."""
    connection.execute(
        update(source)
        .where(source.c.id == name, func.coalesce(source.c.high_water, "") < sent_at)
        .values(high_water=sent_at)
    )


def retire(connection: Connection, name: str, at: str) -> None:
    """Mark a source as ended; its records are made tombstones by `jobs`."""
    find(connection, name)
    connection.execute(update(source).where(source.c.id == name).values(retired_at=at))
