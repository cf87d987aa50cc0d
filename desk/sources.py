"""The sources: how each of them is doing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from fastapi import APIRouter
from fastapi.responses import Response

from desk.visit import Viewer
from jobs.figures import source_health
from ops.messages import _
from ops.sources import load_sources

router = APIRouter()
Tone = Literal["good", "warn", "bad", "calm"]
HEALTH: Mapping[str, tuple[Tone, str]] = {
    "well": ("good", _("well")),
    "late": ("warn", _("late")),
    "held": ("warn", _("held")),
    "failed": ("bad", _("failed")),
    "never": ("calm", _("never harvested")),
    "retired": ("calm", _("ended")),
}
ROLES: Mapping[str, str] = {"catalogue": _("catalogue"), "evidence": _("evidence only")}


@router.get("/sources")
def show(visit: Viewer) -> Response:
    """Every source: those that ever delivered, and those that are set up but did not yet."""
    found = source_health(visit.store, visit.desk.clock())
    configured = load_sources(visit.settings.sources_dir)
    rows = [
        {"about": each, "state": HEALTH[each.health], "role": visit.text(ROLES.get(each.role, each.role))}
        for each in found
    ]
    delivered = {each.source for each in found}
    waiting = [source for source in configured.values() if source.id not in delivered]
    return visit.page("sources.html", nav="sources", rows=rows, waiting=waiting)
