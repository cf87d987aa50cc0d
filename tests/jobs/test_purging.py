"""Forgetting by retention: what is old and nobody's any more goes, decisions and what stands now stay."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from catalogue.errors import UsageError
from jobs.harvesting import harvest
from jobs.purging import purge
from jobs.resolving import resolve
from jobs.reviewing import Author, decide_field
from ops.sources import load_sources
from store import accounts, audit, decisions, merged, sessions, throttling
from store.accounts import Account
from store.database import Store, open_store

OLD, NEW, NOW = "2024-03-01T10:00:00Z", "2026-03-01T10:00:00Z", "2026-03-02T10:00:00Z"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = open_store(f"sqlite:///{tmp_path / 'lyhde.sqlite'}", tmp_path)
    with opened.write() as connection:
        person = Account(name="aino", display_name="Aino", role="admin", language="fi", created_at=OLD)
        accounts.add(connection, person)
        sessions.open(connection, "new", "aino", now=NEW, hours=48)
        sessions.open(connection, "old", "aino", now=OLD, hours=12)
        throttling.failed(connection, ["account:x"], OLD)
        audit.write(connection, "sign_in", account="aino", at=OLD)
        audit.write(connection, "sign_in", account="aino", at=NEW)
    yield opened
    opened.close()


def test_what_is_old_goes_and_what_is_new_stays(store: Store) -> None:
    counted = purge(store, "2025-01-01", NOW, account="aino")
    assert counted == {"audit": 1, "sessions": 1, "sign_in_failures": 1}
    with store.read() as connection:
        acts = audit.listed(connection)
        assert [(act.action, act.at) for act in acts] == [("purge", NOW), ("sign_in", NEW)]
        assert acts[0].detail == counted
        assert sessions.find(connection, "new", now=NEW, idle_minutes=60)
    assert set(purge(store, "2025-01-01", NOW, account="aino").values()) == {0}


def test_only_counting_forgets_nothing(store: Store) -> None:
    counted = purge(store, "2025-01-01", NOW, only_count=True, account="aino")
    assert purge(store, "2025-01-01", NOW, account="aino") == counted


def test_replaced_states_go_on_request_alone_and_decisions_never(store: Store, fixtures: Path) -> None:
    for source in load_sources(fixtures / "review" / "sources").values():
        harvest(store, source, OLD)
    resolve(store, OLD)
    with store.read() as connection:
        edition = next(iter(merged.every(connection, "edition"))).id
    for pages in ("77", "78"):
        decide_field(store, edition, field="extent.pages", value=pages, author=Author("aino", OLD))
    with store.read() as connection:
        made, stands = decisions.every(connection), merged.find(connection, edition)
        assert merged.history(connection, edition)
    assert "merged_revisions" not in purge(store, "2025-01-01", NOW, account="aino")
    with store.read() as connection:
        assert merged.history(connection, edition)
    assert purge(store, "2025-01-01", NOW, revisions=True, account="aino")["merged_revisions"] >= 2
    with store.read() as connection:
        assert not merged.history(connection, edition)
        assert (decisions.every(connection), merged.find(connection, edition)) == (made, stands)


@pytest.mark.parametrize("day", ["yesterday", "2025-13-01", "", "2026-03-03"])
def test_no_day_or_one_to_come_is_refused(store: Store, day: str) -> None:
    with pytest.raises(UsageError):
        purge(store, day, NOW, account="aino")
