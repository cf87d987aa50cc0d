"""Harvest runs: their numbers against the usual ones; a held run is let go live, or dropped."""

from __future__ import annotations

from typing import Annotated, Literal
from urllib.parse import urlencode

from fastapi import APIRouter, Query
from fastapi.responses import Response

from catalogue.errors import UsageError
from catalogue.sentence import Sentence
from desk.visit import Number, Operator, Viewer, Visit
from jobs import holding
from jobs.medians import medians, off
from ops.messages import _
from ops.saying import said
from ops.sources import load_sources
from store import audit, defects, runs, sources
from store.moments import seconds_between
from store.runs import Run

router = APIRouter()
PAGE = 30
COUNTS: tuple[tuple[str, str], ...] = (
    ("received", _("received")),
    ("new", _("new")),
    ("changed", _("changed")),
    ("unchanged", _("unchanged")),
    ("deleted", _("deletions sent")),
    ("removed", _("removed by a message")),
    ("absent", _("no longer in the feed")),
    ("superseded", _("superseded")),
    ("quarantined", _("quarantined")),
)


@router.get("/runs")
def listed(
    visit: Viewer,
    state: Literal["running", "held", "promoted", "rejected", "failed"] | None = None,
    source: Annotated[str | None, Query(max_length=100)] = None,
    page: Annotated[int, Query(ge=1, le=10_000)] = 1,
) -> Response:
    """Runs, newest first."""
    with visit.store.read() as connection:
        found = runs.listed(connection, state=state, source=source, limit=page * PAGE + 1)
        names = {known.id: known.name for known in sources.every(connection)}
    shown = found[(page - 1) * PAGE : page * PAGE]
    narrowed = {"state": state, "source": source}
    return visit.page(
        "runs.html",
        nav="runs",
        rows=[(run, _duration(run)) for run in shown],
        names=names,
        state=state,
        source=source,
        newer=_link(page - 1, narrowed) if page > 1 else None,
        older=_link(page + 1, narrowed) if len(found) > page * PAGE else None,
    )


@router.get("/runs/{number}")
def one(visit: Viewer, number: Number) -> Response:
    """One run: every count beside its median of 28 days, and what it would do where it is held."""
    return _page(visit, number)


def _page(visit: Visit, number: int) -> Response:
    configured = load_sources(visit.settings.sources_dir)
    with visit.store.read() as connection:
        run = runs.find(connection, number)
        usual = medians(connection, run.source, visit.now, before=run.id)
        known = {each.id: each for each in sources.every(connection)}.get(run.source)
        quarantined = defects.quarantine_by_code(connection, run=run.id)
        live = sources.live_count(connection, run.source)
    about = configured.get(run.source)
    odd = off(run.counts, usual, about.limits) if about else ()
    return visit.page(
        "run.html",
        nav="runs",
        run=run,
        source_name=known.name if known else run.source,
        seconds=_duration(run),
        counts=[
            (visit.text(label), getattr(run.counts, name), getattr(usual, name) if usual else None, name in odd)
            for name, label in COUNTS
        ],
        reasons=[(said(reason, visit.language), isinstance(reason, Sentence)) for reason in run.reasons],
        quarantined=quarantined,
        live_records=live,
        configured=about is not None,
    )


@router.post("/runs/{number}/approve")
def approve(visit: Operator, number: Number) -> Response:
    """Let a held run go live."""
    with visit.store.read() as connection:
        name = runs.find(connection, number).source
    about = load_sources(visit.settings.sources_dir).get(name)
    if about is None:
        raise UsageError(
            Sentence(
                "the source {source} is not set up here: approve the run with lyhde hold approve {run}",
                source=name,
                run=str(number),
            )
        )
    run = holding.approve(visit.store, about, number, visit.now)
    return _answered(visit, run, "hold.approve", visit.text("The run is live. The next resolve takes its records in."))


@router.post("/runs/{number}/reject")
def reject(visit: Operator, number: Number) -> Response:
    """Drop a held run; what stood stays."""
    run = holding.reject(visit.store, number, visit.now)
    return _answered(visit, run, "hold.reject", visit.text("The run was dropped. What stood before stays."))


def _answered(visit: Visit, run: Run, action: str, told: str) -> Response:
    with visit.store.write() as connection:
        audit.write(connection, action, account=visit.person.name, at=visit.now, subject=str(run.id), source=run.source)
    return visit.redirect(f"/runs/{run.id}", said=told)


def _duration(run: Run) -> float | None:
    return seconds_between(run.started_at, run.finished_at) if run.finished_at else None


def _link(page: int, narrowed: dict[str, str | None]) -> str:
    asked = {**narrowed, "page": str(page) if page > 1 else None}
    query = urlencode({key: value for key, value in asked.items() if value})
    return f"/runs?{query}" if query else "/runs"
