"""Writing many documents: bodies of some megabytes, a few at a time, each document kept or explained."""

from __future__ import annotations

import random
import time
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from itertools import starmap
from typing import Any, NamedTuple

import orjson
from elasticsearch import ApiError, Elasticsearch

from catalogue.errors import ServiceUnreachable
from catalogue.sentence import Sentence
from index.client import BUSY

Versioned = tuple[str, int, dict[str, Any]]  # id, revision, document

BODY_BYTES = 5_000_000
SENDERS = 3
ATTEMPTS = 8
FIRST_PAUSE_S, LONGEST_PAUSE_S = 0.2, 10.0
ALREADY_NEWER = 409
ANSWERED = [f"items.*.{part}" for part in ("status", "result", "error")]


class Line(NamedTuple):
    """A document as a request has it: its id, what is to be done with it, and its JSON."""

    key: str
    action: bytes
    content: bytes


def line(key: str, rev: int, document: dict[str, Any]) -> Line:
    """Write a whole document at its revision, unless the index holds the same or a later one."""
    action = orjson.dumps({"index": {"_id": key, "version": rev, "version_type": "external"}})
    return Line(key, action, orjson.dumps(document))


@dataclass
class BulkReport:
    """What became of the documents. `created` are those the index did not know by id before.

    `newer`: the index held the same or a later revision, which is as good as written. `refused`: (id, reason).
    """

    created: int = 0
    updated: int = 0
    newer: int = 0
    refused: list[tuple[str, str]] = field(default_factory=list)

    @property
    def total(self) -> int:
        return self.created + self.updated + self.newer + len(self.refused)

    def add(self, other: BulkReport) -> None:
        self.created += other.created
        self.updated += other.updated
        self.newer += other.newer
        self.refused += other.refused


class BulkWriter:
    """Writes to one index or alias with the revision as external version: order and repetition do not matter."""

    def __init__(self, client: Elasticsearch, target: str, *, is_alias: bool) -> None:
        self._client = client
        self._target = target
        self._is_alias = is_alias

    def write(self, documents: Iterable[Versioned]) -> BulkReport:
        """Send everything. Raises ServiceUnreachable where the server stays too busy or is gone."""
        return self.send(starmap(line, documents))

    def send(self, lines: Iterable[Line]) -> BulkReport:
        """As `write`, for documents that are JSON already."""
        report = BulkReport()
        waiting: set[Future[BulkReport]] = set()
        with ThreadPoolExecutor(SENDERS) as pool:
            for body in bodies(lines):
                if len(waiting) == SENDERS:
                    done, waiting = wait(waiting, return_when=FIRST_COMPLETED)
                    _collect(report, done)
                waiting.add(pool.submit(self._send, body))
            _collect(report, waiting)
        return report

    def _send(self, lines: Sequence[Line]) -> BulkReport:
        """One body; documents the server was too busy for are sent again after a growing, uneven pause."""
        report = BulkReport()
        pause = FIRST_PAUSE_S
        for _ in range(ATTEMPTS):
            lines = self._attempt(lines, report)
            if not lines:
                return report
            time.sleep(pause * random.uniform(0.5, 1.5))  # noqa: S311 - spreads senders, keeps no secret
            pause = min(pause * 2, LONGEST_PAUSE_S)
        raise ServiceUnreachable(
            Sentence("the search server stayed too busy for {count} documents: try again later", count=len(lines))
        )

    def _attempt(self, lines: Sequence[Line], report: BulkReport) -> list[Line]:
        operations: list[Any] = [part for _, action, document in lines for part in (action, document)]
        try:
            answer = self._client.bulk(
                index=self._target, operations=operations, require_alias=self._is_alias, filter_path=ANSWERED
            )
        except ApiError as failure:
            if failure.status_code not in BUSY:
                raise
            return list(lines)
        return [sent for sent, item in zip(lines, answer["items"], strict=True) if _is_busy(sent, item, report)]


def bodies(lines: Iterable[Line], body_bytes: int = BODY_BYTES) -> Iterator[list[Line]]:
    """The documents in pieces of at most `body_bytes` (a larger document goes alone)."""
    piece: list[Line] = []
    size = 0
    for each in lines:
        if piece and size + len(each.content) > body_bytes:
            yield piece
            piece, size = [], 0
        piece.append(each)
        size += len(each.action) + len(each.content)
    if piece:
        yield piece


def _is_busy(sent: Line, item: dict[str, Any], report: BulkReport) -> bool:
    """Count one answer; True where the document is to be sent again."""
    result = item["index"]
    status = int(result["status"])
    if status in BUSY:
        return True
    if status == ALREADY_NEWER:
        report.newer += 1
    elif status >= 300:
        report.refused.append((sent.key, _reason(result.get("error"))))
    elif result["result"] == "created":
        report.created += 1
    else:
        report.updated += 1
    return False


def _reason(error: Any) -> str:
    if not isinstance(error, dict):
        return str(error)
    cause = error.get("caused_by")
    return f"{error.get('type')}: {error.get('reason')}" + (f" ({cause.get('reason')})" if cause else "")


def _collect(report: BulkReport, futures: Iterable[Future[BulkReport]]) -> None:
    for future in futures:
        report.add(future.result())
