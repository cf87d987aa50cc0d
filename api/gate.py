"""The API's own middlewares: methods that every address knows, and the length of an address."""

from __future__ import annotations

from ops.asgi import App, Message, Receive, Refusal, Refuse, Scope, Send, answer, header

LONGEST_QUERY_BYTES = 8_192
ALLOWED = "GET, HEAD, OPTIONS"


class Methods:
    """HEAD is GET without its body; OPTIONS tells the methods. (Preflights of browsers are answered before.)"""

    def __init__(self, app: App) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        method = scope.get("method")
        if scope["type"] != "http" or method not in ("HEAD", "OPTIONS"):
            return await self._app(scope, receive, send)
        if method == "OPTIONS" and not header(scope, b"access-control-request-method"):
            await send({"type": "http.response.start", "status": 204, "headers": [(b"allow", ALLOWED.encode())]})
            return await send({"type": "http.response.body", "body": b""})

        async def without_body(message: Message) -> None:
            await send({**message, "body": b""} if message["type"] == "http.response.body" else message)

        scope["method"] = "GET" if method == "HEAD" else method
        try:
            return await self._app(scope, receive, without_body if method == "HEAD" else send)
        finally:
            scope["method"] = method


class QueryLimit:
    """Refuses addresses whose query is longer than any sensible question."""

    def __init__(self, app: App, refuse: Refuse) -> None:
        self._app, self._refuse = app, refuse

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and len(scope.get("query_string", b"")) > LONGEST_QUERY_BYTES:
            detail = f"The query is longer than {LONGEST_QUERY_BYTES} bytes."
            return await answer(scope, send, Refusal(414, "uri", detail), self._refuse)
        return await self._app(scope, receive, send)
