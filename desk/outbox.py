"""Telling the search what changed: every few seconds the outbox is emptied, in a thread of its own."""

from __future__ import annotations

from threading import Event, Thread

from catalogue.errors import LyhdeError, RunLocked
from jobs.connections import opened_index
from jobs.publishing import update
from jobs.reachable import search_answers
from ops.logs import get_logger
from ops.settings import Settings
from store import merged
from store.database import Store

EVERY_S = 5.0
log = get_logger("desk")


class Outbox:
    """Begins with `start`, ends with `stop`. Where the search server does not answer the outbox waits."""

    def __init__(self, settings: Settings, store: Store, every_s: float = EVERY_S) -> None:
        self._settings, self._store, self._every_s = settings, store, every_s
        self._ended = Event()
        self._is_down = False
        self._thread = Thread(target=self._work, name="outbox", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """What is under way is finished first."""
        self._ended.set()
        self._thread.join()

    def is_down(self) -> bool:
        """Whether the search did not answer when something was last to be published. Asks nobody: pages wait not."""
        return self._is_down

    def _work(self) -> None:
        while not self._ended.wait(self._every_s):
            try:
                self.empty()
            except RunLocked:
                continue  # another process publishes
            except LyhdeError as error:
                log.warning("outbox", reason=str(error))

    def empty(self) -> int:
        """Publish what waits; how many documents were written. Starts no search server."""
        with self._store.read() as connection:
            waiting = merged.outbox_size(connection)
        if not waiting:
            return 0
        self._is_down = not search_answers(self._settings)
        if self._is_down:
            return 0
        with opened_index(self._settings) as index:
            report = update(self._store, index, self._settings.publish.media)
        return report.indexed + report.removed
