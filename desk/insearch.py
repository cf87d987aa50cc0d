"""Whether what readers find is what the desk shows: of a record's works, none waits in the outbox."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from desk.visit import Visit
from ops.messages import _
from store import merged

SAID = {
    "good": _("In search: yes"),
    "calm": _("In search: waiting"),
    "warn": _("In search: waiting, the search cannot be reached"),
}


@dataclass(frozen=True, slots=True)
class InSearch:
    """`tone` is that of `macros.state`."""

    tone: Literal["good", "calm", "warn"]
    words: str


def in_search(visit: Visit, works: Iterable[str | None]) -> InSearch | None:
    """How these works stand in the search; None where none of them stands anywhere."""
    named = {work for work in works if work}
    if not named:
        return None
    with visit.store.read() as connection:
        behind = merged.waiting(connection, named)
    tone: Literal["good", "calm", "warn"] = "good"
    if behind:
        tone = "warn" if visit.desk.search_is_down() else "calm"
    return InSearch(tone, visit.text(SAID[tone]))
