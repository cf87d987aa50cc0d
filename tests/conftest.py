"""What every test may ask for: real data from outside the project, and a network that is closed but for loopback."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings
from xdist.scheduler import LoadFileScheduling

from benchmarks.postgresql import Server, running

settings.register_profile("steady", deadline=None)  # a loaded machine is slow, not wrong
settings.load_profile("steady")
LOOPBACK = {"127.0.0.1", "::1", "localhost"}
ROOT = Path(__file__).parent.parent
LONG = (
    "tests/flows/",
    "tests/browser/",
    "tests/jobs/",
    "tests/store/",
)  # begun first, so that all workers end together
WHOLE = ("tests/flows/",)  # folders whose tests share something too dear to be had twice
UNDERTAKER = """
import pathlib, shutil, sys, time
sys.stdin.read()
home = pathlib.Path(sys.argv[1])
if (home / "search-server").exists():
    from index.server import stop
    for _ in range(240):
        if stop(home):
            break
        time.sleep(0.5)  # cut off while it started: it will answer soon
shutil.rmtree(home, ignore_errors=True)
"""
SHARED = pytest.StashKey[Path]()


class FilesAndFolders(LoadFileScheduling):  # type: ignore[misc]  # it has no types
    """Under xdist the tests of a file stay with one worker, as do those of some folders; the longest come first."""

    def _split_scope(self, nodeid: str) -> str:
        return next((folder for folder in WHOLE if nodeid.startswith(folder)), super()._split_scope(nodeid))


def pytest_configure(config: pytest.Config) -> None:
    """SIGTERM ends a run as Ctrl-C does: what was started is stopped."""

    def end(*_: Any) -> None:
        raise KeyboardInterrupt

    signal.signal(signal.SIGTERM, end)
    os.environ.setdefault("JAVA_TOOL_OPTIONS", "-XX:TieredStopAtLevel=1")  # a short life: half the time to start


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> FilesAndFolders:
    config.option.loadscopereorder = False
    return FilesAndFolders(config, log)


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """All workers share one search server, which the process that started them outlives."""
    if SHARED not in node.config.stash:
        kept = ExitStack()
        node.config.add_cleanup(kept.close)
        node.config.stash[SHARED] = kept.enter_context(search_folder())
    node.workerinput["search"] = str(node.config.stash[SHARED])


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if hasattr(config, "workerinput"):
        items.sort(key=lambda item: not item.nodeid.startswith(LONG))


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """Bytes that are no text are not spelt out: what packs them may write the time, and workers must agree on names."""
    binary = isinstance(val, bytes) and not (val.isascii() and val.decode().isprintable())
    return argname if binary else None


@contextmanager
def search_folder() -> Iterator[Path]:
    """A folder for a search server that ends when the block does, or when this process does, however it ends.

    Another process waits for that: the server is meant to outlive those that start it.
    """
    folder = tempfile.mkdtemp(prefix="lyhde-search-")
    command = [sys.executable, "-c", UNDERTAKER, folder]
    undertaker = subprocess.Popen(command, stdin=subprocess.PIPE, cwd=ROOT, start_new_session=True)
    try:
        yield Path(folder)
    finally:
        undertaker.communicate()


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


@pytest.fixture(scope="session")
def demo_api(
    tmp_path_factory: pytest.TempPathFactory, search_server: str, fixtures: Path
) -> Callable[..., AbstractContextManager[str]]:
    """Serves the demo catalogue by the command line while a block lasts, and gives its address; further settings as
    environment variables. Every `name` has a folder and an index of its own.
    """

    @contextmanager
    def served(name: str, **further: str) -> Iterator[str]:
        home = tmp_path_factory.mktemp(name)
        shutil.copytree(fixtures / "demo", home / "demo", ignore=shutil.ignore_patterns("__pycache__", "*.py"))
        words = [sys.executable, "-m", "cli.main", "--config", str(home / "demo" / "lyhde.toml")]
        words += ["--data-dir", str(home / "data"), "--quiet"]
        set_up = {"LYHDE__ELASTICSEARCH__URL": search_server, "LYHDE__ELASTICSEARCH__INDEX_PREFIX": name}
        environment = {**os.environ, **set_up, **further}
        subprocess.run([*words, "run"], cwd=ROOT, env=environment, check=True, stdout=subprocess.DEVNULL)
        serving = subprocess.Popen(
            [*words, "api", "serve", "--port", "0"],
            cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
        )  # fmt: skip
        assert serving.stdout is not None
        try:
            yield serving.stdout.readline().strip()
        finally:
            serving.terminate()
            serving.wait()
            serving.stdout.close()

    return served


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
def search_server(request: pytest.FixtureRequest) -> Iterator[str]:
    """The address of a real Elasticsearch on an empty folder, one for the whole run.

    Tests that use it are marked `search_server` and keep to an index prefix of their own (`prefix`).
    """
    from index.server import start

    with ExitStack() as kept:
        shared = getattr(request.config, "workerinput", {}).get("search")
        yield start(Path(shared) if shared else kept.enter_context(search_folder())).url


@pytest.fixture
def own_search_folder() -> Iterator[Path]:
    """A folder for a search server of the test's own, which ends with it."""
    with search_folder() as folder:
        yield folder


@pytest.fixture(scope="session")
def prefix(worker_id: str) -> Callable[[str], str]:
    """Makes the index prefix of a name, which no other worker has."""
    return lambda name: f"{name}-{worker_id}"


@pytest.fixture(scope="session")
def review_data(tmp_path_factory: pytest.TempPathFactory, fixtures: Path) -> Path:
    """The data directory of the review sample, harvested and resolved on 2026-11-03: for copies, not to be changed."""
    from jobs.harvesting import harvest
    from jobs.resolving import resolve
    from ops.sources import load_sources
    from store.database import open_store

    data, at = tmp_path_factory.mktemp("review") / "data", "2026-11-03T08:31:00Z"
    store = open_store(f"sqlite:///{data / 'lyhde.sqlite'}", data)
    for source in load_sources(fixtures / "review" / "sources").values():
        harvest(store, source, at)
    resolve(store, at)
    store.close()
    return data


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
