"""The way in, the meaning of problems, and what machines ask: alive, ready, how it is going."""

from __future__ import annotations

from importlib.metadata import version
from typing import Annotated, Any

import anyio
from anyio import to_thread
from fastapi import APIRouter, Path, Query, Request, Response

from api.answering import answer
from api.openapi import answers, problems
from api.parameters import Asked
from api.problems import BY_NAME, KINDS, PREFIX, Kind, Problem
from api.service import Ours, Service, unavailable
from api.shapes import Alive, Entrance, ProblemMeaning, ProblemMeanings, Readiness
from catalogue.errors import LyhdeError, ServiceUnreachable
from catalogue.sentence import Sentence
from ops.messages import Language, translator
from ops.metrics import MEDIA_TYPE
from store.database import schema_version
from store.schema import SCHEMA_VERSION

PATIENCE_S = 2.0  # who asks for readiness does not wait long
KEPT_S = 3_600
NO_STORE = {"Cache-Control": "no-store"}
LINKS = {
    "search": "/search{?q,lang,medium*,language*,format*,publisher*,narrator*,accessibility*,subject*,genre*,"
    "audience*,collection*,year,duration,lendable,sort,highlight,limit,after}",
    "suggest": "/suggest{?q,lang,medium*,language*,limit}",
    "work": "/works/{id}{?lang,include}",
    "editions": "/works/{id}/editions{?lang,offered,limit,after}",
    "edition": "/editions/{id}{?lang,include}",
    "issues": "/editions/{id}/issues{?lang,limit,after}",
    "changes": "/changes{?since,limit}",
    "jsonld": "/works/{id}/jsonld",
    "opds2": "/opds/v2{?lang}",
    "opds12": "/opds/v1.2{?lang}",
    "problems": "/problems{?lang}",
    "description": "/openapi.json",
}
router = APIRouter(tags=["service"])


@router.get("/", operation_id="entrance", summary="Where everything is", responses=answers(Entrance))
async def entrance(request: Request) -> Response:
    """The addresses of this API as URI templates."""
    return answer(request, Entrance(name="Lyhde", version=version("lyhde"), links=LINKS), kept_s=KEPT_S)


@router.get(
    "/problems",
    operation_id="listProblems",
    summary="Every type of problem",
    responses={**answers(ProblemMeanings), **problems("bad-request")},
)
async def list_problems(request: Request, asked: Annotated[Asked, Query()]) -> Response:
    """What this API may answer instead of what was asked for."""
    meanings = tuple(_meaning(kind, asked.lang) for kind in KINDS)
    return answer(request, ProblemMeanings(problems=meanings), kept_s=KEPT_S)


@router.get(
    "/problems/{name}",
    operation_id="readProblem",
    summary="What a problem means",
    responses={**answers(ProblemMeaning), **problems("bad-request", "not-found")},
)
async def read_problem(
    request: Request, name: Annotated[str, Path(examples=["gone"])], asked: Annotated[Asked, Query()]
) -> Response:
    """Where the `type` of a problem leads."""
    if name not in BY_NAME:
        raise Problem("not-found")
    return answer(request, _meaning(BY_NAME[name], asked.lang), kept_s=KEPT_S)


@router.get("/healthz", operation_id="health", summary="Is the process alive?", responses=answers(Alive, cached=False))
async def healthz() -> Response:
    """Asks nobody."""
    return Response(b'{"status":"ok"}', media_type="application/json", headers=NO_STORE)


@router.get(
    "/readyz",
    operation_id="readiness",
    summary="Can it work?",
    responses={**answers(Readiness, cached=False), **problems("catalogue-unavailable")},
)
async def readyz(ours: Ours) -> Response:
    """200 where the database answers at the schema of this version; without the search server "degraded"."""
    found = await ours.reading(lambda: schema_version(ours.store))
    if found != SCHEMA_VERSION:
        reason = Sentence("the database has schema {version}, {needed} is needed", version=found, needed=SCHEMA_VERSION)
        raise unavailable("catalogue-unavailable", ServiceUnreachable(reason))
    search = await _search_state(ours)
    state: Any = "ready" if search == "ok" else "degraded"
    said = Readiness(status=state, checks={"database": "ok", "search": search})
    return Response(said.model_dump_json(), media_type="application/json", headers=NO_STORE)


@router.get("/metrics", include_in_schema=False)
async def metrics(ours: Ours) -> Response:
    """Measures for Prometheus: numbers and names of sources, nothing that anybody searched for."""
    page = await to_thread.run_sync(ours.metrics.page)
    return Response(page, media_type=MEDIA_TYPE, headers=NO_STORE)


async def _search_state(ours: Service) -> str:
    with anyio.move_on_after(PATIENCE_S):
        try:
            await to_thread.run_sync(ours.search.documents, abandon_on_cancel=True)
        except LyhdeError:
            return "unreachable"
        return "ok"
    return "slow"


def _meaning(kind: Kind, lang: Language) -> ProblemMeaning:
    text = translator(lang)
    return ProblemMeaning(
        type=PREFIX + kind.name, title=text(kind.title), status=kind.status, meaning=text(kind.meaning)
    )
