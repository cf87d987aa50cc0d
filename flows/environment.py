"""What Prefect's processes are told before they import it: where they live, and that they call nobody.

Prefect reads its environment once, at its first import, so all of it is here and this module imports nothing of it.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from ops.settings import Settings, load_settings

CONFIG = "LYHDE_CONFIG"
DATA_DIR = "LYHDE__DATA_DIR"
READY_FILE = "LYHDE_NIGHTLY_READY"
HEARTBEAT_S = 30
CLIENT_RETRIES = 6
PATIENCE_S = float(sum(2**n for n in range(1, CLIENT_RETRIES + 1)))
"""How long a Prefect server that died may be away, while it is started again: 126 s, by the pauses of its client."""
SILENT = {
    "DO_NOT_TRACK": "1",
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "PREFECT_SERVER_UI_SHOW_PROMOTIONAL_CONTENT": "false",
    "PREFECT_LOGGING_TO_API_ENABLED": "false",
}
PREFERRED = {"PREFECT_RUNNER_POLL_FREQUENCY": "2"}
"""What our own environment may say otherwise: how often the runner asks for runs that are due, whole seconds."""
STEADY = {
    "PREFECT_FLOWS_HEARTBEAT_FREQUENCY": str(HEARTBEAT_S),
    "PREFECT_CLIENT_MAX_RETRIES": str(CLIENT_RETRIES),
    "PREFECT_SERVER_ALLOW_EPHEMERAL_MODE": "false",  # without our server a run fails; it does not start one of its own
    "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": "120",
    "PREFECT_SERVER_SERVICES_TASK_RUN_RECORDER_READ_BATCH_SIZE": "100",  # with 1 SQLite is locked by its own server
    "PREFECT_SERVER_SERVICES_TASK_RUN_RECORDER_BATCH_SIZE": "100",
    "PREFECT_SERVER_CONCURRENCY_LEASE_STORAGE": "prefect.server.concurrency.lease_storage.filesystem",
    "PREFECT_SERVER_SERVICES_DB_VACUUM_ENABLED": "events,flow_runs,orphans",
}


@dataclass(frozen=True)
class Places:
    """Where the nightly run keeps its things, under the data directory."""

    root: Path

    @classmethod
    def of(cls, settings: Settings) -> Places:
        return cls(settings.data_dir / "nightly")

    @property
    def home(self) -> Path:
        """Prefect's own folder: its database and results."""
        return self.root / "prefect"

    @property
    def ready(self) -> Path:
        """Written when runs can be started: address of the API, processes."""
        return self.root / "ready.json"

    @property
    def server_log(self) -> Path:
        return self.root / "server.log"


def environment(settings: Settings, config: Path | None, url: str) -> dict[str, str]:
    """The environment of server, runner and flow. It holds no secret that was not in ours."""
    places = Places.of(settings)
    ours = {
        "PREFECT_HOME": str(places.home),
        "PREFECT_PROFILES_PATH": str(places.home / "profiles.toml"),
        "PREFECT_API_URL": url,
        DATA_DIR: str(settings.data_dir),
        READY_FILE: str(places.ready),
    }
    if config is not None:
        ours[CONFIG] = str(config.resolve())
    if not settings.nightly.prefect_url:
        ours["PREFECT_SERVER_DATABASE_CONNECTION_URL"] = f"sqlite+aiosqlite:///{places.home / 'prefect.db'}"
    return {**PREFERRED, **os.environ, **SILENT, **STEADY, **ours}


def settings_of() -> Settings:
    """The settings as `nightly serve` reads them: from the file its processes are told of."""
    config = os.environ.get(CONFIG)
    return load_settings(Path(config) if config else None)
