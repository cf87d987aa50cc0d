"""No orphans: a process that ends when the one that started it is gone, however that ended."""

from __future__ import annotations

import os
import signal
import threading
import time

PARENT = "LYHDE_NIGHTLY_PARENT"
LOOK_EVERY_S = 0.5


def tie() -> None:
    """Where our environment names the process we were started by: die with it.

    The kernel gives an orphan to another parent; asking for it is portable and cheap. SIGKILL, because every job may
    be killed at any moment and none is left half done.
    """
    parent = os.environ.get(PARENT)
    if parent:
        threading.Thread(target=_watch, args=(int(parent),), name="lifeline", daemon=True).start()


def _watch(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(LOOK_EVERY_S)
    os.kill(os.getpid(), signal.SIGKILL)
