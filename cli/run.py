"""`lyhde run`: the whole job now."""

from __future__ import annotations

from typing import Annotated, Literal

import typer

from cli.context import Context, context_of
from cli.harvest import print_outcomes
from ops.messages import _
from ops.sources import choose_sources

HEADINGS = (_("editions"), _("works"), _("open cases"), _("documents indexed"))
DEMO_SEARCHES: tuple[tuple[Literal["fi", "sv"], str], ...] = (("fi", "seitsemän veljestä"), ("sv", "fältskärns berättelser"))


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
    with opened_index(ours.settings), opened_store(ours.settings) as store:
        outcome = run_all(store, ours.settings, chosen, now=ours.now, tell=ours.out.talk)
        if ours.out.as_json:
            ours.out.json(outcome.as_json())
        else:
            print_outcomes(ours, outcome.sources)
            found = outcome.resolved
            row = [found.editions, found.works, found.open_cases, outcome.published.documents]
            ours.out.table([ours.text(heading) for heading in HEADINGS], [row])
        if demo:
            _searches(ours)
    raise typer.Exit(outcome.exit_code)


def _searches(ours: Context) -> None:
    from cli.searching import print_hits
    from jobs.connections import opened_index

    with opened_index(ours.settings) as index:
        for language, query in DEMO_SEARCHES:
            ours.out.line(f"\n$ lyhde search --lang {language} {query!r}")
            print_hits(ours, index.search(query, language, limit=5))
