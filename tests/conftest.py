"""What every test may ask for: real data from outside the project, and a network that is closed but for loopback."""

from __future__ import annotations

import os
import shutil
import socket
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

from benchmarks.postgresql import Server, running

settings.register_profile("steady", deadline=None)  # a loaded machine is slow, not wrong
settings.load_profile("steady")
LOOPBACK = {"127.0.0.1", "::1", "localhost"}


@pytest.fixture(scope="session")
def test_data() -> Path:
    """The folder of real feeds (`LYHDE_TEST_DATA`); tests that ask for it are skipped by name where it is unset."""
    folder = os.environ.get("LYHDE_TEST_DATA")
    if not folder:
        pytest.skip("LYHDE_TEST_DATA is not set: no real feeds to read")
    return Path(folder).resolve()


@pytest.fixture(scope="session")
def fixtures() -> Path:
    """The project's own sample feeds."""
    return Path(__file__).parent.parent / "fixtures"


@pytest.fixture(autouse=True, scope="session")
def closed_network() -> Iterator[None]:
    """Refuse every connection that leaves this machine: nothing under test may need one."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: Any) -> None:
        if isinstance(address, tuple) and address[0] not in LOOPBACK:
            raise OSError(f"a test tried to reach {address}")
        connect(self, address)

    patch = pytest.MonkeyPatch()
    patch.setattr(socket.socket, "connect", guarded)
    yield
    patch.undo()


@pytest.fixture(scope="session")
def search_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a real Elasticsearch on an empty folder, one for the whole session.

    Tests that use it are marked `search_server` and keep to an index prefix of their own.
    """
    from index.server import start, stop

    folder = tmp_path_factory.mktemp("search")
    server = start(folder)
    yield server.url
    stop(folder)


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[Server]:
    """A real PostgreSQL on an empty folder, one for the whole session; every test makes databases of its own."""
    with running() as server:
        yield server


@pytest.fixture
def fresh_database(postgresql_server: Server) -> Iterator[Callable[[], str]]:
    """Make databases without a schema, for tests that change one; they are dropped at the end."""
    made: list[str] = []

    def make() -> str:
        made.append(postgresql_server.make_database())
        return made[-1]

    yield make
    for url in made:
        postgresql_server.drop_database(url)


@pytest.fixture(scope="session")
def _kept_database(postgresql_server: Server, tmp_path_factory: pytest.TempPathFactory) -> str:
    from store.database import open_store

    url = postgresql_server.make_database()
    open_store(url, tmp_path_factory.mktemp("schema")).close()
    return url


@pytest.fixture
def postgresql_url(postgresql_server: Server, _kept_database: str) -> str:
    """The address of an empty store on PostgreSQL: one database, emptied for each test that asks."""
    postgresql_server.empty_database(_kept_database)
    return _kept_database


@pytest.fixture(scope="session")
def _kept_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    from store.database import open_store

    folder = tmp_path_factory.mktemp("schema")
    open_store(f"sqlite:///{folder / 'lyhde.sqlite'}", folder).close()
    return folder / "lyhde.sqlite"


@pytest.fixture(params=["sqlite", "postgresql"])
def store_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an empty store: the same test on both back ends. The schema is there: that is faster."""
    if request.param == "sqlite":
        shutil.copy(request.getfixturevalue("_kept_file"), tmp_path)
        return f"sqlite:///{tmp_path / 'lyhde.sqlite'}"
    return str(request.getfixturevalue("postgresql_url"))


@pytest.fixture(params=["sqlite", "postgresql"])
def fresh_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a database without a schema, on both back ends."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'lyhde.sqlite'}"
    return str(request.getfixturevalue("fresh_database")())
