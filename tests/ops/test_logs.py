"""A logger made when its module was read follows what is configured later."""

from __future__ import annotations

import logging
from collections.abc import Iterator

import pytest
import structlog

from ops.logs import configure_logs, get_logger
from ops.settings import LogSettings


@pytest.fixture(autouse=True)
def _logging_as_it_was() -> Iterator[None]:
    root, configured = logging.getLogger(), structlog.get_config()
    handlers, level = root.handlers, root.level
    yield
    root.handlers, root.level = handlers, level
    structlog.configure(**configured)


def test_a_logger_in_use_follows_the_newest_configuration(capsys: pytest.CaptureFixture[str]) -> None:
    log = get_logger("harvest")
    for text in ("first", "second"):
        configure_logs(LogSettings(format="plain"))
        log.warning(text)
        assert text in capsys.readouterr().err
    with structlog.testing.capture_logs() as lines:
        log.warning("third")
    assert [line["event"] for line in lines] == ["third"]
