"""Prefect's server may die in the middle of a night and is started again: what needs it waits for it.

The work of a night is done by the jobs, which ask Prefect for nothing. Three things need the server:

* states and artifacts are told by the client of the flow run, which Prefect makes patient when it is told to
  (`flows.environment.PATIENCE_S`);
* progress is shown while there is somebody to show it to;
* a host's slot is asked for by clients of Prefect's own that give up at once: that is what is asked patiently here.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

from httpx import TransportError  # what Prefect's clients raise
from prefect.concurrency.asyncio import ConcurrencySlotAcquisitionError

from catalogue.errors import ServiceUnreachable
from catalogue.sentence import Sentence
from flows.environment import PATIENCE_S
from ops.logs import get_logger

ASK_EVERY_S = 1.0
log = get_logger("nightly")
Given = TypeVar("Given")


def patiently(ask: Callable[[], Given], patience_s: float = PATIENCE_S) -> Given:
    """What `ask` gives; asked again for so long as Prefect's server is silent.

    Raises ServiceUnreachable (another try may help) where it is silent for longer, and any other error at once.
    """
    deadline = time.monotonic() + patience_s
    told = False
    while True:
        try:
            return ask()
        except Exception as error:
            if not is_silence(error):
                raise
            if time.monotonic() > deadline:
                silent = Sentence("Prefect's server has been silent for {seconds} s", seconds=round(patience_s))
                raise ServiceUnreachable(silent) from error
            if not told:
                log.warning("waiting for Prefect's server", error=type(error).__name__)
                told = True
        time.sleep(ASK_EVERY_S)


def is_silence(error: BaseException) -> bool:
    """Whether nothing answered, as Prefect's clients say it: directly, or as the cause of a slot that was not had."""
    if isinstance(error, ConcurrencySlotAcquisitionError):
        return isinstance(error.__cause__, TransportError)
    return isinstance(error, TransportError)
