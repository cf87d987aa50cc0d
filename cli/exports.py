"""`lyhde export …`: what the store holds, as NDJSON or MARC."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import orjson
import typer

from catalogue.errors import UsageError
from catalogue.sentence import Sentence
from cli.context import context_of
from cli.converting import write_marc_to
from cli.output import plain


def add_to(app: typer.Typer) -> None:
    """Register the commands of this module."""
    app.command()(export)


def export(
    context: typer.Context,
    what: Annotated[Literal["works", "editions", "records", "clusters", "cases", "changes"], typer.Argument()],
    since: Annotated[int, typer.Option(help="changes behind this revision")] = 0,
    out: Annotated[Path | None, typer.Option(help="write here, not on stdout")] = None,
    form: Annotated[Literal["ndjson", "marcxml", "mrc"], typer.Option("--format")] = "ndjson",
) -> None:
    """Works, editions, records, clusters, cases or changes: one JSON object a line, or MARC."""
    from jobs.connections import opened_store
    from jobs.exporting import export as export_from
    from jobs.exporting import export_marc
    from jobs.marcfiles import replaced

    ours = context_of(context)
    with opened_store(ours.settings) as store:
        if form != "ndjson":
            if what not in ("works", "editions", "records"):
                raise UsageError(Sentence("{what} are not MARC: take --format ndjson", what=what))
            write_marc_to(ours, export_marc(store, what, ours.now), form, out)
            return
        rows = export_from(store, what, since)
        if out is None:
            ours.out.ndjson(rows)
            return
        with replaced(out) as stream:
            stream.writelines(orjson.dumps(row, default=plain) + b"\n" for row in rows)
        ours.out.talk(f"{what} → {out} ({form})")
