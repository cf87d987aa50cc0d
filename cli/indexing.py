"""`lyhde index …`: publish, rebuild, compare; the embedded server."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import typer

from catalogue.errors import LossBudgetExceeded, LyhdeError, UsageError
from catalogue.sentence import Sentence
from cli.context import Context, context_of
from ops.messages import _

index = typer.Typer(help="The search index.", no_args_is_help=True)
server = typer.Typer(help="The embedded Elasticsearch (where no elasticsearch.url is set).", no_args_is_help=True)
LABELS = (
    _("indexed"), _("removed"), _("refused"), _("rebuilt"), _("documents"), _("index"), _("previous"), _("tombstones"),
    _("size bytes"), _("analysis version"), _("up to date"), _("waiting"), _("running"), _("version"), _("log file"),
    _("missing"), _("stale"), _("orphan"),
)  # fmt: skip


def add_to(app: typer.Typer) -> None:
    """Register the commands of this module."""
    index.add_typer(server, name="server")
    app.add_typer(index, name="index")


@index.command()
def update(context: typer.Context) -> None:
    """Publish what changed; makes the index where there is none."""
    from jobs import publishing
    from jobs.connections import opened_index, opened_store
    from jobs.offering import heed_offer

    ours = context_of(context)
    with opened_store(ours.settings) as store, opened_index(ours.settings) as opened:
        heed_offer(store, ours.settings.publish.media, ours.now)
        report = publishing.update(store, opened, ours.settings.publish.media)
    _tell(ours, report.as_json())
    if report.refused:
        raise LyhdeError(
            Sentence("the index refused {count} documents; they wait in the outbox", count=len(report.refused))
        )


@index.command()
def rebuild(context: typer.Context) -> None:
    """A new index beside the one that is read, then the switch: no query fails meanwhile."""
    from jobs import publishing
    from jobs.connections import opened_index, opened_store
    from jobs.offering import heed_offer

    ours = context_of(context)
    with opened_store(ours.settings) as store, opened_index(ours.settings) as opened:
        heed_offer(store, ours.settings.publish.media, ours.now)
        _tell(ours, publishing.rebuild(store, opened, ours.settings.publish.media).as_json())


@index.command()
def rollback(context: typer.Context) -> None:
    """Read the previous index again, then publish what it lacks."""
    from jobs import publishing
    from jobs.connections import opened_index, opened_store

    ours = context_of(context)
    with opened_store(ours.settings) as store, opened_index(ours.settings) as opened:
        previous = opened.rollback()
        if previous is None:
            raise UsageError(Sentence("there is no previous index to go back to"))
        behind = publishing.catch_up(store, opened, ours.settings.publish.media)
    _tell(ours, {"index": previous, **behind.as_json()})


@index.command()
def status(context: typer.Context) -> None:
    """What is there: index, documents, size, version, what waits in the outbox."""
    from jobs.connections import opened_index, opened_store
    from store.merged import outbox_size

    ours = context_of(context)
    with opened_store(ours.settings) as store, opened_index(ours.settings) as opened:
        with store.read() as connection:
            waiting = outbox_size(connection)
        _tell(ours, {**asdict(opened.status()), "waiting": waiting})


@index.command()
def check(context: typer.Context) -> None:
    """Store and index compared: ids missing, stale, orphan. Exit code 5 where they differ."""
    from jobs import publishing
    from jobs.connections import opened_index, opened_store

    ours = context_of(context)
    with opened_store(ours.settings) as store, opened_index(ours.settings) as opened:
        found = publishing.check(store, opened, ours.settings.publish.media)
    if ours.out.as_json:
        ours.out.json(found)
    else:
        for kind, ids in found.items():
            ours.out.line(f"{ours.text(kind)}: {len(ids)}" + (f"  {' '.join(ids[:20])}" if ids else ""))
    raise typer.Exit(LossBudgetExceeded.exit_code if any(found.values()) else 0)


@server.command()
def fetch(context: typer.Context) -> None:
    """Fetch and build the parts of the embedded server into the cache; nothing to do the second time."""
    from index import server as embedded

    ours = context_of(context)
    ours.out.talk(ours.text("The parts of the embedded search server are fetched if they are not there."))
    path = embedded.fetch(ours.settings.elasticsearch.cache_dir)
    ours.out.talk(str(path))


@server.command()
def start(context: typer.Context) -> None:
    """Start it and leave it running; prints its address."""
    from jobs.connections import start_server

    ours = context_of(context)
    _refuse_own_cluster(ours)
    running = start_server(ours.settings)
    if ours.out.as_json:
        ours.out.json(asdict(running))
    else:
        ours.out.line(running.url)


@server.command()
def stop(context: typer.Context) -> None:
    """Stop it."""
    from index import server as embedded
    from jobs.connections import server_dir

    ours = context_of(context)
    stopped = embedded.stop(server_dir(ours.settings))
    ours.out.talk(ours.text("The search server is stopped.") if stopped else ours.text("No search server runs."))


@server.command("status")
def server_status(context: typer.Context) -> None:
    """Whether it runs, and where."""
    from index import server as embedded
    from jobs.connections import server_dir

    ours = context_of(context)
    _tell(ours, asdict(embedded.status(server_dir(ours.settings))))


def _refuse_own_cluster(ours: Context) -> None:
    if ours.settings.elasticsearch.url:
        raise UsageError(Sentence("elasticsearch.url is set: that cluster is used, and no embedded server is started"))


def _tell(ours: Context, values: dict[str, Any]) -> None:
    if ours.out.as_json:
        ours.out.json(values)
        return
    for key, value in values.items():
        ours.out.line(f"{ours.text(key.replace('_', ' '))}: {value}")
