"""The code tables of the ONIX mapping (``mappings/tables/onix_*.toml``), read once."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import resources
from typing import Any


@cache
def table(name: str) -> dict[str, Any]:
    """``table("titles")`` is ``mappings/tables/onix_titles.toml``."""
    text = resources.files("mappings").joinpath("tables", f"onix_{name}.toml").read_text("utf-8")
    return tomllib.loads(text)


@cache
def by_code(name: str, *path: str) -> dict[str, str]:
    """A section ``word = "code code …"`` turned round: code → word."""
    section: Any = table(name)  # the tables nest
    for step in path:
        section = section[step]
    return {code: word for word, codes in section.items() for code in codes.split()}


@cache
def codes(name: str, section: str, word: str) -> frozenset[str]:
    """The codes listed for one word of a section."""
    return frozenset(table(name)[section][word].split())
