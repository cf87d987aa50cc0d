"""`/page/…`: a search page of one's own beside the API (`api.pages_dir`), which runs no foreign script."""

from __future__ import annotations

from typing import Annotated

from anyio import to_thread
from fastapi import APIRouter, Path, Request, Response

from api.answering import answer, moved
from api.problems import Problem
from api.service import Ours

KINDS = {
    "html": "text/html; charset=utf-8",
    "css": "text/css; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
    "svg": "image/svg+xml",
    "png": "image/png",
}
"""Ending of a file that is served → its media type."""
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' https:; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
FIRST = "index.html"
router = APIRouter(include_in_schema=False)


@router.get("/page")
async def entrance(request: Request) -> Response:
    """The page's own links are relative: they need the slash."""
    return moved(request, "/page/")


@router.get("/page/")
async def first(request: Request, ours: Ours) -> Response:
    """The page."""
    return await file(request, ours, FIRST)


@router.get("/page/{name}")
async def file(
    request: Request, ours: Ours, name: Annotated[str, Path(pattern=r"^[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*$")]
) -> Response:
    """A file of the folder itself; nothing below or above it, and of known kinds alone."""
    folder = ours.settings.api.pages_dir
    kind = KINDS.get(name.rpartition(".")[2])
    if folder is None or kind is None:
        raise Problem("not-found")
    try:
        content = await to_thread.run_sync((folder / name).read_bytes)
    except OSError as failure:
        raise Problem("not-found") from failure
    found = answer(request, content, media_type=kind)
    found.headers["Content-Security-Policy"] = POLICY
    return found
