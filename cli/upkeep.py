"""`lyhde config`, `vocabulary`, `doctor`: the installation itself."""

from __future__ import annotations

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
    """Read settings and every source file; all faults are reported in one go."""
    ours = context_of(context)
    found = {"sources": sorted(ours.sources), "data_dir": str(ours.settings.data_dir)}
    if ours.out.as_json:
        ours.out.json(found)
    else:
        ours.out.line(ours.text("{count} sources, no fault.").format(count=len(ours.sources)))


@vocabulary.command()
def status(context: typer.Context) -> None:
    """Which vocabularies are pinned, in which version and under which licence."""
    from catalogue.vocabularies import versions

    ours = context_of(context)
    found = versions()
    if ours.out.as_json:
        ours.out.json(found)
        return
    for name, about in found.items():
        words = ", ".join(f"{key} {value}" for key, value in about.items()) if isinstance(about, dict) else about
        ours.out.line(f"{name}: {words}")


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
            mend = f"  → {check.mend}" if check.mend else ""
            ours.out.line(f"{SIGNS[check.state]} {ours.text(check.name)}: {check.cause}{mend}")
    raise typer.Exit(3 if any(check.state == "fail" for check in checks) else 0)
