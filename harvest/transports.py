"""How a source's feed comes: which transport fetches which."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from harvest.fetched import FetchedFile, Known
from harvest.folder import fetch_folder
from harvest.http import fetch_http
from harvest.listed import fetch_listed
from harvest.paged import fetch_paged
from ops.sources import SourceSettings
from ops.transports import FilesTransport, FolderTransport, HttpTransport, SftpTransport


def fetch(source: SourceSettings, known: Known, folder: Path) -> Iterator[FetchedFile]:
    """The payload files of a source. `known` is what the last harvest saw, by name; `folder` is for unpacking.

    Raises FeedRefused when what came is no feed or its address is not allowed, ServiceUnreachable when the host does
    not answer.
    """
    if isinstance(source.transport, FolderTransport):
        return fetch_folder(source, source.transport, known, folder)
    if isinstance(source.transport, FilesTransport):
        return fetch_listed(source, source.transport, known, folder)
    if isinstance(source.transport, HttpTransport):
        way = fetch_paged if source.transport.paged else fetch_http
        return way(source, source.transport, known, folder)
    if isinstance(source.transport, SftpTransport):
        from harvest.sftp import fetch_sftp  # its libraries take a while to load

        return fetch_sftp(source, source.transport, known, folder)
    raise AssertionError(f"a list is fetched page by page: {source.transport.kind}")
