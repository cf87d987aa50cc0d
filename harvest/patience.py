"""What may pass is tried again, with growing pauses, for a while."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

import stamina

from catalogue.errors import ServiceUnreachable
from catalogue.sentence import Sentence
from ops.logs import get_logger

ATTEMPTS = 4
TOTAL_TIMEOUT_S = 3_600.0

log = get_logger("harvest")
stamina.instrumentation.set_on_retry_hooks(())  # `tried` says itself what is tried again, and of which source
Given = TypeVar("Given")


class Transient(Exception):
    """Worth another try. `after_s` is what the server asked to wait."""

    def __init__(self, message: str, after_s: float | None = None) -> None:
        super().__init__(message)
        self.after_s = after_s


class Astray(Transient):
    """Something answers, though not what was asked for: a login page, a notice that the service is down."""


def tried(source: str, url: str, work: Callable[[], Given], *, attempts: int = ATTEMPTS) -> Given:
    """What a piece of work gives, tried again while only passing trouble stops it.

    Raises ServiceUnreachable, naming source and address, when the trouble does not pass.
    """
    try:
        for attempt in stamina.retry_context(on=_backoff, attempts=attempts, timeout=TOTAL_TIMEOUT_S):
            with attempt, _telling(source, url, is_last=attempt.num >= attempts):
                return work()
    except Astray as error:
        raise ServiceUnreachable(
            Sentence(
                "{source}: {url} answers, but {why}; what was read is kept, and the next harvest goes on from there",
                source=source,
                url=url,
                why=error,
            )
        ) from error
    except Transient as error:
        raise ServiceUnreachable(
            Sentence("{source}: {url} does not answer: {why}; try again later", source=source, url=url, why=error)
        ) from error
    raise AssertionError("a retry ends with a result or an error")


@contextmanager
def _telling(source: str, url: str, *, is_last: bool) -> Iterator[None]:
    try:
        yield
    except Transient as error:
        if not is_last:
            log.warning("it is tried again", source=source, url=url, why=str(error))
        raise


def _backoff(error: Exception) -> bool | float:
    if not isinstance(error, Transient):
        return False
    return True if error.after_s is None else error.after_s
