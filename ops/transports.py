"""How a feed comes: one model per kind of ``[transport]`` in a source file."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from ops.settings import Section


class FolderTransport(Section):
    """Files at hand: a file, an archive, or a folder searched with `pattern`."""

    kind: Literal["folder"]
    path: Path = Field(description="file, archive or folder")
    pattern: str = Field(default="**/*", description="which files of the folder")


class FilesTransport(Section):
    """Files named one by one, as on the command line."""

    kind: Literal["files"]
    paths: tuple[Path, ...] = Field(min_length=1, description="files, archives or folders, in the order they count")


class WebTransport(Section):
    """What every feed over HTTP(S) is told: where it is, and where it may lead."""

    url: str = Field(pattern=r"^https?://[^/?#@]+(?:[/?#].*)?$", description="address of the feed, without a password")
    internal: bool = Field(default=False, description="loopback and private addresses are allowed")
    hosts: tuple[str, ...] = Field(default=(), description="further hosts a redirect or a next page may lead to")
    username: str | None = Field(default=None, description="for basic authentication")
    password_file: Path | None = Field(default=None, description="file that holds the password")
    timeout_s: float = Field(default=60, gt=0, description="without an answer for so long the fetch fails, seconds")


class HttpTransport(WebTransport):
    """One address, fetched with ETag and Last-Modified; a download that was cut off goes on where it stopped."""

    kind: Literal["http"]
    paged: bool = Field(default=False, description="follow `next` links (OPDS, or the header Link) to the last page")
    max_pages: int = Field(default=10_000, gt=0, description="a paged feed with more pages is refused")


class OaiTransport(WebTransport):
    """An OAI-PMH repository, listed page by page; a killed run goes on at the next page."""

    kind: Literal["oai"]
    prefix: str = Field(default="marc21", min_length=1, description="metadataPrefix to ask for")
    sets: tuple[str, ...] = Field(default=(), description="setSpecs to list, one after another; none: all there is")
    overlap_h: float = Field(default=24, ge=0, description="hours before the last harvest that are asked for again")
    whole_every_d: int = Field(
        default=30, ge=0, description="days after which a repository that forgets deletions is listed whole; 0: never"
    )
    max_pages: int = Field(default=100_000, gt=0, description="a list with more pages is refused")


class SftpTransport(Section):
    """Files on an SSH server; nothing is ever changed or removed there."""

    kind: Literal["sftp"]
    host: str = Field(min_length=1, description="the server")
    port: int = Field(default=22, gt=0, lt=65_536, description="its port")
    username: str = Field(min_length=1, description="our account there")
    key_file: Path = Field(description="our private key, without a passphrase; passwords are never used")
    known_hosts_file: Path = Field(description="the server's key, as `ssh-keyscan` writes it and its owner confirmed")
    path: str = Field(default=".", description="folder on the server")
    pattern: str = Field(default="*", description="which files of the folder")
    newest: int | None = Field(default=None, gt=0, description="only so many of the newest files")
    settle_s: float = Field(default=5, ge=0, description="a file that changes within so many seconds is left for later")
    internal: bool = Field(default=False, description="loopback and private addresses are allowed")
    timeout_s: float = Field(default=60, gt=0, description="without an answer for so long the fetch fails, seconds")


Transport = Annotated[
    FolderTransport | FilesTransport | HttpTransport | OaiTransport | SftpTransport, Field(discriminator="kind")
]

FILE_KEYS = ("path", "paths", "password_file", "key_file", "known_hosts_file")


def beside(transport: Transport, folder: Path) -> Transport:
    """The same transport with its relative files resolved against the folder of its source file."""
    found = {name: getattr(transport, name, None) for name in FILE_KEYS}
    resolved = {
        name: tuple((folder / each).resolve() for each in value)
        if isinstance(value, tuple)
        else (folder / value).resolve()
        for name, value in found.items()
        if isinstance(value, Path | tuple)
    }
    return transport.model_copy(update=resolved) if resolved else transport
