"""Answers, mostly as JSON, with what caches need: a strong ETag, how long they may be kept, when they changed."""

from __future__ import annotations

from datetime import datetime
from email.utils import format_datetime
from hashlib import blake2b
from typing import Any

import orjson
from fastapi import Request, Response
from pydantic import BaseModel

KEPT_S = 60  # works and hits: about as long as a change takes to reach the index anyway
MOVED_KEPT_S = 3_600  # an id that moved may come back


def answer(
    request: Request,
    content: BaseModel | dict[str, Any] | bytes,
    *,
    media_type: str = "application/json",
    revision: int | None = None,
    changed_at: str | None = None,
    kept_s: int = KEPT_S,
) -> Response:
    """The content, or 304 where the client has it. `changed_at` is UTC text; `kept_s` 0: to be asked for each time.

    The ETag is made of the revision and of the content: the same words for the same bytes.
    """
    body = content if isinstance(content, bytes) else orjson.dumps(_plain(content))
    digest = blake2b(body, digest_size=9).hexdigest()
    etag = f'"{digest}"' if revision is None else f'"{revision}-{digest}"'
    headers = {"ETag": etag, "Cache-Control": f"public, max-age={kept_s}" if kept_s else "no-cache"}
    if changed_at:
        headers["Last-Modified"] = format_datetime(datetime.fromisoformat(changed_at), usegmt=True)
    if _has(request.headers.get("if-none-match", ""), etag):
        return Response(status_code=304, headers=headers)
    return Response(body, media_type=media_type, headers=headers)


def _plain(content: BaseModel | dict[str, Any]) -> Any:
    return content.model_dump(mode="json") if isinstance(content, BaseModel) else content


def moved(request: Request, path: str) -> Response:
    """301 to another path, with the query as it was."""
    query = request.url.query
    headers = {"Location": f"{path}?{query}" if query else path, "Cache-Control": f"public, max-age={MOVED_KEPT_S}"}
    return Response(status_code=301, headers=headers)


def _has(told: str, etag: str) -> bool:
    """Whether an If-None-Match names the ETag. Weak tags count: proxies that compress make ours weak."""
    tags = {tag.strip().removeprefix("W/") for tag in told.split(",")}
    return etag in tags or told.strip() == "*"
