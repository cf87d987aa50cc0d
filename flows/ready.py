"""Whether the nightly run is served: its ready file, its processes, and what Prefect says over HTTP."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from catalogue.errors import LyhdeError, ServiceUnreachable
from catalogue.sentence import Sentence
from flows.environment import Places
from flows.prefect_api import PrefectApi
from jobs.examining import Check
from ops.messages import _
from ops.settings import Settings

SERVE = "lyhde nightly serve"
RESTART = Sentence("restart {command}", command=SERVE)
TIMEOUT_S = 5


@dataclass(frozen=True)
class Ready:
    """`url` of the Prefect API, `pid` of the runner, `supervisor` the process of ``lyhde nightly serve``."""

    url: str
    pid: int
    supervisor: int


def read_ready(file: Path) -> Ready | None:
    """What the ready file says, if the runner it names lives; a stale file counts as none."""
    try:
        said = json.loads(file.read_text("utf-8"))
        ready = Ready(str(said["url"]), int(said["pid"]), int(said["supervisor"]))
        os.kill(ready.pid, 0)
    except PermissionError:
        return ready
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return ready


def api_of(settings: Settings) -> PrefectApi:
    """The Prefect API that runs are started through. Raises ServiceUnreachable where the night is not served."""
    if settings.nightly.prefect_url:
        return PrefectApi(settings.nightly.prefect_url.rstrip("/"))
    ready = read_ready(Places.of(settings).ready)
    if ready is None:
        raise ServiceUnreachable(
            Sentence(
                "no nightly run is served on {folder}: start {command}, or use lyhde run",
                folder=settings.data_dir,
                command=SERVE,
            )
        )
    return PrefectApi(ready.url)


def answers(url: str) -> bool:
    """Whether a Prefect API is healthy."""
    return PrefectApi(url, TIMEOUT_S).is_healthy()


def examine_nightly(settings: Settings) -> Iterator[Check]:
    """The lines of ``lyhde doctor``: Prefect's API, the runner, the schedule, and that nothing is told to others."""
    ready = read_ready(Places.of(settings).ready)
    if ready is None and not settings.nightly.prefect_url:
        yield Check(_("nightly run"), "ok", Sentence("not served here; {command} starts it", command=SERVE))
        return
    try:
        api = api_of(settings)
        found = api.deployment()
    except LyhdeError as error:
        yield Check(
            _("Prefect"), "fail", error, Sentence("start {command}, or mend nightly.prefect_url", command=SERVE)
        )
        return
    yield Check(_("Prefect"), "ok", api.url)
    if ready:
        yield Check(_("runner"), "ok", Sentence("process {pid}", pid=str(ready.pid)))
    else:
        yield Check(_("runner"), "warn", Sentence("none on this machine"), SERVE)
    yield _schedule(found)
    yield _telemetry(api, settings)


def _schedule(deployment: dict[str, object]) -> Check:
    rows = deployment.get("schedules")
    active = [row["schedule"] for row in rows if row.get("active")] if isinstance(rows, list) else []
    if deployment.get("paused") or not active:
        return Check(_("schedule"), "warn", Sentence("paused: no night starts by itself"), RESTART)
    return Check(_("schedule"), "ok", "; ".join(f"{each.get('cron')} {each.get('timezone')}" for each in active))


def _telemetry(api: PrefectApi, settings: Settings) -> Check:
    name = _("telemetry")
    if settings.nightly.prefect_url:
        return Check(name, "ok", Sentence("off in our processes; the Prefect server is your own"))
    said = api.ask("GET", "/admin/settings")
    on = said.get("server", {}).get("analytics_enabled", True)
    return Check(name, "fail" if on else "ok", Sentence("on") if on else Sentence("off"), RESTART if on else "")
