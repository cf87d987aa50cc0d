"""`/search` and `/suggest`: what ``lyhde search`` says, over HTTP."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from api.answering import answer
from api.openapi import answers, problems
from api.paging import bad_cursor
from api.parameters import Searched, Suggested
from api.service import Ours
from api.shapes import SearchAnswer, SuggestAnswer
from catalogue.errors import UsageError
from index.question import Question

router = APIRouter(tags=["search"])


@router.get(
    "/search",
    operation_id="search",
    summary="Find works",
    responses={**answers(SearchAnswer), **problems("bad-request", "search-unavailable")},
)
async def search(request: Request, ours: Ours, asked: Annotated[Searched, Query()]) -> Response:
    """Works that match, best first, with facets.

    All words must occur, in any field, inflected in Finnish, Swedish or English. Several values of one filter are
    alternatives; different filters must all hold, those about editions on one and the same edition.
    """
    question = Question(
        asked.q, asked.lang, asked.filters(), asked.limit,
        sort=asked.sort, as_of=ours.today(), highlight=asked.highlight,
    )  # fmt: skip
    try:
        found = await ours.searching(lambda: ours.search.ask(question, asked.after))
    except UsageError as fault:
        raise bad_cursor() from fault  # everything else was checked
    return answer(request, found)


@router.get(
    "/suggest",
    operation_id="suggest",
    summary="Complete what is typed",
    responses={**answers(SuggestAnswer), **problems("bad-request", "search-unavailable")},
)
async def suggest(request: Request, ours: Ours, asked: Annotated[Suggested, Query()]) -> Response:
    """Works whose titles, series and names begin with all typed words, in any order. Nothing typed suggests nothing."""
    filters = {name: list(given) for name in ("medium", "language") if (given := getattr(asked, name))}
    question = Question(asked.q, asked.lang, filters, asked.limit, as_of=ours.today())
    return answer(request, await ours.searching(lambda: ours.search.suggest(question)))
