"""Files at hand: one file, an archive, or a folder searched with a pattern."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

from catalogue.errors import FeedRefused
from catalogue.keys import is_text
from catalogue.sentence import Sentence
from harvest.archive import ArchiveRefused, is_zip, unpack
from harvest.fetched import FetchedFile, Known, media_type_of
from ops.sources import SourceSettings
from ops.transports import FolderTransport


@dataclass(frozen=True, slots=True)
class Received:
    """A file as it came, before it is looked into."""

    name: str
    path: Path
    etag: str | None = None
    last_modified: str | None = None
    media_type: str | None = None
    link: str | None = None


def fetch_folder(
    source: SourceSettings, transport: FolderTransport, known: Known, folder: Path
) -> Iterator[FetchedFile]:
    """The files of a folder in order of name, archives unpacked. Raises FeedRefused where there is nothing to read."""
    root = transport.path
    if root.is_file():
        yield from opened(source, Received(root.name, root), known, folder)
        return
    if not root.is_dir():
        raise FeedRefused(source.id, Sentence("there is no file or folder {root}", root=root))
    inside = root.resolve()
    for path in sorted(root.glob(transport.pattern)):
        if not path.is_file() or any(part.startswith(".") for part in path.relative_to(root).parts):
            continue
        if path.suffix == ".part" or not path.resolve().is_relative_to(inside):
            continue
        yield from opened(source, Received(path.relative_to(root).as_posix(), path), known, folder)


def opened(source: SourceSettings, received: Received, known: Known, folder: Path) -> Iterator[FetchedFile]:
    """A received file, or the members of the archive it is.

    Raises FeedRefused above the source's byte cap, and for a file that cannot be read.
    """
    limit = source.limits.max_bytes
    name = written(received.name)
    try:
        if received.path.stat().st_size > limit:
            raise FeedRefused(
                source.id, Sentence("{name} is larger than {most} bytes (limits.max_bytes)", name=name, most=limit)
            )
        if not is_zip(received.path):
            yield _fetched(received, name, received.path, known)
            return
        for member, path in unpack(received.path, folder, limit):
            if not fnmatchcase(member, source.members):
                path.unlink()
                continue
            yield _fetched(received, f"{name}/{written(member)}", path, known)
    except ArchiveRefused as error:
        raise FeedRefused(source.id, Sentence("{name}: {why}", name=name, why=error)) from error
    except OSError as error:
        raise FeedRefused(
            source.id,
            Sentence("{name} cannot be read: {why}; see that it is there", name=name, why=error.strerror or error),
        ) from error


def written(name: str) -> str:
    r"""A file's name as text: bytes that are not UTF-8 are told as ``\xNN``."""
    return name if is_text(name) else name.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")


def _fetched(received: Received, name: str, path: Path, known: Known) -> FetchedFile:
    with path.open("rb") as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    seen = known.get(name)
    return FetchedFile(
        name=name,
        media_type=received.media_type or media_type_of(name),
        sha256=sha256,
        path=path,
        known=seen is not None and seen.sha256 == sha256,
        etag=received.etag,
        last_modified=received.last_modified,
    )
