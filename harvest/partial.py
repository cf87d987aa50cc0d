"""A download that may be cut off and gone on with: the bytes so far, and of which version of the feed they are.

Only a strong ETag says that two answers are the same bytes (RFC 9110 §13.1.5): without one a download begins anew.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import IO

SYNC_BYTES = 8 << 20
"""So much is made durable at a time; what a power cut takes after it is fetched again."""


@dataclass(frozen=True, slots=True)
class Begun:
    """The first `size` bytes of the version `etag` of what `url` gives."""

    url: str
    etag: str
    size: int


class Partial:
    """The file a download grows in, and the note beside it. It survives a kill; `drop` removes both."""

    def __init__(self, folder: Path) -> None:
        self.part = folder / "download.part"
        self._note = folder / "download.json"

    def begun(self, url: str) -> Begun | None:
        """What is there already of this address; None where nothing can be gone on with."""
        try:
            found = Begun(**json.loads(self._note.read_text("utf-8")))
        except (OSError, ValueError, TypeError):
            return None
        there = self.part.stat().st_size if self.part.is_file() else 0
        return found if found.url == url and 0 < found.size <= there else None

    def write(self, chunks: Iterable[bytes], url: str, etag: str | None, begun: int = 0) -> None:
        """Write what comes behind the first `begun` bytes; with a strong ETag a later try can go on here."""
        self.part.parent.mkdir(parents=True, exist_ok=True)
        self._note.unlink(missing_ok=True) if not begun else None
        strong = etag if etag and is_strong(etag) else None
        with self.part.open("r+b" if begun else "wb") as file:
            file.truncate(begun)
            file.seek(begun)
            self._grow(file, chunks, (url, strong))

    def drop(self) -> None:
        """Nothing is to be gone on with."""
        self._note.unlink(missing_ok=True)
        self.part.unlink(missing_ok=True)

    def _grow(self, file: IO[bytes], chunks: Iterable[bytes], version: tuple[str, str | None]) -> None:
        since = 0
        try:
            for chunk in chunks:
                file.write(chunk)
                since += len(chunk)
                if since >= SYNC_BYTES:
                    self._keep(file, version)
                    since = 0
        finally:
            self._keep(file, version)

    def _keep(self, file: IO[bytes], version: tuple[str, str | None]) -> None:
        """Make what was written durable, then say so."""
        file.flush()
        os.fsync(file.fileno())
        url, etag = version
        if etag is not None:
            note = self._note.with_suffix(".new")
            note.write_text(json.dumps({"url": url, "etag": etag, "size": file.tell()}), "utf-8")
            note.replace(self._note)


def is_strong(etag: str) -> bool:
    """Whether an ETag promises the same bytes."""
    return etag.startswith('"') and etag.endswith('"') and len(etag) > 2
