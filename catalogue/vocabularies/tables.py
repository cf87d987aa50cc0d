"""Reading the package's pinned tables: gzipped tab-separated rows in ``data/``, one file per vocabulary."""

from __future__ import annotations

import gzip
import tomllib
from importlib import resources
from typing import Any

_PACKAGE = "catalogue.vocabularies"


def read_rows(name: str) -> list[str]:
    """The rows of ``data/NAME.tsv.gz``, without the heading."""
    packed = resources.files(_PACKAGE).joinpath("data", f"{name}.tsv.gz").read_bytes()
    return gzip.decompress(packed).decode("utf-8").split("\n")[1:-1]


def read_toml(name: str) -> dict[str, Any]:
    """A hand-written table of the package (``relators.toml``) or ``data/versions.toml``."""
    return tomllib.loads(resources.files(_PACKAGE).joinpath(*name.split("/")).read_text("utf-8"))


def versions() -> dict[str, Any]:
    """Per vocabulary: title, version, origin, licence and number of concepts; its ``pinned`` names the whole set."""
    return read_toml("data/versions.toml")
