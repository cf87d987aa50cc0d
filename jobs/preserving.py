"""Backup, restore and copy: everything the store holds, out of one back end and into the same or the other."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from catalogue.errors import ConfigurationError, UsageError
from catalogue.sentence import Sentence
from jobs import publishing, resolving
from jobs.catching_up import catch_up
from jobs.connections import opened_store, store_password
from ops.settings import Settings
from store import backup, copying, sources
from store.database import Store, connect_store, schema_version
from store.schema import SCHEMA_VERSION

SUFFIX = ".lyhde"
Tell = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Preserved:
    """What was written: where, of which schema, rows by table. `missing` are payloads whose files were not whole."""

    place: str
    schema: str
    tables: dict[str, int] = field(default_factory=dict)
    payloads: int = 0
    missing: tuple[str, ...] = ()

    @property
    def rows(self) -> int:
        return sum(self.tables.values())

    def as_json(self) -> dict[str, Any]:
        return asdict(self) | {"rows": self.rows, "missing": list(self.missing)}


def upgrade(settings: Settings, now: str) -> tuple[str | None, str]:
    """Bring schema, queue and terms up to date: the schema before (None: an empty database) and the one now."""
    with _connected(settings) as store:
        before = schema_version(store)
    with opened_store(settings) as store:
        catch_up(store, now, settings.desk.priority)
    return before, SCHEMA_VERSION


def back_up(settings: Settings, out: Path, now: str, *, with_payloads: bool = True, tell: Tell) -> Preserved:
    """Write a backup to a file, NAME.lyhde, or under a name of its own into a folder. Others may write meanwhile.

    Any known schema is taken as it is, so that a backup can be made before an upgrade. Raises UsageError where the
    file is there already, ConfigurationError where there is nothing to back up.
    """
    target = out if out.suffix == SUFFIX else out / f"lyhde-{now.replace(':', '').replace('-', '')}{SUFFIX}"
    with _connected(settings) as store:
        manifest = backup.write(store, target, now, with_payloads=with_payloads, tell=tell)
    return _told(target, manifest)


def restore(settings: Settings, source: Path, *, force: bool = False, tell: Tell) -> Preserved:
    """Put a backup in the place of what the store holds. The whole backup is checked before anything is touched.

    Rows are replaced in one transaction; payload files are put in before it. A restore that was cut off leaves the old
    store, and may simply be done again. Raises UsageError where the backup is damaged, or the store is not empty and
    `force` was not given; ConfigurationError where the backup or the store is newer than this program; RunLocked.
    """
    tell("check")
    with backup.opened(source) as (archive, manifest), _connected(settings) as store, _alone(store):
        copying.check_replaceable(store, force=force)
        tell("payloads")
        backup.restore_payloads(archive, manifest, settings.data_dir)
        copying.replace(store, backup.content(archive, manifest), tell)
        return _told(source, manifest)


def copy(settings: Settings, to: str, password: str | None, *, force: bool = False, tell: Tell) -> Preserved:
    """Copy everything into another database, and check it there. The payload files stay where they are.

    Raises as `restore` does.
    """
    parts = urlsplit(to)
    if parts.password or "password" in parse_qs(parts.query):
        raise UsageError(
            Sentence("an address on the command line is seen by others: give the password by --password-file")
        )
    with _connected(settings) as store:
        target = connect_store(to, settings.data_dir, password=password)
        try:
            if target.address == store.address:
                raise UsageError(Sentence("{address} is the store itself", address=target.address))
            copying.check_replaceable(target, force=force)
            with _alone(store), copying.content_of(store) as content:
                found = copying.replace(target, content, tell)
        finally:
            target.close()
    return Preserved(target.address, SCHEMA_VERSION, {name: rows for name, (rows, _) in found.items()})


def read_password(file: Path | None) -> str | None:
    """The password a file holds. Raises ConfigurationError."""
    try:
        return file.read_text("utf-8").strip() if file else None
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError(
            [Sentence("--password-file: {file}: {why}", file=file, why=getattr(error, "strerror", error))]
        ) from error


@contextmanager
def _connected(settings: Settings) -> Iterator[Store]:
    store = connect_store(settings.store_url, settings.data_dir, password=store_password(settings))
    try:
        yield store
    finally:
        store.close()


@contextmanager
def _alone(store: Store) -> Iterator[None]:
    """No harvest, resolve or publish is at work, nor begins. Raises RunLocked."""
    with ExitStack() as held:
        for name in (resolving.LOCK, publishing.LOCK, *(f"harvest-{name}" for name in _sources(store))):
            held.enter_context(store.run_lock(name))
        yield


def _sources(store: Store) -> list[str]:
    if schema_version(store) is None:
        return []
    with store.read() as connection:
        return [known.id for known in sources.every(connection)]


def _told(place: Path, manifest: backup.Manifest) -> Preserved:
    return Preserved(
        str(place),
        manifest.schema,
        {name: rows for name, (rows, _) in manifest.tables.items()},
        sum(name.startswith("payloads/") for name in manifest.members),
        tuple(manifest.missing),
    )
