"""`lyhde nightly`: the nightly run under Prefect."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from cli.context import Context, context_of
from ops.sources import choose_sources

if TYPE_CHECKING:
    from flows.ready import Ready
    from flows.triggering import Ended

nightly = typer.Typer(help="The nightly run under Prefect.", no_args_is_help=True)


def add_to(app: typer.Typer) -> None:
    """Register the commands of this module."""
    app.add_typer(nightly, name="nightly")


@nightly.command()
def serve(
    context: typer.Context,
    port: Annotated[int | None, typer.Option(min=0, max=65535, help="of Prefect on loopback; 0: any free one")] = None,
) -> None:
    """Keep a Prefect server and the runner at work until SIGTERM; prints Prefect's address when runs can start."""
    from flows.serving import serve as serve_nights
    from ops.settings import find_config

    ours = context_of(context)
    choose_sources(ours.sources, [])  # faults of the source files are told now, not at night
    serve_nights(ours.settings, ours.config or find_config(), port=port, told=lambda ready: _announce(ours, ready))


@nightly.command()
def trigger(
    context: typer.Context,
    ids: Annotated[list[str] | None, typer.Argument(help="sources; default: all")] = None,
    wait: Annotated[bool, typer.Option(help="until it has ended")] = True,
) -> None:
    """Start a run now and report its end, as `lyhde run` does."""
    from flows import triggering
    from flows.ready import api_of

    ours = context_of(context)
    choose_sources(ours.sources, ids or [])
    api = api_of(ours.settings)
    begun = triggering.start(api, ids or [])
    ours.out.talk(ours.text("The run {name} has been ordered.").format(name=begun.name))
    if not wait:
        _print_begun(ours, begun)
        return
    ended = triggering.wait(api, begun.run)
    _print(ours, ended)
    raise typer.Exit(ended.exit_code)


def _announce(ours: Context, ready: Ready) -> None:
    if ours.out.as_json:
        ours.out.ndjson([{"address": ready.url, "runner": ready.pid}])
    else:
        ours.out.line(ready.url)


def _print_begun(ours: Context, begun: Ended) -> None:
    if ours.out.as_json:
        ours.out.json(begun.as_json())
    else:
        ours.out.line(begun.run)


def _print(ours: Context, ended: Ended) -> None:
    if ours.out.as_json:
        ours.out.json(ended.as_json())
        return
    if ended.outcome:
        from cli.run import print_outcome

        print_outcome(ours, ended.outcome)
    ours.out.talk(f"{ended.name}: {ended.state}. {ended.message}")
