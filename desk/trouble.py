"""Errors as calm pages: what happened, and what to do now. A bug shows a number, never a trace."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, Response
from starlette.exceptions import HTTPException

from catalogue.errors import LyhdeError, NotFound, RunLocked, ServiceUnreachable, StaleAnswer, UsageError
from desk.rendering import render
from desk.troubles import CROSS_SITE, TROUBLES, Trouble
from desk.visit import NotAllowed, SignInNeeded, language_of, visit_of
from ops.asgi import Refusal, Scope
from ops.logs import get_logger
from ops.saying import said

log = get_logger("desk")


STATUS: tuple[tuple[type[LyhdeError], int], ...] = (
    (NotAllowed, 403),
    (NotFound, 404),
    (StaleAnswer, 409),
    (RunLocked, 423),
    (ServiceUnreachable, 503),
    (UsageError, 400),
)


def add_to(app: FastAPI) -> None:
    """Register what becomes of each kind of exception; other exceptions are bugs, for the boundary."""
    app.add_exception_handler(LyhdeError, _failed)
    app.add_exception_handler(HTTPException, _refused)
    app.add_exception_handler(RequestValidationError, _senseless)


def status_of(error: LyhdeError) -> int:
    """The HTTP status an error is told with."""
    return next((status for kind, status in STATUS if isinstance(error, kind)), 500)


def _failed(request: Request, error: Exception) -> Response:
    if isinstance(error, SignInNeeded):
        return _to_sign_in(request)
    status = status_of(error) if isinstance(error, LyhdeError) else 500
    if status >= 500:  # the page shows the number of the request: the log says why
        log.error("failed", reason=str(error))
    tells = isinstance(error, UsageError) and not isinstance(error, NotFound | StaleAnswer)
    return trouble_page(request, status, error.message if isinstance(error, LyhdeError) and tells else "")


def _refused(request: Request, error: Exception) -> Response:
    return trouble_page(request, error.status_code if isinstance(error, HTTPException) else 500)


def _senseless(request: Request, _error: Exception) -> Response:
    return trouble_page(request, 400)


def trouble_page(request: Request, status: int, detail: str = "") -> Response:
    """The page of a status, in the reader's language; `detail` is what the error itself says (a `Sentence`)."""
    try:
        visit = visit_of(request)
    except LyhdeError:  # the store that would tell who it is does not answer
        html = bare_page(request.scope, status)
        return HTMLResponse(html, status, headers={"Cache-Control": "no-store"})
    return visit.page(
        "trouble.html", status=status, **_words(request.scope, status), detail=said(detail, visit.language)
    )


def bare_page(scope: Scope, status: int, trouble: Trouble | None = None) -> str:
    """The page of a status without asking the store anything."""
    language = language_of(Request(dict(scope)))
    return render("bare.html", language, **_words(scope, status, trouble))


def refuse(scope: Scope, refusal: Refusal) -> tuple[str, bytes]:
    """The answer to a request that was stopped before it reached a page."""
    trouble = CROSS_SITE if refusal.code == "origin" else None
    return "text/html; charset=utf-8", bare_page(scope, refusal.status, trouble).encode()


def _words(scope: Scope, status: int, trouble: Trouble | None = None) -> dict[str, Any]:
    known = trouble or TROUBLES.get(status) or TROUBLES[400 if status < 500 else 500]
    reference = scope.get("state", {}).get("reference", "")
    return {"trouble": known, "reference": reference if status >= 500 else ""}


def _to_sign_in(request: Request) -> Response:
    """To the sign-in page, and back here afterwards. htmx is told to open it as a page of its own."""
    come_back = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    place = f"/sign-in?next={quote(come_back if request.method == 'GET' else '/', safe='')}"
    if request.headers.get("hx-request"):
        return Response(status_code=401, headers={"HX-Redirect": place, "Cache-Control": "no-store"})
    return Response(status_code=303, headers={"Location": place, "Cache-Control": "no-store"})
