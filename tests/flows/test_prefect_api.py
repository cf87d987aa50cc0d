"""What is made of Prefect's answers."""

from __future__ import annotations

from typing import Any

import pytest

from catalogue.errors import ServiceUnreachable
from flows import prefect_api
from flows.prefect_api import ApiRefused, PrefectApi

BUSY = (503, b'{"exception_message":"Service Unavailable"}')


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ([(200, b"true")], True),
        ([BUSY, (200, b"true")], True),
        ([BUSY] * 2 + [(429, b""), (502, b""), (200, b"true")], True),
        ([BUSY], ServiceUnreachable),
        ([(422, b"no")], ApiRefused),
        ([BUSY, (404, b"no")], ApiRefused),
    ],
)
def test_a_busy_server_is_asked_again(
    feeds: Any, monkeypatch: pytest.MonkeyPatch, answers: list[tuple[int, bytes]], expected: Any
) -> None:
    monkeypatch.setattr(prefect_api, "BUSY_S", (0.0,) * 4)
    feeds.answers["/api/busy"] = list(answers)
    api = PrefectApi(f"{feeds.url}/api")
    if isinstance(expected, type):
        with pytest.raises(expected):
            api.ask("GET", "/busy")
    else:
        assert api.ask("GET", "/busy") is expected
