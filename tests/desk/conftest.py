"""A desk over the catalogue full of questions of ``fixtures/review``, made once and copied for each test."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from catalogue.decision import Case
from desk.app import create_app
from desk.visit import SESSION_COOKIE
from ops.settings import Settings, load_settings
from store import accounts, cases, sessions
from store.accounts import Account, Role
from store.database import Store, open_store

NOW = "2026-11-03T08:31:00Z"
REVIEW = Path(__file__).parents[2] / "fixtures" / "review"
Desk = Callable[..., TestClient]


@pytest.fixture
def settings(review_data: Path, tmp_path: Path) -> Settings:
    """Settings whose data directory is a copy of one's own."""
    data = tmp_path / "data"
    shutil.copytree(review_data, data)
    return load_settings(REVIEW / "lyhde.toml", data_dir=data)


@pytest.fixture
def store(settings: Settings) -> Iterator[Store]:
    opened = open_store(settings.store_url, settings.data_dir)
    yield opened
    opened.close()


@pytest.fixture
def desk(settings: Settings, store: Store) -> Iterator[Desk]:
    """Sign somebody in: a browser of theirs, which follows no redirects."""
    app = create_app(settings, lambda: datetime(2026, 11, 3, 8, 31, tzinfo=UTC))
    open_clients: list[TestClient] = []

    def sign_in(name: str = "aino", role: Role = "cataloguer", language: str = "fi") -> TestClient:
        person = Account(
            name=name, display_name=f"{name.title()} Virtanen", role=role, language=language, created_at=NOW
        )
        with store.write() as connection:
            if accounts.find(connection, name) is None:
                accounts.add(connection, person)
            sessions.open(connection, token := f"token-{name}-{len(open_clients)}", name, now=NOW, hours=12)
        client = TestClient(
            app,
            base_url="https://127.0.0.1",
            headers={"sec-fetch-site": "same-origin", "cookie": f"{SESSION_COOKIE}={token}"},
            follow_redirects=False,
        )
        open_clients.append(client)
        return client.__enter__()

    yield sign_in
    for client in open_clients:
        client.__exit__(None, None, None)


@pytest.fixture
def case_of(store: Store) -> Callable[..., Case]:
    """The first open case of a kind, of those whose reason has a word."""

    def find(kind: str, reason: str = "", level: str = "edition") -> Case:
        with store.read() as connection:
            found = [c for c in cases.listed(connection) if c.kind == kind and c.level == level and reason in c.reason]
        return found[0]

    return find
