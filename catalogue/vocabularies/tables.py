"""Reading the package's pinned tables: gzipped tab-separated rows in ``data/``, one file per vocabulary."""

from __future__ import annotations

import gzip
import tomllib
from importlib import resources
from pathlib import Path
from typing import Any

_PACKAGE = "catalogue.vocabularies"
VERSIONS = "versions.toml"


class _Own:
    """Where vocabularies lie that were taken in beside the pinned ones; None: nowhere."""

    folder: Path | None = None
    stamp: int | None = None


def set_own_folder(folder: Path | None) -> bool:
    """Where own vocabularies lie from now on; whether anything is other than it was."""
    stamp = None
    if folder is not None and (folder / VERSIONS).exists():
        stamp = (folder / VERSIONS).stat().st_mtime_ns
    folder = folder if stamp else None
    changed = (folder, stamp) != (_Own.folder, _Own.stamp)
    _Own.folder, _Own.stamp = folder, stamp
    return changed


def own_folder() -> Path | None:
    """The folder that is in use, if any is."""
    return _Own.folder


def own_versions() -> dict[str, Any]:
    """As `versions`, of the vocabularies that were taken in beside the pinned ones."""
    return tomllib.loads((_Own.folder / VERSIONS).read_text("utf-8")) if _Own.folder else {}


def own_rows(name: str) -> list[str]:
    """The rows of a vocabulary that was taken in, without the heading; none where there is none of the name."""
    return own_table(name).decode("utf-8").split("\n")[:-1]


def own_table(name: str) -> bytes:
    """As `own_rows`, as one text in UTF-8 whose rows end with line feeds."""
    file = _Own.folder / f"{name}.tsv.gz" if _Own.folder else None
    return _without_heading(file.read_bytes()) if file and file.exists() else b""


def read_rows(name: str) -> list[str]:
    """The rows of ``data/NAME.tsv.gz``, without the heading."""
    return read_table(name).decode("utf-8").split("\n")[:-1]


def read_table(name: str) -> bytes:
    """As `read_rows`, as one text in UTF-8 whose rows end with line feeds."""
    return _without_heading(resources.files(_PACKAGE).joinpath("data", f"{name}.tsv.gz").read_bytes())


def _without_heading(packed: bytes) -> bytes:
    return gzip.decompress(packed).partition(b"\n")[2]


def read_toml(name: str) -> dict[str, Any]:
    """A hand-written table of the package (``relators.toml``) or ``data/versions.toml``."""
    return tomllib.loads(resources.files(_PACKAGE).joinpath(*name.split("/")).read_text("utf-8"))


def versions() -> dict[str, Any]:
    """Per vocabulary: title, version, origin, licence and number of concepts; its ``pinned`` names the whole set."""
    return read_toml("data/versions.toml")
