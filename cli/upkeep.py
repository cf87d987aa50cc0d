"""`lyhde config`, `vocabulary`, `doctor`: the installation itself."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from cli.context import context_of

config = typer.Typer(help="The configuration.", no_args_is_help=True)
vocabulary = typer.Typer(help="The pinned vocabularies.", no_args_is_help=True)
SIGNS = {"ok": "ok  ", "warn": "warn", "fail": "FAIL"}


def add_to(app: typer.Typer) -> None:
    """Register the commands of this module."""
    app.add_typer(config, name="config")
    app.add_typer(vocabulary, name="vocabulary")
    app.command()(doctor)


@config.command("show")
def show(context: typer.Context) -> None:
    """Every setting as it stands; secrets are masked."""
    ours = context_of(context)
    ours.out.json(ours.settings.model_dump(mode="json"))


@config.command("check")
def check(context: typer.Context) -> None:
    """Read settings, every source file and the tables of rules; all faults are reported in one go."""
    from matching.model import load_model
    from merging.rules import load_rules

    ours = context_of(context)
    load_model(ours.settings.rules.match_model)
    load_rules(ours.settings.rules.survivorship)
    found = {"sources": sorted(ours.sources), "data_dir": str(ours.settings.data_dir)}
    if ours.out.as_json:
        ours.out.json(found)
    else:
        ours.out.line(ours.text("{count} sources, no fault.").format(count=len(ours.sources)))


@vocabulary.command()
def status(context: typer.Context) -> None:
    """Which vocabularies are pinned, in which version and under which licence; and those taken in beside them."""
    from catalogue.vocabularies import versions
    from catalogue.vocabularies.headings import use_own
    from catalogue.vocabularies.tables import own_versions

    ours = context_of(context)
    use_own(ours.settings.vocabularies_dir)
    own = own_versions()
    found = {**versions(), **({"taken_in": own} if own else {})}
    if ours.out.as_json:
        ours.out.json(found)
        return
    text = ours.text
    pinned = [(name, about) for name, about in versions().items() if isinstance(about, dict)]
    ours.out.table(
        [text("vocabulary"), text("version"), text("concepts"), text("licence"), text("taken in from")],
        [
            [name, about["version"], about.get("count", about.get("concepts")), about["licence"], about.get("file", "")]
            for name, about in (*pinned, *own.items())
        ],
    )


@vocabulary.command()
def update(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help="a whole vocabulary in SKOS: RDF/XML, Turtle or N-Triples")],
) -> None:
    """Take in a newer YSO, KAUNO, Allärs … from a file; `lyhde remap` links the records anew."""
    from jobs.vocabularies import update_vocabulary

    ours = context_of(context)
    found = update_vocabulary(file, ours.settings.vocabularies_dir, ours.now)
    if ours.out.as_json:
        ours.out.json(found.as_json())
        return
    ours.out.line(
        ours.text("{name}: {concepts} concepts, {replaced} of them replaced by others.").format(
            name=found.name, concepts=found.concepts, replaced=found.replaced
        )
    )
    ours.out.talk(ours.text("Records keep their links until `lyhde remap`."))


@vocabulary.command()
def gaps(context: typer.Context) -> None:
    """Headings that no pinned vocabulary has, by source."""
    from jobs.connections import opened_store
    from jobs.gaps import vocabulary_gaps

    ours = context_of(context)
    with opened_store(ours.settings) as store:
        found = vocabulary_gaps(store)
    if ours.out.as_json:
        ours.out.json({"gaps": found})
        return
    text = ours.text
    ours.out.table(
        [text("source"), text("heading"), text("records")], [[g["source"], g["text"], g["records"]] for g in found]
    )


def doctor(context: typer.Context) -> None:
    """One line per check: ok, warn or fail, the cause, and what mends it. Exit code 3 where one fails."""
    from flows.ready import examine_nightly
    from jobs.examining import examine

    ours = context_of(context)
    checks = examine(lambda: ours.settings, lambda: ours.sources, examine_nightly)
    if ours.out.as_json:
        ours.out.json({"checks": [check.as_json() for check in checks]})
    else:
        for check in checks:
            mend = f"  → {ours.said(check.mend)}" if check.mend else ""
            ours.out.line(f"{SIGNS[check.state]} {ours.text(check.name)}: {ours.said(check.cause)}{mend}")
    raise typer.Exit(3 if any(check.state == "fail" for check in checks) else 0)
