"""Days out of ISO 8601 dates and times."""

from __future__ import annotations

import re
from typing import Any

from catalogue.dates import partial_date
from mappings.opds.reading import Reading, plain

_DAY = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?(?:[T ].*)?")


def day_of(reading: Reading, name: str) -> str | None:
    """The day of a member of the metadata, maybe partial; a time of day is left out."""
    value, locus = reading.member(name)
    return day(reading, value, locus)


def day(reading: Reading, value: Any, locus: str) -> str | None:
    """``2021-05-03``, ``2021-05`` or ``2021``; an impossible date is a defect and None."""
    written = plain(value)
    if not written:
        return None
    found = _DAY.fullmatch(written)
    known = partial_date(*(part or "" for part in found.groups())) if found else None
    if known is None:
        reading.report("date.impossible", locus, value=written)
    return known
