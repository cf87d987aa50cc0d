"""Prefect's server is away for a while: what is waited for, for how long, and what is not."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any

import pytest
from httpx import ConnectError, HTTPStatusError, ReadError, Request, Response
from prefect.concurrency.asyncio import ConcurrencySlotAcquisitionError

from catalogue.errors import ServiceUnreachable
from flows import nightly, patience, slots
from flows.environment import CLIENT_RETRIES, PATIENCE_S, STEADY
from flows.patience import is_silence, patiently
from ops.sources import SourceSettings
from ops.transports import FolderTransport, HttpTransport

REQUEST = Request("POST", "http://127.0.0.1/api")
SILENT, CUT = ConnectError("refused"), ReadError("cut")
BUSY = HTTPStatusError("busy", request=REQUEST, response=Response(500, request=REQUEST))


def no_slot(cause: Exception | None) -> Exception:
    error = ConcurrencySlotAcquisitionError("no")
    error.__cause__ = cause
    return error


@pytest.fixture(autouse=True)
def _hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(patience, "ASK_EVERY_S", 0.0)


def after(*errors: Exception) -> Callable[[], str]:
    """Raises one after the other, then gives something."""
    left = list(errors)

    def ask() -> str:
        if left:
            raise left.pop(0)
        return "given"

    return ask


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (SILENT, True),
        (CUT, True),
        (no_slot(SILENT), True),
        (no_slot(BUSY), False),
        (no_slot(None), False),  # the limit does not exist
        (BUSY, False),
        (ConnectionRefusedError(), False),  # of another service
    ],
)
def test_silence_is_told_from_a_refusal(error: Exception, expected: bool) -> None:
    assert is_silence(error) is expected


def test_a_silent_server_is_asked_until_it_answers() -> None:
    assert patiently(after(SILENT, no_slot(CUT), SILENT)) == "given"


def test_after_the_time_another_try_may_help() -> None:
    with pytest.raises(ServiceUnreachable) as found:
        patiently(after(SILENT, SILENT), patience_s=-1)
    assert found.value.retryable


def test_a_refusal_is_not_waited_for() -> None:
    with pytest.raises(ConcurrencySlotAcquisitionError):
        patiently(after(SILENT, no_slot(None)))


def test_prefects_own_client_is_as_patient() -> None:
    assert PATIENCE_S >= 120
    assert STEADY["PREFECT_CLIENT_MAX_RETRIES"] == str(CLIENT_RETRIES)


def fetched_from(url: str) -> SourceSettings:
    return SourceSettings(id="kaarna", feed="full", transport=HttpTransport(kind="http", url=url))


@pytest.fixture
def limits(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The limits that were taken; the server is silent when each is asked for and when it is given back."""
    taken: list[str] = []
    silences = [no_slot(SILENT)]

    @contextmanager
    def concurrency(name: str, **_: Any) -> Iterator[None]:
        if silences:
            raise silences.pop()
        taken.append(name)
        yield
        raise CUT

    @contextmanager
    def client(**_: Any) -> Iterator[Any]:
        yield SimpleNamespace(read_global_concurrency_limit_by_name=lambda name: None)

    monkeypatch.setattr(slots, "concurrency", concurrency)
    monkeypatch.setattr(slots, "get_client", client)
    return taken


def test_a_source_is_fetched_once_though_the_server_comes_and_goes(limits: list[str]) -> None:
    fetched = []
    with slots.slot(fetched_from("https://feeds.example.org/a.xml")):
        fetched.append(1)
    assert (fetched, limits) == ([1], ["lyhde-host-feeds-example-org"])


def test_what_goes_wrong_in_a_source_is_told_though_its_slot_cannot_be_given_back(limits: list[str]) -> None:
    with pytest.raises(ServiceUnreachable, match="feed"), slots.slot(fetched_from("https://feeds.example.org/a.xml")):
        raise ServiceUnreachable("feed")


def test_a_folder_needs_no_slot(limits: list[str], tmp_path: Any) -> None:
    with slots.slot(SourceSettings(id="otava", feed="full", transport=FolderTransport(kind="folder", path=tmp_path))):
        pass
    assert limits == []


def test_progress_that_nobody_hears_does_not_stop_the_night(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[float] = []

    def update(*, progress: float, **_: Any) -> None:
        told.append(progress)
        raise SILENT

    monkeypatch.setattr(nightly, "create_progress_artifact", lambda **_: "artifact")
    monkeypatch.setattr(nightly, "update_progress_artifact", update)
    progress = nightly.Progress(4)
    progress.begin("The night's work, in per cent")
    progress.step()
    progress.step()
    assert (told, progress.done) == ([25.0], 2)
