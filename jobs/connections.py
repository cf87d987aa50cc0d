"""The doors: store and search index as the settings say, opened for as long as a job needs them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pydantic import SecretStr

from catalogue.errors import ConfigurationError, LyhdeError
from catalogue.ruletables import use_tables
from catalogue.sentence import Sentence
from catalogue.vocabularies.headings import use_own
from index.search_index import SearchIndex
from index.server import RunningServer, start, stop
from ops.settings import ElasticsearchSettings, Settings
from store.database import Store, open_store


@contextmanager
def opened_store(settings: Settings) -> Iterator[Store]:
    """The store, its schema up to date, and the tables of rules that the settings name."""
    use_own(settings.vocabularies_dir)
    use_tables(model=settings.rules.match_model, survivorship=settings.rules.survivorship)
    store = open_store(settings.store_url, settings.data_dir, password=store_password(settings))
    try:
        yield store
    finally:
        store.close()


@contextmanager
def opened_index(settings: Settings, *, keep_server: bool = False, prefix: str | None = None) -> Iterator[SearchIndex]:
    """The search index: a cluster of one's own, else the embedded server.

    A server that runs already is used and left alone; one that is started here is stopped at the end, unless
    `keep_server`. `prefix`: another catalogue than that of the settings. Raises ServiceUnreachable, DownloadFailed.
    """
    about = settings.elasticsearch
    server = None if about.url else start_server(settings)
    try:
        address = about.url or (server.url if server else "")
        index = SearchIndex(
            address, prefix=prefix or about.index_prefix, api_key=api_key(about), ca_certs=about.ca_certs
        )
        try:
            yield index
        finally:
            index.close()
    finally:
        if server and server.started_here and not keep_server:
            stop(server_dir(settings))


@contextmanager
def kept_server(settings: Settings) -> Iterator[LyhdeError | None]:
    """The embedded server for a process that lives long and can do without it: it runs until the end of the block.

    Gives why it did not start, else None; nothing is done where a cluster is set. One that ran before runs on.
    """
    server, trouble = None, None
    if not settings.elasticsearch.url:
        try:
            server = start_server(settings)
        except LyhdeError as failure:
            trouble = failure
    try:
        yield trouble
    finally:
        if server and server.started_here:
            stop(server_dir(settings))


def start_server(settings: Settings) -> RunningServer:
    """The embedded server of the data directory, started if it does not run."""
    about = settings.elasticsearch
    return start(server_dir(settings), heap_mb=about.heap_mb, cache_dir=about.cache_dir)


def server_dir(settings: Settings) -> Path:
    """Where the embedded server keeps its data and log."""
    return settings.data_dir / "search"


def api_key(about: ElasticsearchSettings) -> str | None:
    """The writer's key out of the environment or its file. Raises ConfigurationError."""
    return _secret(about.api_key, about.api_key_file, "elasticsearch.api_key_file")


def reader_api_key(about: ElasticsearchSettings) -> str | None:
    """The key of what only reads, else the writer's. Raises ConfigurationError."""
    own = _secret(about.reader_api_key, about.reader_api_key_file, "elasticsearch.reader_api_key_file")
    return own or api_key(about)


def store_password(settings: Settings) -> str | None:
    """The database user's password out of the environment or its file. Raises ConfigurationError."""
    return _secret(settings.store.password, settings.store.password_file, "store.password_file")


def _secret(given: SecretStr | None, file: Path | None, key: str) -> str | None:
    if given:
        return given.get_secret_value()
    if not file:
        return None
    try:
        return file.read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError(
            [Sentence("{key}: {file}: {why}", key=key, file=file, why=getattr(error, "strerror", error))]
        ) from error
