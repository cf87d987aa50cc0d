"""`lyhde convert FILE…`: files through our model to MARC, JSON or JSON-LD."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Any, Literal

import orjson
import typer

from cli.context import Context, context_of
from cli.output import plain
from ops.messages import counter


def add_to(app: typer.Typer) -> None:
    """Register the commands of this module."""
    app.command()(convert)


def convert(
    context: typer.Context,
    files: list[Path],
    to: Annotated[Literal["marcxml", "mrc", "marcjson", "json", "jsonld"], typer.Option(help="what to write")],
    out: Annotated[Path | None, typer.Option(help="write here, not on stdout")] = None,
) -> None:
    """Files through our model: MARCXML, ISO 2709, or NDJSON of MARC, of our record, of schema.org.

    Ends with code 5, and writes no file, where not one record of all files could be read.
    """
    from jobs.converting import Reading, marc_records, rows
    from jobs.marcfiles import replaced

    ours = context_of(context)
    reading = Reading(files)
    if to in ("marcxml", "mrc"):
        write_marc_to(ours, marc_records(reading, ours.now), to, out)
    elif out is None:
        ours.out.ndjson(rows(reading, to, ours.now))
    else:
        with replaced(out) as stream:
            stream.writelines(orjson.dumps(row, default=plain) + b"\n" for row in rows(reading, to, ours.now))
        ours.out.talk(f"{to} → {out}")
    if reading.unread:
        say_unread(ours, reading.unread)


def say_unread(ours: Context, count: int) -> None:
    """That some records of the files could not be read."""
    ngettext = counter(ours.settings.language)
    said = ngettext(
        "{count} record could not be read: `lyhde source check` says why.",
        "{count} records could not be read: `lyhde source check` says why.",
        count,
    )
    ours.out.talk(said.format(count=count))


def write_marc_to(ours: Context, records: Any, form: Any, out: Path | None) -> None:
    """MARC to stdout or a file, with a notice of records that are too long for ISO 2709."""
    from jobs.marcfiles import beside, replaced, write_marc

    if out is None:
        write_marc(records, form, sys.stdout.buffer)
        sys.stdout.buffer.flush()
        return
    with replaced(out) as stream:
        report = write_marc(records, form, stream, beside(out))
    ours.out.talk(f"{report.written} → {out} ({form})")
    if report.too_long:
        ours.out.talk(
            ours.text("Too long for ISO 2709, written to {file} as MARCXML: {records}").format(
                file=report.beside, records=", ".join(report.too_long)
            )
        )
