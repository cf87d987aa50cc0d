"""One case: its page, its history, its records as they were sent, and who keeps or watches it."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import PlainTextResponse, Response

from catalogue.errors import NotFound
from desk.caseview import case_page, presence_words
from desk.visit import Cataloguer, Viewer, Watcher
from jobs.views.casefile import case_file
from jobs.views.originals import original
from jobs.views.storyline import people, told
from ops.messages import _
from store import cases, claims, decisions, presence

router = APIRouter()


@router.get("/case/{name}")
def show(visit: Viewer, name: str) -> Response:
    """The page of a case, in whatever state. Whoever opens it is seen to have it open."""
    page = case_page(visit, name)
    with visit.store.write() as connection:
        presence.beat(connection, name, visit.person.name, visit.now)
    return page


@router.get("/case/{name}/history")
def history(visit: Viewer, name: str) -> Response:
    """Every answer the case had, undone ones included."""
    file = case_file(visit.store, name, visit.language)
    with visit.store.read() as connection:
        made = list(reversed(decisions.of_case(connection, name)))
        if file.reopening and all(one.id != file.reopening.decision.id for one in made):
            made.append(file.reopening.decision)
        lines = told(connection, made, visit.language)
        put_off = claims.deferred_by(connection, name)
        names = people(connection, [who for who, _at in put_off])
    return visit.page("case_history.html", nav="queue", file=file, lines=lines, put_off=put_off, names=names)


@router.get("/case/{name}/raw/{member:path}")
def raw(visit: Viewer, name: str, member: str) -> Response:
    """A member's record as its source sent it, as text."""
    with visit.store.read() as connection:
        case = cases.find(connection, name)
    if member not in case.members:
        raise NotFound("record of this case", member)
    back = f"/case/{name}"
    return visit.page("raw.html", nav="queue", sent=original(visit.store, member), back=back, case=case)


@router.post("/case/{name}/presence")
def beat(visit: Watcher, name: str) -> Response:
    """The page is still open: who else has it open, as plain text."""
    with visit.store.write() as connection:
        cases.find(connection, name)
        presence.beat(connection, name, visit.person.name, visit.now)
        others = presence.others(connection, name, visit.person.name, visit.now)
        names = people(connection, others)
    return PlainTextResponse(presence_words(visit, [names[one] for one in others]))


@router.post("/case/{name}/keep")
def keep(visit: Cataloguer, name: str) -> Response:
    """Keep a case for a day, unless another keeps it."""
    with visit.store.write() as connection:
        cases.find(connection, name)
        mine = claims.keep(connection, name, visit.person.name, visit.now)
    said = _("Kept for you until tomorrow.") if mine else _("Somebody else keeps it already.")
    return visit.redirect(f"/case/{name}", said=visit.text(said))


@router.post("/case/{name}/take-over")
def take_over(visit: Cataloguer, name: str) -> Response:
    """Keep a case whoever had it."""
    with visit.store.write() as connection:
        cases.find(connection, name)
        before = claims.take_over(connection, name, visit.person.name, visit.now)
        names = people(connection, [before] if before else [])
    if not before:
        return visit.redirect(f"/case/{name}", said=visit.text(_("Kept for you until tomorrow.")))
    said = visit.text(_("Taken over from {name}.")).format(name=names[before])
    return visit.redirect(f"/case/{name}", said=said)


@router.post("/case/{name}/release")
def release(visit: Cataloguer, name: str) -> Response:
    """Let go of a case."""
    with visit.store.write() as connection:
        claims.release(connection, name, visit.person.name)
    return visit.redirect(f"/case/{name}", said=visit.text(_("Anybody may be given it again.")))
