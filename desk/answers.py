"""Answers to a case as plain form posts, the next case at once, and undo from anywhere."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Form
from fastapi.responses import Response
from pydantic import BaseModel, Field

from catalogue.decision import Case
from catalogue.errors import NotFound, StaleAnswer, UsageError, VetoStands
from catalogue.sentence import Sentence
from desk.caseview import Picked, Setback, case_page
from desk.visit import Cataloguer, Number, Visit
from jobs.reviewing import Answered, Author, answer_field, answer_match, undo
from jobs.views.casewords import veto_words
from jobs.views.storyline import people, sentence
from ops.messages import _
from store import cases, claims, decisions, history, queue
from store.moments import seconds_between

router = APIRouter()
PUT_OFF = _("Put off: it comes back at the end of your queue.")
MOST_SECONDS = 4 * 3600
"""A page left open longer tells nothing about how long the answer took."""


class AnswerForm(BaseModel):
    """What the form of a case sends. `choice` is the number of a candidate, ``own`` or ``none``."""

    version: int
    answer: Literal["same", "different", "unsure", "field", "skip"]
    choice: Annotated[str, Field(max_length=20)] = ""
    own: str = ""
    note: str = ""
    started: str = ""

    @property
    def picked(self) -> Picked:
        return Picked(self.answer, self.choice, self.own, self.note)


@router.post("/case/{name}/answer")
def answer(visit: Cataloguer, name: str, form: Annotated[AnswerForm, Form()]) -> Response:
    """Keep an answer and go to the next case; a stale or impossible one comes back with what was picked."""
    with visit.store.read() as connection:
        case = cases.find(connection, name)
    if form.answer == "unsure" and case.kind == "field":
        return _put_off(visit, case)
    if form.answer == "skip":
        return next_case(visit, past=name)
    try:
        made = _kept(visit, case, form)
    except StaleAnswer as stale:
        return case_page(visit, name, Setback(form.picked, stale=stale))
    except VetoStands as stands:
        return case_page(visit, name, Setback(form.picked, fault=veto_fault(visit, stands)))
    except UsageError as fault:
        if isinstance(fault, NotFound):
            raise
        return case_page(visit, name, Setback(form.picked, fault=_fault(visit, case)))
    return next_case(visit, past=name if form.answer == "unsure" else None, said=saved(visit, made))


@router.post("/decision/{number}/undo")
def undo_decision(visit: Cataloguer, number: Number, back: Annotated[str, Form()] = "/decisions") -> Response:
    """Take any decision back."""
    made = undo(visit.store, number, author_of(visit, ""))
    return visit.redirect(_reopened(visit, made) or back, said=_undone(visit, made))


@router.post("/decisions/undo")
def undo_last(visit: Cataloguer) -> Response:
    """Take back the last answer of one's own that stands."""
    with visit.store.read() as connection:
        last = history.last_answer(connection, visit.person.name)
    if last is None:
        return visit.redirect("/decisions", said=visit.text(_("You have no answer that could be undone.")))
    made = undo(visit.store, last.id, author_of(visit, ""))
    return visit.redirect(_reopened(visit, made) or "/decisions", said=_undone(visit, made))


def next_case(visit: Visit, *, past: str | None = None, said: str = "") -> Response:
    """To the next case for this person, claimed; to the first page where there is none."""
    minutes = visit.settings.desk.claim_minutes
    with visit.store.write() as connection:
        if past:
            claims.release(connection, past, visit.person.name)
        found = queue.next_for(connection, visit.person.name, visit.now, minutes, past=past)
    return visit.redirect(f"/case/{found}" if found else "/", said=said)


def _kept(visit: Visit, case: Case, form: AnswerForm) -> Answered:
    author = author_of(visit, form.note)
    seconds = _seconds(form.started, visit.now)
    if form.answer == "field":
        if case.kind != "field":
            raise UsageError(Sentence("this case asks for no value"))
        value = _value(case, form)
        return answer_field(visit.store, case.case, version=form.version, value=value, author=author, seconds=seconds)
    if form.answer == "skip" or case.kind == "field":
        raise UsageError(Sentence("this case asks for a value"))
    return answer_match(
        visit.store, case.case, version=form.version, answer=form.answer, author=author, seconds=seconds
    )


def _put_off(visit: Visit, case: Case) -> Response:
    """Not sure about a value: the case stays open and goes to the end of the person's queue."""
    with visit.store.write() as connection:
        claims.defer(connection, case.case, visit.person.name, visit.now)
    return next_case(visit, past=case.case, said=visit.text(PUT_OFF))


def _value(case: Case, form: AnswerForm) -> Any:
    if form.choice == "none":
        return None
    if form.choice == "own":
        if not form.own.strip():
            raise UsageError(Sentence("there is no value"))
        return form.own.strip()
    if not form.choice.isdecimal() or int(form.choice) >= len(case.candidates):
        raise UsageError(Sentence("no value was chosen"))
    return case.candidates[int(form.choice)]["value"]


def author_of(visit: Visit, note: str) -> Author:
    """The person as the author of a decision."""
    return Author(visit.person.name, visit.now, note.strip() or None, role=visit.person.role, via="desk")


def _seconds(started: str, now: str) -> int | None:
    try:
        spent = int(seconds_between(started, now))
    except ValueError:
        return None
    return spent if 0 <= spent <= MOST_SECONDS else None


def saved(visit: Visit, made: Answered) -> str:
    """What the status line says of a decision that was kept."""
    text = visit.text
    if made.decision.answer == "unsure":
        return text(PUT_OFF)
    return text(_("Saved: {sentence}. Undo with U, or “Undo my last answer”.")).format(sentence=_sentence(visit, made))


def _undone(visit: Visit, made: Answered) -> str:
    said = visit.text(_("Undone: {sentence}.")).format(sentence=_sentence(visit, made))
    if made.leaning:
        numbers = ", ".join(map(str, made.leaning))
        said += " " + visit.text(_("Later decisions lean on it; look at them too: {numbers}.")).format(numbers=numbers)
    return said


def _sentence(visit: Visit, made: Answered) -> str:
    """The decision in words; of an undo, the one that was taken back."""
    with visit.store.read() as connection:
        shown = made.decision
        if shown.undoes is not None:
            shown = decisions.find(connection, shown.undoes)
        names = people(connection, [shown.author])
        asked = next(iter(cases.by_name(connection, [shown.case] if shown.case else [])), None)
    return sentence(shown, names, visit.language, asked)


def _reopened(visit: Visit, made: Answered) -> str | None:
    """The page of the case that an undo asks again, if it does."""
    opened = [*made.opened, *([made.decision.case] if made.decision.case else [])]
    with visit.store.read() as connection:
        found = next((case for case in cases.by_name(connection, opened) if case.state == "open"), None)
    return f"/case/{found.case}" if found else None


def veto_fault(visit: Visit, stands: VetoStands) -> str:
    """Why an answer that a rule forbids was not kept, and what it would take."""
    reasons = " ".join(veto_words(stands.vetoes, visit.language))
    if not visit.may("senior"):
        return visit.text(_("Only a senior cataloguer may overrule this: {reasons}")).format(reasons=reasons)
    return visit.text(_("This overrules a rule; say why in the note. {reasons}")).format(reasons=reasons)


def _fault(visit: Visit, case: Case) -> str:
    if case.kind == "field":
        return visit.text(_("The field cannot have this value. Choose one, or write another."))
    return visit.text(_("This answer cannot be given to this case."))
