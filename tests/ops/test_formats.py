"""Dates, spans and numbers as people say them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from ops.formats import exact_time, number, percent, said_age, said_day, said_span, said_time
from ops.messages import Language
from ops.schedule import next_daily

NOW = datetime(2026, 11, 22, 19, 0, tzinfo=UTC)
TIMES: list[tuple[str, Language, str]] = [
    ("2026-11-22T01:12:00Z", "fi", "tänään 03.12"),
    ("2026-11-22T01:12:00Z", "sv", "i dag 03:12"),
    ("2026-11-22T01:12:00Z", "en", "today 03:12"),
    ("2026-11-21T22:30:00Z", "fi", "tänään 00.30"),  # yesterday in UTC
    ("2026-11-21T21:30:00Z", "fi", "eilen 23.30"),
    ("2026-11-23T00:00:00Z", "sv", "i morgon 02:00"),
    ("2026-11-12T01:12:00Z", "fi", "12.11. 03.12"),
    ("2026-07-12T01:12:00Z", "fi", "12.7. 04.12"),  # summer time
    ("2025-11-12T01:12:00Z", "fi", "12.11.2025 03.12"),
    ("2025-11-12T01:12:00Z", "sv", "12 nov. 2025 03:12"),
]


@pytest.mark.parametrize(("at", "language", "said"), TIMES)
def test_a_time_is_said_in_few_words_on_helsinkis_clock(at: str, language: Language, said: str) -> None:
    assert said_time(at, language, NOW) == said


def test_the_exact_time_names_day_and_second() -> None:
    assert exact_time("2026-11-22T01:12:07Z", "fi") == "sunnuntai 22. marraskuuta 2026 03.12.07"
    assert exact_time("2026-11-22T01:12:07Z", "sv") == "söndag 22 november 2026 03:12:07"


def test_days_and_ages() -> None:
    assert said_day("2026-11-21T10:00:00Z", "sv", NOW) == "i går"
    assert said_day("2026-01-21T10:00:00Z", "fi", NOW) == "21.1."
    assert [said_age(f"2026-11-{day}T10:00:00Z", "fi", NOW) for day in (22, 21, 20)] == [
        "tänään",
        "1 päivä",
        "2 päivää",
    ]


@pytest.mark.parametrize(
    ("seconds", "said"), [(0, "0 s"), (59.6, "1 min 0 s"), (725, "12 min 5 s"), (8000, "2 t 13 min")]
)
def test_a_span_has_at_most_two_units(seconds: float, said: str) -> None:
    assert said_span(seconds, "fi") == said


def test_numbers_have_the_separators_of_the_language() -> None:
    assert [number(1234567, language) for language in ("fi", "sv", "en")] == [
        "1\N{NO-BREAK SPACE}234\N{NO-BREAK SPACE}567",
        "1\N{NO-BREAK SPACE}234\N{NO-BREAK SPACE}567",
        "1,234,567",
    ]
    assert [percent(share, "fi") for share in (0.706, 0.0234)] == ["71\N{NO-BREAK SPACE}%", "2,3\N{NO-BREAK SPACE}%"]


STARTS = [
    ("0 2 * * *", "2026-11-22T19:00:00Z", "2026-11-23T00:00:00Z"),
    ("30 22 * * *", "2026-11-22T19:00:00Z", "2026-11-22T20:30:00Z"),
    ("0 3 * * *", "2026-10-24T19:00:00Z", "2026-10-25T00:00:00Z"),  # the night the clocks go back
    ("0 2 * * 1", "2026-11-22T19:00:00Z", None),
    ("99 2 * * *", "2026-11-22T19:00:00Z", None),
]


@pytest.mark.parametrize(("cron", "now", "start"), STARTS)
def test_the_next_night_is_known_of_daily_schedules(cron: str, now: str, start: str | None) -> None:
    found = next_daily(cron, datetime.fromisoformat(now))
    assert found == (datetime.fromisoformat(start) if start else None)
