"""Who may open what: a table of every route, kept complete."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from fastapi.routing import APIRoute
from starlette.testclient import TestClient

from desk.app import ROUTERS
from store.accounts import ROLES, may

Desk = Callable[..., TestClient]
OPEN = {
    "GET /healthz", "GET /readyz", "GET /metrics", "GET /static/{digest}/{name}", "GET /accessibility",
    "GET /sign-in", "POST /sign-in", "POST /sign-out", "POST /language",
}  # fmt: skip
ABOVE_CATALOGUER = {
    "POST /runs/{number}/approve": "operator",
    "POST /runs/{number}/reject": "operator",
    "GET /admin/users": "admin",
    "POST /admin/users": "admin",
    "GET /admin/users/{name}": "admin",
    "POST /admin/users/{name}/role": "admin",
    "POST /admin/users/{name}/disable": "admin",
    "POST /admin/users/{name}/enable": "admin",
    "POST /admin/users/{name}/password": "admin",
}
FOR_VIEWERS = {"POST /session/extend", "POST /me", "POST /me/password", "POST /me/sign-out-everywhere"}


def routes() -> dict[str, str | None]:
    """Method and path → the role it needs; None: no sign-in."""
    found = {}
    for module in ROUTERS:
        for route in module.router.routes:
            assert isinstance(route, APIRoute)
            needed = [getattr(d.call, "needed_role", None) for d in route.dependant.dependencies]
            for method in route.methods:
                found[f"{method} {route.path}"] = next((role for role in needed if role), None)
    return found


def test_only_the_listed_routes_are_open_to_anybody() -> None:
    assert {name for name, role in routes().items() if role is None} == OPEN


def test_routes_above_a_cataloguer_are_those_of_the_table() -> None:
    found = {name: role for name, role in routes().items() if role and not may("cataloguer", role)}  # type: ignore[arg-type]  # a role
    assert found == ABOVE_CATALOGUER


def test_what_changes_the_catalogue_needs_a_cataloguer() -> None:
    changing = {name: role for name, role in routes().items() if name.startswith("POST") and role}
    watching = {name for name in changing if name.endswith("/presence")}
    assert {name for name, role in changing.items() if role == "viewer"} - watching == FOR_VIEWERS


@pytest.mark.parametrize("name", sorted(set(routes()) - OPEN))
def test_without_a_sign_in_one_is_sent_to_it(desk: Desk, name: str) -> None:
    client = desk()
    client.headers.pop("cookie")
    method, path = name.split(" ")
    answer = client.request(method, re.sub(r"\{[^}]*\}", "1", path))
    assert (answer.status_code, answer.headers["location"].split("?")[0]) == (303, "/sign-in")


@pytest.mark.parametrize("name", sorted(ABOVE_CATALOGUER))
def test_a_lesser_role_is_refused_in_words(desk: Desk, name: str) -> None:
    lesser = ROLES[ROLES.index(ABOVE_CATALOGUER[name]) - 1]  # type: ignore[arg-type]  # a role
    method, path = name.split(" ")
    answer = desk("eero", lesser).request(method, re.sub(r"\{[^}]*\}", "1", path), data={"role": "admin"})
    assert answer.status_code == 403
    assert "Roolisi ei salli tätä" in answer.text


def test_htmx_is_sent_to_the_sign_in_as_a_page_of_its_own(desk: Desk) -> None:
    client = desk()
    client.headers.pop("cookie")
    answer = client.get("/queue?kind=match", headers={"hx-request": "true"})
    assert (answer.status_code, answer.headers["hx-redirect"]) == (401, "/sign-in?next=%2Fqueue%3Fkind%3Dmatch")
