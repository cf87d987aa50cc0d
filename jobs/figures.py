"""How the catalogue is doing, in numbers: for ``/metrics``, and for pages that show the sources' health."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from threading import Lock
from typing import Literal

from jobs.paircounts import pair_counts
from ops.metrics import Figures
from store import figures, merged, runs, sources
from store.database import Store
from store.runs import Run

KEPT_S = 15.0
STALE_H = 36.0  # a nightly source that did not succeed for longer is late

Health = Literal["well", "late", "held", "failed", "never", "retired"]


@dataclass(frozen=True, slots=True)
class SourceHealth:
    """One source at a glance. `age_s` is the time since its last promoted run, None where there was none."""

    source: str
    name: str
    role: str
    health: Health
    live_records: int
    last_success: str | None
    age_s: float | None
    last_run: Run | None
    held: tuple[Run, ...]


def read_figures(store: Store, now: datetime, documents: Mapping[str, int] | None = None) -> Figures:
    """All figures in one consistent view. `documents` are the index's, by alias, where it was asked."""
    with store.read() as connection:
        waiting = figures.waiting(connection)
        alive = {known.id for known in sources.every(connection) if not known.retired_at}
        return Figures(
            last_success={name: _unix(at) for name, at in figures.last_success(connection).items() if name in alive},
            records=figures.records_by_outcome(connection),
            live_records=figures.live_records(connection),
            held_runs=figures.held_runs(connection),
            defects=figures.defects(connection),
            pairs=pair_counts(connection),
            cases_open=figures.open_cases(connection),
            case_ages=tuple(
                (max(0.0, now.timestamp() - _unix(f"{hour}:00:00Z")), number)
                for hour, number in figures.opened_hours(connection).items()
            ),
            decisions=figures.decisions(connection),
            reopened=figures.reopened(connection),
            merged=dict(merged.count(connection).items()),
            index_lag_s=max(0.0, now.timestamp() - _unix(waiting.since)) if waiting.since else 0.0,
            outbox=waiting.works,
            index_documents=documents or {},
        )


class KeptFigures:
    """Figures read at most every `seconds`; several threads may ask. `clock` gives seconds."""

    def __init__(
        self, read: Callable[[], Figures], *, seconds: float = KEPT_S, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._read, self._seconds, self._clock = read, seconds, clock
        self._lock = Lock()
        self._kept: tuple[float, Figures] | None = None

    def __call__(self) -> Figures:
        """Raises what reading raises; nothing is kept then."""
        with self._lock:
            now = self._clock()
            if self._kept is None or now - self._kept[0] >= self._seconds:
                self._kept = (now, self._read())
            return self._kept[1]


def figures_of(store: Store) -> KeptFigures:
    """The figures of a store as `ops.metrics.Metrics` reads them."""
    return KeptFigures(lambda: read_figures(store, datetime.now(UTC)))


def source_health(store: Store, now: datetime) -> list[SourceHealth]:
    """Every source that ever delivered, by id."""
    with store.read() as connection:
        succeeded = figures.last_success(connection)
        live = figures.live_records(connection)
        found = []
        for known in sources.every(connection):
            newest = runs.listed(connection, source=known.id, limit=1)
            held = tuple(runs.listed(connection, source=known.id, state="held"))
            at = succeeded.get(known.id)
            age = max(0.0, now.timestamp() - _unix(at)) if at else None
            health = "retired" if known.retired_at else _health(newest, held, age)
            last = newest[0] if newest else None
            count = live.get(known.id, 0)
            found.append(SourceHealth(known.id, known.name, known.role, health, count, at, age, last, held))
    return found


def _health(newest: list[Run], held: tuple[Run, ...], age_s: float | None) -> Health:
    if held:
        return "held"
    if newest and newest[0].state == "failed":
        return "failed"
    if age_s is None:
        return "never"
    return "late" if age_s > STALE_H * 3600 else "well"


def _unix(at: str) -> float:
    return datetime.fromisoformat(at).timestamp()
