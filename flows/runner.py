"""``python -m flows.runner``: serves the deployment ``nightly`` on the Prefect API of its environment.

At its start it tidies up behind a runner that was killed, and says in the ready file that runs can be started.
"""

from __future__ import annotations

import asyncio
import json
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

from prefect.client.orchestration import PrefectClient, get_client
from prefect.client.schemas.actions import GlobalConcurrencyLimitUpdate
from prefect.client.schemas.filters import DeploymentFilter, DeploymentFilterId, FlowRunFilter
from prefect.client.schemas.objects import FlowRun, StateType
from prefect.client.schemas.schedules import CronSchedule
from prefect.events.actions import ChangeFlowRunState
from prefect.events.schemas.automations import AutomationCore, EventTrigger, Posture
from prefect.events.schemas.events import ResourceSpecification
from prefect.runner import Runner
from prefect.states import Cancelled, Crashed
from prefect.types.entrypoint import EntrypointType

from flows import lifeline
from flows.ending import ENDINGS
from flows.environment import HEARTBEAT_S, READY_FILE, settings_of
from flows.names import DEPLOYMENT, FULL_NAME
from flows.nightly import nightly
from flows.ready import answers
from flows.slots import PREFIX
from ops.settings import NightlySettings

TIME_ZONE = "Europe/Helsinki"
LOOK_EVERY_S = 0.3
SILENT_FOR = timedelta(seconds=3 * HEARTBEAT_S)
AUTOMATION = "Lyhde: a run without heartbeat has crashed"
ALIVE = "prefect.flow-run.heartbeat"
ENDS = {*ENDINGS, "Completed", "Failed", "Crashed", "Cancelled"}


def schedule(about: NightlySettings) -> CronSchedule:
    """The night's beginning, by the clocks of Finland: right on both days on which they are set."""
    return CronSchedule(cron=about.cron, timezone=TIME_ZONE)


def watchman() -> AutomationCore:
    """The automation that ends a run whose process has vanished."""
    return AutomationCore(
        name=AUTOMATION,
        description="Made by lyhde nightly serve.",
        trigger=EventTrigger(
            match=ResourceSpecification.model_validate({"prefect.resource.id": "prefect.flow-run.*"}),
            match_related=ResourceSpecification.model_validate(
                {"prefect.resource.role": "flow", "prefect.resource.name": nightly.name}
            ),
            for_each={"prefect.resource.id"},
            after={ALIVE},
            expect={ALIVE, *(f"prefect.flow-run.{state}" for state in ENDS)},
            posture=Posture.Proactive,
            threshold=1,
            within=SILENT_FOR,
        ),
        actions=[
            ChangeFlowRunState(
                state=StateType.CRASHED,
                name="Crashed",
                message=f"No sign of life for {SILENT_FOR.seconds} s. The next run goes on where it stopped.",
            )
        ],
    )


async def serve() -> None:
    """Deploy, tidy up, and work until a signal comes."""
    runner = Runner(name=DEPLOYMENT, pause_on_shutdown=False, limit=1)
    settings = settings_of()
    await wait_for_api(os.environ["PREFECT_API_URL"])
    deployment = await nightly.ato_deployment(
        DEPLOYMENT,
        schedules=[schedule(settings.nightly)],
        paused=False,
        tags=["lyhde"],
        description="Harvest, resolve, publish: made by lyhde nightly serve.",
        entrypoint_type=EntrypointType.MODULE_PATH,
    )
    number = await runner.aadd_deployment(deployment)
    async with get_client() as client:
        await client.resume_deployment(number)
        await watch(client)
        await end_runs_of_the_dead(client, number)
        await run_missed_once(client, number)
    say_ready(Path(os.environ[READY_FILE]))
    await runner.start()


async def wait_for_api(url: str) -> None:
    """Until Prefect's API is healthy: it starts beside us. Who started us gives up on both when that takes too long."""
    while not await asyncio.to_thread(answers, url):
        await asyncio.sleep(LOOK_EVERY_S)


async def watch(client: PrefectClient) -> None:
    """The automation as this version has it; an older one is replaced."""
    for old in await client.read_automations_by_name(AUTOMATION):
        await client.delete_automation(old.id)
    await client.create_automation(watchman())


async def end_runs_of_the_dead(client: PrefectClient, deployment: UUID) -> None:
    """No process is left of what a killed runner had begun: its runs are over, its slots free."""
    for run in await _runs(client, deployment, {"type": {"any_": ["RUNNING", "PENDING", "CANCELLING"]}}):
        await client.set_flow_run_state(
            run.id, Crashed(message="Its process was killed. The next run goes on where it stopped."), force=True
        )
    for limit in await client.read_global_concurrency_limits(limit=200, offset=0):
        if limit.name.startswith(PREFIX) and limit.active_slots:
            await client.update_global_concurrency_limit(limit.name, GlobalConcurrencyLimitUpdate(active_slots=0))


async def run_missed_once(client: PrefectClient, deployment: UUID) -> None:
    """However many nights went by without us: of the runs that are late, the newest is left to run, now."""
    due = datetime.now(UTC)
    late = [
        run
        for run in await _runs(client, deployment, {"type": {"any_": ["SCHEDULED"]}})
        if run.auto_scheduled and run.expected_start_time and run.expected_start_time < due
    ]
    for run in sorted(late, key=lambda run: run.expected_start_time or due)[:-1]:
        message = "Missed while nightly serve was down. A later run makes up for it."
        await client.set_flow_run_state(run.id, Cancelled(message=message), force=True)


async def _runs(client: PrefectClient, deployment: UUID, state: dict[str, object]) -> list[FlowRun]:
    return await client.read_flow_runs(
        flow_run_filter=FlowRunFilter.model_validate({"state": state}),
        deployment_filter=DeploymentFilter(id=DeploymentFilterId(any_=[deployment])),
        limit=200,
    )


def say_ready(file: Path) -> None:
    """The ready file, whole or not at all."""
    said = {
        "url": os.environ["PREFECT_API_URL"],
        "deployment": FULL_NAME,
        "pid": os.getpid(),
        "supervisor": os.getppid(),
    }
    part = file.with_suffix(".part")
    part.write_text(json.dumps(said), "utf-8")
    part.replace(file)


def main() -> None:
    """Serve until a signal comes. The environment is that of `flows.environment`."""
    lifeline.tie()
    os.environ[lifeline.PARENT] = str(os.getpid())  # the flow's process is tied to this one
    asyncio.run(serve())


if __name__ == "__main__":
    main()
