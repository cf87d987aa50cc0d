"""How often Python looks for cycles of garbage: seldom, in a process that handles many records."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

COLLECT_AFTER = (20_000, 20, 50)  # records hold no cycles; with (700, 10, 10) a harvest takes a third longer
HARDLY_EVER = (500_000, 20, 50)  # a resolve holds hundreds of records at once, and is a seventh faster; no larger


def collect_seldom() -> None:
    """For the rest of this process."""
    gc.set_threshold(*COLLECT_AFTER)


@contextmanager
def collecting_hardly_ever() -> Iterator[None]:
    """For work on many records at a time, which are dropped together; afterwards as before."""
    before = gc.get_threshold()
    gc.set_threshold(*HARDLY_EVER)
    try:
        yield
    finally:
        gc.set_threshold(*before)
