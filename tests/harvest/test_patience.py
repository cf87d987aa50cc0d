"""What may pass is tried again, and told in the words of our log."""

from __future__ import annotations

import pytest
import stamina
import structlog

from catalogue.errors import ServiceUnreachable
from harvest.patience import Astray, Transient, tried


@pytest.mark.parametrize(
    ("kind", "message"),
    [
        (Transient, "does not answer: it rains; try again later"),
        (Astray, "answers, but it rains; what was read is kept"),
    ],
)
def test_what_does_not_pass_is_told_once_for_each_try_and_then_raised(kind: type[Transient], message: str) -> None:
    def work() -> None:
        raise kind("it rains")

    with (
        stamina.set_testing(True, attempts=3),
        structlog.testing.capture_logs() as logs,
        pytest.raises(ServiceUnreachable, match=message),
    ):
        tried("otava", "https://otava.example/feed", work, attempts=3)
    told = {"event": "it is tried again", "source": "otava", "url": "https://otava.example/feed", "why": "it rains"}
    assert [{key: each[key] for key in told} for each in logs] == [told, told]
