"""How often Python looks for cycles of garbage: seldom, in a process that handles many records."""

from __future__ import annotations

import gc

COLLECT_AFTER = (20_000, 20, 50)  # records hold no cycles; with (700, 10, 10) a harvest takes a third longer


def collect_seldom() -> None:
    """For the rest of this process."""
    gc.set_threshold(*COLLECT_AFTER)
