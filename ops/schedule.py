"""When a daily schedule starts next, on Helsinki's clock."""

from __future__ import annotations

import re
from datetime import UTC, datetime, time, timedelta

from ops.formats import HELSINKI

_DAILY = re.compile(r"\s*(\d{1,2})\s+(\d{1,2})\s+\*\s+\*\s+\*\s*")


def next_daily(cron: str, now: datetime) -> datetime | None:
    """The next start of ``M H * * *`` after `now`, in UTC; None for a schedule of another form."""
    found = _DAILY.fullmatch(cron)
    if not found or int(found[1]) > 59 or int(found[2]) > 23:
        return None
    here = now.astimezone(HELSINKI)
    at = time(int(found[2]), int(found[1]))
    start = datetime.combine(here.date(), at, HELSINKI)
    if start <= here:
        start = datetime.combine(here.date() + timedelta(days=1), at, HELSINKI)
    return start.astimezone(UTC)
