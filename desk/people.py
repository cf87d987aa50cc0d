"""Accounts: who may work at the desk, and how far. For administrators."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Form, Path
from fastapi.responses import Response
from pydantic import BaseModel, Field, SecretStr

from desk.acts import told_acts
from desk.passwords import hash_password, weakness
from desk.roles import ROLE_DUTIES, ROLE_WORDS
from desk.signing import HASHING
from desk.visit import Admin, Visit
from ops.messages import Language
from store import accounts, audit, sessions, throttling
from store.accounts import ROLES, Account, Role

router = APIRouter()
AUDIT_SHOWN = 30
UserName = Annotated[str, Path(max_length=200)]


class NewAccount(BaseModel):
    """The form for a new account."""

    name: Annotated[str, Field(max_length=200)] = ""
    password: Annotated[SecretStr, Field(max_length=1000)] = SecretStr("")
    display_name: Annotated[str, Field(max_length=200)] = ""
    role: Role = "cataloguer"
    language: Language = "fi"


@router.get("/admin/users")
def listed(visit: Admin) -> Response:
    """Every account, and a form for a new one."""
    return _page(visit)


@router.post("/admin/users")
def add(visit: Admin, new: Annotated[NewAccount, Form()]) -> Response:
    """Make an account."""
    name, shown = new.name.strip().lower(), new.display_name.strip() or new.name.strip()
    password = new.password.get_secret_value()
    faults = _faults(visit, name, password, shown)
    if faults:
        return _page(visit, faults, new)
    with HASHING:
        hashed = hash_password(password, name, shown)
    made = Account(name=name, display_name=shown, role=new.role, language=new.language, created_at=visit.now)
    with visit.store.write() as connection:
        accounts.add(connection, made, hashed)
        audit.write(connection, "account.add", account=visit.person.name, at=visit.now, subject=name, role=new.role)
    return visit.redirect("/admin/users", said=visit.text("{name} may sign in now.").format(name=shown))


@router.get("/admin/users/{name}")
def one(visit: Admin, name: UserName) -> Response:
    """One account."""
    return _account(visit, name)


@router.post("/admin/users/{name}/role")
def set_role(visit: Admin, name: UserName, role: Annotated[Role, Form()]) -> Response:
    """Another role. There is always an administrator left."""
    with visit.store.write() as connection:
        found = accounts.need(connection, name)
        accounts.set_role(connection, found.name, role)
        audit.write(connection, "account.role", account=visit.person.name, at=visit.now, subject=found.name, role=role)
    said = visit.text("The role is now: {role}.").format(role=visit.text(ROLE_WORDS[role]))
    return visit.redirect(_place(found.name), said=said)


@router.post("/admin/users/{name}/disable")
def disable(visit: Admin, name: UserName) -> Response:
    """No longer let in, and signed out everywhere. Answers and history stay."""
    with visit.store.write() as connection:
        found = accounts.need(connection, name)
        accounts.disable(connection, found.name, visit.now)
        sessions.close_all(connection, found.name)
        audit.write(connection, "account.disable", account=visit.person.name, at=visit.now, subject=found.name)
    return visit.redirect(_place(found.name), said=visit.text("The account is disabled and signed out everywhere."))


@router.post("/admin/users/{name}/enable")
def enable(visit: Admin, name: UserName) -> Response:
    """Let in again."""
    with visit.store.write() as connection:
        found = accounts.need(connection, name)
        accounts.enable(connection, found.name)
        audit.write(connection, "account.enable", account=visit.person.name, at=visit.now, subject=found.name)
    return visit.redirect(_place(found.name), said=visit.text("The account is enabled again."))


@router.post("/admin/users/{name}/password")
def set_password(visit: Admin, name: UserName, password: Annotated[str, Form(max_length=1000)]) -> Response:
    """A new password; signed out everywhere, and no longer locked out for failed attempts."""
    with visit.store.read() as connection:
        found = accounts.need(connection, name)
    fault = weakness(password, found.name, found.display_name)
    if fault:
        return _account(visit, name, visit.text(fault))
    with HASHING:
        hashed = hash_password(password, found.name, found.display_name)
    with visit.store.write() as connection:
        accounts.set_password_hash(connection, found.name, hashed, visit.now)
        sessions.close_all(connection, found.name)
        throttling.succeeded(connection, found.name)
        audit.write(connection, "account.password", account=visit.person.name, at=visit.now, subject=found.name)
    return visit.redirect(_place(found.name), said=visit.text("The password is set. Tell it to the person in person."))


def _faults(visit: Visit, name: str, password: str, shown: str) -> dict[str, str]:
    faults = {}
    with visit.store.read() as connection:
        taken = accounts.find(connection, name) is not None
    if not accounts.NAME.fullmatch(name):
        faults["name"] = visit.text("A user name has letters, digits and . _ @ -, at most 64; a letter or digit first.")
    elif taken:
        faults["name"] = visit.text("There is an account of this name already.")
    weak = weakness(password, name, shown)
    if weak:
        faults["password"] = visit.text(weak)
    return faults


def _page(visit: Visit, faults: dict[str, str] | None = None, given: NewAccount | None = None) -> Response:
    with visit.store.read() as connection:
        found = accounts.listed(connection)
        signed_in = sessions.count_open(connection, [each.name for each in found], visit.now)
        acts = told_acts(connection, audit.listed(connection, limit=AUDIT_SHOWN), visit.language)
    return visit.page(
        "users.html",
        status=400 if faults else 200,
        nav="users",
        users=found,
        signed_in=signed_in,
        acts=acts,
        roles=_roles(visit),
        faults=faults or {},
        given=given or NewAccount(),
    )


def _account(visit: Visit, name: str, fault: str = "") -> Response:
    with visit.store.read() as connection:
        found = accounts.need(connection, name)
        signed_in = sessions.count_open(connection, [found.name], visit.now)[found.name]
        acts = told_acts(connection, audit.listed(connection, limit=AUDIT_SHOWN, account=found.name), visit.language)
    return visit.page(
        "user.html",
        status=400 if fault else 200,
        nav="users",
        user=found,
        signed_in=signed_in,
        acts=acts,
        roles=_roles(visit),
        fault=fault,
    )


def _roles(visit: Visit) -> list[tuple[Role, str, str]]:
    return [(role, visit.text(ROLE_WORDS[role]), visit.text(ROLE_DUTIES[role])) for role in ROLES]


def _place(name: str) -> str:
    return f"/admin/users/{quote(name)}"
