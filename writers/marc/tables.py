"""The TOML tables of the writers, read once."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import resources
from typing import Any


@cache
def table(name: str) -> dict[str, Any]:
    """A table of ``writers/tables`` by its file name without the ending."""
    text = resources.files("writers").joinpath("tables", f"{name}.toml").read_text("utf-8")
    return tomllib.loads(text)
