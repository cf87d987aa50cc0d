"""One process at a time: an advisory lock on a file, given back even when its holder is killed."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold the lock file `path` for the block; waits for another holder. The folder must exist."""
    with path.open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
