"""The first page: the next case for me, and what happened since yesterday."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter
from fastapi.responses import Response

from desk.queue import Asked
from desk.reasons import KINDS
from desk.visit import Viewer, Visit
from ops.schedule import next_daily
from store import claims, merged, queue, runs, sources
from store.database import Connection
from store.moments import FORM, later
from store.queue import QueueQuery
from store.runs import Run

router = APIRouter()
DAY_S = 24 * 3600
RUNS_READ = 60


@dataclass(frozen=True, slots=True)
class Kept:
    """A case that I keep, and until when."""

    case: str
    title: str
    language: str
    until: str


@router.get("/")
def home(visit: Viewer) -> Response:
    """Where work begins."""
    with visit.store.read() as connection:
        page = queue.page(connection, QueueQuery(), visit.person.name, now=visit.now, limit=1)
        recent = _recent(connection, visit.now)
        values: dict[str, Any] = {
            "total": page.total,
            "kinds": [
                (kind, visit.text(KINDS.get(kind, kind)), count, Asked.model_validate({"kind": kind}).link())
                for kind, count in page.facets["kind"]
            ],
            "kept": _kept(connection, visit),
            "recent": recent,
            "sums": {name: sum(getattr(run.counts, name) for run in recent) for name in ("new", "changed", "removed")},
            "held": runs.listed(connection, state="held"),
            "names": {known.id: known.name for known in sources.every(connection)},
            "waiting": merged.outbox_size(connection),
        }
    tonight = next_daily(visit.settings.nightly.cron, visit.desk.clock())
    values["tonight"] = tonight.strftime(FORM) if tonight else None
    values["minutes"] = visit.settings.desk.claim_minutes
    return visit.page("home.html", nav="next", **values)


def _recent(connection: Connection, now: str) -> list[Run]:
    """The last day's runs, newest first."""
    since = later(now, -DAY_S)
    return [run for run in runs.listed(connection, limit=RUNS_READ) if run.started_at >= since]


def _kept(connection: Connection, visit: Visit) -> list[Kept]:
    found = []
    for claim in claims.mine(connection, visit.person.name, visit.now):
        row = queue.find_row(connection, claim.case)
        if row and row.state == "open":
            found.append(Kept(claim.case, row.title or claim.case, row.language, claim.until))
    return found
