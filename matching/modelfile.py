"""A match model as the text of its file: what `load_model` reads back to an equal model."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from matching.model import MatchModel

_DIGITS = 4


def model_text(model: MatchModel, heading: str) -> str:
    """TOML, one line a comparison, under a heading in comments."""
    values = model.model_dump(mode="json", exclude_none=True)
    lines = [*(f"# {line}" for line in heading.splitlines()), "", *_lines("", values)]
    return "\n".join(lines) + "\n"


def _lines(path: str, table: Mapping[str, Any]) -> Iterator[str]:
    """Plain values first, then the tables below, each under its own name; tables of plain values stay on a line."""
    below = {key: value for key, value in table.items() if isinstance(value, dict) and not _is_row(value)}
    listed = {key: value for key, value in table.items() if _is_listed(value)}
    yield from (f"{_key(key)} = {_value(value)}" for key, value in table.items() if key not in below | listed)
    for key, value in below.items():
        name = f"{path}.{_key(key)}".strip(".")
        yield from ("", f"[{name}]", *_lines(name, value))
    for key, rows in listed.items():
        name = f"{path}.{_key(key)}".strip(".")
        for row in rows:
            yield from ("", f"[[{name}]]", *_lines(name, row))


def _is_listed(value: Any) -> bool:
    """Whether a value is a list of tables that do not fit on a line each."""
    return isinstance(value, list) and any(isinstance(each, dict) and not _is_row(each) for each in value)


def _is_row(table: Mapping[str, Any]) -> bool:
    return not any(isinstance(value, dict | list) for value in table.values())


def _key(name: str) -> str:
    return name if name.replace("_", "").isalnum() else json.dumps(name)


def _value(value: Any) -> str:
    if isinstance(value, dict) and value:
        return "{ " + ", ".join(f"{_key(key)} = {_value(each)}" for key, each in value.items()) + " }"
    if value == {}:
        return "{}"
    if isinstance(value, list) and any(isinstance(each, dict) for each in value):
        return "".join(("[", *(f"\n    {_value(each)}," for each in value), "\n]"))
    if isinstance(value, list):
        return "[" + ", ".join(map(_value, value)) + "]"
    return json.dumps(round(value, _DIGITS) if isinstance(value, float) else value, ensure_ascii=False)
