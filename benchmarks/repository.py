"""A repository of OAI-PMH on loopback that behaves, or misbehaves as it is told: for tests and measurements."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit
from xml.sax.saxutils import escape

HEAD = '<?xml version="1.0" encoding="UTF-8"?><OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/">'
HTML = b"<!DOCTYPE html><html><body>Huoltokatko</body></html>"


@dataclass
class Held:
    """One record: its content as XML, or None where it is deleted."""

    identifier: str
    datestamp: str  # 2026-01-01T03:00:00Z
    content: str | None
    subset: str = ""


@dataclass
class Repository:
    """`faults`: number of a ListRecords request, from 1 → what happens to it instead (once).

    Known faults: empty, html, wait (503 with Retry-After), broken (ill-formed, its token there), cut, expired, circle,
    no_oai, nothing (noRecordsMatch), gone (410 with the protocol's error), error, hang_up.
    """

    records: list[Held] = field(default_factory=list)
    page: int = 3
    clock: str = "2026-01-02T03:00:00Z"
    by_day: bool = False
    deletions: str = "persistent"
    wrong_tokens: set[str] = field(default_factory=set)
    faults: dict[int, str] = field(default_factory=dict)
    requests: list[dict[str, str]] = field(default_factory=list)
    asked: int = 0  # ListRecords requests so far
    url: str = ""

    def answer(self, given: dict[str, str]) -> tuple[int, dict[str, str], bytes]:
        """Status, headers and body of the answer to a request."""
        self.requests.append(given)
        if given.get("verb") == "Identify":
            stamp = "YYYY-MM-DD" if self.by_day else "YYYY-MM-DDThh:mm:ssZ"
            about = f"<granularity>{stamp}</granularity><deletedRecord>{self.deletions}</deletedRecord>"
            return 200, {}, self._wrapped(f"<Identify><repositoryName>Otava</repositoryName>{about}</Identify>")
        self.asked += 1
        fault = self.faults.pop(self.asked, "")
        made = getattr(self, f"_{fault}", None) if fault else None
        return made() if made else self._list(given, fault)

    def _list(self, given: dict[str, str], fault: str) -> tuple[int, dict[str, str], bytes]:
        token = given.get("resumptionToken", "")
        if token in self.wrong_tokens:
            return self._expired()
        since, until, subset, at = token.split("|") if token else (*self._window(given), "0")
        chosen = [each for each in self.records if self._is_in(each, (since, until, subset))]
        if not chosen:
            return 200, {}, self._error("noRecordsMatch")
        start, end = int(at), int(at) + self.page
        tokens = f"{since}|{until}|{subset}|{0 if fault == 'circle' else end}"
        following = f"<resumptionToken cursor='{start}'>{escape(tokens)}</resumptionToken>" if end < len(chosen) else ""
        rows = "".join(map(self._record, chosen[start:end]))
        if fault == "broken":
            rows += (
                "<record><header><identifier>oai:otava.fi:x</identifier></header><metadata><a>A</o></metadata></record>"
            )
        body = self._wrapped(f"<ListRecords>{rows}{following}</ListRecords>")
        return 200, {}, body[: len(body) // 2] if fault == "cut" else body

    @staticmethod
    def _window(given: dict[str, str]) -> tuple[str, str, str]:
        return given.get("from", ""), given.get("until", ""), given.get("set", "")

    def _is_in(self, each: Held, window: tuple[str, str, str]) -> bool:
        since, until, subset = window
        length = 10 if self.by_day else 20
        stamp = each.datestamp[:length]
        inside = (not since or stamp >= since) and (not until or stamp <= until)
        there = each.content is not None or self.deletions != "no"
        return inside and there and (not subset or each.subset == subset)

    def _record(self, each: Held) -> str:
        stamp = each.datestamp[: 10 if self.by_day else 20]
        status = "" if each.content is not None else " status='deleted'"
        header = f"<identifier>{escape(each.identifier)}</identifier><datestamp>{stamp}</datestamp>"
        content = f"<metadata>{each.content}</metadata>" if each.content is not None else ""
        return f"<record><header{status}>{header}</header>{content}</record>"

    def _wrapped(self, body: str) -> bytes:
        return f"{HEAD}<responseDate>{self.clock}</responseDate><request>{self.url}</request>{body}</OAI-PMH>".encode()

    def _error(self, code: str) -> bytes:
        return self._wrapped(f'<error code="{code}">it is so</error>')

    def _empty(self) -> tuple[int, dict[str, str], bytes]:
        return 200, {}, b""

    def _html(self) -> tuple[int, dict[str, str], bytes]:
        return 200, {"Content-Type": "text/html"}, HTML

    def _login(self) -> tuple[int, dict[str, str], bytes]:
        return 403, {"Content-Type": "text/html"}, HTML

    def _wait(self) -> tuple[int, dict[str, str], bytes]:
        return 503, {"Retry-After": "0"}, b"wait"

    def _expired(self) -> tuple[int, dict[str, str], bytes]:
        return 200, {}, self._error("badResumptionToken")

    def _gone(self) -> tuple[int, dict[str, str], bytes]:
        return 410, {}, self._error("badResumptionToken")

    def _nothing(self) -> tuple[int, dict[str, str], bytes]:
        return 200, {}, self._error("noRecordsMatch")

    def _no_oai(self) -> tuple[int, dict[str, str], bytes]:
        return 200, {}, b"<rss><channel/></rss>"

    def _refuse(self) -> tuple[int, dict[str, str], bytes]:
        return 200, {}, self._error("cannotDisseminateFormat")

    def _hang_up(self) -> tuple[int, dict[str, str], bytes]:
        return 0, {}, b""


@contextmanager
def serving(repository: Repository) -> Iterator[Repository]:
    """The repository on a free port of this machine; its address is in `url`."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            status, headers, body = repository.answer(dict(parse_qsl(urlsplit(self.path).query)))
            self.close_connection = True
            if not status:
                return
            self.send_response(status)
            for name, value in {"Content-Length": str(len(body)), "Content-Type": "text/xml", **headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            pass

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, *_: Any) -> None:
            """A client that was killed hangs up in the middle."""

    server = Server(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    repository.url = f"http://127.0.0.1:{server.server_port}/oai"
    try:
        yield repository
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
