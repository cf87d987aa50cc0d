"""`/works/{id}/jsonld` and `/editions/{id}/jsonld`: schema.org for search engines and linked data."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request, Response

from api.answering import answer, moved
from api.openapi import documents
from api.problems import Problem
from api.service import Ours, Service
from api.works import BY_ID, EditionId, WorkId
from catalogue.publicid import PublicKind
from jobs.reading import Gone, Moved, PublicWork, read_public
from store.merged import StoredMerged
from writers.jsonld import to_jsonld, work_to_jsonld

MEDIA_TYPE = "application/ld+json"
SCHEMA = {"type": "object", "required": ["@context", "@id", "@type"]}
ANSWERS = {**documents("schema.org as JSON-LD", {MEDIA_TYPE: SCHEMA}, moves=True), **BY_ID}
router = APIRouter(tags=["works and editions"], default_response_class=Response)


@router.get("/works/{id}/jsonld", operation_id="describeWork", summary="A work as linked data", responses=ANSWERS)
async def work(request: Request, ours: Ours, name: WorkId) -> Response:
    """A work with its public editions as examples of it."""
    found = await _found(request, ours, "w", name)
    if isinstance(found, Response):
        return found
    about = _address(ours, "works", found.work)
    whole = work_to_jsonld(found.work.merged.description, about, [_edition(ours, row) for row in found.editions])
    return answer(request, whole, media_type=MEDIA_TYPE, revision=found.revision, changed_at=found.updated_at)


@router.get(
    "/editions/{id}/jsonld", operation_id="describeEdition", summary="An edition as linked data", responses=ANSWERS
)
async def edition(request: Request, ours: Ours, name: EditionId) -> Response:
    """One edition, which says of what work it is an example."""
    found = await _found(request, ours, "e", name)
    if isinstance(found, Response):
        return found
    row = found.edition(name)
    assert row is not None  # noqa: S101 - the work was found by this very id
    whole = _edition(ours, row) | {"exampleOfWork": {"@id": _address(ours, "works", found.work)[1]}}
    return answer(request, whole, media_type=MEDIA_TYPE, revision=row.revision, changed_at=row.updated_at)


async def _found(request: Request, ours: Service, kind: PublicKind, name: str) -> PublicWork | Response:
    found = await ours.reading(lambda: read_public(ours.store, kind, name, ours.settings.publish.media))
    if isinstance(found, Moved):
        return moved(request, f"/{'works' if kind == 'w' else 'editions'}/{found.to}/jsonld")
    if found is None or isinstance(found, Gone):
        raise Problem("not-found" if found is None else "gone")
    return found


def _edition(ours: Service, row: StoredMerged) -> dict[str, Any]:
    name, address = _address(ours, "editions", row)
    return to_jsonld(row.merged.description, name) | {"@id": address}


def _address(ours: Service, kind: str, row: StoredMerged) -> tuple[str, str]:
    """The id of a work or edition, and its address."""
    home = (ours.settings.api.public_url or "").rstrip("/")
    return row.id, f"{home}/{kind}/{row.id}"
