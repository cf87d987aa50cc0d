"""`lyhde nightly trigger`: start a run through Prefect, wait for its end, bring back what ``lyhde run`` would say."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from typing import Any

from catalogue.errors import ServiceUnreachable
from flows.environment import PATIENCE_S
from flows.names import OUTCOME
from flows.prefect_api import PrefectApi
from jobs.publishing import PublishReport
from jobs.resolving import ResolveReport
from jobs.running import RunOutcome, SourceOutcome
from store.runs import RunCounts

LOOK_EVERY_S = 0.5
FINAL = {"COMPLETED", "FAILED", "CRASHED", "CANCELLED"}
CRASHED_CODE = 1


@dataclass(frozen=True)
class Ended:
    """A flow run. `outcome` is None where it is not over, or left none: crashed, cancelled, a bug."""

    run: str
    name: str
    state: str
    message: str
    said: dict[str, Any] | None = None

    @property
    def exit_code(self) -> int:
        """That of ``lyhde run``; 1 for a run that did not come to an end of its own."""
        return int(self.said["ended"]["exit_code"]) if self.said else CRASHED_CODE

    @property
    def outcome(self) -> RunOutcome | None:
        """The counts, as the job gave them."""
        return read_outcome(self.said) if self.said else None

    def as_json(self) -> dict[str, Any]:
        """The JSON of ``lyhde run``, and which flow run it was."""
        empty = RunOutcome([], ResolveReport(), PublishReport()).as_json()
        about = {"id": self.run, "name": self.name, "state": self.state, "message": self.message}
        counts = {key: value for key, value in (self.said or empty).items() if key != "ended"}
        return {**counts, "flow_run": about}


def start(api: PrefectApi, sources: list[str]) -> Ended:
    """A run that is due now. Raises ServiceUnreachable."""
    return _seen(api.start(sources))


def wait(api: PrefectApi, run: str) -> Ended:
    """The end of a run. Raises ServiceUnreachable when Prefect stays away for longer than a restart takes."""
    answered = time.monotonic()
    while True:
        try:
            found = api.run(run)
            answered = time.monotonic()
            if found["state_type"] in FINAL:
                said = api.artifact(run, OUTCOME)
                return _seen(found, json.loads(said) if said else None)
        except ServiceUnreachable:
            if time.monotonic() - answered > PATIENCE_S:
                raise
        time.sleep(LOOK_EVERY_S)


def read_outcome(said: dict[str, Any]) -> RunOutcome:
    """`RunOutcome.as_json`, read back."""
    sources = [SourceOutcome(**{**row, "counts": RunCounts(**row["counts"])}) for row in said["sources"]]
    unpublished = ServiceUnreachable(said["unpublished"]) if said["unpublished"] else None
    return RunOutcome(sources, ResolveReport(**said["resolved"]), PublishReport(**said["published"]), unpublished)


def _seen(run: dict[str, Any], said: dict[str, Any] | None = None) -> Ended:
    state = run["state"]
    return Ended(run["id"], run["name"], state["name"], state.get("message") or "", said)
