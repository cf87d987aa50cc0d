"""Compressed answers, for those who ask for them."""

from __future__ import annotations

from starlette.datastructures import Headers, MutableHeaders
from starlette.middleware.gzip import GZipMiddleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

LEAST_BYTES = 1_000
"""Smaller answers fit into one packet either way."""
LEVEL = 6  # of 9: the last ones cost twice the time for a hundredth of the size


class Compression:
    """gzip for answers of at least so many bytes.

    A strong ETag promises the same bytes, so who accepts gzip is given weak ones (RFC 9110 §8.8.3): with the answer,
    its 304 and HEAD alike, so that caches know them for the same.

    What is compressed together leaks through its length: an answer must not hold both a secret and what somebody else
    can put into the request (BREACH). So it is for answers without secrets.
    """

    def __init__(self, app: ASGIApp, least_bytes: int = LEAST_BYTES) -> None:
        self._app = GZipMiddleware(app, minimum_size=least_bytes, compresslevel=LEVEL)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def weakened(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(raw=message["headers"])
                etag = headers.get("etag", "")
                if etag.startswith('"'):
                    headers["etag"] = f"W/{etag}"
            await send(message)

        accepts = scope["type"] == "http" and "gzip" in Headers(scope=scope).get("Accept-Encoding", "")
        await self._app(scope, receive, weakened if accepts else send)
