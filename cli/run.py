"""`lyhde run`: the whole job now."""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from cli.context import Context, context_of
from cli.harvest import print_outcomes
from ops.messages import _
from ops.sources import choose_sources

if TYPE_CHECKING:
    from jobs.running import RunOutcome

HEADINGS = (_("editions"), _("works"), _("open cases"), _("documents indexed"))
DEMO_SEARCHES: tuple[tuple[Literal["fi", "sv"], str], ...] = (
    ("fi", "seitsemän veljestä"),
    ("sv", "fältskärns berättelser"),
)


def add_to(app: typer.Typer) -> None:
    """Register the commands of this module."""
    app.command()(run)


def run(
    context: typer.Context,
    ids: Annotated[list[str] | None, typer.Argument(help="sources; default: all")] = None,
    demo: Annotated[bool, typer.Option(help="then a Finnish and a Swedish search")] = False,
) -> None:
    """Harvest, resolve and publish; prints one table of counts."""
    from jobs.connections import opened_index, opened_store
    from jobs.running import run_all

    ours = context_of(context)
    chosen = choose_sources(ours.sources, ids or [])
    with ExitStack() as kept:
        if demo:  # one server for the job and the searches behind it
            kept.enter_context(opened_index(ours.settings))
        store = kept.enter_context(opened_store(ours.settings))
        outcome = run_all(store, ours.settings, chosen, now=ours.now, tell=ours.out.talk)
        print_outcome(ours, outcome)
        if demo:
            _searches(ours)
    raise typer.Exit(outcome.exit_code)


def print_outcome(ours: Context, outcome: RunOutcome) -> None:
    """The tables of the whole job: every source, then what stands."""
    if ours.out.as_json:
        ours.out.json(outcome.as_json())
        return
    print_outcomes(ours, outcome.sources)
    found = outcome.resolved
    documents = None if outcome.unpublished else outcome.published.documents
    row = [found.editions, found.works, found.open_cases, documents]
    ours.out.table([ours.text(heading) for heading in HEADINGS], [row])
    if outcome.unpublished:
        ours.out.talk(f"{ours.text('Nothing was published; the outbox waits.')} {ours.said(outcome.unpublished)}")


def _searches(ours: Context) -> None:
    from cli.searching import print_hits
    from jobs.connections import opened_index

    with opened_index(ours.settings) as index:
        for language, query in DEMO_SEARCHES:
            ours.out.line(f"\n$ lyhde search --lang {language} {query!r}")
            print_hits(ours, index.search(query, language, limit=5), query)
