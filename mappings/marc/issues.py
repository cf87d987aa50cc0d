"""Issues of magazines: a record with a number or date of its own, whose host (773) has an ISSN or the same title."""

from __future__ import annotations

import re

from catalogue.dates import partial_date
from mappings.marc.draft import Draft, Values
from mappings.marc.punctuation import trim

_PAGES = re.compile(r"(?:^|[\s,.;(])(?:s|p|pp|sid|siv|sivut)\.?\s*\[?\d+\s*(?:[-–]|$)", re.IGNORECASE)
_YEAR = r"(?P<year>(?:19|20)\d\d)"
_NUMBERED = r"(?P<number>\d{1,3}(?:\s*[-–/]\s*\d{1,3})?)"
_LABEL = r"(?:n:o|n:r|nro|nr|no|numero|nummer|issue|number)"
_FORMS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"(?<![\d/]){_NUMBERED}\s*/\s*{_YEAR}(?!\d)",  # 5/2024, 7-8/2024
        rf"{_YEAR}\s*/\s*{_NUMBERED}(?!\d)",  # 2024/5
        rf"{_YEAR}\s*(?:\(\d+\))?\s*:\s*{_NUMBERED}(?!\d)",  # 2010(89):1, 2020 : 14
        rf"\(\s*{_YEAR}\s*\)\s*:\s*{_NUMBERED}(?!\d)",  # 24 (2022) : 15
        rf"{_LABEL}[\s.:]*{_NUMBERED}\b.{{0,20}}?{_YEAR}(?!\d)",
        rf"{_YEAR}.{{0,20}}?{_LABEL}[\s.:]*{_NUMBERED}(?!\d)",
    )
)
_ONLY_NUMBER = re.compile(rf"[\s,.:;]*(?:{_LABEL}[\s.:]*)?[\d\s,/()–:-]*", re.IGNORECASE)  # behind a title
_DATED = re.compile(r"(?<!\d)(?:(?P<d>\d{1,2})\.(?P<m>\d{1,2})\.(?P<y>\d{4})|(?P<iso>\d{4}-\d\d-\d\d))(?!\d)")


def issue_number(text: str) -> tuple[str, str] | None:
    """Number as "5/2024" and its year, out of the many ways to write it; None where a text has no such number."""
    for form in _FORMS:
        found = form.search(text)
        if found:
            number = re.sub(r"\s", "", found["number"]).replace("–", "-")
            return f"{number}/{found['year']}", found["year"]
    return None


def settle_issue(draft: Draft, titles: list[Values]) -> Values | None:
    """The issue this record describes, or None: articles (a page range in 773 $g) are components, not issues."""
    if draft.leader[7] not in "abm" or not draft.issue_host:
        return None
    host = next((h for h in draft.issue_host if h["issn"] or _is_called(h, titles)), None)
    if host is None or _PAGES.search(host["place"]):
        return None
    own = " ".join(f"{t['text']} {t.get('number') or ''}" for t in titles if t["kind"] in ("main", "part", "subtitle"))
    numbered = issue_number(own) or issue_number(host["place"])
    date = _date(f"{own} {host['place']}")
    if not numbered and not date:
        return None
    return {
        "number": numbered[0] if numbered else trim(draft.part.get("number") or "") or None,
        "date": date or (numbered[1] if numbered else None),
        "serial_issn": host["issn"],
    }


def _is_called(host: Values, titles: list[Values]) -> bool:
    """Whether the record has the title of its host, as an issue has and an article has not."""
    called = (host["title"] or "").casefold()
    mains = [t["text"].casefold() for t in titles if t["kind"] == "main"] if called else []
    return any(text.startswith(called) and _ONLY_NUMBER.fullmatch(text.removeprefix(called)) for text in mains)


def _date(text: str) -> str | None:
    found = _DATED.search(text)
    if not found:
        return None
    if found["iso"]:
        return partial_date(*found["iso"].split("-"))
    return partial_date(found["y"], found["m"], found["d"])
