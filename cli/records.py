"""`lyhde record show` and `record explain`."""

from __future__ import annotations

from typing import Any

import typer

from cli.context import context_of
from cli.output import Output

record = typer.Typer(help="One record, edition or work.", no_args_is_help=True)


def add_to(app: typer.Typer) -> None:
    """Register the commands of this module."""
    app.add_typer(record, name="record")


@record.command("show")
def show(context: typer.Context, name: str) -> None:
    """A source record (SOURCE:SOURCE_ID), edition (e…) or work (w…); redirects are followed."""
    from jobs.connections import opened_store
    from jobs.showing import show as show_record

    ours = context_of(context)
    with opened_store(ours.settings) as store:
        shown = show_record(store, name)
    if ours.out.as_json:
        ours.out.json(shown)
        return
    for key, value in shown.items():
        if not isinstance(value, dict):
            ours.out.line(f"{key}: {_words(value)}")
    _print_tree(ours.out, shown.get("record") or shown.get("description") or {}, "")


@record.command("explain")
def explain(context: typer.Context, name: str) -> None:
    """Where each value of an edition or work comes from, by which rule, and what lost."""
    from jobs.connections import opened_store
    from jobs.showing import explain_record

    ours = context_of(context)
    with opened_store(ours.settings) as store:
        rows = explain_record(store, name)
    if ours.out.as_json:
        ours.out.json(rows)
        return
    cells = [
        [
            row["field"],
            _words(row["value"]),
            row["rule"],
            ", ".join(row["sources"]),
            "; ".join(f"{_words(lost['value'])} ({', '.join(lost['sources'])})" for lost in row["lost"]),
        ]
        for row in rows
    ]
    text = ours.text
    ours.out.table([text("field"), text("value"), text("rule"), text("sources"), text("what lost")], cells)


def _print_tree(out: Output, values: dict[str, Any], indent: str) -> None:
    for key, value in values.items():
        if value in (None, [], {}, ""):
            continue
        if isinstance(value, dict):
            if any(v not in (None, [], {}, "") for v in value.values()):
                out.line(f"{indent}{key}:")
                _print_tree(out, value, indent + "  ")
        elif isinstance(value, list) and value and isinstance(value[0], dict):
            out.line(f"{indent}{key}:")
            for item in value:
                out.line(f"{indent}  - {_words(item)}")
        else:
            out.line(f"{indent}{key}: {_words(value)}")


def _words(value: Any) -> str:
    """A JSON value as a reader would say it: nothing empty, no brackets."""
    if isinstance(value, dict):
        filled = {k: v for k, v in value.items() if v not in (None, [], {}, "", 0)}
        return ", ".join(f"{key} {_words(inner)}" for key, inner in filled.items())
    if isinstance(value, list | tuple):
        return "; ".join(_words(item) for item in value)
    return "" if value is None else str(value)
