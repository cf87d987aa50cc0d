"""The list of decisions, filtered and in pages, with undo; and those whose records are gone."""

from __future__ import annotations

from typing import Annotated, Any, Literal
from urllib.parse import urlencode

from fastapi import APIRouter, Query
from fastapi.responses import Response

from desk.visit import GREATEST, Viewer
from jobs.constraints import read_standing
from jobs.views.storyline import people, told
from ops.messages import _
from store import history

router = APIRouter()
PAGE = 50
KINDS = {
    "same": _("Same"),
    "different": _("Different"),
    "field": _("a value"),
    "unsure": _("Not sure"),
    "stopped": _("Identifier stopped"),
    "trusted": _("Identifier trusted"),
    "undo": _("undone"),
}


@router.get("/decisions")
def listed(
    visit: Viewer,
    *,
    person: Annotated[str, Query(max_length=200)] = "",
    answer: Literal["", "same", "different", "field", "unsure", "stopped", "trusted", "undo"] = "",
    before: Annotated[int | None, Query(ge=1, le=GREATEST)] = None,
    after: Annotated[int | None, Query(ge=0, le=GREATEST)] = None,
) -> Response:
    """Newest first."""
    wanted = {"person": person or None, "answer": answer or None}
    with visit.store.read() as connection:
        if after is not None:
            made = history.newer(connection, **wanted, after=after, limit=PAGE)
        else:
            made = history.page(connection, **wanted, before=before, limit=PAGE)
        total = history.count(connection, **wanted)
        older = bool(made) and bool(history.page(connection, **wanted, before=made[-1].id, limit=1))
        newer = bool(made) and bool(history.newer(connection, **wanted, after=made[0].id, limit=1))
        lines = told(connection, made, visit.language)
        authors = people(connection, history.authors(connection))
    chosen = {"person": person, "answer": answer}
    links = {
        "older": f"/decisions?{urlencode({**chosen, 'before': made[-1].id})}" if older else None,
        "newer": f"/decisions?{urlencode({**chosen, 'after': made[0].id})}" if newer else None,
    }
    values: dict[str, Any] = {
        "lines": lines,
        "total": total,
        "authors": authors,
        "kinds": KINDS,
        "chosen": chosen,
        **links,
    }
    return visit.page("decisions.html", nav="decisions", **values)


@router.get("/orphans")
def orphans(visit: Viewer) -> Response:
    """Decisions whose records are gone: kept, without effect until the records come back."""
    with visit.store.read() as connection:
        made = read_standing(connection).orphans
        lines = told(connection, sorted(made, key=lambda one: -one.id)[:500], visit.language)
    return visit.page("orphans.html", nav="decisions", lines=lines, total=len(made))
