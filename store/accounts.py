"""Accounts of the people who work with the desk. Hashing passwords is not done here."""

from __future__ import annotations

import re
from typing import Any, Literal

from sqlalchemy import Connection, Row, func, select, update

from catalogue.errors import NotFound, UsageError
from catalogue.model import Model
from catalogue.sentence import Sentence
from store.people_schema import account
from store.upsert import insert

Role = Literal["viewer", "cataloguer", "senior", "operator", "admin"]
ROLES: tuple[Role, ...] = ("viewer", "cataloguer", "senior", "operator", "admin")
"""Each may do what those before it may."""
NAME = re.compile(r"[a-z0-9åäö][a-z0-9åäö._@-]{0,63}")
"""What a new account may be called, in lower case."""
Theme = Literal["system", "light", "dark"]
_SHOWN = [column for column in account.columns if column.name != "password_hash"]


class Account(Model):
    """One person. `name` is what is typed to sign in, in lower case."""

    name: str
    display_name: str
    role: Role
    language: Literal["fi", "sv", "en"] = "fi"
    theme: Theme = "system"
    single_keys: bool = True  # whether single keys answer while a case has focus (WCAG 2.1.4)
    created_at: str
    password_changed_at: str | None = None
    disabled_at: str | None = None


def may(have: Role, need: Role) -> bool:
    """Whether a role may do what another is needed for."""
    return ROLES.index(have) >= ROLES.index(need)


def add(connection: Connection, new: Account, password_hash: str | None = None) -> Account:
    """Make an account. Raises UsageError where the name is taken."""
    made = new.model_copy(update={"name": _folded(new.name), "password_changed_at": password_hash and new.created_at})
    if find(connection, made.name) is not None:
        raise UsageError(Sentence("there is an account {name!r} already", name=made.name))
    insert(connection, account, [{**made.model_dump(), "password_hash": password_hash}])
    return made


def find(connection: Connection, name: str) -> Account | None:
    """The account of a name in any case, disabled ones included; None where there is none."""
    row = connection.execute(select(*_SHOWN).where(account.c.name == _folded(name))).one_or_none()
    return _account(row) if row else None


def need(connection: Connection, name: str) -> Account:
    """The account of a name. Raises NotFound."""
    found = find(connection, name)
    if found is None:
        raise NotFound("account", name)
    return found


def listed(connection: Connection) -> list[Account]:
    """All accounts by name, disabled ones included."""
    return [_account(row) for row in connection.execute(select(*_SHOWN).order_by(account.c.name))]


def count(connection: Connection) -> int:
    """How many accounts there are."""
    return connection.scalar(select(func.count()).select_from(account)) or 0


def password_hash(connection: Connection, name: str) -> str | None:
    """What to check a password against; None for an account that is unknown, disabled or has no password."""
    wanted = select(account.c.password_hash).where(account.c.name == _folded(name), account.c.disabled_at.is_(None))
    return connection.scalar(wanted)


def set_password_hash(connection: Connection, name: str, hashed: str, at: str | None) -> None:
    """Set a password; `at` None keeps the day of the last change (the same password hashed anew). Raises NotFound."""
    _set(connection, name, password_hash=hashed, **({"password_changed_at": at} if at else {}))


def set_role(connection: Connection, name: str, role: Role) -> None:
    """Raises NotFound, and UsageError where the last admin would be one no more."""
    if role != "admin":
        _keep_an_admin(connection, name)
    _set(connection, name, role=role)


def disable(connection: Connection, name: str, at: str) -> None:
    """The account can no longer sign in; close its sessions too. Raises NotFound, and UsageError for the last admin."""
    _keep_an_admin(connection, name)
    _set(connection, name, disabled_at=at)


def enable(connection: Connection, name: str) -> None:
    """Let a disabled account in again. Raises NotFound."""
    _set(connection, name, disabled_at=None)


def set_profile(connection: Connection, name: str, **chosen: Any) -> Account:
    """Set `display_name`, `language`, `theme` or `single_keys`; the account as it is then. Raises NotFound."""
    before = need(connection, name)
    known = {key: chosen[key] for key in ("display_name", "language", "theme", "single_keys") if key in chosen}
    after = Account.model_validate({**before.model_dump(), **known})
    _set(connection, name, **known)
    return after


def _set(connection: Connection, name: str, **values: Any) -> None:
    if not values:
        return
    done = connection.execute(update(account).where(account.c.name == _folded(name)).values(values))
    if not done.rowcount:
        raise NotFound("account", name)


def _keep_an_admin(connection: Connection, name: str) -> None:
    admins = select(account.c.name).where(account.c.role == "admin", account.c.disabled_at.is_(None))
    standing = set(connection.scalars(admins.with_for_update()))
    if standing == {_folded(name)}:
        raise UsageError(Sentence("{name} is the last admin: make another one first", name=name))


def _folded(name: str) -> str:
    return name.strip().lower()


def _account(row: Row[Any]) -> Account:
    return Account.model_validate(dict(row._mapping))
