"""Times as the store keeps them, and reckoning with them. Nobody here asks the clock."""

from __future__ import annotations

from datetime import date, datetime, timedelta

FORM = "%Y-%m-%dT%H:%M:%SZ"


def later(at: str, seconds: float) -> str:
    """The time so many seconds after (or, negative, before) another."""
    return (datetime.strptime(at, FORM) + timedelta(seconds=seconds)).strftime(FORM)


def seconds_between(start: str, end: str) -> float:
    """From one time to another; negative where the second is earlier."""
    return (datetime.strptime(end, FORM) - datetime.strptime(start, FORM)).total_seconds()


def day_of(at: str) -> date:
    """The day of a time, UTC."""
    return date.fromisoformat(at[:10])
