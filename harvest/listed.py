"""Files named one by one, in the order they were named: files, archives and folders."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from catalogue.errors import FeedRefused
from catalogue.sentence import Sentence
from harvest.fetched import FetchedFile, Known
from harvest.folder import Received, fetch_folder, opened
from ops.sources import SourceSettings
from ops.transports import FilesTransport, FolderTransport


def fetch_listed(
    source: SourceSettings, transport: FilesTransport, known: Known, folder: Path
) -> Iterator[FetchedFile]:
    """Every file in turn. A single folder gives its files under their names inside; otherwise each path gives its own.

    Raises FeedRefused for a path that is not there.
    """
    if len(transport.paths) == 1 and transport.paths[0].is_dir():
        yield from fetch_folder(source, FolderTransport(kind="folder", path=transport.paths[0]), known, folder)
        return
    for path, name in zip(transport.paths, distinct_names(transport.paths), strict=True):
        unpacked = folder / str(len(list(folder.iterdir())))
        unpacked.mkdir()
        if path.is_dir():
            inside = fetch_folder(source, FolderTransport(kind="folder", path=path), {}, unpacked)
            yield from (_known(replace(file, name=f"{name}/{file.name}"), known) for file in inside)
        elif path.is_file():
            yield from opened(source, Received(name, path), known, unpacked)
        else:
            raise FeedRefused(source.id, Sentence("there is no file or folder {path}", path=path))


def distinct_names(paths: tuple[Path, ...]) -> list[str]:
    """The shortest endings of the paths by which they all differ: ``input.xml``, else ``01/input.xml`` …"""
    most = max(len(path.parts) for path in paths)
    for length in range(1, most + 1):
        names = ["/".join(path.parts[-length:]).lstrip("/") for path in paths]
        if len(set(names)) == len(set(paths)):
            return names
    return names


def _known(file: FetchedFile, known: Known) -> FetchedFile:
    seen = known.get(file.name)
    return replace(file, known=seen is not None and seen.sha256 == file.sha256)
