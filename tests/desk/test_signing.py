"""Signing in and out: cookies, throttle, ends, and where one is sent afterwards."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from starlette.testclient import TestClient

from desk import me
from desk.app import create_app
from desk.passwords import hash_password
from desk.visit import SESSION_COOKIE, own_path
from ops.settings import Settings
from store import accounts, audit
from store.accounts import Account
from store.database import Store
from store.throttling import FREE_FAILURES

PASSWORD = "sininen kettu nukkuu"
START = datetime(2026, 11, 3, 8, 31, tzinfo=UTC)
Desk = Callable[..., TestClient]


class Clock:
    """Time that stands until it is moved."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        return self.now

    def move(self, **span: float) -> None:
        self.now += timedelta(**span)


@pytest.fixture(scope="session")
def hashed() -> str:
    return hash_password(PASSWORD)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def browser(settings: Settings, store: Store, clock: Clock, hashed: str) -> Iterator[TestClient]:
    """A browser that nobody has signed in with yet; Aino may."""
    person = Account(name="aino", display_name="Aino", role="admin", created_at="2026-01-01T00:00:00Z")
    with store.write() as connection:
        accounts.add(connection, person, hashed)
    headers = {"sec-fetch-site": "same-origin"}
    app = create_app(settings, clock)
    with TestClient(app, base_url="https://localhost", headers=headers, follow_redirects=False) as client:
        yield client


def sign_in(client: TestClient, password: str = PASSWORD, **form: str) -> int:
    return client.post("/sign-in", data={"name": "aino", "password": password, **form}).status_code


def test_the_cookie_is_bound_to_the_host_and_out_of_reach(browser: TestClient) -> None:
    answer = browser.post("/sign-in", data={"name": " AINO ", "password": PASSWORD})
    given = next(c for c in answer.headers.get_list("set-cookie") if c.startswith(SESSION_COOKIE))
    parts = {part.strip().lower() for part in given.split(";")[1:]}
    assert SESSION_COOKIE.startswith("__Host-")
    assert parts == {"httponly", "path=/", "samesite=lax", "secure"}
    assert len(browser.cookies[SESSION_COOKIE]) >= 43


def test_each_sign_in_has_a_new_id_and_ends_the_one_before(browser: TestClient) -> None:
    sign_in(browser)
    first = browser.cookies[SESSION_COOKIE]
    sign_in(browser)
    assert browser.cookies[SESSION_COOKIE] != first
    browser.cookies.set(SESSION_COOKIE, first, domain="localhost.local")
    browser.cookies.clear()
    assert browser.get("/queue", headers={"cookie": f"{SESSION_COOKIE}={first}"}).status_code == 303


def test_an_id_of_ones_own_choosing_is_not_taken_up(browser: TestClient) -> None:
    browser.post(
        "/sign-in", data={"name": "aino", "password": PASSWORD}, headers={"cookie": f"{SESSION_COOKIE}=chosen"}
    )
    assert browser.cookies[SESSION_COOKIE] != "chosen"


def test_signing_out_ends_the_session_on_the_server(browser: TestClient) -> None:
    sign_in(browser)
    token = browser.cookies[SESSION_COOKIE]
    assert browser.get("/queue").status_code == 200
    browser.post("/sign-out")
    assert browser.get("/queue", headers={"cookie": f"{SESSION_COOKIE}={token}"}).status_code == 303


def test_signing_out_everywhere_ends_the_other_browser_too(browser: TestClient) -> None:
    sign_in(browser)
    first = browser.cookies[SESSION_COOKIE]
    browser.cookies.clear()
    sign_in(browser)
    browser.post("/me/sign-out-everywhere")
    assert browser.get("/queue", headers={"cookie": f"{SESSION_COOKIE}={first}"}).status_code == 303


def test_a_disabled_account_is_out_at_once(browser: TestClient, store: Store) -> None:
    sign_in(browser)
    with store.write() as connection:
        other = Account(name="other", display_name="Other", role="admin", created_at="2026-01-01T00:00:00Z")
        accounts.add(connection, other)
        accounts.disable(connection, "aino", "2026-11-03T08:32:00Z")
    assert browser.get("/queue").status_code == 303
    assert sign_in(browser) == 401


@pytest.mark.parametrize("name", ["aino", "nobody"])
def test_guessing_is_slowed_down_for_known_and_unknown_names_alike(browser: TestClient, name: str) -> None:
    codes = [browser.post("/sign-in", data={"name": name, "password": f"wrong {n}"}).status_code for n in range(6)]
    assert codes == [401, 401, 401, 401, 429, 429]


def test_the_lock_ends_by_itself_and_holds_for_the_right_password_meanwhile(browser: TestClient, clock: Clock) -> None:
    for n in range(5):
        sign_in(browser, f"wrong {n}")
    answer = browser.post("/sign-in", data={"name": "aino", "password": PASSWORD})
    assert (answer.status_code, int(answer.headers["retry-after"])) == (429, 30)
    clock.move(seconds=31)
    assert sign_in(browser) == 303


def test_a_wrong_name_and_a_wrong_password_look_the_same(browser: TestClient) -> None:
    pages = [
        browser.post("/sign-in", data={"name": name, "password": "wrong"}).text.replace(name, "")
        for name in ("aino", "nobody")
    ]
    assert pages[0] == pages[1]


def test_a_session_ends_when_nothing_is_done(browser: TestClient, clock: Clock) -> None:
    sign_in(browser)
    for _ in range(3):
        clock.move(minutes=119)
        assert browser.get("/queue").status_code == 200
    clock.move(minutes=121)
    assert browser.get("/queue").status_code == 303


def test_a_session_ends_after_its_hours_whatever_is_done(browser: TestClient, clock: Clock) -> None:
    sign_in(browser)
    for _ in range(7):
        clock.move(minutes=100)
        browser.get("/queue")
    clock.move(minutes=21)
    assert browser.get("/queue").status_code == 303


def test_the_page_tells_when_the_session_ends_and_a_button_puts_it_off(browser: TestClient, clock: Clock) -> None:
    sign_in(browser)
    assert 'data-ends-in="7200"' in browser.get("/queue").text
    clock.move(minutes=118)
    extended = browser.post("/session/extend")
    assert (extended.status_code, extended.headers["ends-in"]) == (204, "7200")


def test_a_page_that_asks_by_itself_keeps_nobody_signed_in(browser: TestClient, clock: Clock, store: Store) -> None:
    sign_in(browser)
    case = browser.post("/next").headers["location"].split("/")[-1]
    for _ in range(3):
        clock.move(minutes=50)
        code = browser.post(f"/case/{case}/presence").status_code
    assert code == 303


PLACES = [
    ("/queue?kind=match", "/queue?kind=match"),
    ("https://elsewhere.example/", "/"),
    ("//elsewhere.example/", "/"),
    ("/\\elsewhere.example", "/"),
    ("\\\\elsewhere.example", "/"),
    ("/%09/elsewhere.example", "/%09/elsewhere.example"),
    ("/\t/elsewhere.example", "/"),
    ("javascript:alert(1)", "/"),
    ("queue", "/"),
    ("", "/"),
    ("/jono/ä", "/"),
    ("/a\r\nSet-Cookie: x=1", "/"),
]


@pytest.mark.parametrize(("asked", "given"), PLACES)
def test_one_is_sent_to_own_paths_alone(browser: TestClient, asked: str, given: str) -> None:
    assert own_path(asked) == given
    answer = browser.post("/sign-in", data={"name": "aino", "password": PASSWORD, "next": asked})
    assert (answer.status_code, answer.headers["location"]) == (303, given)


def test_the_sign_in_page_comes_back_to_where_one_was(browser: TestClient) -> None:
    sent = browser.get("/queue?kind=match&page=2").headers["location"]
    assert 'name="next" value="/queue?kind=match&amp;page=2"' in browser.get(sent).text


def test_sign_ins_are_in_the_audit_without_passwords(browser: TestClient, store: Store) -> None:
    sign_in(browser, "wrong password")
    sign_in(browser)
    with store.read() as connection:
        entries = audit.listed(connection)
    assert [entry.action for entry in entries] == ["sign_in", "sign_in.failed"]
    assert "password" not in str(entries).replace("account.password", "")


def test_the_language_before_sign_in_is_kept_in_a_cookie(browser: TestClient) -> None:
    assert '<html lang="fi"' in browser.get("/sign-in").text
    browser.post("/language", data={"language": "sv", "next": "/sign-in"})
    page = browser.get("/sign-in").text
    assert '<html lang="sv"' in page
    assert "Logga in" in page


def test_what_a_redirect_says_is_shown_once(browser: TestClient) -> None:
    sign_in(browser)
    browser.post("/me", data={"language": "fi", "theme": "dark"})
    first, second = browser.get("/me").text, browser.get("/me").text
    assert "Valintasi on tallennettu." in first
    assert "Valintasi on tallennettu." not in second
    assert 'data-theme="dark"' in second


def test_guesses_at_the_same_moment_are_counted_one_by_one(browser: TestClient) -> None:
    with ThreadPoolExecutor(12) as pool:
        codes = list(pool.map(lambda n: sign_in(browser, f"wrong {n}"), range(12)))
    assert codes.count(401) <= FREE_FAILURES + 1, "two are looked at side by side"
    assert codes.count(401) + codes.count(429) == 12


def test_guesses_of_the_present_password_at_the_same_moment_are_counted_too(
    browser: TestClient, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    sign_in(browser)
    looked = []
    monkeypatch.setattr(me, "check_password", lambda present, hashed: (looked.append(present), (False, None))[1])
    form = {"wanted": "harmaa norppa kelluu", "again": "harmaa norppa kelluu"}
    with ThreadPoolExecutor(12) as pool:
        list(pool.map(lambda n: browser.post("/me/password", data={"present": f"wrong {n}", **form}), range(12)))
    assert FREE_FAILURES < len(looked) <= FREE_FAILURES + 2


def test_what_cannot_be_done_is_told_in_the_language_of_the_page(browser: TestClient, store: Store) -> None:
    sign_in(browser)
    refused = browser.post("/admin/users/aino/disable")
    assert refused.status_code == 400
    assert '<p class="detail">' in refused.text
