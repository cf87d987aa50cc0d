"""Changing the language: the page stays, the choice is kept with the person, or in a cookie before sign-in."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form
from fastapi.responses import Response

from desk.visit import LANGUAGE_COOKIE, Guest, set_cookie
from ops.messages import Language
from store import accounts

router = APIRouter()
YEAR_S = 365 * 24 * 3600


@router.post("/language")
def choose(
    visit: Guest, language: Annotated[Language, Form()], come_back: Annotated[str, Form(alias="next")] = "/"
) -> Response:
    """Keep the choice and go back to the page."""
    if visit.signed_in:
        with visit.store.write() as connection:
            accounts.set_profile(connection, visit.signed_in.name, language=language)
    response = visit.redirect(come_back)
    set_cookie(response, LANGUAGE_COOKIE, language, YEAR_S)
    return response
