"""The files beside the pages: style, scripts, the mark. Their address holds a hash of their content."""

from __future__ import annotations

import gzip
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from importlib import resources

from fastapi import APIRouter, HTTPException, Request, Response

router = APIRouter()
MEDIA_TYPES = {".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".svg": "image/svg+xml"}
KEPT = "public, max-age=31536000, immutable"


@dataclass(frozen=True, slots=True)
class StaticFile:
    """One file in memory. `digest` is part of its address, so that it may be kept for ever."""

    media_type: str
    content: bytes
    packed: bytes
    digest: str


@cache
def files() -> dict[str, StaticFile]:
    """Every file of ``desk/static`` by name: the registry of what may be asked for."""
    found = {}
    for file in resources.files("desk").joinpath("static").iterdir():
        media_type = MEDIA_TYPES.get(file.name[file.name.rfind(".") :])
        if media_type:
            content = file.read_bytes()
            packed = gzip.compress(content, 9, mtime=0)
            found[file.name] = StaticFile(media_type, content, packed, sha256(content).hexdigest()[:16])
    return found


def address(name: str) -> str:
    """The path of a static file. Raises KeyError for one that is not there."""
    return f"/static/{files()[name].digest}/{name}"


@router.get("/static/{digest}/{name}", include_in_schema=False)
def static(request: Request, digest: str, name: str) -> Response:
    """A static file, for a year: its address changes with its content."""
    file = files().get(name)
    if file is None or file.digest != digest:
        raise HTTPException(404)
    packed = "gzip" in request.headers.get("accept-encoding", "")
    headers = {"Cache-Control": KEPT, "Vary": "Accept-Encoding"} | ({"Content-Encoding": "gzip"} if packed else {})
    return Response(file.packed if packed else file.content, media_type=file.media_type, headers=headers)
