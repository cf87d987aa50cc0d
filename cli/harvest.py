"""`lyhde harvest`, `lyhde hold`: feeds in, and the runs a guard holds."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from catalogue.errors import UsageError
from catalogue.keys import SOURCE_ID_PATTERN
from catalogue.sentence import Sentence
from cli.context import Context, Number, context_of
from ops.messages import _
from ops.sources import Identity, Role, SourceFormat, SourceSettings, choose_sources
from ops.transports import FilesTransport

if TYPE_CHECKING:
    from jobs.running import SourceOutcome

COUNTS = ("received", "deleted", "superseded", "quarantined", "unchanged", "new", "changed")
HEADINGS = (
    _("source"), _("received"), _("deleted"), _("superseded"), _("quarantined"), _("unchanged"), _("new"), _("changed"),
)  # fmt: skip
hold = typer.Typer(help="Runs held by a guard.", no_args_is_help=True)


def add_to(app: typer.Typer) -> None:
    """Register the commands of this module."""
    app.command()(harvest)
    app.add_typer(hold, name="hold")


def harvest(
    context: typer.Context,
    ids: Annotated[
        list[str] | None,
        typer.Argument(help="sources; or `status`; or `replay` and sources; default: all; with --file: paths"),
    ] = None,
    refetch: Annotated[bool, typer.Option(help="ignore ETags and what was seen")] = False,
    file: Annotated[list[Path] | None, typer.Option("--file", help="files, archives, folders")] = None,
    source: Annotated[str | None, typer.Option(help="with --file: the source they belong to")] = None,
    form: Annotated[SourceFormat, typer.Option("--format", help="with --file")] = "auto",
    complete_feed: Annotated[bool, typer.Option(help="with --file: what is absent is removed")] = False,
    role: Annotated[Role | None, typer.Option(help="with --file")] = None,
    identity: Annotated[Identity | None, typer.Option(help="with --file")] = None,
) -> None:
    """Fetch, parse, map, stage and promote."""
    ours = context_of(context)
    if file:
        given = {"format": form, "role": role, "identity": identity}
        paths = [*file, *(Path(word) for word in ids or [])]
        chosen = [files_source(ours, source, paths, given)]
        complete: bool | None = complete_feed
    elif ids == ["status"]:
        _status(ours)
        return
    elif ids and ids[0] == "replay":
        _replay(ours, ids[1:])
        return
    else:
        chosen, complete = choose_sources(ours.sources, ids or []), None
    _harvest(ours, chosen, refetch=refetch, complete=complete)


def files_source(ours: Context, name: str | None, paths: list[Path], given: dict[str, Any]) -> SourceSettings:
    """The source that loose files belong to: a configured one with these files, else one made for them."""
    if not name or not SOURCE_ID_PATTERN.fullmatch(name):
        raise UsageError(Sentence("--file needs --source ID (small letters, digits, - and _)"))
    transport = FilesTransport(kind="files", paths=tuple(path.resolve() for path in paths))
    chosen = {key: value for key, value in given.items() if value is not None and value != "auto"}
    known = ours.sources.get(name)
    if known:
        return known.model_copy(update={"transport": transport, **chosen})
    return SourceSettings(id=name, feed="delta", transport=transport, **chosen)


def _harvest(ours: Context, chosen: list[SourceSettings], *, refetch: bool, complete: bool | None) -> None:
    from jobs.connections import opened_store
    from jobs.running import exit_code, harvest_one

    outcomes = []
    with opened_store(ours.settings) as store:
        for source in chosen:
            ours.out.talk(f"harvest {source.id}")
            outcomes.append(
                harvest_one(
                    store,
                    source,
                    ours.now,
                    refetch=refetch,
                    complete=complete,
                    processes=ours.settings.harvest.readers,
                )
            )
    if ours.out.as_json:
        ours.out.json({"sources": [outcome.as_json() for outcome in outcomes]})
    else:
        print_outcomes(ours, outcomes)
    raise typer.Exit(exit_code(outcomes))


def _replay(ours: Context, names: list[str]) -> None:
    """Read the quarantine of some sources again, after a rule was mended."""
    from jobs.connections import opened_store
    from jobs.replaying import replay

    if not names:
        raise UsageError(Sentence("say which sources: lyhde harvest replay ID …"))
    found = []
    with opened_store(ours.settings) as store:
        for name in names:
            about = ours.sources.get(name) or files_source(ours, name, [Path()], {})
            found.append(replay(store, about, ours.now))
    if ours.out.as_json:
        ours.out.json({"replayed": [report.as_json() for report in found]})
        return
    text = ours.text
    headings = [text("source"), text("tried"), text("released"), text("overtaken"), text("still bad"), text("lost")]
    ours.out.table(headings, [[r.source, r.items, r.released, r.outdated, r.still, r.lost] for r in found])


def print_outcomes(ours: Context, outcomes: list[SourceOutcome]) -> None:
    """The table of counts per source, then what went wrong and what to do."""
    rows = [[o.source, *(getattr(o.counts, name) for name in COUNTS)] for o in outcomes]
    ours.out.table([ours.text(heading) for heading in HEADINGS], rows)
    for outcome in outcomes:
        if outcome.message:
            told = ours.said(outcome.message).removeprefix(f"{outcome.source}: ")
            ours.out.talk(f"{outcome.source} ({ours.text(outcome.state)}): {told}")


def _status(ours: Context) -> None:
    from jobs.connections import opened_store
    from store import runs, sources

    with opened_store(ours.settings) as store, store.read() as connection:
        rows = []
        for known in sources.every(connection):
            last = runs.listed(connection, source=known.id, limit=1)
            live = sources.live_count(connection, known.id)
            rows.append(
                {
                    "source": known.id,
                    "role": known.role,
                    "feed": known.feed,
                    "live": live,
                    "run": last[0].id if last else None,
                    "state": last[0].state if last else None,
                    "finished_at": last[0].finished_at if last else None,
                    "reasons": list(last[0].reasons) if last else [],
                }
            )
    if ours.out.as_json:
        ours.out.json({"sources": rows})
    else:
        text = ours.text
        headings = [text("source"), text("role"), text("live"), text("run"), text("state"), text("finished")]
        ours.out.table(
            headings, [[r["source"], r["role"], r["live"], r["run"], r["state"], r["finished_at"]] for r in rows]
        )


@hold.command("list")
def list_held(context: typer.Context) -> None:
    """Runs that wait for an answer, with the numbers that held them."""
    from jobs.connections import opened_store
    from jobs.holding import held_runs

    ours = context_of(context)
    with opened_store(ours.settings) as store:
        held = held_runs(store)
    if ours.out.as_json:
        found = [
            {"run": r.id, "source": r.source, "started_at": r.started_at, "reasons": list(r.reasons)} for r in held
        ]
        ours.out.json({"held": found})
        return
    text = ours.text
    ours.out.table(
        [text("run"), text("source"), text("started"), text("reasons")],
        [[r.id, r.source, r.started_at, "; ".join(map(ours.said, r.reasons))] for r in held],
    )


@hold.command()
def approve(context: typer.Context, run: Number) -> None:
    """Let a held run go live."""
    _answer(context, run, "approve")


@hold.command()
def reject(context: typer.Context, run: Number) -> None:
    """Drop a held run; what stood stays."""
    _answer(context, run, "reject")


def _answer(context: typer.Context, run: int, answer: Literal["approve", "reject"]) -> None:
    from jobs import holding
    from jobs.connections import opened_store
    from store import runs

    ours = context_of(context)
    with opened_store(ours.settings) as store:
        if answer == "approve":
            with store.read() as connection:
                name = runs.find(connection, run).source
            about = ours.sources.get(name) or files_source(ours, name, [Path()], {})
            done = holding.approve(store, about, run, ours.now)
        else:
            done = holding.reject(store, run, ours.now)
    told = {"run": done.id, "source": done.source, "state": done.state}
    if ours.out.as_json:
        ours.out.json(told)
    else:
        ours.out.line(ours.text("Run {run} of {source} is {state}.").format(**told))
