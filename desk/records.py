"""Records: search, the page of a work, an edition or a source's record, its history, and the record as it was sent."""

from __future__ import annotations

from typing import Annotated, Any, Literal
from urllib.parse import quote

from fastapi import APIRouter, Query
from fastapi.responses import Response

from desk.insearch import in_search
from desk.sheet import shown_rows
from desk.visit import Viewer, Visit
from jobs.views.casewords import question_of
from jobs.views.originals import original
from jobs.views.recordfile import GoneFile, MergedFile, RecordFile, SourceFile, can_change, find_records, record_file
from jobs.views.storyline import told

router = APIRouter()
PAGE = 25
MOST_ASKED = 300  # characters of a question


@router.get("/records")
def search(
    visit: Viewer,
    q: Annotated[str, Query(max_length=MOST_ASKED)] = "",
    after: Annotated[int, Query(ge=0, le=10_000)] = 0,
) -> Response:
    """Works by title, contributor, ISBN, source id or id; from the database alone."""
    found, total = find_records(visit.store, q, visit.language, after=after, limit=PAGE) if q.strip() else ((), 0)
    return visit.page("records.html", nav="records", q=q, found=found, total=total, after=after, page_size=PAGE)


@router.get("/raw")
def raw(visit: Viewer, record: Annotated[str, Query(max_length=MOST_ASKED)]) -> Response:
    """A source's record as it was sent, as text."""
    sent = original(visit.store, record)
    return visit.page("raw.html", nav="records", sent=sent, back=f"/record/{quote(record)}", case=None)


@router.get("/record/{name:path}")
def show(visit: Viewer, name: str, tab: Literal["values", "history"] = "values") -> Response:
    """The record of a name, redirects followed; what is gone is said so."""
    file = record_file(visit.store, name, visit.language)
    values: dict[str, Any] = {"file": file, "tab": tab, "asked": name, **_lines(visit, file)}
    if isinstance(file, GoneFile):
        return visit.page("gone.html", 410, nav="records", **values)
    names = {member.key: member.source_name for member in members_of(file)}
    values |= {
        "rows": shown_rows(file.rows, names),
        "sources": set(names.values()),
        "questions": _questions(visit, file),
        "can_change": can_change,
        "in_search": in_search(visit, [file.work if isinstance(file, MergedFile) else file.member.work]),
    }
    template = "record.html" if isinstance(file, MergedFile) else "source_record.html"
    return visit.page(template, nav="records", **values)


def members_of(file: MergedFile | SourceFile) -> tuple[Any, ...]:
    """The source records of a page."""
    return file.members if isinstance(file, MergedFile) else (file.member,)


def _questions(visit: Visit, file: MergedFile | SourceFile) -> list[tuple[str, str]]:
    return [(case.case, question_of(case, visit.language)) for case in file.cases]


def _lines(visit: Visit, file: RecordFile) -> dict[str, Any]:
    with visit.store.read() as connection:
        return {"lines": told(connection, file.decisions, visit.language)}
