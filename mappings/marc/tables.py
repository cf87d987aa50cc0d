"""The TOML tables of the MARC mapping, read once."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import resources
from typing import Any


@cache
def table(name: str) -> dict[str, Any]:
    """A table of ``mappings/tables`` by its file name without the ending."""
    text = resources.files("mappings").joinpath("tables", f"{name}.toml").read_text("utf-8")
    return tomllib.loads(text)


def words_to_codes(rows: dict[str, list[str]]) -> dict[str, str]:
    """``{code: [word, …]}`` turned round, words in lower case."""
    return {word.lower(): code for code, words in rows.items() for word in words}


def alternatives(words: list[str]) -> str:
    """A regular expression that finds any of the words, the longest first."""
    import re

    return "|".join(re.escape(word) for word in sorted(words, key=lambda w: (-len(w), w)))
