"""What machines ask the desk: does it live, can it work, how is it doing."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, PlainTextResponse, Response

from catalogue.errors import LyhdeError
from jobs.reachable import search_answers
from ops.metrics import MEDIA_TYPE
from store.database import schema_version
from store.schema import SCHEMA_VERSION

router = APIRouter()


@router.get("/healthz")
def healthz() -> Response:
    """The process answers."""
    return PlainTextResponse("ok\n", headers={"Cache-Control": "no-store"})


@router.get("/readyz")
def readyz(request: Request) -> Response:
    """200 where the database answers at our schema. Without the search server the desk works on: "degraded"."""
    desk = request.app.state.desk
    found: dict[str, Any] = {"database": "ok", "search": "ok" if search_answers(desk.settings) else "down"}
    try:
        version = schema_version(desk.store)
        if version != SCHEMA_VERSION:
            found["database"] = f"schema {version}, not {SCHEMA_VERSION}"
    except LyhdeError:
        found["database"] = "down"
    works = found["database"] == "ok"
    found["state"] = ("ready" if found["search"] == "ok" else "degraded") if works else "not ready"
    return JSONResponse(found, 200 if works else 503, headers={"Cache-Control": "no-store"})


@router.get("/metrics")
def metrics(request: Request) -> Response:
    """All measures for Prometheus: numbers and names of sources, nothing about people."""
    page = request.app.state.desk.metrics.page()
    return Response(page, media_type=MEDIA_TYPE, headers={"Cache-Control": "no-store"})
