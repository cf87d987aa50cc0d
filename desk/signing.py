"""Signing in and out: throttled, server-side sessions, a new id each time."""

from __future__ import annotations

import secrets
from threading import BoundedSemaphore
from typing import Annotated

from fastapi import APIRouter, Form, Query
from fastapi.responses import Response

from desk.passwords import check_password
from desk.visit import SESSION_COOKIE, Guest, Viewer, Visit, forget_cookie, own_path, set_cookie
from ops.asgi import client_network
from ops.formats import said_time
from store import accounts, audit, sessions, throttling
from store.moments import seconds_between

router = APIRouter()
HASHING = BoundedSemaphore(2)  # each takes tens of megabytes


@router.get("/sign-in")
def sign_in_page(visit: Guest, come_back: Annotated[str, Query(alias="next")] = "/") -> Response:
    """The form; who is signed in already goes on."""
    place = own_path(come_back)
    if visit.signed_in:
        return visit.redirect(place)
    return _form(visit, place)


@router.post("/sign-in")
def sign_in(
    visit: Guest,
    name: Annotated[str, Form(max_length=200)],
    password: Annotated[str, Form(max_length=1000)],
    come_back: Annotated[str, Form(alias="next")] = "/",
) -> Response:
    """Begin a session. Who fails often waits; a wrong name and a wrong password look the same."""
    place = own_path(come_back)
    subjects = (throttling.account_subject(name), throttling.address_subject(client_network(visit.request.scope)))
    with HASHING:  # attempts at the same moment wait here: each sees the failures of those before it
        with visit.store.read() as connection:
            locked = throttling.locked_until(connection, subjects, visit.now)
            hashed = accounts.password_hash(connection, name)
        if locked:
            return _locked(visit, place, name, locked)
        fits, anew = check_password(password, hashed)
        if not fits:
            return _failed(visit, place, name, subjects)
    token = secrets.token_urlsafe(32)
    with visit.store.write() as connection:
        person = accounts.need(connection, name)
        throttling.succeeded(connection, name)
        if anew:
            accounts.set_password_hash(connection, name, anew, None)
        if visit.token:
            sessions.close(connection, visit.token)
        sessions.open(connection, token, person.name, now=visit.now, hours=visit.settings.desk.session_hours)
        audit.write(connection, "sign_in", account=person.name, at=visit.now)
    response = visit.redirect(place)
    set_cookie(response, SESSION_COOKIE, token)
    return response


@router.post("/sign-out")
def sign_out(visit: Guest) -> Response:
    """End this session."""
    if visit.signed_in:
        with visit.store.write() as connection:
            sessions.close(connection, visit.token)
            audit.write(connection, "sign_out", account=visit.signed_in.name, at=visit.now)
    response = visit.redirect("/sign-in", said=visit.text("You have signed out."))
    forget_cookie(response, SESSION_COOKIE)
    return response


@router.post("/session/extend")
def extend(visit: Viewer) -> Response:
    """Begin the idle time anew; the seconds until the session ends are in ``Ends-In``."""
    with visit.store.write() as connection:
        sessions.touch(connection, visit.token, visit.now)
    with visit.store.read() as connection:
        session = sessions.find(connection, visit.token, now=visit.now, idle_minutes=visit.settings.desk.idle_minutes)
    left = int(seconds_between(visit.now, session.ends_at)) if session else 0
    return Response(status_code=204, headers={"Ends-In": str(left), "Cache-Control": "no-store"})


def _failed(visit: Visit, place: str, name: str, subjects: tuple[str, ...]) -> Response:
    with visit.store.write() as connection:
        locked = throttling.failed(connection, subjects, visit.now)
        audit.write(connection, "sign_in.failed", account=name.strip().lower()[:200], at=visit.now)
    if locked:
        return _locked(visit, place, name, locked)
    fault = visit.text("The user name or the password is wrong. Try again.")
    return _form(visit, place, name, fault=fault, status=401)


def _locked(visit: Visit, place: str, name: str, until: str) -> Response:
    wait = max(1, int(seconds_between(visit.now, until)))
    when = said_time(until, visit.language, visit.desk.clock())
    fault = visit.text("Too many attempts. You may try again: {when}.").format(when=when)
    response = _form(visit, place, name, fault=fault, status=429)
    response.headers["Retry-After"] = str(wait)
    return response


def _form(visit: Visit, place: str, name: str = "", *, fault: str = "", status: int = 200) -> Response:
    return visit.page("sign_in.html", status=status, come_back=place, name=name, fault=fault)
