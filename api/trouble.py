"""Everything that ends a request early, as a problem."""

from __future__ import annotations

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from api.gate import ALLOWED
from api.problems import MEDIA_TYPE, Problem, problem_language
from api.wording import faults


def add_to(app: FastAPI) -> None:
    """Register the handlers."""
    app.add_exception_handler(Problem, said)
    app.add_exception_handler(RequestValidationError, said)
    app.add_exception_handler(HTTPException, said)


async def said(request: Request, error: Exception) -> Response:
    """The problem as an answer. Its `instance` is the path."""
    problem = _problem(error)
    headers = {"Cache-Control": "no-store", **problem.headers}
    language = problem_language(request.scope)
    headers["Content-Language"] = language
    body = problem.answer.body(language, request.scope.get("raw_path", b"").decode("latin-1")[:200])
    return Response(body, problem.answer.kind.status, headers, MEDIA_TYPE)


def _problem(error: Exception) -> Problem:
    if isinstance(error, Problem):
        return error
    if isinstance(error, RequestValidationError):
        return Problem("bad-request", faults=faults(error.errors()))
    status = error.status_code if isinstance(error, HTTPException) else 500
    if status == 405:
        return Problem("method", headers={"Allow": ALLOWED})
    return Problem({404: "not-found", 400: "bad-request"}.get(status, "internal"))
