"""The first page: the next case for me, or what happened since yesterday."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import Response

from desk.visit import Viewer

router = APIRouter()


@router.get("/")
def home(visit: Viewer) -> Response:
    """Where work begins."""
    return visit.page("home.html", nav="next")
