from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, select

from catalogue.decision import Case
from catalogue.evidence import Finding
from jobs.catching_up import CaughtUp, catch_up, tidy
from jobs.queueing import keep_cases, rebuild_queue, refresh_dates
from jobs.signatures import signature
from ops.settings import PrioritySettings, load_settings
from store import cases, lookup, queue, queue_rows
from store.database import Store, open_store
from store.people_schema import queue_row, work_term
from store.queue import QueueQuery
from store.shelf import Shelf

AT, NEXT_MONTH = "2026-03-10T08:00:00Z", "2026-05-10T08:00:00Z"


@pytest.fixture(scope="module")
def resolved(tmp_path_factory: pytest.TempPathFactory, fixtures: Path) -> Path:
    """The review sample, harvested and resolved once."""
    from jobs.harvesting import harvest
    from jobs.resolving import resolve
    from ops.sources import load_sources

    home = tmp_path_factory.mktemp("review")
    shutil.copytree(fixtures / "review", home / "review")
    settings = load_settings(home / "review" / "lyhde.toml", data_dir=home / "data")
    store = open_store(settings.store_url, settings.data_dir)
    for source in load_sources(settings.sources_dir).values():
        harvest(store, source, AT)
    resolve(store, AT)
    store.close()
    return settings.data_dir


@pytest.fixture
def store(resolved: Path, tmp_path: Path) -> Iterator[Store]:
    shutil.copy(resolved / "lyhde.sqlite", tmp_path / "lyhde.sqlite")
    opened = open_store(f"sqlite:///{tmp_path / 'lyhde.sqlite'}", tmp_path)
    yield opened
    opened.close()


def rows(store: Store) -> list[Any]:
    with store.read() as connection:
        return [tuple(row) for row in connection.execute(select(queue_row).order_by(queue_row.c.case))]


def test_a_resolve_leaves_every_case_in_the_queue_and_the_ledger_right(store: Store) -> None:
    with store.read() as connection:
        assert queue_rows.is_whole(connection)
        assert queue_rows.looks(connection) == queue_rows.recount(connection)
        assert queue.count_open(connection) == len(cases.listed(connection)) > 10
        for case in cases.listed(connection):
            row = queue.find_row(connection, case.case)
            assert row is not None
            assert row.title
            assert row.priority == case.priority == sum(row.why.values())


def test_an_older_store_is_caught_up_to_the_very_same_rows(store: Store) -> None:
    before = rows(store)
    with store.write() as connection:
        connection.execute(delete(queue_row).where(queue_row.c.kind == "match"))
        lookup.forget_all(connection)
        connection.exec_driver_sql("DELETE FROM set_fact WHERE name = 'work terms'")
    found = catch_up(store, AT)
    assert (found.rows, found.repriced) == (len(before), 0)
    assert found.works > 10
    assert rows(store) == before
    assert catch_up(store, AT) == CaughtUp(0, 0, 0)


def test_terms_kept_by_a_resolve_are_those_made_anew(store: Store) -> None:
    with store.read() as connection:
        before = sorted(connection.execute(select(work_term)).tuples())
    with store.write() as connection:
        connection.exec_driver_sql("DELETE FROM set_fact WHERE name = 'work terms'")
    catch_up(store, AT)
    with store.read() as connection:
        assert sorted(connection.execute(select(work_term)).tuples()) == before


def test_other_weights_move_every_row_and_stay_known(store: Store) -> None:
    weights = PrioritySettings(readers_see=0, reach=0, leverage=0, nearness=0, age=0)
    assert catch_up(store, AT, weights).rows > 10
    with store.write() as connection:
        keep_cases(Shelf(connection), cases.listed(connection), AT)
        page = queue.page(connection, QueueQuery(), "aino", now=AT)
        assert {entry.row.priority for entry in page.rows} == {0}


def test_what_hangs_on_the_day_follows_it_as_if_made_anew(store: Store) -> None:
    assert refresh_dates(store, NEXT_MONTH) > 10
    moved = rows(store)
    rebuild_queue(store, NEXT_MONTH)
    assert rows(store) == moved
    assert refresh_dates(store, NEXT_MONTH) == 0


def test_keeping_the_same_cases_again_changes_no_version(store: Store) -> None:
    with store.write() as connection:
        before = cases.listed(connection)
        assert not any(each.fresh for each in keep_cases(Shelf(connection), before, AT))
        assert cases.listed(connection) == before
    tidy(store, AT)
    with store.read() as connection:
        assert queue_rows.looks(connection) == queue_rows.recount(connection)


def test_cases_are_found_by_title_isbn_and_source_id(store: Store) -> None:
    with store.read() as connection:
        case = cases.listed(connection, kind="match")[0]
        row = queue.find_row(connection, case.case)
        assert row is not None
        for text in (row.title.split(" ↔ ")[0], case.members[0], case.members[0].partition(":")[2]):
            found = queue.page(connection, QueueQuery(text=text), "aino", now=AT)
            assert case.case in {entry.row.case for entry in found.rows}


# --- signatures -------------------------------------------------------------------------------------------------
def case(**other: Any) -> Case:
    made: dict[str, Any] = {
        "case": "m1", "kind": "match", "level": "edition", "reason": "score", "members": ("a:1", "b:2"),
        "evidence_key": "k", "opened": AT, "priority": 0,
    }  # fmt: skip
    return Case(**{**made, **other})


def finding(comparison: str, level: str, bits: float) -> Finding:
    return Finding(comparison=comparison, level=level, bits=bits)


def publisher(*names: str) -> tuple[dict[str, Any], ...]:
    return tuple({"value": name, "sources": ["a:1"]} for name in names)


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        (case(reason="isbn_title_conflict"), "match: isbn_title_conflict"),
        (case(), "match: score"),
        (
            case(findings=(finding("prior", "edition", -9), finding("year", "near", -1), finding("isbn", "own", 8))),
            "match: score: year near",
        ),
        (case(reason="evidence changed since decision 7: same"), "match: evidence changed"),
        (case(reason="score", reopened=7), "match: evidence changed"),
        (case(kind="split", reason="contradiction"), "split: contradiction"),
        (
            case(kind="field", field="publication.publisher", candidates=publisher("WSOY", "Otava", "wsoy")),
            "field: publication.publisher: Otava ↔ wsoy",
        ),
        (
            case(kind="field", field="publication.publisher", candidates=publisher("A", "B", "C")),
            "field: publication.publisher",
        ),
        (case(kind="field", field="titles.main", candidates=({"value": {"text": "x"}},)), "field: titles.main"),
    ],
)
def test_alike_cases_have_one_signature(asked: Case, expected: str) -> None:
    assert signature(asked) == expected
