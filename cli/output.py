"""How commands speak: JSON for programs, quiet tables for people, everything else on stderr."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from typing import Any

import orjson
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text

PLAIN_WIDTH = 140


class Output:
    """Where a command writes. `as_json` is the ``--json`` option."""

    def __init__(self, *, as_json: bool = False, quiet: bool = False) -> None:
        self.as_json = as_json
        self.quiet = quiet
        self._out = Console(
            width=None if sys.stdout.isatty() else PLAIN_WIDTH, highlight=False, markup=False, soft_wrap=True
        )
        self._talk = Console(stderr=True, highlight=False, soft_wrap=True, quiet=quiet)

    def json(self, value: Any) -> None:
        """One JSON document on stdout."""
        sys.stdout.write(orjson.dumps(value, option=orjson.OPT_INDENT_2, default=plain).decode() + "\n")

    def ndjson(self, values: Iterable[Any]) -> None:
        """One line of JSON per value, as they come."""
        for value in values:
            sys.stdout.write(orjson.dumps(value, default=plain).decode() + "\n")

    def line(self, text: str = "") -> None:
        """A line of data for people."""
        self._out.print(text, markup=False)

    def talk(self, text: str) -> None:
        """A line about what is going on, on stderr; silent with ``--quiet``."""
        self._talk.print(text, markup=False)

    def table(self, headings: Sequence[str], rows: Iterable[Sequence[Any]], title: str | None = None) -> None:
        """A table; numbers stand at the right."""
        body = [[_cell(value) for value in row] for row in rows]
        numeric = [all(_is_number(str(row[n])) for row in body) and bool(body) for n in range(len(headings))]
        table = Table(title=title, title_justify="left", box=SIMPLE_HEAD, pad_edge=False, show_edge=False)
        for n, (heading, right) in enumerate(zip(headings, numeric, strict=True)):
            table.add_column(heading, justify="right" if right else "left", overflow="fold", no_wrap=n == 0)
        for row in body:
            table.add_row(*row)
        self._out.print(table)


def plain(value: Any) -> Any:
    """What orjson does not know: models and tuples' kin."""
    if hasattr(value, "model_dump"):
        return value.model_dump(mode="json")
    if isinstance(value, set | frozenset):
        return sorted(value)
    return str(value)


def _cell(value: Any) -> str | Text:
    if value is None:
        return ""
    if isinstance(value, Text):
        return value
    return f"{value:,}".replace(",", "\N{NO-BREAK SPACE}") if type(value) is int else str(value)


def _is_number(text: str) -> bool:
    return text.replace("\N{NO-BREAK SPACE}", "").replace(".", "").lstrip("-").isdigit() or not text
