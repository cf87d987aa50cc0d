"""Entry point: global options, the table of commands, and the boundary where errors become exit codes."""

from __future__ import annotations

import os
import sys
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path
from typing import Annotated

import typer

from catalogue.errors import LyhdeError
from cli import (
    converting,
    database,
    decisions,
    demo,
    exports,
    harvest,
    indexing,
    lexicon,
    matching,
    nightly,
    records,
    run,
    searching,
    serving,
    sources,
    stoplist,
    upkeep,
    users,
)
from cli.context import Context
from cli.output import Output
from ops.collecting import collect_seldom
from ops.messages import Language, _, translator

WITH_VALUE = ("--config", "--data-dir", "--as-of")
WITHOUT_VALUE = ("--json", "--quiet", "--verbose")
INTERRUPTED = 130

app = typer.Typer(
    name="lyhde",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
    help="One catalogue out of publishers' ONIX and libraries' MARC.",
)
for part in (
    run, nightly, harvest, sources, matching, stoplist, indexing, searching, lexicon, records, decisions, exports,
    converting, serving, database, upkeep, users, demo,
):  # fmt: skip
    part.add_to(app)


def _tell_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"lyhde {metadata.version('lyhde')}")
        raise typer.Exit


@app.callback()
def _options(
    context: typer.Context,
    config: Annotated[Path | None, typer.Option(help="configuration file (lyhde.toml)")] = None,
    data_dir: Annotated[Path | None, typer.Option(help="everything that is written lives under it")] = None,
    as_of: Annotated[str | None, typer.Option(help="take this for the present time (tests)")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="JSON on stdout")] = False,
    quiet: Annotated[bool, typer.Option(help="no talk on stderr")] = False,
    verbose: Annotated[bool, typer.Option(help="more talk on stderr")] = False,
    _version: Annotated[
        bool, typer.Option("--version", is_eager=True, callback=_tell_version, help="which Lyhde this is")
    ] = False,
) -> None:
    """Global options may stand anywhere on the line."""
    made = context.obj
    context.obj = Context(config, data_dir, _time(as_of), verbose, Output(as_json=as_json, quiet=quiet))
    if made is not None:
        made.append(context.obj)


def _time(text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(f"not an ISO 8601 time: {text}", param_hint="--as-of") from None
    if not 1900 <= moment.year <= 9000:  # beyond them no time zone can be reckoned
        raise typer.BadParameter(f"not a time we can live in: {text}", param_hint="--as-of")
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def hoist(arguments: list[str]) -> list[str]:
    """Global options moved in front of the command, wherever they stood; what follows ``--`` stays."""
    front: list[str] = []
    rest: list[str] = []
    words = iter(arguments)
    for word in words:
        if word == "--":
            rest += [word, *words]
        elif word in WITHOUT_VALUE or word.startswith(tuple(f"{name}=" for name in WITH_VALUE)):
            front.append(word)
        elif word in WITH_VALUE:
            front += [word, *[value for value in [next(words, None)] if value is not None]]
        else:
            rest.append(word)
    return front + rest


def main() -> None:
    """Run a command; errors end as one line on stderr and their exit code, bugs as a traceback."""
    collect_seldom()
    made: list[Context] = []
    try:
        app(hoist(sys.argv[1:]), obj=made)
    except LyhdeError as error:
        from ops.saying import said

        sys.stderr.write(f"lyhde: {said(error, _language(made))}\n")
        sys.exit(error.exit_code)
    except KeyboardInterrupt:
        told = translator(_language(made))(_("interrupted; what was committed stays, the next run goes on from there"))
        sys.stderr.write(f"lyhde: {told}\n")
        sys.exit(INTERRUPTED)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _language(made: list[Context]) -> Language:
    """The language of the settings; English where they cannot be read."""
    try:
        return made[0].settings.language if made else "en"
    except LyhdeError:
        return "en"


if __name__ == "__main__":
    main()
