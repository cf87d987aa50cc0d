"""What a person may do about a mistake that no case asks about: separate, join, change a value. All can be undone."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Annotated, Any, Literal
from urllib.parse import quote

from fastapi import APIRouter, Form, Query
from fastapi.responses import Response
from pydantic import BaseModel

from catalogue.errors import NotFound, UsageError, VetoStands
from catalogue.evidence import ClusterLevel
from desk.answers import author_of, saved, veto_fault
from desk.sheet import shown_rows
from desk.visit import Cataloguer, Visit
from jobs import reviewing
from jobs.joining import apart
from jobs.reviewing import Answered
from jobs.showing import current
from jobs.views.fieldrows import rows_of
from jobs.views.fieldvalues import field_name, items_of, said
from jobs.views.recordfile import GoneFile, MergedFile, SourceFile, can_change, find_records, record_file, together
from jobs.views.storyline import told
from merging.fields import leaves
from ops.messages import _

router = APIRouter()
Name = Annotated[str, Query(max_length=300)]
WORDED = frozenset({"titles", "contributors", "series", "topics.subjects", "topics.genres"})
"""List fields of which a plain text is enough to make an item."""


class JoinForm(BaseModel):
    left: str
    right: str
    level: Literal["edition", "work"]
    note: str = ""


class ChangeForm(BaseModel):
    """`keep` are the numbers of the items that stay, `more` new ones, one a line; `value` is that of a single field."""

    record: str
    field: str
    keep: list[str] = []
    more: str = ""
    value: str = ""
    seen: str = ""
    note: str = ""


@router.post("/separate")
def separate(
    visit: Cataloguer,
    *,
    record: Annotated[str, Form()],
    back: Annotated[str, Form()],
    level: Annotated[Literal["edition", "work"], Form()] = "edition",
    note: Annotated[str, Form()] = "",
) -> Response:
    """This record is not what the rest of its edition (or work) is."""
    made = reviewing.separate(visit.store, record, author_of(visit, note), level=level)
    return visit.redirect(back, said=saved(visit, made))


@router.get("/join")
def join_page(visit: Cataloguer, left: Name, right: Name = "", q: Name = "") -> Response:
    """What to join a record with: a search, or the preview of the two together."""
    return _join_page(visit, left, right, q)


@router.post("/join")
def join(visit: Cataloguer, form: Annotated[JoinForm, Form()]) -> Response:
    """The two are one edition, or one work."""

    def act() -> Answered:
        return reviewing.join(visit.store, form.left, form.right, level=form.level, author=author_of(visit, form.note))

    made, fault = attempt(visit, act)
    if made is None:
        return _join_page(visit, form.left, form.right, "", fault=fault, note=form.note)
    return visit.redirect(f"/record/{quote(form.left)}", said=saved(visit, made))


@router.get("/change")
def change_page(visit: Cataloguer, record: Name, field: Name) -> Response:
    """The form for a value of a merged record."""
    return _change_page(visit, record, field)


@router.post("/change")
def change(visit: Cataloguer, form: Annotated[ChangeForm, Form()]) -> Response:
    """Choose a value: it outranks the sources until what they say changes."""
    file = _merged(visit, form.record)
    _need_field(form.field)
    present = items_of(file_description(visit, form.record), form.field)
    if form.seen != seen_of(form.field, present):
        fault = visit.text(_("The field has changed since you opened it: look again."))
        return _change_page(visit, form.record, form.field, fault=fault, given=form, status=409)

    def act() -> Answered:
        value = _value(form, present)
        return reviewing.decide_field(
            visit.store, file.id, field=form.field, value=value, author=author_of(visit, form.note)
        )

    made, fault = attempt(visit, act)
    if made is None:
        return _change_page(visit, form.record, form.field, fault=fault, given=form, status=422)
    return visit.redirect(f"/record/{file.id}", said=saved(visit, made))


def attempt(visit: Visit, act: Callable[[], Answered]) -> tuple[Answered | None, str]:
    """What came of it, else why not in words. NotFound goes on."""
    try:
        return act(), ""
    except NotFound:
        raise
    except VetoStands as stands:
        return None, veto_fault(visit, stands)
    except UsageError:
        return None, visit.text(_("That cannot be done: they share a record, or the field cannot have this value."))


def file_description(visit: Visit, name: str) -> Any:
    """The description of a merged record as it is now."""
    with visit.store.read() as connection:
        return current(connection, name).merged.description


def seen_of(field: str, items: list[Any]) -> str:
    """What a form was made from, to be known again."""
    return json.dumps([said(field, item, "en").text for item in items], ensure_ascii=False)


def _value(form: ChangeForm, present: list[Any]) -> Any:
    leaf = leaves()["titles" if form.field.startswith("titles.") else form.field]
    if not leaf.many:
        return form.value.strip() or None
    kept = [said(form.field, item, "en").value for n, item in enumerate(present) if str(n) in form.keep]
    return [*kept, *(line.strip() for line in form.more.splitlines() if line.strip())]


def _merged(visit: Visit, name: str) -> MergedFile:
    file = record_file(visit.store, name, visit.language)
    if not isinstance(file, MergedFile):
        raise NotFound("edition or work", name)
    return file


def _need_field(field: str) -> None:
    if not can_change(field):
        raise NotFound("field", field)


def _change_page(
    visit: Visit, name: str, field: str, *, fault: str = "", given: ChangeForm | None = None, status: int = 200
) -> Response:
    """The form; with `given` as it was filled in, but for items that have changed since: they all stay."""
    file = _merged(visit, name)
    _need_field(field)
    leaf = leaves()["titles" if field.startswith("titles.") else field]
    present = items_of(file_description(visit, name), field)
    items, seen = [said(field, item, visit.language) for item in present], seen_of(field, present)
    values = {
        "file": file,
        "field": field,
        "field_words": field_name(field, visit.language),
        "many": leaf.many,
        "items": items,
        "kept": given.keep if given and given.seen == seen else [str(number) for number in range(len(items))],
        "more": given.more if given else "",
        "value": given.value if given else items[0].value if items else "",
        "seen": seen,
        "worded": leaf.model is None or field.partition(".")[0] == "titles" or field in WORDED,
        "fault": fault,
        "note": given.note if given else "",
    }
    return visit.page("change.html", status, nav="records", **values)


def _earlier(visit: Visit, names: tuple[str, str], level: ClusterLevel) -> dict[str, Any]:
    """The answers that keep two records apart: those that joining replaces, those that stand against it."""
    if not names[1]:
        return {"replaced": (), "against": ()}
    with visit.store.read() as connection:
        found = apart(connection, names, level)
        replaced, against = (told(connection, some, visit.language) for some in (found.replaced, found.standing))
    return {"replaced": replaced, "against": against}


def _join_page(visit: Visit, left: str, right: str, q: str, *, fault: str = "", note: str = "") -> Response:
    files = [record_file(visit.store, name, visit.language) for name in (left, right) if name]
    if any(isinstance(file, GoneFile) for file in files):
        raise NotFound("record", right or left)
    level: ClusterLevel = "work" if any(isinstance(f, MergedFile) and f.level == "work" for f in files) else "edition"
    found, total = find_records(visit.store, q, visit.language, level=level) if q.strip() else ((), 0)
    result = together(visit.store, (left, right), level) if right else None
    values = {
        **_earlier(visit, (left, right), level),
        "left": files[0],
        "right": files[1] if right else None,
        "left_name": left,
        "right_name": right,
        "level": level,
        "q": q,
        "found": found,
        "total": total,
        "rows": shown_rows(rows_of((), result, visit.language), {}) if result else (),
        "fault": fault,
        "note": note,
        "is_source": [isinstance(file, SourceFile) for file in files],
    }
    return visit.page("join.html", 422 if fault else 200, nav="records", **values)
