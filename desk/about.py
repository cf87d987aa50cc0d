"""Help, and the accessibility statement."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import Response

from desk.reasons import KINDS
from desk.roles import ROLE_DUTIES, ROLE_WORDS
from desk.visit import Guest, Viewer

router = APIRouter()


@router.get("/help")
def help_page(visit: Viewer) -> Response:
    """How it works, the keys, the words."""
    text = visit.text
    return visit.page(
        "help.html",
        nav="help",
        kinds=[(kind, text(words)) for kind, words in KINDS.items()],
        roles=[(text(words), text(ROLE_DUTIES[role])) for role, words in ROLE_WORDS.items()],
        minutes=visit.settings.desk.claim_minutes,
    )


@router.get("/accessibility")
def accessibility(visit: Guest) -> Response:
    """The statement the law asks for, and where to send feedback."""
    return visit.page("accessibility.html", contact=visit.settings.desk.feedback_contact)
