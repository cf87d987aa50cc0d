"""The names of ONIX elements and attributes, out of `tags.toml`."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources

MARKUP = ""
"""What `reference_name` gives for an element of XHTML."""


@dataclass(frozen=True, slots=True)
class Tags:
    """`short` maps short tags to reference names; the sets are names of elements and attributes."""

    short: dict[str, str]
    attributes: frozenset[str]
    product_attributes: frozenset[str]
    marked_up: frozenset[str]
    xhtml: frozenset[str]
    refused_markup: frozenset[str]

    def reference_name(self, tag: str) -> str:
        """The reference name of a tag with or without namespace; MARKUP for XHTML; an unknown tag keeps its name.

        A prefix that was never declared counts as one that was.
        """
        name = tag.rpartition("}")[2].rpartition(":")[2]
        if name in self.short:
            return self.short[name]
        if name.lower() in self.xhtml or name.lower() in self.refused_markup:
            return MARKUP
        return name


@cache
def tags() -> Tags:
    """The table of the package."""
    table = tomllib.loads(resources.files("parsers.onix").joinpath("tags.toml").read_text("utf-8"))
    return Tags(table.pop("short"), **{key: frozenset(values) for key, values in table.items()})
