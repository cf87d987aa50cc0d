"""What compressed answers need besides the compression. Plain ASGI, as `ops.asgi`."""

from __future__ import annotations

from ops.asgi import App, Message, Receive, Scope, Send

LEAST_BYTES = 1_000
"""Smaller answers fit into one packet either way."""
LEVEL = 6  # of 9: the last ones cost twice the time for a hundredth of the size


class WeakTags:
    """Weak ETags for who accepts gzip; to stand around the compression.

    A strong one promises the same bytes (RFC 9110 §8.8.3). The answer, its 304 and HEAD are treated alike, so that
    caches know them for the same.

    What is compressed together leaks through its length: an answer must not hold both a secret and what somebody else
    can put into the request (BREACH). So compress only answers without secrets.
    """

    def __init__(self, app: App) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def weakened(message: Message) -> None:
            if message["type"] == "http.response.start":
                message = {**message, "headers": [(name, _weak(name, value)) for name, value in message["headers"]]}
            await send(message)

        accepted = b",".join(value for name, value in scope.get("headers", ()) if name == b"accept-encoding")
        await self._app(scope, receive, weakened if b"gzip" in accepted else send)


def _weak(name: bytes, value: bytes) -> bytes:
    return b"W/" + value if name.lower() == b"etag" and value.startswith(b'"') else value
