"""`/works` and `/editions`, out of the store: they answer while the search server is down."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response

from api.answering import answer, moved
from api.openapi import answers, problems
from api.parameters import AboutWork, EditionsOf, OnePage
from api.problems import Problem
from api.service import Ours, Service
from api.shapes import EditionPage, EditionView, IssuePage, WorkView
from api.views import Reader, edition_page, edition_view, issue_page, work_view
from catalogue.publicid import PublicKind
from jobs.reading import Gone, Moved, PublicWork, read_public
from ops.messages import _
from store.merged import StoredMerged

router = APIRouter(tags=["works and editions"])
WORK = Path(alias="id", description="a work's id", examples=["w2sf"], json_schema_extra={"maxLength": 30})
EDITION = Path(alias="id", description="an edition's id", examples=["e6dm"], json_schema_extra={"maxLength": 30})
WorkId = Annotated[str, WORK]
EditionId = Annotated[str, EDITION]
BY_ID = problems("bad-request", "not-found", "gone", "catalogue-unavailable")
PLACES = {"w": "/works/", "e": "/editions/"}


@router.get(
    "/works/{id}",
    operation_id="readWork",
    summary="A work",
    responses={**answers(WorkView, moves=True), **BY_ID},
)
async def read_work(request: Request, ours: Ours, name: WorkId, asked: Annotated[AboutWork, Query()]) -> Response:
    """A work with its editions: those in the reader's language first, then the newest."""
    found = await _found(request, ours, "w", name)
    if isinstance(found, Response):
        return found
    why = found.work.merged.provenance if asked.include else None
    shown = work_view(found, Reader(asked.lang, ours.today()), why)
    return answer(request, shown, revision=found.revision, changed_at=found.updated_at)


@router.get(
    "/works/{id}/editions",
    operation_id="listEditions",
    summary="Editions of a work",
    responses={**answers(EditionPage, moves=True), **BY_ID},
)
async def list_editions(request: Request, ours: Ours, name: WorkId, asked: Annotated[EditionsOf, Query()]) -> Response:
    """The editions as the work lists them, for works with very many: those readers are offered, or the others."""
    found = await _found(request, ours, "w", name, beneath="/editions")
    if isinstance(found, Response):
        return found
    rows = found.editions if asked.offered else found.others
    page = edition_page(rows, Reader(asked.lang, ours.today()), asked.limit, asked.after)
    return answer(request, page, revision=found.revision, changed_at=found.updated_at)


@router.get(
    "/editions/{id}",
    operation_id="readEdition",
    summary="An edition",
    responses={**answers(EditionView, moves=True), **BY_ID},
)
async def read_edition(request: Request, ours: Ours, name: EditionId, asked: Annotated[AboutWork, Query()]) -> Response:
    """An edition with all that is known of it; of a magazine the newest issues too."""
    found = await _found(request, ours, "e", name)
    if isinstance(found, Response):
        return found
    row = _edition(found, name)
    why = row.merged.provenance if asked.include else None
    shown = edition_view(found, row, Reader(asked.lang, ours.today()), why)
    return answer(request, shown, revision=row.revision, changed_at=row.updated_at)


@router.get(
    "/editions/{id}/issues",
    operation_id="listIssues",
    summary="Issues of a magazine",
    responses={**answers(IssuePage, moves=True), **BY_ID},
)
async def list_issues(request: Request, ours: Ours, name: EditionId, asked: Annotated[OnePage, Query()]) -> Response:
    """All issues, newest first. An edition that is no magazine has none."""
    found = await _found(request, ours, "e", name, beneath="/issues")
    if isinstance(found, Response):
        return found
    row = _edition(found, name)
    page = issue_page(row.merged.issues, asked.limit, asked.after)
    return answer(request, page, revision=row.revision, changed_at=row.updated_at)


async def _found(
    request: Request, ours: Service, kind: PublicKind, name: str, *, beneath: str = ""
) -> PublicWork | Response:
    """The public work, or 301 to where the id leads now. Problems: not-found, gone, catalogue-unavailable."""
    found = await ours.reading(lambda: read_public(ours.store, kind, name, ours.settings.publish.media))
    if isinstance(found, Moved):
        return moved(request, f"{PLACES[kind]}{found.to}{beneath}")
    if isinstance(found, Gone):
        raise Problem("gone")
    if found is None:
        detail = _("No public work has the id {id}.") if kind == "w" else _("No public edition has the id {id}.")
        raise Problem("not-found", detail, {"id": name[:40]})
    return found


def _edition(found: PublicWork, name: str) -> StoredMerged:
    row = found.edition(name)
    assert row is not None  # noqa: S101 - the work was found by this very id
    return row
