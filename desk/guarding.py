"""What stands before every page: where a form may come from, and what a page may load."""

from __future__ import annotations

from secrets import token_hex
from urllib.parse import urlsplit

from structlog.contextvars import bound_contextvars

from ops.asgi import App, Receive, Refusal, Refuse, Scope, Send, answer, header

POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
OWN = frozenset({"same-origin", "none"})  # none: the person's own doing, no site's


class OriginCheck:
    """Unsafe methods only from our own pages: by Sec-Fetch-Site and Origin, of which one at least must be there.

    A form on another site, in another tab's frame or of a sibling host is refused whatever cookies come with it.
    `public_host` is the host (with its port, if any) people open the desk at; without it the Host header's counts,
    which HostCheck has looked at.
    """

    def __init__(self, app: App, public_host: str | None, refuse: Refuse) -> None:
        self._app, self._host, self._refuse = app, public_host, refuse

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] in SAFE or self._is_ours(scope):
            return await self._app(scope, receive, send)
        refusal = Refusal(403, "origin", "The form was not sent from a page of the desk.")
        return await answer(scope, send, refusal, self._refuse)

    def _is_ours(self, scope: Scope) -> bool:
        site, origin = header(scope, b"sec-fetch-site"), header(scope, b"origin")
        if site is None and origin is None:
            return False
        return (site is None or site in OWN) and (origin is None or self._is_own(origin, scope))

    def _is_own(self, origin: str, scope: Scope) -> bool:
        try:
            host = urlsplit(origin).netloc.lower()
        except ValueError:
            return False
        return bool(host) and host in {self._host, (header(scope, b"host") or "").lower()}


class Reference:
    """A number for each request: it stands in every log line of it, and on the page that owns up to a bug."""

    def __init__(self, app: App) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self._app(scope, receive, send)
        reference = token_hex(4)
        scope.setdefault("state", {})["reference"] = reference
        with bound_contextvars(reference=reference):
            return await self._app(scope, receive, send)
