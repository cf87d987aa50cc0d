"""My own page: language, theme, single keys, password, and signing out everywhere."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form
from fastapi.responses import Response

from desk.passwords import check_password, hash_password, weakness
from desk.roles import ROLE_DUTIES, ROLE_WORDS
from desk.signing import HASHING
from desk.visit import LANGUAGE_COOKIE, LANGUAGES, SESSION_COOKIE, Viewer, Visit, forget_cookie, set_cookie
from ops.messages import Language, _, translator
from store import accounts, audit, sessions, throttling
from store.accounts import Theme

router = APIRouter()
YEAR_S = 365 * 24 * 3600
Secret = Annotated[str, Form(max_length=1000)]


@router.get("/me")
def show(visit: Viewer) -> Response:
    """What I chose."""
    return _page(visit)


@router.post("/me")
def keep(
    visit: Viewer,
    language: Annotated[Language, Form()],
    theme: Annotated[Theme, Form()],
    single_keys: Annotated[bool, Form()] = False,
) -> Response:
    """Keep what I chose."""
    with visit.store.write() as connection:
        accounts.set_profile(connection, visit.person.name, language=language, theme=theme, single_keys=single_keys)
    response = visit.redirect("/me", said=translator(language)(_("Your choices are kept.")))
    set_cookie(response, LANGUAGE_COOKIE, language, YEAR_S)
    return response


@router.post("/me/password")
def change_password(visit: Viewer, present: Secret, wanted: Secret, again: Secret) -> Response:
    """A new password, for who knows the present one; other sign-ins end."""
    name = visit.person.name
    if not _knows(visit, present):
        return _page(visit, present=visit.text("This is not your present password."))
    if wanted != again:
        return _page(visit, again=visit.text("The two are not the same."))
    fault = weakness(wanted, name, visit.person.display_name)
    if fault:
        return _page(visit, wanted=visit.text(fault))
    with HASHING:
        made = hash_password(wanted, name, visit.person.display_name)
    with visit.store.write() as connection:
        accounts.set_password_hash(connection, name, made, visit.now)
        sessions.close_all(connection, name, but=visit.token)
        throttling.succeeded(connection, name)
        audit.write(connection, "account.password", account=name, at=visit.now, subject=name)
    return visit.redirect("/me", said=visit.text("The password is changed. You are signed out everywhere else."))


@router.post("/me/sign-out-everywhere")
def sign_out_everywhere(visit: Viewer) -> Response:
    """End all my sessions, this one too."""
    with visit.store.write() as connection:
        sessions.close_all(connection, visit.person.name)
        audit.write(connection, "sign_out.everywhere", account=visit.person.name, at=visit.now)
    response = visit.redirect("/sign-in", said=visit.text("You are signed out everywhere."))
    forget_cookie(response, SESSION_COOKIE)
    return response


def _knows(visit: Visit, present: str) -> bool:
    """Whether this is the person's password; failures count as those of signing in do."""
    name, subjects = visit.person.name, (throttling.account_subject(visit.person.name),)
    with HASHING:  # attempts at the same moment wait here: each sees the failures of those before it
        with visit.store.read() as connection:
            locked = throttling.locked_until(connection, subjects, visit.now)
            hashed = accounts.password_hash(connection, name)
        if locked:
            return False
        fits, _anew = check_password(present, hashed)
        if not fits:
            with visit.store.write() as connection:
                throttling.failed(connection, subjects, visit.now)
    return fits


def _page(visit: Visit, **faults: str) -> Response:
    with visit.store.read() as connection:
        open_now = sessions.count_open(connection, [visit.person.name], visit.now)[visit.person.name]
    role = visit.person.role
    return visit.page(
        "me.html",
        status=400 if faults else 200,
        nav="me",
        languages=LANGUAGES,
        role=visit.text(ROLE_WORDS[role]),
        duty=visit.text(ROLE_DUTIES[role]),
        sessions=open_now,
        faults=faults,
    )
