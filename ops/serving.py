"""Carrying an ASGI app over HTTP until the process is told to end."""

from __future__ import annotations

import signal
import socket
from collections.abc import Callable, Sequence
from typing import Any

import uvicorn

from catalogue.errors import UsageError
from catalogue.sentence import Sentence

DRAIN_S = 10  # requests under way may finish for so long after SIGTERM
KEEP_ALIVE_S = 5
MOST_AT_ONCE = 500  # connections; above it 503


def serve(
    app: Any,
    host: str,
    port: int,
    announce: Callable[[str], None],
    *,
    trusted_proxies: Sequence[str] = (),
) -> None:
    """Serve until SIGTERM or SIGINT; what is under way is finished first.

    `port` 0 takes any free one. `announce` is told the address (``http://127.0.0.1:8123``) once requests are
    answered. X-Forwarded-For and -Proto are believed from `trusted_proxies` (addresses or networks) alone.
    Raises UsageError where the address cannot be had.
    """
    listening = _listen(host, port)
    config = uvicorn.Config(
        app,
        log_config=None,  # the process's own logging
        access_log=False,  # `ops.asgi.RequestLog` tells less
        server_header=False,
        http="h11",  # the other one counts the bytes of HEAD by a method that `api.gate` has changed
        ws="none",
        lifespan="on",
        proxy_headers=bool(trusted_proxies),
        forwarded_allow_ips=list(trusted_proxies),
        timeout_keep_alive=KEEP_ALIVE_S,
        timeout_graceful_shutdown=DRAIN_S,
        limit_concurrency=MOST_AT_ONCE,
    )
    before = signal.signal(signal.SIGTERM, lambda *_: None)  # the server raises it again at its end: that is no death
    try:
        _Server(config, lambda: announce(address_of(listening))).run(sockets=[listening])
    finally:
        signal.signal(signal.SIGTERM, before)
        listening.close()


def address_of(listening: socket.socket) -> str:
    """The address of a listening socket, with its real port."""
    host, port = listening.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


class _Server(uvicorn.Server):
    """A server that says when it is ready."""

    def __init__(self, config: uvicorn.Config, ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._ready()


def _listen(host: str, port: int) -> socket.socket:
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        listening = socket.socket(family, kind, protocol)
    except OSError as error:
        raise UsageError(Sentence("--host {host}: {why}", host=host, why=error.strerror or error)) from error
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind(address)
    except OSError as error:
        listening.close()
        raise UsageError(
            Sentence(
                "--host {host} --port {port}: cannot listen there: {why}", host=host, port=str(port), why=error.strerror
            )
        ) from error
    return listening
