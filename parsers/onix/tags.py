"""The names of ONIX elements and attributes, out of `tags.toml`."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources

MARKUP = ""
"""What `reference_name` gives for an element of XHTML."""

PRODUCTS = ("Product", "product", "PRODUCT")
HEADERS = ("Header", "header", "HEADER")
NO_PRODUCTS = ("NoProduct", "x507", "NOPRODUCT")
"""Tags of the parts of a message, in either kind of tags and in capitals."""


@dataclass(frozen=True, slots=True)
class Tags:
    """`short` maps short tags to reference names, `any_case` both in small letters; the sets are names of elements
    and attributes."""

    short: dict[str, str]
    attributes: frozenset[str]
    product_attributes: frozenset[str]
    marked_up: frozenset[str]
    xhtml: frozenset[str]
    refused_markup: frozenset[str]
    any_case: dict[str, str]

    def reference_name(self, tag: str) -> str:
        """The reference name of a tag with or without namespace; MARKUP for XHTML; an unknown tag keeps its name.

        A prefix that was never declared counts as one that was, and a known name in other capitals as that name.
        """
        name = plain_tag(tag)
        if name in self.short:
            return self.short[name]
        plain = name.lower()
        if plain in self.xhtml or plain in self.refused_markup:
            return MARKUP
        return self.any_case.get(plain, name)


def plain_tag(tag: str) -> str:
    """A tag without its namespace or prefix, declared or not."""
    return tag.rpartition("}")[2].rpartition(":")[2]


@cache
def tags() -> Tags:
    """The table of the package."""
    table = tomllib.loads(resources.files("parsers.onix").joinpath("tags.toml").read_text("utf-8"))
    short: dict[str, str] = table.pop("short")
    any_case = {name.lower(): name for name in short.values()} | {tag.lower(): name for tag, name in short.items()}
    return Tags(short, **{key: frozenset(values) for key, values in table.items()}, any_case=any_case)
