"""Files on an SSH server: its key must be known, ours is the only way in, and nothing there is ever changed.

Whole files come by `get`, which keeps many requests under way; reading them like a file is many times slower.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import asyncssh

from catalogue.errors import ConfigurationError, FeedRefused
from catalogue.keys import is_text
from catalogue.sentence import Sentence, words_of
from harvest.addresses import AddressRefused, HostUnknown, resolve
from harvest.fetched import FetchedFile, Known, Seen
from harvest.folder import Received, opened
from harvest.patience import Transient, tried
from ops.sources import SourceSettings
from ops.transports import SftpTransport

MAX_LISTED = 100_000
KEEPALIVE_S = 15


class Remote(NamedTuple):
    """A file of the listing. `stamp`: the same stamp is the same file."""

    name: str
    size: int
    changed_at: int

    @property
    def stamp(self) -> str:
        return f"{self.changed_at} {self.size}"


@dataclass(frozen=True, slots=True)
class Visit:
    """One look at a server: whose files, what is known of them (`by_file`), and where they go."""

    source: SourceSettings
    transport: SftpTransport
    known: Mapping[str, Known]
    folder: Path

    @property
    def url(self) -> str:
        return f"sftp://{self.transport.host}:{self.transport.port}/{self.transport.path}"

    def refused(self, reason: Sentence) -> FeedRefused:
        return FeedRefused(self.source.id, Sentence("{url}: {reason}", url=self.url, reason=reason))

    def known_of(self, remote: Remote) -> list[str]:
        """The names of what came out of this very file last time: itself, or the members of the archive it is."""
        found = self.known.get(remote.name, {})
        return list(found) if all(seen.last_modified == remote.stamp for seen in found.values()) else []


def by_file(known: Known) -> dict[str, dict[str, Seen]]:
    """What is known, by the file of the listing it came out of: a folder may hold the files of years."""
    found: dict[str, dict[str, Seen]] = {}
    for name, seen in known.items():
        found.setdefault(name.partition("/")[0], {})[name] = seen
    return found


class Haul(NamedTuple):
    """What a visit brought: files in order, those that were not transferred with None."""

    remote: Remote
    path: Path | None


def fetch_sftp(source: SourceSettings, transport: SftpTransport, known: Known, folder: Path) -> Iterator[FetchedFile]:
    """The files of a folder, oldest first, archives unpacked; unchanged ones are not transferred.

    Raises FeedRefused for a server whose key is not the known one, that does not let us in, or whose files are too
    large; ServiceUnreachable when it does not answer; ConfigurationError for keys that cannot be read.
    """
    visit = Visit(source, transport, by_file(known), folder)
    options = _options(visit)
    for remote, path in tried(source.id, visit.url, partial(_visit, visit, options)):
        if path is not None:
            yield from opened(source, Received(remote.name, path, last_modified=remote.stamp), known, folder)
            continue
        for name in visit.known_of(remote):
            yield FetchedFile(name, "", known[name].sha256, None, True, None, remote.stamp)


def _options(visit: Visit) -> Mapping[str, Any]:
    """How the connection is made: nothing of the user's own SSH set-up counts."""
    about = visit.transport
    try:
        key = asyncssh.read_private_key(about.key_file)
        known_hosts = asyncssh.read_known_hosts(str(about.known_hosts_file))
    except (OSError, asyncssh.KeyImportError, ValueError) as error:
        where = (
            "key_file"
            if not isinstance(error, OSError) or error.filename == str(about.key_file)
            else "known_hosts_file"
        )
        raise ConfigurationError(
            [Sentence("source {source}: transport.{key}: {why}", source=visit.source.id, key=where, why=error)]
        ) from error
    return {
        "username": about.username,
        "client_keys": [key],
        "known_hosts": known_hosts,
        "host_key_alias": about.host,
        "preferred_auth": "publickey",
        "agent_path": None,
        "config": None,
        "connect_timeout": about.timeout_s,
        "login_timeout": about.timeout_s,
        "keepalive_interval": KEEPALIVE_S,
    }


def _visit(visit: Visit, options: Mapping[str, Any]) -> list[Haul]:
    """One try. Raises Transient for what may pass, FeedRefused for what will not."""
    try:
        address = resolve(visit.transport.host, visit.transport.port, internal=visit.transport.internal)
        return asyncio.run(_haul(visit, address, options))
    except AddressRefused as error:
        raise visit.refused(Sentence("the address is not allowed: {why}", why=error)) from error
    except HostUnknown as error:
        raise Transient(words_of(error)) from error
    except asyncssh.HostKeyNotVerifiable as error:
        raise visit.refused(
            Sentence("the server's key is not in transport.known_hosts_file: ask its owner whether it changed")
        ) from error
    except asyncssh.PermissionDenied as error:
        raise visit.refused(Sentence("the server does not let {user} in", user=visit.transport.username)) from error
    except asyncssh.SFTPConnectionLost as error:
        raise Transient(Sentence("{kind}: {why}", kind=type(error).__name__, why=error)) from error
    except asyncssh.SFTPError as error:
        raise visit.refused(Sentence("the server answers {status}", status=error.reason)) from error
    except (asyncssh.Error, OSError, TimeoutError) as error:
        raise Transient(Sentence("{kind}: {why}", kind=type(error).__name__, why=error)) from error


async def _haul(visit: Visit, address: str, options: Mapping[str, Any]) -> list[Haul]:
    async with (
        asyncssh.connect(address, visit.transport.port, **options) as connection,
        connection.start_sftp_client() as sftp,
    ):
        wanted = await _settled(visit, sftp)
        return [Haul(remote, await _get(visit, sftp, (n, remote))) for n, remote in enumerate(wanted)]


async def _settled(visit: Visit, sftp: asyncssh.SFTPClient) -> list[Remote]:
    """The wanted files that no one is writing to: the same in two listings, some seconds apart. Oldest first."""
    first = await _listed(visit, sftp)
    if all(visit.known_of(remote) for remote in first):
        return first
    await asyncio.sleep(visit.transport.settle_s)
    return [remote for remote in await _listed(visit, sftp) if remote in first or visit.known_of(remote)]


async def _listed(visit: Visit, sftp: asyncssh.SFTPClient) -> list[Remote]:
    found: list[Remote] = []
    async for entry in sftp.scandir(visit.transport.path):
        name, about = str(entry.filename), entry.attrs
        if about.type == asyncssh.FILEXFER_TYPE_REGULAR and _is_wanted(name, visit.transport.pattern):
            found.append(Remote(name, about.size or 0, about.mtime or 0))
        if len(found) > MAX_LISTED:
            raise visit.refused(Sentence("the folder holds more than {most} files", most=MAX_LISTED))
    found.sort(key=lambda remote: (remote.changed_at, remote.name))
    return found[-visit.transport.newest :] if visit.transport.newest else found


def _is_wanted(name: str, pattern: str) -> bool:
    """Whether a name is one of a file in this very folder, whole, and asked for."""
    plain = name not in ("", ".", "..") and not any(letter in name for letter in "/\\") and is_text(name)
    return plain and not name.startswith(".") and not name.endswith(".part") and fnmatchcase(name, pattern)


async def _get(visit: Visit, sftp: asyncssh.SFTPClient, numbered: tuple[int, Remote]) -> Path | None:
    """Transfer one file, or None where it is known. Its name here is ours, never the server's."""
    number, remote = numbered
    if visit.known_of(remote):
        return None
    limit = visit.source.limits.max_bytes
    too_large = visit.refused(
        Sentence("{name} is larger than {most} bytes (limits.max_bytes)", name=remote.name, most=limit)
    )
    if remote.size > limit:
        raise too_large

    def watch(_source: bytes, _target: bytes, copied: int, _total: int) -> None:
        if copied > limit:
            raise too_large

    path = visit.folder / f"sftp-{number:05}"
    place = f"{visit.transport.path}/{remote.name}"
    await asyncio.wait_for(
        sftp.get(place, path, follow_symlinks=False, progress_handler=watch), timeout=_patience_s(visit, remote)
    )
    if path.stat().st_size != remote.size:
        raise Transient(Sentence("{name} changed while it was fetched", name=remote.name))
    return path


def _patience_s(visit: Visit, remote: Remote) -> float:
    """How long a file may take: at 100 KB/s it would have come."""
    return visit.transport.timeout_s + remote.size / 100_000
