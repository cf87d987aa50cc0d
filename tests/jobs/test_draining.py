"""The outbox is emptied in the background, and a search server that is away is no trouble for the desk."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from jobs import publishing
from jobs.publishing import PublishReport, drain
from jobs.resolving import resolve
from ops.logs import configure_logs
from ops.settings import load_settings
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
