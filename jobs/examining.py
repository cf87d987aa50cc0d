"""Doctor: one check after the other, each with its cause and what mends it. Nothing is changed or started."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

from catalogue.errors import LyhdeError
from index import server
from index.search_index import SearchIndex
from jobs.connections import api_key, server_dir, store_password
from ops.messages import TRANSLATED, _, catalogue
from ops.settings import Settings
from ops.sources import SourceSettings
from ops.transports import FolderTransport
from store import merged, payloads
from store.database import open_store, schema_version

LEAST_FREE_BYTES = 2_000_000_000


@dataclass(frozen=True, slots=True)
class Check:
    """`mend` is a command or an action, empty where nothing is wrong."""

    name: str
    state: Literal["ok", "warn", "fail"]
    cause: str
    mend: str = ""

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def examine(
    settings: Callable[[], Settings],
    sources: Callable[[], dict[str, SourceSettings]],
    more: Callable[[Settings], Iterable[Check]] = lambda _settings: (),
) -> list[Check]:
    """Every check there is, and `more` of what a job may not look at. A part that cannot be read is a failed check."""
    checks = [_python()]
    try:
        known = settings()
    except LyhdeError as error:
        return [*checks, Check(_("configuration"), "fail", str(error), "lyhde config check")]
    checks.append(Check(_("configuration"), "ok", f"data in {known.data_dir}"))
    for part in (_sources(sources), _disk(known), _store(known), _search(known), more(known), _messages()):
        checks += part
    return checks


def _python() -> Check:
    version = ".".join(map(str, sys.version_info[:3]))
    fits = (3, 11) <= sys.version_info[:2] < (3, 14)
    return Check(_("Python"), "ok" if fits else "fail", version, "" if fits else "use Python 3.11 to 3.13")


def _sources(sources: Callable[[], dict[str, SourceSettings]]) -> Iterator[Check]:
    name = _("sources")
    try:
        found = sources()
    except LyhdeError as error:
        yield Check(name, "fail", str(error), "lyhde config check")
        return
    lost = [s.id for s in found.values() if isinstance(s.transport, FolderTransport) and not s.transport.path.exists()]
    if lost:
        yield Check(name, "warn", f"nothing is at the path of {', '.join(lost)}", "set transport.path")
    elif not found:
        yield Check(name, "warn", "there is none", "lyhde source add ID PLACE")
    else:
        yield Check(name, "ok", f"{len(found)} configured")


def _disk(settings: Settings) -> Iterator[Check]:
    place = next(p for p in (settings.data_dir, *settings.data_dir.parents) if p.exists())
    free = shutil.disk_usage(place).free
    cause = f"{free // 1_000_000} MB free at {place}"
    if free < LEAST_FREE_BYTES:
        yield Check(_("disk"), "warn", cause, "make room: a harvest stops cleanly when the disk is full")
    else:
        yield Check(_("disk"), "ok", cause)


def _store(settings: Settings) -> Iterator[Check]:
    name = _("store")
    if not settings.store.url and not Path(settings.data_dir / "lyhde.sqlite").exists():
        yield Check(name, "warn", "nothing was harvested yet", "lyhde run")
        return
    try:
        store = open_store(settings.store_url, settings.data_dir, password=store_password(settings), migrate=False)
    except LyhdeError as error:
        yield Check(name, "fail", str(error), "lyhde db upgrade")
        return
    with store.read() as connection:
        sizes = merged.count(connection)
        waiting = merged.outbox_size(connection)
        lost = payloads.lost(connection, store.data_dir)
    holds = f"schema {schema_version(store)}, {sizes.get('work', 0)} works, {sizes.get('edition', 0)} editions"
    store.close()
    yield Check(name, "ok", f"{store.back_end}, {holds}")
    if lost:
        cause = f"{lost} received files are not in {store.data_dir}"
        yield Check(_("payloads"), "warn", cause, "share the data directory, or lyhde db restore FILE --force")
    if waiting:
        yield Check(_("outbox"), "warn", f"{waiting} works wait to be indexed", "lyhde index update")


def _search(settings: Settings) -> Iterator[Check]:
    name = _("search server")
    address = settings.elasticsearch.url
    if not address:
        running = server.status(server_dir(settings))
        if running.url is None:
            yield Check(name, "ok", "embedded; it is started when it is needed")
            return
        address = running.url
    try:
        about = settings.elasticsearch
        with SearchIndex(address, prefix=about.index_prefix, api_key=api_key(about), ca_certs=about.ca_certs) as index:
            found = index.status()
    except LyhdeError as error:
        yield Check(name, "fail", str(error), "start it, or mend elasticsearch.url")
        return
    yield Check(name, "ok", f"Elasticsearch {found.version} at {found.url}, {found.documents} documents")
    if found.index and not found.up_to_date:
        yield Check(_("analysis"), "warn", "the index was built with an older analysis", "lyhde index rebuild")


def _messages() -> Iterator[Check]:
    counts = {language: len(catalogue(language)) for language in TRANSLATED}
    even = len(set(counts.values())) == 1
    cause = ", ".join(f"{language} {count}" for language, count in counts.items())
    yield Check(_("messages"), "ok" if even else "warn", cause, "" if even else "python -m ops.messages")
