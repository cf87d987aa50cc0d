"""Lists that are harvested page by page: where each run is in them, and where the next one begins."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from sqlalchemy import Connection, delete, func, insert, select, update

from store import defects, staging
from store.batches import among, batches, given
from store.listing_schema import harvest_list, harvest_page, record_alias
from store.runs import RunFile, add_file
from store.schema import harvest_run, run_file
from store.upsert import upsert


class List(NamedTuple):
    """One window of one set. `since` None: from the beginning; `mark`: the repository's clock when the run began."""

    position: int
    url: str
    prefix: str
    subset: str
    since: str | None
    until: str | None
    mark: str
    finished: bool = False


class Page(NamedTuple):
    """A page at hand: its list, the token that asked for it (empty: none), the token of the next (empty: the last)."""

    list: int
    token: str
    next_token: str


class Reached(NamedTuple):
    """How far a source's list was harvested: the clock of the last promoted run, and of the last that listed all."""

    mark: str | None
    whole: str | None


def open_lists(connection: Connection, run: int, lists: Iterable[List]) -> None:
    """Write down what a run is to list."""
    for each in lists:
        connection.execute(insert(harvest_list).values(run=run, **each._asdict()))


def lists(connection: Connection, run: int) -> list[List]:
    """What a run lists, in order; empty for a run of files."""
    columns = [harvest_list.c[name] for name in List._fields]
    rows = connection.execute(select(*columns).where(harvest_list.c.run == run).order_by(harvest_list.c.position))
    return [List(*row) for row in rows]


def keep_page(connection: Connection, run: int, file: RunFile, page: Page) -> None:
    """A page is at hand: in one transaction it is a file of its run, and its list is that much further."""
    add_file(connection, run, file)
    connection.execute(insert(harvest_page).values(run=run, file=file.position, **page._asdict()))
    if not page.next_token:
        end_list(connection, run, page.list)


def end_list(connection: Connection, run: int, position: int) -> None:
    """A list is at its end."""
    connection.execute(
        update(harvest_list).where(harvest_list.c.run == run, harvest_list.c.position == position).values(finished=True)
    )


def pages(connection: Connection, run: int, position: int) -> list[Page]:
    """The pages at hand of one list, in order."""
    columns = [harvest_page.c[name] for name in Page._fields]
    wanted = select(*columns).where(harvest_page.c.run == run, harvest_page.c.list == position)
    return [Page(*row) for row in connection.execute(wanted.order_by(harvest_page.c.file))]


def begin_again(connection: Connection, run: int) -> None:
    """Forget every page of a run, and what it staged of them: its lists are asked for from their beginnings."""
    staging.drop(connection, run)
    defects.forget_run(connection, run)
    connection.execute(delete(run_file).where(run_file.c.run == run))
    connection.execute(delete(harvest_page).where(harvest_page.c.run == run))
    connection.execute(update(harvest_list).where(harvest_list.c.run == run).values(finished=False))


def reached(connection: Connection, source: str, about: List) -> Reached:
    """How far the list of this address, prefix and set was harvested by promoted runs that read all they fetched."""
    cut = select(run_file.c.run).where(run_file.c.run == harvest_run.c.id, run_file.c.ended_early)
    wanted = (
        select(func.max(harvest_list.c.mark), func.max(harvest_list.c.mark).filter(harvest_list.c.since.is_(None)))
        .join(harvest_run, harvest_run.c.id == harvest_list.c.run)
        .where(
            harvest_run.c.source == source,
            harvest_run.c.state == "promoted",
            harvest_list.c.url == about.url,
            harvest_list.c.prefix == about.prefix,
            harvest_list.c.subset == about.subset,
            ~cut.exists(),
        )
    )
    row = connection.execute(wanted).one()
    return Reached(row[0], row[1])


def keep_aliases(connection: Connection, source: str, found: dict[str, str]) -> None:
    """Delivered name → own id, of records whose name does not end in it."""
    rows = [{"source": source, "alias": alias, "own_id": own} for alias, own in sorted(found.items())]
    upsert(connection, record_alias, rows)


def aliases(connection: Connection, source: str, names: Sequence[str]) -> dict[str, str]:
    """Own ids by delivered name, of those that are known to differ."""
    columns = record_alias.c
    wanted = select(columns.alias, columns.own_id).where(
        columns.source == source, among(connection.dialect.name, columns.alias)
    )
    return {
        alias: own
        for part in batches(names)
        for alias, own in connection.execute(wanted, given(connection, part)).all()
    }
