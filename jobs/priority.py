"""How urgent a case is, as arithmetic over a few facts. Each part has a name, so that the queue can say why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from ops.settings import PrioritySettings

SOON_DAYS = 14
AGE_STEP_DAYS = 7
AGE_STEPS = 5
FULL_REACH = 10
"""Sources from which on more make no difference."""
FULL_LEVERAGE = 5
"""Other cases closed by one answer from which on more make no difference."""


@dataclass(frozen=True, slots=True)
class Grounds:
    """What is known of a case. `closes`: other open cases about the same records. `nearness`: 1 on a threshold, 0 as
    far from both as one between them can be; None where nothing was weighed. `appears`: publication, to the day.
    """

    readers_see: bool
    sources: int
    closes: int
    nearness: float | None
    opened: date
    appears: date | None = None


def points(grounds: Grounds, weights: PrioritySettings, day: date) -> dict[str, int]:
    """Part → points on a day, parts of 0 left out. `soon` stands for `readers_see` where only the date tells so."""
    nearness = min(1.0, max(0.0, grounds.nearness or 0.0))
    standing = {
        "readers_see": weights.readers_see if grounds.readers_see else 0,
        "reach": round(weights.reach * min(grounds.sources, FULL_REACH) / FULL_REACH),
        "leverage": round(weights.leverage * min(grounds.closes, FULL_LEVERAGE) / FULL_LEVERAGE),
        "nearness": round(weights.nearness * nearness),
    }
    return on_day(standing, (grounds.opened, grounds.appears), weights, day)


def on_day(
    parts: Mapping[str, int], dates: tuple[date, date | None], weights: PrioritySettings, day: date
) -> dict[str, int]:
    """The same parts on another day; `dates` are the day the case was opened, and that of publication."""
    opened, appears = dates
    seen = {name: value for name, value in parts.items() if name not in ("soon", "age")}
    is_soon = appears is not None and 0 <= (appears - day).days <= SOON_DAYS
    if is_soon and not seen.get("readers_see"):
        seen = {"soon": weights.readers_see} | seen
    seen["age"] = round(weights.age * _age_steps(opened, day) / AGE_STEPS)
    return {name: value for name, value in seen.items() if value}


def next_change(opened: date, appears: date | None, day: date) -> date | None:
    """The next day on which the parts that hang on dates are other than on this one; None: never."""
    changes = []
    steps = _age_steps(opened, day)
    if steps < AGE_STEPS:
        changes.append(opened + timedelta(days=AGE_STEP_DAYS * (steps + 1)))
    if appears is not None:
        changes += [appears - timedelta(days=SOON_DAYS), appears + timedelta(days=1)]
    return min((change for change in changes if change > day), default=None)


def _age_steps(opened: date, day: date) -> int:
    return max(0, min(AGE_STEPS, (day - opened).days // AGE_STEP_DAYS))
