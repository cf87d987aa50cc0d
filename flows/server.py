"""``python -m flows.server PORT``: Prefect's own ``prefect server start`` on loopback, tied to its supervisor."""

from __future__ import annotations

import runpy
import sys

from flows.lifeline import tie

HOST = "127.0.0.1"


def main() -> None:
    """Serve until a signal comes. The environment is that of `flows.environment`."""
    tie()
    sys.argv = ["prefect", "server", "start", "--host", HOST, "--port", sys.argv[1], "--log-level", "WARNING"]
    runpy.run_module("prefect", run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
