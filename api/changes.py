"""`/changes`: what changed since a revision, so that others can keep a copy in step."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from api.answering import answer
from api.openapi import answers, problems
from api.parameters import Since
from api.service import Ours
from api.shapes import ChangeFeed, ChangeView
from jobs.reading import read_changes

router = APIRouter(tags=["changes"])


@router.get(
    "/changes",
    operation_id="listChanges",
    summary="What changed",
    responses={**answers(ChangeFeed), **problems("bad-request", "catalogue-unavailable")},
)
async def changes(request: Request, ours: Ours, asked: Annotated[Since, Query()]) -> Response:
    """Works and editions that changed, in order, from the first on with `since=0`.

    An id may stand there more than once, and may be one that readers are not shown: reading it says 404 then.
    """
    found = await ours.reading(lambda: read_changes(ours.store, asked.since, asked.limit))
    last = found.changes[-1].rev if found.changes else asked.since
    feed = ChangeFeed(
        changes=tuple(ChangeView(**change._asdict()) for change in found.changes), next=last, more=last < found.newest
    )
    return answer(request, feed, revision=last, kept_s=0)
