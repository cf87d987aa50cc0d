"""`lyhde export …`: what the store holds, as NDJSON, MARC or OPDS."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import orjson
import typer

from catalogue.errors import UsageError
from catalogue.sentence import Sentence
from cli.context import Context, context_of
from cli.converting import write_marc_to
from cli.output import plain

if TYPE_CHECKING:
    from store.database import Store


def add_to(app: typer.Typer) -> None:
    """Register the commands of this module."""
    app.command()(export)


def export(
    context: typer.Context,
    what: Annotated[Literal["works", "editions", "records", "clusters", "cases", "changes"], typer.Argument()],
    since: Annotated[int, typer.Option(help="changes behind this revision")] = 0,
    out: Annotated[Path | None, typer.Option(help="write here, not on stdout")] = None,
    form: Annotated[Literal["ndjson", "marcxml", "mrc", "opds"], typer.Option("--format")] = "ndjson",
) -> None:
    """Works, editions, records, clusters, cases or changes: one JSON object a line, MARC, or an OPDS 2.0 feed."""
    from jobs.connections import opened_store
    from jobs.exporting import export as export_from
    from jobs.exporting import export_marc
    from jobs.marcfiles import replaced

    ours = context_of(context)
    with opened_store(ours.settings) as store:
        if form == "opds":
            if what not in ("works", "editions"):
                raise UsageError(Sentence("{what} are no publications: take --format ndjson", what=what))
            _write_opds(ours, store, out)
            return
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


def _write_opds(ours: Context, store: Store, out: Path | None) -> None:
    """Every public edition of every public work, the last changed first."""
    from jobs.marcfiles import replaced
    from jobs.opds import Shelving, write_feed
    from ops.formats import moment

    about = ours.settings.api
    shelving = Shelving("fi", moment(ours.now).date(), (about.public_url or "").rstrip("/"), borrow=about.borrow_url)
    pieces = write_feed(store, ours.settings.publish.media, shelving, ours.now)
    if out is None:
        sys.stdout.buffer.writelines(pieces)
        sys.stdout.buffer.flush()
        return
    with replaced(out) as stream:
        stream.writelines(pieces)
    ours.out.talk(f"opds → {out}")
