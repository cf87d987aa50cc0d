"""What every transport gives: payload files at hand, one after another."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

MEDIA_TYPES = {
    ".xml": "application/xml",
    ".onix": "application/xml",
    ".mrc": "application/marc",
    ".marc": "application/marc",
    ".json": "application/json",
    ".ndjson": "application/x-ndjson",
}


class Seen(NamedTuple):
    """What was known of a file when the source was last harvested."""

    sha256: str
    etag: str | None = None
    last_modified: str | None = None


@dataclass(frozen=True, slots=True)
class FetchedFile:
    """One payload, unpacked. `name` is stable from harvest to harvest; `path` is gone after the fetch's end.

    `known`: its bytes are those of the last harvest; then `path` may be None, because nothing was transferred.
    """

    name: str
    media_type: str
    sha256: str
    path: Path | None
    known: bool
    etag: str | None = None
    last_modified: str | None = None


Known = Mapping[str, Seen]


def media_type_of(name: str) -> str:
    """The media type a file name suggests."""
    return MEDIA_TYPES.get(Path(name).suffix.lower(), "application/octet-stream")
