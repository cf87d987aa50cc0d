"""What a night leaves in Prefect's pages: table, report, a way to the desk. Keys are stable, so that nights line up."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from prefect.artifacts import Artifact, create_link_artifact, create_markdown_artifact, create_table_artifact

from flows.ending import Ending
from flows.names import OUTCOME
from flows.report import markdown, table
from jobs.medians import Compared
from jobs.running import RunOutcome
from ops.messages import translator
from ops.settings import Settings

COUNTS, REPORT, DESK = "nightly-counts", "nightly-report", "nightly-desk"
OUTCOME_KIND = "lyhde-outcome"


@dataclass(frozen=True)
class Night:
    """One night, when its stages are done."""

    settings: Settings
    now: str
    outcome: RunOutcome
    ending: Ending
    compared: list[Compared]

    def as_json(self) -> dict[str, Any]:
        """The JSON of ``lyhde run``, with how the flow ended."""
        return {**self.outcome.as_json(), "ended": asdict(self.ending)}


def keep_artifacts(night: Night) -> None:
    """Table, report, link and the outcome that ``lyhde nightly trigger`` reads."""
    text = translator(night.settings.language)
    desk = night.settings.desk.public_url
    create_table_artifact(
        table(night.compared, text), key=COUNTS, description=text("Counts of the night beside the medians of 28 days")
    )
    create_markdown_artifact(
        markdown(night.outcome, night.ending.message, night.compared, (night.settings.language, desk)), key=REPORT
    )
    if desk:
        create_link_artifact(f"{desk.rstrip('/')}/queue", link_text=text("To the desk"), key=DESK)
    Artifact(type=OUTCOME_KIND, key=OUTCOME, data=night.as_json()).create()
