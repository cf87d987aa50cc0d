"""Issues of a magazine in their order."""

from __future__ import annotations

import re

from catalogue.dates import years_in
from catalogue.merged import MergedIssue

_NUMBER = re.compile(r"\d+")


def issue_age(issue: MergedIssue) -> tuple[int, list[int], str, tuple[str, ...]]:
    """Sorts newest first: by year, number, then date; "10/2024" comes before "9/2024"."""
    date = issue.date or ""
    years = years_in(date) or years_in(issue.number or "")
    year = years[0] if years else 0
    numbers = [int(n) for n in _NUMBER.findall(issue.number or "") if int(n) != year]
    month = [int(n) for n in date.split("-")[1:]] or [0]
    order = numbers or month
    return -year, [-n for n in order], _descending(date), issue.members


def _descending(text: str) -> str:
    return "".join(chr(0x10FFFF - ord(c)) for c in text)
