"""`lyhde demo`: catalogues to try things on."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from cli.context import context_of

demo = typer.Typer(help="Synthetic feeds to try things on.", no_args_is_help=True)


def add_to(app: typer.Typer) -> None:
    """Register the commands of this module."""
    app.add_typer(demo, name="demo")


@demo.command("generate")
def generate(
    context: typer.Context,
    records: Annotated[int, typer.Option(min=1, max=20_000_000, help="how many records, of all sources together")],
    out: Annotated[Path, typer.Option(help="the folder to write to")],
    seed: Annotated[int, typer.Option(help="the same seed gives the same files")] = 1,
    processes: Annotated[int | None, typer.Option(min=1, help="default: two, or what the machine has")] = None,
) -> None:
    """Invented e-library feeds (ONIX, MARC), their configuration, and which records belong together (truth.csv)."""
    from jobs.generating import generate as generate_feeds

    ours = context_of(context)
    count = processes or min(2, os.cpu_count() or 1)
    sizes = generate_feeds(out, records, seed, processes=count)
    if ours.out.as_json:
        ours.out.json({"records": records, "seed": seed, "out": str(out), "bytes": sizes})
        return
    ours.out.table([ours.text("source"), "MB"], [[name, f"{size / 2**20:.1f}"] for name, size in sizes.items()])
    ours.out.talk(f"{records} → {out}")
