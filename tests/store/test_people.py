from __future__ import annotations

import pytest
from sqlalchemy import select

from catalogue.errors import NotFound, UsageError
from store import accounts, audit, sessions, throttling
from store.accounts import Account, may
from store.database import Store
from store.moments import later
from store.people_schema import desk_session

AT = "2026-03-01T08:00:00Z"


def account(name: str = "aino", role: str = "cataloguer") -> Account:
    return Account.model_validate({"name": name, "display_name": "Aino", "role": role, "created_at": AT})


# --- accounts ---------------------------------------------------------------------------------------------------
def test_a_name_is_one_account_however_it_is_typed(store: Store) -> None:
    with store.write() as connection:
        made = accounts.add(connection, account("Åke"), "hash")
        assert accounts.find(connection, " ÅKE ") == made
        assert accounts.password_hash(connection, "åke") == "hash"
        with pytest.raises(UsageError, match="already"):
            accounts.add(connection, account("åke"))
        assert [each.name for each in accounts.listed(connection)] == ["åke"]


def test_unknown_accounts_are_none_or_refused(store: Store) -> None:
    with store.write() as connection:
        assert accounts.find(connection, "nobody") is None
        assert accounts.password_hash(connection, "nobody") is None
        for act in (accounts.need, accounts.enable):
            with pytest.raises(NotFound):
                act(connection, "nobody")
        with pytest.raises(NotFound):
            accounts.set_profile(connection, "nobody", theme="dark")


def test_a_disabled_account_has_no_password_and_no_session_until_it_is_let_in_again(store: Store) -> None:
    with store.write() as connection:
        accounts.add(connection, account(), "hash")
        sessions.open(connection, "token", "aino", now=AT, hours=12)
        accounts.disable(connection, "aino", AT)
        assert accounts.password_hash(connection, "aino") is None
        assert sessions.find(connection, "token", now=AT, idle_minutes=60) is None
        accounts.enable(connection, "aino")
        assert accounts.password_hash(connection, "aino") == "hash"


def test_there_is_always_an_admin_left(store: Store) -> None:
    with store.write() as connection:
        accounts.add(connection, account("aino", "admin"))
        with pytest.raises(UsageError, match="last admin"):
            accounts.disable(connection, "Aino", AT)
        with pytest.raises(UsageError, match="last admin"):
            accounts.set_role(connection, "aino", "senior")
        accounts.set_role(connection, "aino", "admin")
        accounts.add(connection, account("bo", "admin"))
        accounts.disable(connection, "aino", AT)
        with pytest.raises(UsageError, match="last admin"):
            accounts.set_role(connection, "bo", "viewer")


def test_a_profile_takes_what_it_knows_and_refuses_nonsense(store: Store) -> None:
    with store.write() as connection:
        accounts.add(connection, account())
        after = accounts.set_profile(connection, "aino", theme="dark", language="sv", single_keys=False, role="admin")
        assert (after.theme, after.language, after.single_keys, after.role) == ("dark", "sv", False, "cataloguer")
        assert accounts.need(connection, "aino") == after
        with pytest.raises(ValueError, match="theme"):
            accounts.set_profile(connection, "aino", theme="pink")


@pytest.mark.parametrize(
    ("have", "need", "allowed"),
    [
        ("viewer", "viewer", True),
        ("viewer", "cataloguer", False),
        ("admin", "operator", True),
        ("senior", "admin", False),
    ],
)
def test_roles_may_do_what_those_before_them_may(have: accounts.Role, need: accounts.Role, allowed: bool) -> None:
    assert may(have, need) is allowed


# --- sessions ---------------------------------------------------------------------------------------------------
def test_the_token_is_kept_nowhere(store: Store) -> None:
    with store.write() as connection:
        accounts.add(connection, account())
        sessions.open(connection, "opaque-token", "aino", now=AT, hours=12)
        row = connection.execute(select(desk_session)).one()
        assert b"opaque" not in row.token_hash
        assert len(row.token_hash) == 32


def test_a_session_ends_when_idle_and_when_it_is_old(store: Store) -> None:
    with store.write() as connection:
        accounts.add(connection, account())
        sessions.open(connection, "t", "aino", now=AT, hours=2)

        def stands(minutes: float) -> bool:
            return sessions.find(connection, "t", now=later(AT, minutes * 60), idle_minutes=60) is not None

        assert (stands(59), stands(60)) == (True, False)
        sessions.touch(connection, "t", later(AT, 50 * 60))
        assert (stands(109), stands(110)) == (True, False)
        sessions.touch(connection, "t", later(AT, 110 * 60))
        found = sessions.find(connection, "t", now=later(AT, 111 * 60), idle_minutes=60)
        assert found is not None
        assert found.ends_at == later(AT, 2 * 3600)  # not idle, but old
        assert not stands(120)
        assert not found.wants_touch(later(AT, 110 * 60 + 59))
        assert found.wants_touch(later(AT, 111 * 60))


def test_signing_out_everywhere_may_keep_this_session(store: Store) -> None:
    with store.write() as connection:
        accounts.add(connection, account())
        accounts.add(connection, account("bo"))
        for token, name in (("a", "aino"), ("b", "aino"), ("c", "aino"), ("d", "bo")):
            sessions.open(connection, token, name, now=AT, hours=1)
        sessions.close(connection, "a")
        assert sessions.count_open(connection, ["aino", "bo"], AT) == {"aino": 2, "bo": 1}
        assert sessions.close_all(connection, "aino", but="b") == 1
        assert sessions.find(connection, "b", now=AT, idle_minutes=60) is not None
        assert sessions.close_all(connection, "aino") == 1


def test_opening_a_session_forgets_those_that_are_over(store: Store) -> None:
    with store.write() as connection:
        accounts.add(connection, account())
        sessions.open(connection, "a", "aino", now=AT, hours=1)
        sessions.open(connection, "b", "aino", now=later(AT, 3600), hours=1)
        assert len(connection.execute(select(desk_session)).all()) == 1


# --- throttling -------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("failures", "seconds"), [(1, 0), (4, 0), (5, 30), (6, 60), (8, 240), (11, 1920), (12, 3600), (500, 3600)]
)
def test_each_failure_from_the_fifth_on_doubles_the_wait(failures: int, seconds: int) -> None:
    assert throttling.lock_seconds(failures) == seconds


def test_account_and_address_are_locked_apart_and_success_frees_the_account(store: Store) -> None:
    name, address = throttling.account_subject(" Aino"), throttling.address_subject("192.0.2.1")
    with store.write() as connection:
        for _ in range(4):
            assert throttling.failed(connection, [name, address], AT) is None
        assert throttling.failed(connection, [name, address], AT) == later(AT, 30)
        assert throttling.locked_until(connection, [name], later(AT, 29)) == later(AT, 30)
        assert throttling.locked_until(connection, [name], later(AT, 30)) is None
        throttling.succeeded(connection, "AINO")
        assert throttling.locked_until(connection, [name], AT) is None
        assert throttling.locked_until(connection, [name, address], AT) == later(AT, 30)


def test_a_day_without_failures_forgets_them(store: Store) -> None:
    with store.write() as connection:
        for _ in range(5):
            throttling.failed(connection, ["account:a"], AT)
        assert throttling.failed(connection, ["account:a"], later(AT, 24 * 3600)) is None


# --- audit ------------------------------------------------------------------------------------------------------
def test_acts_are_listed_newest_first_in_pages(store: Store) -> None:
    with store.write() as connection:
        for number in range(5):
            audit.write(connection, "hold.approve", account="aino", at=AT, subject=f"run {number}", held=number)
        audit.write(connection, "sign_in", account="bo", at=AT)
        first = audit.listed(connection, limit=3)
        assert [entry.subject for entry in first] == ["", "run 4", "run 3"]
        rest = audit.listed(connection, limit=3, before=first[-1].id)
        assert [entry.detail for entry in rest] == [{"held": 2}, {"held": 1}, {"held": 0}]
        assert [entry.action for entry in audit.listed(connection, account="bo")] == ["sign_in"]
