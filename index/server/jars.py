"""The server's jars: which ones (`jars.lock`), and getting them, checked, out of the Maven repository."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from catalogue.errors import DownloadFailed
from catalogue.sentence import Sentence
from index.server.layout import LOCK_FILE

TIMEOUT_S = 60
TWO_WAYS_OUT = Sentence("Try again, or set elasticsearch.url to an Elasticsearch 9 of your own")


@dataclass(frozen=True)
class Jar:
    """One file of the lock: `coordinate` is group:artifact:version, `place` a folder of the built server."""

    coordinate: str
    place: str
    sha256: str

    @property
    def file_name(self) -> str:
        _, artifact, version = self.coordinate.split(":")
        return f"{artifact}-{version}.jar"


def locked_jars(lock_file: Path = LOCK_FILE) -> list[Jar]:
    """The jars of the lock file, in its order."""
    rows = tomllib.loads(lock_file.read_text("utf-8"))["jar"]
    return [Jar(row["coordinate"], row["place"], row["sha256"]) for row in rows]


def get_jar(jar: Jar, repository: Path) -> Path:
    """The jar's file in the local `repository`, downloaded if it is not there, its hash checked.

    Raises DownloadFailed naming the jar and why.
    """
    path = _resolve(jar, repository)
    if file_hash(path) != jar.sha256:  # an interrupted or altered file: once more
        path.unlink()
        path = _resolve(jar, repository)
    found = file_hash(path)
    if found != jar.sha256:
        path.unlink()
        reason = Sentence("its sha256 is {found}, the lock file says {known}", found=found, known=jar.sha256)
        raise DownloadFailed(jar.coordinate, reason, TWO_WAYS_OUT)
    return path


def _resolve(jar: Jar, repository: Path) -> Path:
    from jgo.maven import MavenContext

    group, artifact, version = jar.coordinate.split(":")
    context = MavenContext(repo_cache=repository, timeout=TIMEOUT_S)
    wanted = context.project(group, artifact).at_version(version).artifact()
    try:
        return Path(wanted.resolve())
    except (OSError, RuntimeError) as failure:  # jgo's own "not found", and every trouble of the network
        if wanted.cached_path:
            Path(wanted.cached_path).unlink(missing_ok=True)
        raise DownloadFailed(jar.coordinate, _reason(failure), TWO_WAYS_OUT) from failure


def _reason(failure: BaseException) -> str:
    """The innermost cause in one line: what surrounds it is plumbing."""
    while failure.__cause__ or failure.__context__:
        failure = failure.__cause__ or failure.__context__ or failure
    return " ".join(str(failure).split())[:300] or type(failure).__name__


def file_hash(path: Path) -> str:
    """sha256 of a file, hexadecimal."""
    return sha256(path.read_bytes()).hexdigest()
