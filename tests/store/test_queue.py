from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from catalogue.decision import Case
from catalogue.errors import UsageError
from store import cases, claims, presence, queue, queue_rows
from store.database import Connection, Store, open_store
from store.queue import QueuePage, QueueQuery
from store.queue_rows import QueueRow, Repriced

AT, LATER = "2026-03-01T08:00:00Z", "2026-03-01T08:20:00Z"


def row(name: str, priority: int = 50, **other: Any) -> QueueRow:
    made: dict[str, Any] = {
        "case": name, "state": "open", "kind": "match", "level": "edition", "language": "fin", "medium": "ebook",
        "reopened": False, "sources": ("helmet", "otava"), "reason": "match: score", "title": f"Sinuhe {name}",
        "priority": priority, "why": {"readers_see": 40, "reach": priority - 40}, "opened": AT, "closes": 0,
        "appears": None, "due": None, "members": 2, "words": ("sinuhe", "9789524994019", "otava:fi.1", "fi.1"),
    }  # fmt: skip
    return QueueRow(**{**made, **other})


def case(name: str, state: str = "open", **other: object) -> Case:
    made = Case(
        case=name, kind="match", level="edition", reason="score", members=(f"otava:{name}", "helmet:2"),
        evidence_key="k", opened=AT, priority=5,
    )  # fmt: skip
    return made.model_copy(update={"state": state, **other})


def fill(store: Store, *rows: QueueRow) -> None:
    with store.write() as connection:
        cases.save(connection, [case(each.case, each.state) for each in rows], AT)
        queue_rows.put(connection, rows)


def names(page: QueuePage) -> list[str]:
    return [entry.row.case for entry in page.rows]


def page(store: Store, query: QueueQuery | None = None, person: str = "aino", **other: Any) -> QueuePage:
    with store.read() as connection:
        return queue.page(connection, query or QueueQuery(), person, now=AT, **other)


@pytest.fixture
def some(store: Store) -> Store:
    """Five cases; m5 is settled."""
    fill(
        store,
        row("m1", 90),
        row("m2", 60, sources=("kaarna", "otava"), language="swe", words=("sinuhe", "egyptiläinen", "åbo")),
        row("f3", 60, kind="field", reason="field: publication.publisher: Otava ↔ WSOY", opened=LATER),
        row("m4", 45, medium="audiobook", level="work", reopened=True),
        row("m5", 99, state="answered"),
    )
    return store


def test_the_most_urgent_come_first_and_of_equals_the_oldest(some: Store) -> None:
    assert names(page(some)) == ["m1", "m2", "f3", "m4"]


def test_pages_follow_each_other_without_gap_or_double(some: Store) -> None:
    with some.write() as connection:
        claims.defer(connection, "m1", "aino", AT)
    seen, after = [], None
    while True:
        found = page(some, limit=1, after=after)
        seen += names(found)
        after = found.next
        if after is None:
            break
    assert seen == ["m2", "f3", "m4", "m1"]


def test_what_is_put_off_comes_last_for_who_put_it_off_alone(some: Store) -> None:
    with some.write() as connection:
        claims.defer(connection, "m1", "aino", AT)
    assert names(page(some)) == ["m2", "f3", "m4", "m1"]
    assert [entry.deferred for entry in page(some).rows] == [False, False, False, True]
    assert names(page(some, person="bo")) == ["m1", "m2", "f3", "m4"]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        (QueueQuery(kind="field"), ["f3"]),
        (QueueQuery(source="kaarna"), ["m2"]),
        (QueueQuery(source="otav_"), []),
        (QueueQuery(language="swe"), ["m2"]),
        (QueueQuery(medium="audiobook", level="work"), ["m4"]),
        (QueueQuery(reopened=True), ["m4"]),
        (QueueQuery(reason="field: publication.publisher: Otava ↔ WSOY"), ["f3"]),
        (QueueQuery(state="answered"), ["m5"]),
        (QueueQuery(text="sinuhe egypti"), ["m2"]),
        (QueueQuery(text="Åbo"), ["m2"]),
        (QueueQuery(text="abo"), []),
        (QueueQuery(text="inuhe"), []),
        (QueueQuery(text="978-952-499-401-9 fi.1"), ["m1", "f3", "m4"]),
        (QueueQuery(text="otava:fi.1"), ["m1", "f3", "m4"]),
        (QueueQuery(text="%"), ["m1", "m2", "f3", "m4"]),  # nothing to look for
        (QueueQuery(text="nul\0byte"), []),
        (QueueQuery(language="nul\0byte"), []),
        (QueueQuery(mine=True), []),
    ],
    ids=str,
)
def test_filters_narrow_and_the_total_tells_how_many(some: Store, query: QueueQuery, expected: list[str]) -> None:
    found = page(some, query)
    assert (names(found), found.total) == (expected, len(expected))


def test_mine_is_what_i_keep(some: Store) -> None:
    with some.write() as connection:
        assert claims.keep(connection, "m2", "aino", AT)
        assert not claims.keep(connection, "m2", "bo", AT)
        assert claims.take_over(connection, "f3", "bo", AT) is None
    found = page(some, QueueQuery(mine=True))
    assert (names(found), found.facets["mine"]) == (["m2"], [("yes", 1)])
    assert found.rows[0].claim == claims.Claim("m2", "aino", "2026-03-02T08:00:00Z")


def test_facets_count_what_their_own_filter_would_leave_under_the_others(some: Store) -> None:
    facets = page(some, QueueQuery(kind="match", source="otava")).facets
    assert facets["kind"] == [("match", 3), ("field", 1)]
    assert facets["source"] == [("otava", 3), ("helmet", 2), ("kaarna", 1)]
    assert facets["language"] == [("fin", 2), ("swe", 1)]
    assert facets["reopened"] == [("yes", 1)]
    assert page(some, QueueQuery(text="egyptiläinen")).facets["kind"] == [("match", 1)]


def test_a_page_says_who_is_at_a_case_until_it_fades(some: Store) -> None:
    with some.write() as connection:
        presence.beat(connection, "m1", "bo", AT)
        presence.beat(connection, "m1", "aino", AT)
        assert presence.others(connection, "m1", "aino", AT) == ["bo"]
        assert presence.others(connection, "m1", "aino", "2026-03-01T08:01:29Z") == ["bo"]
        assert presence.others(connection, "m1", "aino", "2026-03-01T08:01:30Z") == []
    assert page(some).rows[0].present == ("aino", "bo")


def test_a_made_up_page_is_refused(some: Store) -> None:
    for after in ("x", "0~a~b~c", "2~1~b~c", "0~1~b"):
        with pytest.raises(UsageError):
            page(some, after=after)


def test_alike_cases_are_told_by_their_signature(some: Store) -> None:
    with some.read() as connection:
        found = queue.signatures(connection)
        assert [(each.reason, each.cases) for each in found] == [
            ("match: score", 3),
            ("field: publication.publisher: Otava ↔ WSOY", 1),
        ]
        assert queue.count_open(connection) == 4
        assert queue.find_row(connection, "m5") is not None


# --- the next case ----------------------------------------------------------------------------------------------
def test_the_next_case_is_one_that_nobody_else_keeps_or_looks_at(some: Store) -> None:
    with some.write() as connection:
        presence.beat(connection, "m2", "cia", AT)
        assert queue.next_for(connection, "aino", AT, 15) == "m1"
        assert queue.next_for(connection, "aino", AT, 15) == "m1"
        assert queue.next_for(connection, "bo", AT, 15) == "f3"
        assert queue.next_for(connection, "bo", AT, 15, past="f3") == "m4"
        assert queue.next_for(connection, "bo", AT, 15, past="m4") == "f3"  # round again, past what others keep
        assert queue.next_for(connection, "dan", LATER, 15) == "m1"  # the claim is over


def test_a_case_kept_for_a_day_is_not_let_go_by_asking_for_it_again(some: Store) -> None:
    with some.write() as connection:
        claims.keep(connection, "m1", "aino", AT)
        assert queue.next_for(connection, "aino", AT, 15) == "m1"
        assert claims.held(connection, ["m1"], AT)["m1"].until == "2026-03-02T08:00:00Z"


def test_the_next_case_heeds_filters_and_takes_what_was_put_off_last(some: Store) -> None:
    with some.write() as connection:
        for name in ("m1", "m2", "f3", "m4"):
            claims.defer(connection, name, "aino", AT)
        assert queue.next_for(connection, "aino", AT, 15) == "m1"
        assert queue.next_for(connection, "aino", AT, 15, query=QueueQuery(kind="field")) == "f3"
        assert queue.next_for(connection, "aino", AT, 15, query=QueueQuery(language="eng")) is None


def test_two_people_at_once_never_get_the_same_case(store: Store) -> None:
    fill(store, *(row(f"m{n:02}", 50) for n in range(24)))

    def ask(person: int) -> str | None:
        with store.write() as connection:
            return queue.next_for(connection, f"person{person}", AT, 15)

    with ThreadPoolExecutor(8) as pool:
        given = list(pool.map(ask, range(24)))
    assert sorted(name or "" for name in given) == [f"m{n:02}" for n in range(24)]


# --- in step with the cases -------------------------------------------------------------------------------------
def test_an_answered_case_leaves_the_queue_and_the_hands_of_who_kept_it(some: Store) -> None:
    with some.write() as connection:
        claims.keep(connection, "m1", "aino", AT)
        claims.defer(connection, "m1", "bo", AT)
        cases.set_state(connection, ["m1"], "answered", LATER)
        assert claims.held(connection, ["m1"], AT) == {}
        assert claims.deferred_by(connection, "m1") == []
        assert cases.find(connection, "m1").version == 2
        cases.set_state(connection, ["m1"], "answered", LATER)
        assert cases.find(connection, "m1").version == 2
    assert names(page(some)) == ["m2", "f3", "m4"]
    assert names(page(some, QueueQuery(state="answered"))) == ["m5", "m1"]


def test_another_day_s_priority_is_no_change_of_the_case(some: Store) -> None:
    fill(some, row("m6", 70, due="2026-03-08"))
    with some.write() as connection:
        assert [found.case for found in queue_rows.due(connection, "2026-03-08", 9)] == ["m6"]
        queue_rows.reprice(connection, [Repriced("m6", 95, {"age": 95}, None)])
        assert cases.find(connection, "m6").version == 1
    assert names(page(some))[0] == "m6"


STATES = st.sampled_from(["open", "answered", "dissolved"])
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("put"), st.integers(0, 5), st.sampled_from(["fin", "swe"]), st.booleans()),
        st.tuples(st.just("state"), st.integers(0, 5), STATES, st.booleans()),
        st.tuples(st.just("settle"), st.just(0), st.just(""), st.booleans()),
    ),
    max_size=25,
)


def check_ledger(connection: Connection, steps: Sequence[tuple[str, int, str, bool]]) -> None:
    """Do the steps; after each the ledger says what a count of the rows says."""
    for what, number, value, flag in steps:
        name = f"m{number}"
        if what == "put":
            kept = cases.keep(connection, [case(name)], AT)
            rows = [row(each.case.case, language=value, reopened=flag, state=each.case.state) for each in kept]
            queue_rows.put(connection, rows)
        elif what == "state":
            cases.set_state(connection, [name, "m0"] if flag else [name], value, AT)  # type: ignore[arg-type]  # drawn
        else:
            queue_rows.settle(connection)
        assert queue_rows.looks(connection) == queue_rows.recount(connection)


@given(STEPS)
@settings(suppress_health_check=[HealthCheck.too_slow], max_examples=40)
def test_the_ledger_always_says_what_a_recount_says(steps: Sequence[tuple[str, int, str, bool]]) -> None:
    with TemporaryDirectory() as folder:
        store = open_store(f"sqlite:///{folder}/lyhde.sqlite", Path(folder))
        with store.write() as connection:
            check_ledger(connection, steps)
        store.close()


def test_people_answering_at_once_leave_the_ledger_right(store: Store) -> None:
    fill(store, *(row(f"m{n:02}", 50) for n in range(16)))

    def settle(step: int) -> None:
        with store.write() as connection:
            cases.set_state(connection, [f"m{step % 16:02}", f"m{(step * 7) % 16:02}"], "answered", AT)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(settle, range(32)))
    with store.write() as connection:
        queue_rows.settle(connection)
        assert queue_rows.looks(connection) == queue_rows.recount(connection)
        assert queue.count_open(connection) == 0
