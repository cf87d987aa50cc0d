"""`lyhde db`: the database's schema, its backups, and the move to another."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli.context import Context, context_of

if TYPE_CHECKING:
    from jobs.preserving import Preserved

db = typer.Typer(help="The database.", no_args_is_help=True)
Force = Annotated[bool, typer.Option("--force", help="replace what is there")]


def add_to(app: typer.Typer) -> None:
    """Register the commands of this module."""
    app.add_typer(db, name="db")


@db.command()
def upgrade(context: typer.Context) -> None:
    """Bring the schema up to date (every command does so when it opens the store)."""
    from jobs.preserving import upgrade as bring_up

    ours = context_of(context)
    before, version = bring_up(ours.settings, ours.now)
    if ours.out.as_json:
        ours.out.json({"schema": version, "before": before})
    else:
        ours.out.line(f"{ours.text('schema')}: {version}")


@db.command()
def backup(
    context: typer.Context,
    out: Annotated[Path, typer.Option(help="NAME.lyhde, or the folder it is to lie in")],
    payloads: Annotated[bool, typer.Option(help="with the files as they were received")] = True,
) -> None:
    """Write everything into one file, while others go on writing. It can be restored into either database."""
    from jobs.preserving import back_up

    ours = context_of(context)
    _tell(ours, back_up(ours.settings, out, ours.now, with_payloads=payloads, tell=ours.out.talk))


@db.command()
def restore(
    context: typer.Context, file: Annotated[Path, typer.Argument(help="a backup")], force: Force = False
) -> None:
    """Put a backup in the place of what is there. It is checked from end to end before anything is touched."""
    from jobs.preserving import restore as put_back

    ours = context_of(context)
    _tell(ours, put_back(ours.settings, file, force=force, tell=ours.out.talk))


@db.command()
def copy(
    context: typer.Context,
    to: Annotated[str, typer.Option(help="postgresql://user@host/name or sqlite:////path, without a password")],
    password_file: Annotated[Path | None, typer.Option(help="file that holds the other database's password")] = None,
    force: Force = False,
) -> None:
    """Copy everything into another database and check it there; then set store.url to it."""
    from jobs.preserving import copy as copy_over
    from jobs.preserving import read_password

    ours = context_of(context)
    _tell(ours, copy_over(ours.settings, to, read_password(password_file), force=force, tell=ours.out.talk))


@db.command()
def purge(
    context: typer.Context,
    before: Annotated[str, typer.Option(help="YYYY-MM-DD: what is older is forgotten")],
    revisions: Annotated[
        bool, typer.Option("--revisions", help="replaced states of records too, of sources' and of merged ones")
    ] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="only count")] = False,
) -> None:
    """Forget old audit, ended sign-ins and failed ones, by your retention times. Decisions are never forgotten."""
    from jobs.connections import opened_store
    from jobs.purging import purge as forget

    ours = context_of(context)
    with opened_store(ours.settings) as store:
        counted = forget(store, before, ours.now, revisions=revisions, only_count=dry_run, account="command line")
    if ours.out.as_json:
        ours.out.json({"before": before, "dry_run": dry_run, **counted})
        return
    said = {
        "audit": ours.text("audit"),
        "sessions": ours.text("sign-ins that have ended"),
        "sign_in_failures": ours.text("failed sign-ins"),
        "record_revisions": ours.text("replaced states of source records"),
        "merged_revisions": ours.text("replaced states of merged records"),
    }
    ours.out.table([ours.text("forgotten"), ours.text("rows")], [[said[kind], str(n)] for kind, n in counted.items()])


def _tell(ours: Context, done: Preserved) -> None:
    if done.missing:
        ours.out.talk(ours.text("Files that are missing or damaged: {names}").format(names=", ".join(done.missing)))
    if ours.out.as_json:
        ours.out.json(done.as_json())
        return
    said = ours.text("{place}: schema {schema}, {tables} tables, {rows} rows, {payloads} received files")
    ours.out.line(
        said.format(
            place=done.place, schema=done.schema, tables=len(done.tables), rows=done.rows, payloads=done.payloads
        )
    )
