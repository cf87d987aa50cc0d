"""`lyhde export …`: what the store holds, as NDJSON."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import orjson
import typer

from catalogue.errors import UsageError
from catalogue.sentence import Sentence
from cli.context import context_of
from cli.output import plain


def add_to(app: typer.Typer) -> None:
    """Register the commands of this module."""
    app.command()(export)


def export(
    context: typer.Context,
    what: Annotated[Literal["works", "editions", "records", "clusters", "cases", "changes"], typer.Argument()],
    since: Annotated[int, typer.Option(help="changes behind this revision")] = 0,
    out: Annotated[Path | None, typer.Option(help="write here, not on stdout")] = None,
    form: Annotated[Literal["ndjson"], typer.Option("--format")] = "ndjson",
) -> None:
    """Works, editions, records, clusters, cases or changes, one JSON object a line."""
    from jobs.connections import opened_store
    from jobs.exporting import export as export_from

    ours = context_of(context)
    if out is not None and out.is_dir():
        raise UsageError(Sentence("--out {out}: it is a folder, name a file in it", out=out))
    with opened_store(ours.settings) as store:
        rows = export_from(store, what, since)
        if out is None:
            ours.out.ndjson(rows)
            return
        try:
            part = out.with_name(out.name + ".part")
            with part.open("wb") as stream:
                stream.writelines(orjson.dumps(row, default=plain) + b"\n" for row in rows)
            part.replace(out)
        except OSError as error:
            raise UsageError(Sentence("--out {out}: cannot be written: {why}", out=out, why=error.strerror)) from error
        ours.out.talk(f"{what} → {out} ({form})")
