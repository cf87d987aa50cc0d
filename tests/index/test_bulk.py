"""Bulk writing: pieces, repetition for a busy server, and a reason for every refused document."""

from __future__ import annotations

from typing import Any

import pytest

from catalogue.errors import ServiceUnreachable
from index import bulk
from index.bulk import BulkWriter, bodies, line


class _Server:
    """Answers each document with the next status of its own list, the last one again and again."""

    def __init__(self, statuses: dict[str, list[int]]) -> None:
        self.statuses = statuses
        self.requests = 0

    def bulk(self, operations: list[bytes], **_: Any) -> dict[str, Any]:
        self.requests += 1
        return {"items": [{"index": self._answer(action)} for action in operations[::2]]}

    def _answer(self, action: bytes) -> dict[str, Any]:
        mine = next(s for key, s in self.statuses.items() if f'"{key}"'.encode() in action)
        status = mine.pop(0) if len(mine) > 1 else mine[0]
        error = {"type": "bad", "reason": "why"} if status >= 400 else None
        return {"status": status, "error": error, "result": "created" if status == 201 else "updated"}


@pytest.fixture(autouse=True)
def no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bulk.time, "sleep", lambda seconds: None)


def _write(server: Any) -> bulk.BulkReport:
    return BulkWriter(server, "works", is_alias=True).write([(key, 1, {}) for key in server.statuses])


def test_every_document_is_counted_once_whatever_became_of_it() -> None:
    report = _write(_Server({"a": [201], "b": [200], "c": [409], "d": [400]}))
    assert (report.created, report.updated, report.newer, report.total) == (1, 1, 1, 4)
    assert report.refused == [("d", "bad: why")]


def test_only_what_the_server_was_too_busy_for_is_sent_again() -> None:
    server = _Server({"a": [201], "b": [429, 503, 201]})
    assert _write(server).created == 2
    assert server.requests == 3


def test_a_server_that_stays_too_busy_is_an_error_that_may_be_retried() -> None:
    with pytest.raises(ServiceUnreachable, match="too busy for 1 documents"):
        _write(_Server({"a": [201], "b": [429]}))


def test_bodies_keep_the_order_and_the_limit() -> None:
    documents = [line(f"w{n}", n, {"text": "x" * 100}) for n in range(10)] + [line("big", 1, {"text": "x" * 5000})]
    pieces = list(bodies(documents, body_bytes=1000))
    assert [each for piece in pieces for each in piece] == documents
    assert all(sum(len(a) + len(d) for _, a, d in piece) <= 1200 for piece in pieces[:-1])
    assert [each.key for each in pieces[-1]] == ["big"]
    assert list(bodies([])) == []
