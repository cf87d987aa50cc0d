"""The middlewares of both web faces, each around a small app."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
import structlog
from structlog.testing import capture_logs

from ops import asgi
from ops.asgi import (
    BodyLimit,
    Boundary,
    HostCheck,
    RateLimit,
    RequestLog,
    RequestMetrics,
    SecurityHeaders,
    client_network,
    own_hosts,
)
from ops.metrics import Metrics

Answer = tuple[int, dict[str, str], bytes]


def ask(app: Any, *pieces: bytes, **scope: Any) -> Answer:
    """One request with a body in pieces; status, headers and body of the answer."""
    waiting = [
        {"type": "http.request", "body": piece, "more_body": n < len(pieces) - 1} for n, piece in enumerate(pieces)
    ] or [{"type": "http.request", "body": b"", "more_body": False}]
    sent: list[Any] = []
    told = {"type": "http", "method": "GET", "path": "/", "headers": [], "client": ("192.0.2.1", 1), **scope}

    async def receive() -> Any:
        return waiting.pop(0) if waiting else {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        sent.append(message)

    asyncio.run(app(told, receive, send))
    headers = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
    return sent[0]["status"], headers, b"".join(message.get("body", b"") for message in sent[1:])


async def reading(scope: Any, receive: Any, send: Any) -> None:
    """Reads the whole body and says how long it was."""
    length, more = 0, True
    while more:
        message = await receive()
        length += len(message.get("body", b""))
        more = message.get("more_body", False)
    await send({"type": "http.response.start", "status": 200, "headers": [(b"x-frame-options", b"SAMEORIGIN")]})
    await send({"type": "http.response.body", "body": str(length).encode()})


async def broken(scope: Any, receive: Any, send: Any) -> None:
    secret = "what somebody typed"
    raise RuntimeError(f"a bug near {len(secret)}")


def test_headers_of_safety_are_added_and_the_apps_own_stay() -> None:
    _, headers, _ = ask(SecurityHeaders(reading, "default-src 'self'", {"Referrer-Policy": ""}))
    assert headers["content-security-policy"] == "default-src 'self'"
    assert headers["x-frame-options"] == "SAMEORIGIN"
    assert "referrer-policy" not in headers
    assert "strict-transport-security" not in headers
    assert "strict-transport-security" in ask(SecurityHeaders(reading, "x"), scheme="https")[1]


@pytest.mark.parametrize(
    ("pieces", "told", "status"),
    [
        ([b"a" * 10], None, 200),
        ([b"a" * 11], None, 413),
        ([b"a" * 4, b"a" * 4, b"a" * 4], None, 413),
        ([b"a"], b"11", 413),
        ([b"a"], b"9" * 400, 413),
        ([b"a"], b"-1", 400),
        ([b"a"], "²".encode("latin-1"), 400),
        ([b"a" * 10], b"10", 200),
    ],
)
def test_long_bodies_are_refused_told_or_in_chunks(pieces: list[bytes], told: bytes | None, status: int) -> None:
    headers = [(b"content-length", told)] if told is not None else []
    found, headers_back, body = ask(BodyLimit(reading, 10), *pieces, headers=headers, method="POST")
    assert found == status
    assert status != 413 or headers_back["connection"] == "close"
    assert status != 200 or body == str(sum(map(len, pieces))).encode()


def test_an_app_that_stumbles_over_a_cut_body_is_answered_for() -> None:
    async def stumbling(scope: Any, receive: Any, send: Any) -> None:
        if (await receive())["type"] == "http.disconnect":
            raise RuntimeError("the client left")

    assert ask(BodyLimit(stumbling, 10), b"a" * 11, method="POST")[0] == 413
    with pytest.raises(RuntimeError):
        ask(BodyLimit(broken, 10), b"a", method="POST")


def test_requests_are_counted_by_address_and_time() -> None:
    now = [0.0]
    app = RateLimit(reading, 3, clock=lambda: now[0])
    assert [ask(app)[0] for _ in range(4)] == [200, 200, 200, 429]
    assert ask(app)[1]["retry-after"] == "20"
    assert ask(app, client=("192.0.2.2", 1))[0] == 200
    assert ask(app, path="/healthz")[0] == 200
    now[0] = 20.0
    assert [ask(app)[0] for _ in range(2)] == [200, 429]
    now[0] = 3_600.0
    assert [ask(app)[0] for _ in range(4)] == [200, 200, 200, 429]


def test_the_table_of_addresses_does_not_grow(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asgi, "MOST_CLIENTS", 50)
    limit = RateLimit(reading, 1, clock=lambda: 0.0)
    for n in range(1_000):
        limit.wait(f"192.0.2.{n}")
    assert len(limit._left) == 50
    assert limit.wait("192.0.2.999") > 0


@pytest.mark.parametrize(
    ("client", "network"),
    [
        (("192.0.2.1", 80), "192.0.2.1"),
        (("2001:db8:1:2:3:4:5:6", 80), "2001:db8:1:2::/64"),
        (("2001:db8:1:2::9", 80), "2001:db8:1:2::/64"),
        (("::ffff:192.0.2.1", 80), "192.0.2.1"),
        (("testclient", 80), "testclient"),
        (("x" * 500, 80), "x" * 64),
        (None, "unknown"),
    ],
)
def test_who_asks_is_an_address_or_a_subscribers_network(client: Any, network: str) -> None:
    assert client_network({"client": client}) == network


@pytest.mark.parametrize(
    ("host", "status"),
    [
        (b"haku.example", 200), (b"HAKU.example:8000", 200), (b"127.0.0.1:1", 200), (b"[::1]:8000", 200),
        (b"localhost", 200), (b"evil.example", 421), (b"haku.example.evil", 421), (b"", 421), (b"[", 421),
    ],
)  # fmt: skip
def test_only_our_own_names_are_answered(host: bytes, status: int) -> None:
    app = HostCheck(reading, own_hosts("https://haku.example/x"))
    assert ask(app, headers=[(b"host", host)])[0] == status


def test_a_bug_is_logged_and_the_client_told_nothing_of_it() -> None:
    with capture_logs() as lines:
        status, _, body = ask(Boundary(broken, structlog.get_logger("test")))
    assert (status, lines[0]["event"], lines[0]["log_level"]) == (500, "bug", "error")
    assert b"bug near" not in body


def test_a_request_is_logged_without_what_was_asked() -> None:
    with capture_logs() as lines:
        ask(RequestLog(reading, structlog.get_logger("test")), query_string=b"q=secret", path="/secret")
    (line,) = lines
    assert (line["route"], line["method"], line["status"], line["bytes"]) == ("unmatched", "GET", 200, 1)
    assert "secret" not in str(line)
    assert "192.0.2.1" not in str(line)


def test_requests_are_measured_by_route_and_never_by_invention() -> None:
    metrics = Metrics()
    for method, path in (("GET", "/a"), ("GET", "/b"), ("BREW", "/c")):
        ask(RequestMetrics(reading, metrics), method=method, path=path)
    page = metrics.page().decode()
    assert 'lyhde_http_request_seconds_count{method="GET",route="unmatched",status="200"} 2.0' in page
    assert 'method="OTHER"' in page
    assert "BREW" not in page


def test_a_refusal_to_head_has_no_body() -> None:
    status, headers, body = ask(RateLimit(reading, 1, clock=lambda: 0.0), method="HEAD")
    app = RateLimit(reading, 1, clock=lambda: 0.0)
    ask(app)
    status, headers, body = ask(app, method="HEAD")
    assert (status, body) == (429, b"")
    assert int(headers["content-length"]) > 0
