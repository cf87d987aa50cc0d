"""`/opds/v2` and `/opds/v1.2`: the catalogue for apps and lending systems, newest changes first, and its search.

What their documents hold is described by OPDS itself; the OpenAPI description tells of addresses and parameters.
"""

from __future__ import annotations

import base64
from typing import Annotated, Literal

from fastapi import APIRouter, Path, Query, Request, Response

from api.answering import answer, moved
from api.openapi import documents, problems
from api.paging import bad_cursor
from api.parameters import Asked, ShelfSearched, Shelved
from api.problems import Problem
from api.service import Ours, Service
from api.shelving import Shelves, latest
from api.works import BY_ID, EditionId
from catalogue.errors import UsageError
from catalogue.vocabularies import language
from index.question import Question, ReaderLanguage
from jobs.reading import Gone, Moved, read_public
from jobs.shelves import Wanted, editions_of, newest_editions
from ops.messages import _, translator
from store.merged import StoredMerged
from writers.opds.feed import ATOM, ENTRY, FEED, OPENSEARCH, PUBLICATION, Feed
from writers.opds.opds2 import publication, to_opds2
from writers.opds.opds12 import to_entry, to_opds12, to_opensearch

router = APIRouter(tags=["opds"], default_response_class=Response)
Version = Literal["v2", "v1.2"]
InVersion = Annotated[Version, Path(description="2.0 in JSON, or 1.2 in Atom")]
_JSON, _XML = {"type": "object", "required": ["metadata", "links"]}, {"type": "string"}
_FEEDS = documents("a feed; its form is that of OPDS", {FEED: _JSON, ATOM: _XML})
IN_A_GROUP = 10
PICTURE_KEPT_S = 86_400
NO_COVER = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAIAAAADCAAAAACcgYFdAAAADUlEQVR42mM4c4YBjAAVjQTJPRgyXwAAAABJRU5ErkJggg=="
)
"""Two by three grey pixels: OPDS wants a picture for every publication."""


@router.get(
    "/opds/no-cover.png",
    operation_id="opdsNoCover",
    summary="A picture for want of a cover",
    responses=documents("a grey picture", {"image/png": {"type": "string", "format": "binary"}}),
)
async def no_cover(request: Request) -> Response:
    """What stands in for a cover."""
    return answer(request, NO_COVER, media_type="image/png", kept_s=PICTURE_KEPT_S)


@router.get(
    "/opds/v1.2/opensearch.xml",
    operation_id="opdsOpenSearch",
    summary="OpenSearch description",
    responses={**documents("an OpenSearch description", {OPENSEARCH: _XML}), **problems("bad-request")},
)
async def opensearch(request: Request, ours: Ours, asked: Annotated[Asked, Query()]) -> Response:
    """How OPDS 1.2 is searched."""
    say = translator(asked.lang)
    template = shelves(ours, "v1.2", asked.lang).search_template("&query={searchTerms}")
    described = to_opensearch(say(_("Catalogue")), say(_("Search the catalogue by words or by ISBN")), template)
    return answer(request, described, media_type=OPENSEARCH)


@router.get(
    "/opds/{version}",
    operation_id="opdsEntrance",
    summary="The OPDS catalogue",
    responses={**_FEEDS, **problems("bad-request", "catalogue-unavailable")},
)
async def entrance(request: Request, ours: Ours, version: InVersion, asked: Annotated[Asked, Query()]) -> Response:
    """The way in: every shelf, and the newest of each medium."""
    media = ours.settings.publish.media

    def read() -> Feed:
        groups: dict[str, tuple[StoredMerged, ...]] = {
            medium: newest_editions(ours.store, media, Wanted(frozenset([medium])), limit=IN_A_GROUP).editions
            for medium in media
        }
        rows = [row for group in groups.values() for row in group]
        return shelves(ours, version, asked.lang).entrance(media, groups, latest(rows, ours.today()))

    return written(request, version, await ours.reading(read), "navigation")


@router.get(
    "/opds/{version}/publications",
    operation_id="opdsPublications",
    summary="Publications, the last changed first",
    responses={**_FEEDS, **problems("bad-request", "catalogue-unavailable")},
)
async def publications(
    request: Request, ours: Ours, version: InVersion, asked: Annotated[Shelved, Query()]
) -> Response:
    """A page of publications, the last changed first."""
    wanted = _wanted(asked.medium, asked.language)
    media = ours.settings.publish.media
    shelf = await ours.reading(
        lambda: newest_editions(ours.store, media, wanted, limit=asked.limit, before=asked.before)
    )
    about = {name: list(getattr(asked, name)) for name in ("medium", "language") if getattr(asked, name)}
    feed = shelves(ours, version, asked.lang).newest(shelf, about, asked.limit, asked.before)
    return written(request, version, feed, "acquisition")


@router.get(
    "/opds/{version}/search",
    operation_id="opdsSearch",
    summary="Publications of the works that match",
    responses={**_FEEDS, **problems("bad-request", "search-unavailable", "catalogue-unavailable")},
)
async def search(
    request: Request, ours: Ours, version: InVersion, asked: Annotated[ShelfSearched, Query()]
) -> Response:
    """Publications of the works that match, best first."""
    question = Question(asked.query, asked.lang, asked.filters(), asked.limit, as_of=ours.today())
    try:
        found = await ours.searching(lambda: ours.search.ask(question, asked.after))
    except UsageError as fault:
        raise bad_cursor() from fault
    wanted = _wanted(asked.medium, asked.language)
    works = [hit["id"] for hit in found["hits"]]
    rows = await ours.reading(lambda: editions_of(ours.store, ours.settings.publish.media, works, wanted))
    about = {**asked.filters(), "limit": [str(asked.limit)]} | ({"query": [asked.query]} if asked.query else {})
    feed = shelves(ours, version, asked.lang).found(found, rows, about, asked.after)
    return written(request, version, feed, "acquisition")


@router.get(
    "/opds/{version}/publications/{id}",
    operation_id="opdsPublication",
    summary="A publication",
    responses={
        **documents("a publication; its form is that of OPDS", {PUBLICATION: _JSON, ENTRY: _XML}, moves=True),
        **BY_ID,
    },
)
async def alone(
    request: Request,
    ours: Ours,
    version: InVersion,
    *,
    name: EditionId,
    asked: Annotated[Asked, Query()],
) -> Response:
    """One publication by its edition's id."""
    found = await ours.reading(lambda: read_public(ours.store, "e", name, ours.settings.publish.media))
    if isinstance(found, Moved):
        return moved(request, f"/opds/{version}/publications/{found.to}")
    public = () if found is None or isinstance(found, Gone) else found.editions
    row = next((each for each in public if each.id == name), None)
    if row is None:
        raise Problem("gone" if isinstance(found, Gone) else "not-found")
    about = shelves(ours, version, asked.lang).shelving().publication(row)
    today = ours.today().isoformat()
    if version == "v2":
        return answer(request, publication(about, asked.lang, today), media_type=PUBLICATION, changed_at=row.updated_at)
    return answer(request, to_entry(about, asked.lang, today), media_type=ENTRY, changed_at=row.updated_at)


def shelves(ours: Service, version: Version, lang: ReaderLanguage) -> Shelves:
    """The catalogue in a form of OPDS. Links are whole addresses where the public one is known."""
    about = ours.settings.api
    home = about.public_url.rstrip("/") if about.public_url else ""
    return Shelves(f"/opds/{version}", home, lang, ours.today(), about.borrow_url)


def written(request: Request, version: Version, feed: Feed, reads: str) -> Response:
    """The feed in the form asked for."""
    if version == "v2":
        return answer(request, to_opds2(feed), media_type=FEED)
    return answer(request, to_opds12(feed), media_type=f"{ATOM};kind={reads}")


def _wanted(media: tuple[str, ...], languages: tuple[str, ...]) -> Wanted:
    return Wanted(frozenset(media), frozenset(language(code) or code for code in languages))
