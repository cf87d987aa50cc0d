"""The demo catalogue behind an API: one that the session only reads, and copies of it to change."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from starlette.testclient import TestClient

from api.app import create_app
from jobs.connections import opened_store
from jobs.running import run_all
from ops.settings import Settings, load_settings
from ops.sources import load_sources
from store.database import Store

NOW = "2026-01-31T04:00:00Z"
AS_OF = datetime(2026, 1, 31, 4, tzinfo=UTC)
NOWHERE = "http://127.0.0.1:9"  # nothing listens there


@dataclass(frozen=True)
class Api:
    """An API with what stands behind it."""

    client: TestClient
    settings: Settings
    store: Store

    def json(self, path: str, status: int = 200) -> Any:
        """What a path answers, which must be of this status."""
        answer = self.client.get(path, follow_redirects=False)
        assert answer.status_code == status, answer.text
        return answer.json()

    def work(self, title: str = "Kivisaaren talvi") -> str:
        """The id of the work of a title."""
        return str(self.json(f"/search?{urlencode({'q': title, 'lang': 'fi'})}")["hits"][0]["id"])

    def magazine(self, title: str = "Luotolainen") -> str:
        """The id of the edition of a magazine."""
        return str(self.json(f"/works/{self.work(title)}")["editions"]["editions"][0]["id"])


def changed(settings: Settings, section: str, **values: Any) -> Settings:
    """The same settings with another section."""
    return settings.model_copy(update={section: getattr(settings, section).model_copy(update=values)})


@pytest.fixture(scope="session")
def demo_settings(
    tmp_path_factory: pytest.TempPathFactory, fixtures: Path, search_server: str, prefix: Callable[[str], str]
) -> Settings:
    """The demo, harvested, resolved and published once."""
    folder = tmp_path_factory.mktemp("api")
    settings = load_settings(fixtures / "demo" / "lyhde.toml", data_dir=folder / "data")
    settings = changed(settings, "elasticsearch", url=search_server, index_prefix=prefix("api"))
    settings = changed(settings, "api", requests_per_minute=1_000_000)
    with opened_store(settings) as store:
        sources = list(load_sources(settings.sources_dir).values())
        outcome = run_all(store, settings, sources, now=NOW, tell=lambda _: None)
        assert outcome.unpublished is None
    return settings


@pytest.fixture(scope="session")
def served() -> Iterator[Callable[[Settings], Api]]:
    """Makes an API of settings, in this process."""
    with ExitStack() as kept:

        def serve(settings: Settings) -> Api:
            app = create_app(settings, AS_OF)
            client = kept.enter_context(TestClient(app, raise_server_exceptions=False))
            return Api(client, settings, app.state.service.store)

        yield serve


@pytest.fixture(scope="session")
def api(demo_settings: Settings, served: Callable[[Settings], Api]) -> Api:
    """The API on the demo. Nothing may change what is behind it."""
    return served(demo_settings)


@pytest.fixture
def own(demo_settings: Settings, tmp_path: Path) -> Settings:
    """Settings of a copy of the demo's store, with the same search index."""
    shutil.copytree(demo_settings.data_dir, tmp_path / "data")
    return demo_settings.model_copy(update={"data_dir": tmp_path / "data"})


@pytest.fixture
def own_api(own: Settings, served: Callable[[Settings], Api]) -> Api:
    """An API on a copy of the demo, to change what is behind it."""
    return served(own)


@pytest.fixture
def searchless(own: Settings, served: Callable[[Settings], Api]) -> Api:
    """An API whose search server is gone."""
    return served(changed(own, "elasticsearch", url=NOWHERE))


@pytest.fixture
def altered(own: Settings, served: Callable[[Settings], Api]) -> Callable[..., Api]:
    """Makes an API on a copy of the demo with other values of a section."""
    return lambda section, **values: served(changed(own, section, **values))
