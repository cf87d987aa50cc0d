from __future__ import annotations

import pytest

from catalogue.decision import Case, Decision
from catalogue.errors import NotFound, UsageError
from store import cases, decisions
from store.database import Store

AT, LATER = "2026-01-01T00:00:00Z", "2026-01-02T00:00:00Z"


def same(left: str = "otava:1", right: str | None = "helmet:2", **other: object) -> Decision:
    made = Decision(
        id=0, answer="same", level="edition", left=left, right=right, evidence_key="k", author="aino", made_at=AT
    )
    return made.model_copy(update=other)


def case(name: str = "m1", **other: object) -> Case:
    made = Case(
        case=name, kind="match", level="edition", reason="between", members=("otava:1", "helmet:2"), evidence_key="k",
        opened=AT, priority=5,
    )  # fmt: skip
    return made.model_copy(update=other)


def test_an_undone_decision_stands_no_more_and_both_events_are_kept(store: Store) -> None:
    with store.write() as connection:
        made = decisions.append(connection, same(note="samma bok", lifts=("volume",)))
        assert decisions.standing(connection) == [made]
        undone = decisions.undo(connection, made.id, author="björn", at=LATER)
        assert decisions.standing(connection) == []
        assert [event.answer for event in decisions.every(connection)] == ["same", "undo"]
        assert (undone.undoes, undone.author) == (made.id, "björn")
        with pytest.raises(UsageError, match="undone already"):
            decisions.undo(connection, made.id, author="aino", at=LATER)
        with pytest.raises(UsageError, match="itself an undo"):
            decisions.undo(connection, undone.id, author="aino", at=LATER)
        with pytest.raises(NotFound):
            decisions.find(connection, 99)


def test_decisions_are_found_by_either_record(store: Store) -> None:
    with store.write() as connection:
        one, two = decisions.append(connection, same()), decisions.append(connection, same("otava:3", "otava:1"))
        decisions.append(connection, same("otava:8", "otava:9"))
        assert decisions.standing(connection, ["otava:1"]) == [one, two]


def test_the_newest_field_choice_stands(store: Store) -> None:
    def chosen(value: object) -> Decision:
        return same(answer="field", right=None, field="publication.publisher", value=value, over=("otava",))

    with store.write() as connection:
        decisions.append(connection, chosen("Otava"))
        newest = decisions.append(connection, chosen({"text": "Söderström & Co"}))
        assert decisions.field_choices(connection) == [newest]
        assert decisions.field_choices(connection)[0].value == {"text": "Söderström & Co"}


def test_a_case_that_is_asked_again_keeps_its_day_and_its_answer(store: Store) -> None:
    with store.write() as connection:
        assert cases.save(connection, [case()], AT) == 1
        assert cases.save(connection, [case(opened=LATER, priority=9)], LATER) == 0
        assert (cases.find(connection, "m1").opened, cases.find(connection, "m1").priority) == (AT, 9)
        cases.set_state(connection, ["m1"], "answered", LATER)
        cases.save(connection, [case()], LATER)
        assert cases.find(connection, "m1").state == "answered"


def test_a_case_nobody_asks_any_more_is_dissolved_and_can_be_opened_again(store: Store) -> None:
    with store.write() as connection:
        cases.save(connection, [case(), case("m2", members=("wsoy:7", "wsoy:8"))], AT)
        assert cases.dissolve_all_but(connection, [], ["otava:1"], LATER) == 1
        assert [found.case for found in cases.listed(connection)] == ["m2"]
        assert cases.save(connection, [case()], LATER) == 1
        assert cases.dissolve_all_but(connection, ["m1"], None, LATER) == 1
        assert cases.count(connection) == {("match", "open"): 1, ("match", "dissolved"): 1}


def test_cases_are_listed_most_urgent_first(store: Store) -> None:
    with store.write() as connection:
        cases.save(connection, [case("m1", priority=1), case("f2", kind="field", priority=7), case("m3")], AT)
        assert [found.case for found in cases.listed(connection)] == ["f2", "m3", "m1"]
        assert [found.case for found in cases.listed(connection, kind="match", limit=1)] == ["m3"]
        assert [found.case for found in cases.about(connection, ["helmet:2"], "open")] == ["f2", "m1", "m3"]
        with pytest.raises(NotFound):
            cases.find(connection, "m9")
