"""Doctor: one check after the other, each with its cause and what mends it. Nothing is changed or started."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from importlib.machinery import EXTENSION_SUFFIXES
from pathlib import Path
from typing import Any, Literal

from catalogue.errors import LyhdeError
from catalogue.sentence import Sentence
from index import server
from index.search_index import SearchIndex
from jobs.connections import api_key, server_dir, store_password
from mappings import registry
from ops.messages import TRANSLATED, _, catalogue
from ops.settings import Settings
from ops.sources import SourceSettings
from ops.transports import FolderTransport
from store import merged, payloads
from store.database import open_store, schema_version

LEAST_FREE_BYTES = 2_000_000_000
COMPILED_ROOMS = ("catalogue", "parsers", "mappings", "merging")
AN_INSTALLATION_S = 60  # sources and what was compiled of them are written one after the other


@dataclass(frozen=True, slots=True)
class Check:
    """`cause` is a sentence, an error, or a name; `mend` a command or an action, empty where nothing is wrong."""

    name: str
    state: Literal["ok", "warn", "fail"]
    cause: str | LyhdeError
    mend: str = ""

    def as_json(self) -> dict[str, Any]:
        """In English, for programs."""
        return {"name": self.name, "state": self.state, "cause": str(self.cause), "mend": self.mend}


def examine(
    settings: Callable[[], Settings],
    sources: Callable[[], dict[str, SourceSettings]],
    more: Callable[[Settings], Iterable[Check]] = lambda _settings: (),
) -> list[Check]:
    """Every check there is, and `more` of what a job may not look at. A part that cannot be read is a failed check."""
    checks = [_python(), examine_stages(Path(registry.__file__))]
    try:
        known = settings()
    except LyhdeError as error:
        return [*checks, Check(_("configuration"), "fail", error, "lyhde config check")]
    checks.append(Check(_("configuration"), "ok", Sentence("data in {folder}", folder=known.data_dir)))
    for part in (_sources(sources), _disk(known), _store(known), _search(known), more(known), _messages()):
        checks += part
    return checks


def _python() -> Check:
    version = ".".join(map(str, sys.version_info[:3]))
    fits = (3, 11) <= sys.version_info[:2] < (3, 14)
    return Check(_("Python"), "ok" if fits else "fail", version, "" if fits else Sentence("use Python 3.11 to 3.13"))


def examine_stages(mapping: Path) -> Check:
    """Whether the stages that read and merge run compiled (ADR 14); `mapping` is the file of `mappings.registry`."""
    if not _is_compiled(mapping):
        return Check(_("stages"), "ok", Sentence("run from their sources"))
    rooms = (mapping.parent.parent / room for room in COMPILED_ROOMS)
    if any(_is_older_than_its_source(path) for room in rooms for path in room.rglob("*") if _is_compiled(path)):
        old = Sentence("compiled from older sources, which are what runs")
        return Check(_("stages"), "warn", old, "make compiled")
    return Check(_("stages"), "ok", Sentence("compiled"))


def _is_compiled(path: Path) -> bool:
    return path.name.endswith(tuple(EXTENSION_SUFFIXES))


def _is_older_than_its_source(path: Path) -> bool:
    source = path.with_name(path.name.partition(".")[0] + ".py")
    return source.exists() and source.stat().st_mtime > path.stat().st_mtime + AN_INSTALLATION_S


def _sources(sources: Callable[[], dict[str, SourceSettings]]) -> Iterator[Check]:
    name = _("sources")
    try:
        found = sources()
    except LyhdeError as error:
        yield Check(name, "fail", error, "lyhde config check")
        return
    lost = [s.id for s in found.values() if isinstance(s.transport, FolderTransport) and not s.transport.path.exists()]
    if lost:
        yield Check(
            name, "warn", Sentence("nothing is at the path of {sources}", sources=lost), Sentence("set transport.path")
        )
    elif not found:
        yield Check(name, "warn", Sentence("there is none"), "lyhde source add ID PLACE")
    else:
        yield Check(name, "ok", Sentence("{count} configured", count=len(found)))


def _disk(settings: Settings) -> Iterator[Check]:
    place = next(p for p in (settings.data_dir, *settings.data_dir.parents) if p.exists())
    free = shutil.disk_usage(place).free
    cause = Sentence("{free} MB free at {place}", free=free // 1_000_000, place=place)
    if free < LEAST_FREE_BYTES:
        yield Check(_("disk"), "warn", cause, Sentence("make room: a harvest stops cleanly when the disk is full"))
    else:
        yield Check(_("disk"), "ok", cause)


def _store(settings: Settings) -> Iterator[Check]:
    name = _("store")
    if not settings.store.url and not Path(settings.data_dir / "lyhde.sqlite").exists():
        yield Check(name, "warn", Sentence("nothing was harvested yet"), "lyhde run")
        return
    try:
        store = open_store(settings.store_url, settings.data_dir, password=store_password(settings), migrate=False)
    except LyhdeError as error:
        yield Check(name, "fail", error, "lyhde db upgrade")
        return
    with store.read() as connection:
        sizes = merged.count(connection)
        waiting = merged.outbox_size(connection)
        lost = payloads.lost(connection, store.data_dir)
    holds = Sentence(
        "{database}, schema {schema}, {works} works, {editions} editions",
        database=store.back_end,
        schema=str(schema_version(store)),
        works=sizes.get("work", 0),
        editions=sizes.get("edition", 0),
    )
    store.close()
    yield Check(name, "ok", holds)
    if lost:
        cause = Sentence("{count} received files are not in {folder}", count=lost, folder=store.data_dir)
        yield Check(
            _("payloads"), "warn", cause, Sentence("share the data directory, or lyhde db restore FILE --force")
        )
    if waiting:
        yield Check(
            _("outbox"), "warn", Sentence("{count} works wait to be indexed", count=waiting), "lyhde index update"
        )


def _search(settings: Settings) -> Iterator[Check]:
    name = _("search server")
    address = settings.elasticsearch.url
    if not address:
        running = server.status(server_dir(settings))
        if running.url is None:
            yield Check(name, "ok", Sentence("embedded; it is started when it is needed"))
            return
        address = running.url
    try:
        about = settings.elasticsearch
        with SearchIndex(address, prefix=about.index_prefix, api_key=api_key(about), ca_certs=about.ca_certs) as index:
            found = index.status()
    except LyhdeError as error:
        yield Check(name, "fail", error, Sentence("start it, or mend elasticsearch.url"))
        return
    figures = {"version": found.version, "url": found.url, "documents": found.documents}
    yield Check(name, "ok", Sentence("Elasticsearch {version} at {url}, {documents} documents", **figures))
    if found.index and not found.up_to_date:
        yield Check(
            _("analysis"), "warn", Sentence("the index was built with an older analysis"), "lyhde index rebuild"
        )


def _messages() -> Iterator[Check]:
    counts = {language: len(catalogue(language)) for language in TRANSLATED}
    even = len(set(counts.values())) == 1
    cause = ", ".join(f"{language} {count}" for language, count in counts.items())
    yield Check(_("messages"), "ok" if even else "warn", cause, "" if even else "python -m ops.messages")
