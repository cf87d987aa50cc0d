"""A web server on loopback that answers as it is told, and sources that point at it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
import stamina

from ops.sources import SourceSettings


@dataclass
class Answer:
    body: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    cut_at: int | None = None  # bytes after which the connection is closed


class Web:
    """`answers[path]` is a list: one answer per request, the last one again and again."""

    def __init__(self) -> None:
        self.answers: dict[str, list[Answer]] = {}
        self.served: dict[str, Callable[[BaseHTTPRequestHandler], None]] = {}
        self.requests: list[tuple[str, dict[str, str]]] = []
        web = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                web.requests.append((self.path, {k.lower(): v for k, v in self.headers.items()}))
                web.give(self)

            def log_message(self, *_: Any) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.05,))
        self.thread.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.server_port}"

    def give(self, handler: BaseHTTPRequestHandler) -> None:
        if handler.path in self.served:
            self.served[handler.path](handler)
            return
        queue = self.answers.get(handler.path) or [Answer(status=404)]
        answer = queue.pop(0) if len(queue) > 1 else queue[0]
        handler.send_response(answer.status)
        headers = {"Content-Length": str(len(answer.body)), **answer.headers}
        for name, value in headers.items():
            if value:
                handler.send_header(name, value)
        handler.end_headers()
        handler.wfile.write(answer.body if answer.cut_at is None else answer.body[: answer.cut_at])
        if answer.cut_at is not None or not headers["Content-Length"]:
            handler.close_connection = True

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()


@pytest.fixture
def web() -> Iterator[Web]:
    server = Web()
    with stamina.set_testing(True, attempts=3):
        yield server
    server.close()


@pytest.fixture
def answer() -> type[Answer]:
    return Answer


@pytest.fixture
def http_source(web: Web) -> Callable[..., SourceSettings]:
    def make(path: str = "/feed.xml", limits: dict[str, Any] | None = None, **transport: Any) -> SourceSettings:
        settings = {"kind": "http", "url": web.url + path, "internal": True, **transport}
        return SourceSettings.model_validate({"id": "otava", "transport": settings, "limits": limits or {}})

    return make


@pytest.fixture
def ranged(web: Web) -> Callable[..., None]:
    """Let a path serve a body in parts, as a server with Range does; `hang_up_at` are bytes after which it ends."""

    def serve(path: str, body: bytes, etag: str = '"7"', hang_up_at: tuple[int, ...] = ()) -> None:
        cuts = list(hang_up_at)

        def give(handler: BaseHTTPRequestHandler) -> None:
            asked = handler.headers.get("Range", "")
            part = asked and handler.headers.get("If-Range") == etag
            start = int(asked.removeprefix("bytes=").rstrip("-")) if part else 0
            handler.send_response(206 if part else 200)
            handler.send_header("ETag", etag)
            handler.send_header("Content-Length", str(len(body) - start))
            if part:
                handler.send_header("Content-Range", f"bytes {start}-{len(body) - 1}/{len(body)}")
            handler.end_headers()
            end = start + cuts.pop(0) if cuts else len(body)
            handler.wfile.write(body[start:end])
            handler.close_connection = True

        web.served[path] = give

    return serve
