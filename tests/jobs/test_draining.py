"""The outbox is emptied in the background, and a search server that is away is no trouble for the desk."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from index.search_index import SearchIndex
from jobs import publishing
from jobs.publishing import PublishReport, drain
from jobs.resolving import resolve
from jobs.reviewing import Author, decide
from jobs.running import run_all
from ops.logs import configure_logs
from ops.settings import load_settings
from ops.sources import SourceSettings
from store import merged
from store.database import Store

NOW = "2026-01-01T00:00:00Z"


@contextmanager
def index(*_: Any) -> Iterator[None]:
    yield None


def test_nothing_waits_so_nothing_is_opened(store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(publishing, "search_answers", lambda settings: pytest.fail("asked for nothing"))
    assert drain(store, load_settings(None, data_dir=tmp_path)) is None


def test_a_server_that_is_away_is_said_once_and_what_changed_waits(
    store: Store,
    tmp_path: Path,
    deliver: Callable[..., None],
    book: Callable[..., str],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    deliver("kaarna", book("a"))
    resolve(store, NOW)
    settings, answers = load_settings(None, data_dir=tmp_path), iter([False, False, True])
    monkeypatch.setattr(publishing, "search_answers", lambda settings: next(answers))
    monkeypatch.setattr(publishing, "opened_index", index)
    monkeypatch.setattr(publishing, "update", lambda *_: PublishReport(indexed=1))
    monkeypatch.setattr(logging.getLogger(), "handlers", [])
    configure_logs(settings.log)
    capsys.readouterr()
    assert [drain(store, settings), drain(store, settings)] == [None, None]
    assert capsys.readouterr().err.count("waits in the outbox") == 1
    with store.read() as connection:
        assert merged.outbox_size(connection) == 1
    assert drain(store, settings) == PublishReport(indexed=1)


@pytest.mark.search_server
def test_without_a_search_server_harvest_resolve_and_decisions_go_on_and_the_next_update_publishes(
    store: Store,
    tmp_path: Path,
    message: Callable[..., bytes],
    book: Callable[..., str],
    search_server: str,
    prefix: Callable[[str], str],
) -> None:
    (tmp_path / "feed").mkdir()
    books = [book(ref, title=f"Kirja {ref}", author=f"Tekijä{ref}, A") for ref in "abc"]
    (tmp_path / "feed" / "feed.xml").write_bytes(message(*books))
    source = {"id": "kaarna", "transport": {"kind": "folder", "path": tmp_path / "feed"}}
    settings = load_settings(None, data_dir=tmp_path)
    away = settings.elasticsearch.model_copy(update={"url": "http://127.0.0.1:9"})  # nothing listens there
    settings = settings.model_copy(update={"elasticsearch": away})
    said = run_all(store, settings, [SourceSettings.model_validate(source)], now=NOW, tell=lambda _: None)
    assert said.unpublished is not None
    assert [each.exit_code for each in said.sources] == [0]
    decide(store, "same", ("kaarna:a", "kaarna:b"), level="work", author=Author("aino", NOW, role="senior"))
    with store.read() as connection:
        waiting = merged.outbox_size(connection)
        assert (waiting, len(merged.names(connection, "work"))) == (3, 2)
    with SearchIndex(search_server, prefix=prefix(f"away-{store.back_end[:4].lower()}")) as index:
        publishing.update(store, index, settings.publish.media)
        assert not any(publishing.check(store, index, settings.publish.media).values())
        assert index.search("kirja")["total"] == 2
        index.discard()
    with store.read() as connection:
        assert merged.outbox_size(connection) == 0
