"""What stands between a socket and a face: headers, limits, measures. Plain ASGI, no framework.

Each is a middleware ``Name(app, …)``. Where one answers instead of the app, `refuse` words the answer in the face's
own way: a page of the desk, a problem of the API.
"""

from __future__ import annotations

import ipaddress
import math
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Collection, Mapping, MutableMapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol
from urllib.parse import urlsplit

from structlog.stdlib import BoundLogger

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]
RouteOf = Callable[[Scope], str]

LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
MOST_CLIENTS = 20_000  # addresses whose requests are counted at one time; some megabytes
METHODS = frozenset({"GET", "HEAD", "POST", "OPTIONS", "PUT", "PATCH", "DELETE"})
SECURITY_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
HSTS = b"max-age=31536000; includeSubDomains"


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a request is not let through. `code` names the reason for programs, `detail` in English for people."""

    status: int
    code: str
    detail: str
    headers: tuple[tuple[str, str], ...] = ()


Refuse = Callable[[Scope, Refusal], tuple[str, bytes]]
"""Media type and body of the answer to a refused request."""


def plainly(_scope: Scope, refusal: Refusal) -> tuple[str, bytes]:
    """The detail as a line of text."""
    return "text/plain; charset=utf-8", f"{refusal.detail}\n".encode()


def route_template(scope: Scope) -> str:
    """The route that answered, as it is written (``/works/{id}``): a bounded set, without anyone's words."""
    return str(getattr(scope.get("route"), "path", None) or "unmatched")


def request_method(scope: Scope) -> str:
    """The method, or OTHER: what people invent must not become a label."""
    method = scope.get("method", "")
    return method if method in METHODS else "OTHER"


class SecurityHeaders:
    """Headers of every answer, refusals too. A header that the app set itself stays.

    `policy` is the Content-Security-Policy, `changes` replaces headers of `SECURITY_HEADERS` (an empty value: none).
    """

    def __init__(self, app: App, policy: str, changes: Mapping[str, str] | None = None) -> None:
        wanted = {**SECURITY_HEADERS, "Content-Security-Policy": policy, **(changes or {})}
        self._headers = [(name.lower().encode(), value.encode()) for name, value in wanted.items() if value]
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self._app(scope, receive, send)
        secure = [(b"strict-transport-security", HSTS)] if scope.get("scheme") == "https" else []

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = list(message.get("headers", ()))
                given = {name.lower() for name, _ in headers}
                headers += [pair for pair in (*self._headers, *secure) if pair[0] not in given]
                message = {**message, "headers": headers}
            await send(message)

        return await self._app(scope, receive, sending)


class Boundary:
    """Where a bug ends: it is logged with its traceback, and the client is told 500 without any of it."""

    def __init__(
        self, app: App, log: BoundLogger, refuse: Refuse = plainly, route_of: RouteOf = route_template
    ) -> None:
        self._app, self._log, self._refuse, self._route_of = app, log, refuse, route_of

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self._app(scope, receive, send)
        watched = _Watched(send)
        try:
            await self._app(scope, receive, watched)
        except Exception:
            self._log.exception("bug", route=self._route_of(scope), method=request_method(scope))
            if watched.status:
                raise  # the answer is under way: the server cuts the connection
            refusal = Refusal(500, "internal", "Something went wrong on our side. It has been logged.")
            await answer(scope, send, refusal, self._refuse)


class HostCheck:
    """Only requests for our own names (against DNS rebinding and poisoned links). `allowed` empty: any name."""

    def __init__(self, app: App, allowed: Collection[str], refuse: Refuse = plainly) -> None:
        self._app, self._allowed, self._refuse = app, frozenset(allowed), refuse

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not self._allowed or _host(scope) in self._allowed:
            return await self._app(scope, receive, send)
        refusal = Refusal(421, "host", "This server does not answer under that name.")
        return await answer(scope, send, refusal, self._refuse)


def own_hosts(public_url: str | None) -> frozenset[str]:
    """The names we answer under: that of the public address, and loopback for health checks and a first look."""
    name = urlsplit(public_url).hostname if public_url else None
    return LOOPBACK | ({name} if name else frozenset())


class BodyLimit:
    """Refuses request bodies over `max_bytes`, whether their length is told beforehand or they come in chunks."""

    def __init__(self, app: App, max_bytes: int, refuse: Refuse = plainly) -> None:
        self._app, self._max, self._refuse = app, max_bytes, refuse

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self._app(scope, receive, send)
        told = header(scope, b"content-length") or "0"
        if not told.isascii() or not told.isdigit():
            return await answer(scope, send, Refusal(400, "length", "Content-Length is not a number."), self._refuse)
        if len(told) > 18 or int(told) > self._max:
            return await answer(scope, send, self._refusal(), self._refuse)
        return await self._counted(scope, receive, send)

    async def _counted(self, scope: Scope, receive: Receive, send: Send) -> None:
        """The app sees a client that left; what it then says is replaced by the refusal."""
        received = 0
        watched = _Watched(send)

        async def receiving() -> Message:
            nonlocal received
            message = await receive()
            received += len(message.get("body", b""))
            return message if received <= self._max else {"type": "http.disconnect"}

        async def sending(message: Message) -> None:
            if received <= self._max or watched.status:
                await watched(message)

        try:
            await self._app(scope, receiving, sending)
        except Exception:
            if received <= self._max or watched.status:
                raise
        if received > self._max and not watched.status:
            await answer(scope, send, self._refusal(), self._refuse)

    def _refusal(self) -> Refusal:
        detail = f"The body is longer than {self._max} bytes."
        return Refusal(413, "body", detail, (("Connection", "close"),))


class RateLimit:
    """So many requests a minute for each client address (IPv6: each /64), in bursts of at most as many.

    The table of addresses is of fixed size: the one that was quiet longest is forgotten. `exempt` paths are not
    counted. `clock` gives seconds.
    """

    def __init__(
        self,
        app: App,
        per_minute: int,
        *,
        refuse: Refuse = plainly,
        exempt: Collection[str] = ("/healthz", "/readyz", "/metrics"),
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._app, self._refuse, self._exempt, self._clock = app, refuse, frozenset(exempt), clock
        self._most, self._per_second = float(per_minute), per_minute / 60
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()  # address → requests left, when counted

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope.get("path") in self._exempt:
            return await self._app(scope, receive, send)
        wait = self.wait(client_network(scope))
        if not wait:
            return await self._app(scope, receive, send)
        refusal = Refusal(429, "rate", f"Too many requests: try again in {wait} s.", (("Retry-After", str(wait)),))
        return await answer(scope, send, refusal, self._refuse)

    def wait(self, address: str) -> int:
        """Count a request of an address: 0 where it may pass, else the seconds until the next one may."""
        now = self._clock()
        left, since = self._left.pop(address, (self._most, now))
        left = min(self._most, left + (now - since) * self._per_second)
        allowed = left >= 1
        self._left[address] = (left - 1 if allowed else left, now)
        if len(self._left) > MOST_CLIENTS:
            self._left.popitem(last=False)
        return 0 if allowed else max(1, math.ceil((1 - left) / self._per_second))


class RequestSeconds(Protocol):
    """Where the measure of a request goes: `ops.metrics.Metrics`."""

    def request(self, *, route: str, method: str, status: int, seconds: float) -> None: ...


class RequestMetrics:
    """Tells how long each request took, from its head to the last byte of the answer."""

    def __init__(self, app: App, metrics: RequestSeconds, route_of: RouteOf = route_template) -> None:
        self._app, self._metrics, self._route_of = app, metrics, route_of

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self._app(scope, receive, send)
        watched, begun = _Watched(send), time.perf_counter()
        try:
            await self._app(scope, receive, watched)
        finally:
            self._metrics.request(
                route=self._route_of(scope),
                method=request_method(scope),
                status=watched.status or 500,
                seconds=time.perf_counter() - begun,
            )


class RequestLog:
    """One line for each request: route, method, status, milliseconds, bytes. No address, no query: what a person
    searched for is nobody's business, and ids in paths are told by the audit where they matter."""

    def __init__(self, app: App, log: BoundLogger, route_of: RouteOf = route_template) -> None:
        self._app, self._log, self._route_of = app, log, route_of

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self._app(scope, receive, send)
        watched, begun = _Watched(send), time.perf_counter()
        try:
            await self._app(scope, receive, watched)
        finally:
            self._log.info(
                "request",
                route=self._route_of(scope),
                method=request_method(scope),
                status=watched.status or 500,
                ms=round((time.perf_counter() - begun) * 1000, 1),
                bytes=watched.sent,
            )


class _Watched:
    """A `send` that remembers the status (0: nothing was sent yet) and counts the bytes of the body."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self.status = 0
        self.sent = 0

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = int(message["status"])
        self.sent += len(message.get("body", b""))
        await self._send(message)


async def answer(scope: Scope, send: Send, refusal: Refusal, refuse: Refuse) -> None:
    """Send a refusal; HEAD gets its headers alone."""
    media_type, body = refuse(scope, refusal)
    headers = [("Content-Type", media_type), ("Content-Length", str(len(body))), ("Cache-Control", "no-store")]
    pairs = [(name.lower().encode(), value.encode()) for name, value in (*headers, *refusal.headers)]
    await send({"type": "http.response.start", "status": refusal.status, "headers": pairs})
    await send({"type": "http.response.body", "body": b"" if scope.get("method") == "HEAD" else body})


def header(scope: Scope, name: bytes) -> str | None:
    """The first header of a lower-case name."""
    headers: Sequence[tuple[bytes, bytes]] = scope.get("headers", ())
    return next((value.decode("latin-1") for key, value in headers if key == name), None)


def client_network(scope: Scope) -> str:
    """Whose request it is: the address, of IPv6 the /64 that one subscriber has."""
    client = scope.get("client")
    text = str(client[0])[:64] if client else "unknown"
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return text
    if isinstance(address, ipaddress.IPv6Address):
        mapped = address.ipv4_mapped
        return str(mapped or ipaddress.IPv6Network((int(address) >> 64 << 64, 64)))
    return text


def _host(scope: Scope) -> str | None:
    """The name a request asks for, without port, in lower case."""
    given = header(scope, b"host") or ""
    try:
        return urlsplit(f"//{given}").hostname
    except ValueError:
        return None
