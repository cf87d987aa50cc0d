"""One request of one person: who it is, in which language, and how a page or a redirect goes back."""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as NotBase64
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Annotated, Any, cast, get_args
from urllib.parse import urlsplit

from fastapi import Depends, Path, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from catalogue.errors import LyhdeError
from catalogue.sentence import Sentence
from desk.rendering import render
from ops.messages import Language, translator
from ops.metrics import Metrics
from ops.settings import Settings
from store import accounts, sessions
from store.accounts import Account, Role, may
from store.database import Store
from store.moments import FORM, later, seconds_between
from store.sessions import Session

SESSION_COOKIE = "__Host-lyhde"
LANGUAGE_COOKIE = "__Host-lyhde-language"
SAID_COOKIE = "__Host-lyhde-said"
LANGUAGES: tuple[Language, ...] = get_args(Language)
GREATEST = 2**63 - 1  # what the database can count to
SAID_FOR_S = 60
LONGEST_SAID = 900  # characters; a cookie holds 4 kB


@dataclass
class Desk:
    """What the whole process shares. `clock` gives the present time, UTC; `search_is_down`: the last try failed."""

    settings: Settings
    store: Store
    metrics: Metrics
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    search_is_down: Callable[[], bool] = lambda: False


class SignInNeeded(LyhdeError):
    """Nobody is signed in, or the session has ended."""


class NotAllowed(LyhdeError):
    """The person's role does not go so far. `needed` would."""

    def __init__(self, needed: Role) -> None:
        super().__init__(Sentence("this needs the role {role}", role=needed))
        self.needed = needed


@dataclass(frozen=True)
class Visit:
    """What a handler is given. `now` is UTC text as the store keeps it; `token` is the session's, in the cookie."""

    request: Request
    desk: Desk
    now: str
    language: Language
    signed_in: Account | None = None
    session: Session | None = None
    token: str = field(default="", repr=False)

    @property
    def person(self) -> Account:
        """Who is signed in. Only handlers behind `needs` may ask."""
        if self.signed_in is None:
            raise SignInNeeded(Sentence("nobody is signed in"))
        return self.signed_in

    @property
    def store(self) -> Store:
        return self.desk.store

    @property
    def settings(self) -> Settings:
        return self.desk.settings

    @property
    def text(self) -> Callable[[str], str]:
        """Message id → text in the reader's language."""
        return translator(self.language)

    @property
    def path(self) -> str:
        """Path and query of this page, for links that come back to it."""
        url = self.request.url
        return f"{url.path}?{url.query}" if url.query else url.path

    def may(self, role: Role) -> bool:
        """Whether the person's role goes so far."""
        return self.signed_in is not None and may(self.signed_in.role, role)

    def page(self, name: str, /, status: int = 200, **values: Any) -> Response:
        """A template of ``desk/templates`` as a page. What `redirect` had to say is shown once."""
        said = said_in(self.request)
        html = render(name, self.language, **{**self._shown(said), **values})
        response = HTMLResponse(html, status, headers={"Cache-Control": "no-store", "Vary": "Cookie"})
        if SAID_COOKIE in self.request.cookies:
            forget_cookie(response, SAID_COOKIE)
        return response

    def redirect(self, url: str, said: str = "") -> Response:
        """See other: `url` is a path of ours, `said` a sentence in the reader's language for the status line there."""
        response = RedirectResponse(own_path(url), 303, headers={"Cache-Control": "no-store"})
        if said:
            set_cookie(response, SAID_COOKIE, urlsafe_b64encode(said[:LONGEST_SAID].encode()).decode(), SAID_FOR_S)
        return response

    def _shown(self, said: str) -> dict[str, Any]:
        ends = self.session.ends_at if self.session else None
        return {
            "visit": self,
            "person": self.signed_in,
            "path": own_path(self.path) if self.request.method == "GET" else "/",
            "now": datetime.strptime(self.now, FORM).replace(tzinfo=UTC),
            "said": said,
            "ends_in_s": int(seconds_between(self.now, ends)) if ends else None,
        }


def visit_of(request: Request, *, touch: bool = True) -> Visit:
    """The visit a request is part of, worked out once. `touch`: it counts as doing something."""
    known = getattr(request.state, "visit", None)
    if isinstance(known, Visit):
        return known
    desk = cast(Desk, request.app.state.desk)
    now = desk.clock().astimezone(UTC).strftime(FORM)
    token = request.cookies.get(SESSION_COOKIE, "")
    session, person = _signed_in(desk, token, now, touch) if token else (None, None)
    language = person.language if person else language_of(request)
    visit = Visit(request, desk, now, language, person, session, token if person else "")
    request.state.visit = visit
    return visit


def _signed_in(desk: Desk, token: str, now: str, touch: bool) -> tuple[Session | None, Account | None]:
    idle = desk.settings.desk.idle_minutes
    with desk.store.read() as connection:
        session = sessions.find(connection, token, now=now, idle_minutes=idle)
        person = accounts.find(connection, session.account) if session else None
    if session and person and touch and session.wants_touch(now):
        with desk.store.write() as connection:
            sessions.touch(connection, token, now)
        ends_at = min(session.expires_at, later(now, idle * 60))
        session = Session(session.account, session.created_at, now, session.expires_at, ends_at)
    return session, person


def needs(role: Role, *, touch: bool = True) -> Callable[[Request], Visit]:
    """A dependency that gives the visit of a person of at least this role.

    Raises SignInNeeded or NotAllowed, which become pages.
    """

    def dependency(request: Request) -> Visit:
        visit = visit_of(request, touch=touch)
        if visit.signed_in is None:
            raise SignInNeeded(Sentence("sign in first"))
        if not may(visit.signed_in.role, role):
            raise NotAllowed(role)
        return visit

    dependency.needed_role = role  # type: ignore[attr-defined]  # a table in the tests reads it off the route
    return dependency


def guest(request: Request) -> Visit:
    """The visit of anybody, signed in or not."""
    return visit_of(request)


Guest = Annotated[Visit, Depends(guest)]
Viewer = Annotated[Visit, Depends(needs("viewer"))]
Watcher = Annotated[Visit, Depends(needs("viewer", touch=False))]
"""A viewer whose page asks by itself: that does not keep a sign-in alive."""
Cataloguer = Annotated[Visit, Depends(needs("cataloguer"))]
Operator = Annotated[Visit, Depends(needs("operator"))]
Admin = Annotated[Visit, Depends(needs("admin"))]
Number = Annotated[int, Path(ge=1, le=GREATEST)]
"""The number of a run or a decision in an address."""


def language_of(request: Request) -> Language:
    """The language chosen before sign-in, else Finnish."""
    chosen = request.cookies.get(LANGUAGE_COOKIE)
    return next((known for known in LANGUAGES if known == chosen), "fi")


def own_path(url: str) -> str:
    """A path on this site as it is, anything else ``/``: no link leads elsewhere through us."""
    plain = url.isascii() and url.isprintable() and "\\" not in url
    if not plain or not url.startswith("/") or url.startswith("//"):
        return "/"
    parts = urlsplit(url)
    return "/" if parts.scheme or parts.netloc else url


def said_in(request: Request) -> str:
    """What the last redirect had to say."""
    try:
        return urlsafe_b64decode(request.cookies.get(SAID_COOKIE, "")).decode()[:LONGEST_SAID]
    except (NotBase64, ValueError):
        return ""


def set_cookie(response: Response, name: str, value: str, max_age_s: int | None = None) -> None:
    """A cookie of this host alone, over TLS (or loopback) alone, out of reach of scripts."""
    response.set_cookie(name, value, max_age=max_age_s, path="/", secure=True, httponly=True, samesite="lax")


def forget_cookie(response: Response, name: str) -> None:
    """Take a cookie back."""
    response.delete_cookie(name, path="/", secure=True, httponly=True, samesite="lax")
