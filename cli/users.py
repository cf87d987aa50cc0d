"""`lyhde user`: who may work at the desk."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from catalogue.errors import UsageError
from catalogue.sentence import Sentence
from cli.context import Context, context_of

if TYPE_CHECKING:
    from store.accounts import Account, Role

RoleOption = Annotated[
    Literal["viewer", "cataloguer", "senior", "operator", "admin"], typer.Option(help="how far the person may go")
]
RoleArgument = Annotated[Literal["viewer", "cataloguer", "senior", "operator", "admin"], typer.Argument()]
LanguageOption = Annotated[Literal["fi", "sv", "en"] | None, typer.Option(help="of the desk; default: Finnish")]
FileOption = Annotated[
    Path | None, typer.Option(help="file whose first line is the password; without it, it is asked for")
]
BY = "command line"
user = typer.Typer(help="Accounts of the desk.", no_args_is_help=True)


def add_to(app: typer.Typer) -> None:
    """Register the commands of this module."""
    app.add_typer(user, name="user")


@user.command()
def add(
    context: typer.Context,
    name: str,
    role: RoleOption,
    display_name: Annotated[str | None, typer.Option(help="as others see the person; default: the name")] = None,
    language: LanguageOption = None,
    password_file: FileOption = None,
) -> None:
    """Make an account. The password has 12 characters or more, and is neither the name nor a common one."""
    from jobs.connections import opened_store
    from store import accounts, audit

    ours = context_of(context)
    wanted = accounts.Account(
        name=_checked(name),
        display_name=display_name or name.strip(),
        role=role,
        language=language or "fi",
        created_at=ours.now,
    )
    with opened_store(ours.settings) as store:
        with store.read() as connection:
            if accounts.find(connection, wanted.name):
                raise UsageError(Sentence("there is an account {name!r} already", name=wanted.name))
        hashed = _hashed(ours, password_file, wanted)
        with store.write() as connection:
            made = accounts.add(connection, wanted, hashed)
            audit.write(connection, "account.add", account=BY, at=ours.now, subject=made.name, role=role)
    _tell(ours, made)


@user.command("role")
def set_role(context: typer.Context, name: str, role: RoleArgument) -> None:
    """Give an account another role. There is always an admin left."""
    from jobs.connections import opened_store
    from store import accounts, audit

    ours = context_of(context)
    with opened_store(ours.settings) as store, store.write() as connection:
        accounts.set_role(connection, name, role)
        found = accounts.need(connection, name)
        audit.write(connection, "account.role", account=BY, at=ours.now, subject=found.name, role=role)
    _tell(ours, found)


@user.command()
def disable(context: typer.Context, name: str) -> None:
    """The person can no longer sign in, and is signed out everywhere. Answers and history stay."""
    from jobs.connections import opened_store
    from store import accounts, audit, sessions

    ours = context_of(context)
    with opened_store(ours.settings) as store, store.write() as connection:
        accounts.disable(connection, name, ours.now)
        found = accounts.need(connection, name)
        sessions.close_all(connection, found.name)
        audit.write(connection, "account.disable", account=BY, at=ours.now, subject=found.name)
    _tell(ours, found)


@user.command()
def enable(context: typer.Context, name: str) -> None:
    """Let a disabled account in again."""
    from jobs.connections import opened_store
    from store import accounts, audit

    ours = context_of(context)
    with opened_store(ours.settings) as store, store.write() as connection:
        accounts.enable(connection, name)
        found = accounts.need(connection, name)
        audit.write(connection, "account.enable", account=BY, at=ours.now, subject=found.name)
    _tell(ours, found)


@user.command("password")
def set_password(context: typer.Context, name: str, password_file: FileOption = None) -> None:
    """Set a new password; the person is signed out everywhere, and no longer locked out for failed attempts."""
    from jobs.connections import opened_store
    from store import accounts, audit, sessions, throttling

    ours = context_of(context)
    with opened_store(ours.settings) as store:
        with store.read() as connection:
            found = accounts.need(connection, name)
        hashed = _hashed(ours, password_file, found)
        with store.write() as connection:
            accounts.set_password_hash(connection, found.name, hashed, ours.now)
            sessions.close_all(connection, found.name)
            throttling.succeeded(connection, found.name)
            audit.write(connection, "account.password", account=BY, at=ours.now, subject=found.name)
            found = accounts.need(connection, found.name)
    _tell(ours, found)


@user.command("list")
def list_users(context: typer.Context) -> None:
    """Every account, disabled ones included."""
    from jobs.connections import opened_store
    from store import accounts

    ours = context_of(context)
    with opened_store(ours.settings) as store, store.read() as connection:
        found = accounts.listed(connection)
    if ours.out.as_json:
        ours.out.json(found)
        return
    text = ours.text
    headings = [text("user"), text("name"), text("role"), text("language"), text("since"), text("disabled")]
    rows = [[a.name, a.display_name, a.role, a.language, a.created_at, a.disabled_at or ""] for a in found]
    ours.out.table(headings, rows)


def _checked(name: str) -> str:
    from store.accounts import NAME

    folded = name.strip().lower()
    if not NAME.fullmatch(folded):
        raise UsageError(
            Sentence(
                "{name!r} is no user name: letters, digits and . _ @ -, at most 64, a letter or digit first", name=name
            )
        )
    return folded


def _hashed(ours: Context, file: Path | None, account: Account) -> str:
    from desk.passwords import hash_password

    password = _read(file) if file else _asked(ours)
    return hash_password(password, account.name, account.display_name)


def _read(file: Path) -> str:
    try:
        lines = file.read_text("utf-8").splitlines()
    except (OSError, ValueError) as error:
        raise UsageError(Sentence("--password-file {file}: {why}", file=file, why=error)) from error
    return lines[0] if lines else ""


def _asked(ours: Context) -> str:
    return str(typer.prompt(ours.text("password"), hide_input=True, confirmation_prompt=True, err=True))


def _tell(ours: Context, account: Account) -> None:
    if ours.out.as_json:
        ours.out.json(account)
        return
    role: Role = account.role
    state = f", {ours.text('disabled')}" if account.disabled_at else ""
    ours.out.line(f"{account.name}: {account.display_name}, {ours.text(role)}{state}")
