"""`lyhde source …`: the feeds, and a check of files before they become one."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Literal

import typer

from catalogue.errors import UsageError
from catalogue.keys import SOURCE_ID_PATTERN
from catalogue.sentence import Sentence
from cli.context import context_of
from cli.scorecard import report
from parsers.detect import Format

source = typer.Typer(help="The sources.", no_args_is_help=True)
CheckedFormat = Literal[
    "auto", "marc", "onix", "iso2709", "marcxml", "marcjson", "alephseq", "mrk", "deleteids", "opds"
]  # fmt: skip
TEMPLATE = """# One feed with one owner; every key is in docs/settings.md.
name = "{name}"
format = "auto"
role = "catalogue"
feed = "full"

[transport]
kind = "{kind}"
{key} = {place}
"""


def add_to(app: typer.Typer) -> None:
    """Register the commands of this module."""
    app.add_typer(source, name="source")
    source.command("report")(report)


@source.command("list")
def list_sources(context: typer.Context) -> None:
    """The configured sources."""
    ours = context_of(context)
    rows = [
        {
            "id": s.id,
            "name": s.label,
            "format": s.format,
            "role": s.role,
            "feed": s.feed,
            "transport": s.transport.kind,
            "enabled": s.enabled,
        }
        for s in ours.sources.values()
    ]
    if ours.out.as_json:
        ours.out.json({"sources": rows})
        return
    text = ours.text
    headings = [text("source"), text("name"), text("format"), text("role"), text("feed"), text("transport")]
    ours.out.table(headings, [list(row.values())[:6] for row in rows])


@source.command("add")
def add(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help="id: small letters, digits, - and _")],
    place: Annotated[str, typer.Argument(help="address, file or folder")],
) -> None:
    """Write a source file to start from."""
    ours = context_of(context)
    if not SOURCE_ID_PATTERN.fullmatch(name):
        raise UsageError(Sentence("{name!r} is not a source id (small letters, digits, - and _)", name=name))
    path = ours.settings.sources_dir / f"{name}.toml"
    if path.exists():
        raise UsageError(Sentence("{path} is there already: edit it", path=path))
    is_address = place.startswith(("http://", "https://"))
    kind, key = ("http", "url") if is_address else ("folder", "path")
    path.parent.mkdir(parents=True, exist_ok=True)
    written = place if is_address else str(Path(place).resolve())
    path.write_text(
        TEMPLATE.format(name=name, kind=kind, key=key, place=json.dumps(written, ensure_ascii=False)), "utf-8"
    )
    ours.out.line(str(path))


@source.command("retire")
def retire(context: typer.Context, name: str) -> None:
    """End a source: its records become tombstones; the next resolve is as if it had never been."""
    from jobs.connections import opened_store
    from jobs.retiring import retire as retire_source

    ours = context_of(context)
    with opened_store(ours.settings) as store:
        gone = retire_source(store, name, ours.now)
    if ours.out.as_json:
        ours.out.json({"source": name, "removed": gone})
    else:
        ours.out.line(ours.text("{count} records of {source} are tombstones now.").format(count=gone, source=name))
    if name in ours.sources:
        ours.out.talk(ours.text("Its file is still there: remove it, or the next run harvests the source again."))


@source.command("check")
def check(
    context: typer.Context,
    files: list[Path],
    form: Annotated[CheckedFormat, typer.Option("--format", help="what the files are")] = "auto",
) -> None:
    """Parse and map files without a store: NDJSON of records, defects, and a summary of each file.

    Ends with code 5 where not one record of all files could be read.
    """
    from jobs.checking import Tally, check_files
    from jobs.pieces import require_some

    ours = context_of(context)
    known: Format | None = None if form == "auto" or form == "marc" else form  # noqa: PLR1714 - mypy narrows only this
    tally = Tally()
    ours.out.ndjson(tally.over(check_files(files, ours.settings.language, known)))
    require_some(tally.read, tally.unread)
