from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobs.priority import Grounds, next_change, on_day, points
from ops.settings import PrioritySettings

DAY = date(2026, 3, 10)
WEIGHTS = PrioritySettings()


def grounds(**other: Any) -> Grounds:
    made: dict[str, Any] = {"readers_see": False, "sources": 0, "closes": 0, "nearness": None, "opened": DAY}
    return Grounds(**{**made, **other})


@pytest.mark.parametrize(
    ("given_grounds", "expected"),
    [
        ({}, {}),
        ({"readers_see": True}, {"readers_see": 40}),
        ({"sources": 2}, {"reach": 5}),
        ({"sources": 14}, {"reach": 25}),
        ({"closes": 1}, {"leverage": 4}),
        ({"closes": 99}, {"leverage": 20}),
        ({"nearness": 1.0}, {"nearness": 10}),
        ({"nearness": 0.5}, {"nearness": 5}),
        ({"opened": date(2026, 3, 4)}, {}),
        ({"opened": date(2026, 3, 3)}, {"age": 1}),
        ({"opened": date(2025, 3, 3)}, {"age": 5}),
        ({"opened": date(2027, 1, 1)}, {}),
        ({"appears": date(2026, 3, 9)}, {}),
        ({"appears": date(2026, 3, 10)}, {"soon": 40}),
        ({"appears": date(2026, 3, 24)}, {"soon": 40}),
        ({"appears": date(2026, 3, 25)}, {}),
        ({"appears": date(2026, 3, 12), "readers_see": True}, {"readers_see": 40}),
    ],
    ids=str,
)
def test_each_ground_gives_its_points(given_grounds: dict[str, Any], expected: dict[str, int]) -> None:
    assert points(grounds(**given_grounds), WEIGHTS, DAY) == expected


def test_weights_are_the_settings() -> None:
    weights = PrioritySettings(readers_see=7, reach=0, leverage=100, nearness=0, age=0)
    found = points(grounds(readers_see=True, sources=9, closes=5, nearness=1.0), weights, DAY)
    assert found == {"readers_see": 7, "leverage": 100}


DAYS = st.dates(date(2026, 1, 1), date(2026, 12, 31))


@given(DAYS, st.none() | DAYS, DAYS, st.booleans())
def test_nothing_changes_before_the_day_it_is_said_to(
    opened: date, appears: date | None, day: date, readers_see: bool
) -> None:
    known = grounds(opened=opened, appears=appears, sources=3, readers_see=readers_see)
    due = next_change(opened, appears, day)
    here = points(known, WEIGHTS, day)
    last = date.fromordinal((due or date(2028, 1, 1)).toordinal() - 1)
    assert points(known, WEIGHTS, last) == here
    assert due is None or due > day


@given(DAYS, st.none() | DAYS, DAYS, DAYS)
def test_repricing_is_the_same_as_pricing_anew(opened: date, appears: date | None, one: date, two: date) -> None:
    known = grounds(opened=opened, appears=appears, sources=3, closes=2)
    moved = on_day(points(known, WEIGHTS, one), (opened, appears), WEIGHTS, two)
    assert moved == points(known, WEIGHTS, two)
