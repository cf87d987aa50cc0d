"""Issues of magazines. ONIX has no such level: it shows in titles ("Kippari 2018 02"), ISSNs and part numbers."""

from __future__ import annotations

import re
from functools import cache

from catalogue.dates import partial_date
from catalogue.folding import fold
from mappings.onix.reading import Values
from mappings.onix.tables import table

_DIGIT = re.compile(r"\d")
_NUMBER_AT_END = re.compile(r"\d\)?$")
_DATE = re.compile(r"^(?P<name>.*?)[\s,:–-]*\b(?P<day>\d{1,2})\.(?P<month>\d{1,2})\.(?P<year>(?:19|20)\d\d)$")
_ISO_DATE = re.compile(r"^(?P<name>.*?)[\s,:–-]*\b(?P<year>(?:19|20)\d\d)-(?P<month>\d\d)-(?P<day>\d\d)$")


@cache
def _patterns() -> tuple[tuple[re.Pattern[str], bool], ...]:
    """Forms of a number at the end of a title, and whether the form alone proves an issue."""
    words = "|".join(re.escape(w) for w in sorted(table("serials")["words"]["number"], key=len, reverse=True))
    gap, year, number = r"[\s,.:–-]*", r"(?P<year>(?:19|20)\d\d)", r"(?P<number>\d{1,3}(?:\s?[-–]\s?\d{1,3})?)"
    forms = (
        (rf"^(?P<name>.*?){gap}(?:\b(?:{words})\.?\s*)?(?<![\d/]){number}\s?/\s?{year}$", True),
        (rf"^(?P<name>.*?){gap}(?<!\d){year}\s?/\s?(?:(?:{words})\.?\s*)?{number}$", True),
        (rf"^(?P<name>.*?){gap}\b(?:{words})\.?\s*{number}[\s,(]+{year}\)?$", True),
        (rf"^(?P<name>.*?){gap}\b(?:{words})\.?\s*{number}\s?/\s?(?P<short>\d\d)$", True),
        (rf"^(?P<name>.*?){gap}(?<!\d){year}[\s,–-]+(?:(?:{words})\.?\s*)?{number}$", False),
        (rf"^(?P<name>.*?){gap}\b(?:{words})\.?\s*{number}$", False),
    )
    return tuple((re.compile(form, re.IGNORECASE), proves) for form, proves in forms)


def find_issue(titles: list[Values], series: list[Values], issn: str | None, may_be: bool) -> Values | None:
    """``name`` of the serial, ``number`` ("5/2024"), ``date`` and ``issn`` of an issue; None for anything else.

    `may_be`: something else says that it may be an issue (an ISSN of its own, a periodical in the trade, no author);
    forms like "2018 02" count only then.
    """
    main = next((t for t in titles if t["kind"] == "main"), None)
    if main is None or not _may_be_numbered(main, series):
        return None
    same = next((s for s in series if fold(s["title"]) == fold(main["text"])), None)
    host = same or next((s for s in series if s.get("issn")), series[0] if series else None)
    serial_issn = issn or (host or {}).get("issn")
    likely = may_be or issn is not None
    found = issue_in(main["text"], likely) or _issue_of(host, main["text"])
    if found is None:
        likely = likely or bool(serial_issn)
        number = main.get("number") or (same or {}).get("number")
        with_year = f"{number}/{main['year']}" if number and main.get("year") and likely else number
        found = issue_in(with_year or "", likely and same is not None)
        found = found and found | {"name": main["text"]}
    if found is None:
        return None
    found["name"] = found["name"].strip(" ,:;–-(") or (host["title"] if host else main["text"])
    return found | {"issn": serial_issn}


def _issue_of(host: Values | None, text: str) -> Values | None:
    """A series of books has an ISSN too: a weak form counts where nothing but the series' name is before it."""
    if host is None or not host.get("issn"):
        return None
    found = issue_in(text, likely=True)
    return found if found and fold(found["name"]) in ("", fold(host["title"])) else None


def _may_be_numbered(main: Values, series: list[Values]) -> bool:
    """Most titles have no digit in them: they need no closer look."""
    if main.get("year") or _DIGIT.search(main["text"]):
        return True
    return any("/" in (each.get("number") or "") for each in (main, *series))


def issue_in(text: str, likely: bool) -> Values | None:
    """What a title says of an issue: the name before it, number as ``number/year``, date as far as it is told."""
    if not _NUMBER_AT_END.search(text):
        return None
    for pattern, proves in _patterns():
        found = pattern.match(text)
        if found and (proves or likely) and _is_possible(found):
            return _numbered(found)
    return _dated(text) if likely else None


def _is_possible(found: re.Match[str]) -> bool:
    """Number 1-366, and not the end of a span of years ("2018/19", "1939–45")."""
    last = int(re.split(r"[-–]", found["number"])[-1])
    year = found.groupdict().get("year")
    if not year or found.start("number") < found.start("year"):
        return 0 < last <= 366
    between = found.string[found.end("year") : found.start("number")].strip()
    is_span = last == int(year) % 100 + 1 or (between in ("-", "–") and last > max(12, int(year) % 100))
    return 0 < last <= 366 and not is_span


def _numbered(found: re.Match[str]) -> Values:
    groups = found.groupdict()
    year = groups.get("year") or (f"20{groups['short']}" if groups.get("short") else None)
    number = "-".join(str(int(n)) for n in re.split(r"\s?[-–]\s?", found["number"]))
    return {"name": found["name"], "number": f"{number}/{year}" if year else number, "date": year}


def _dated(text: str) -> Values | None:
    for pattern in (_DATE, _ISO_DATE):
        found = pattern.match(text)
        if found and (date := partial_date(found["year"], found["month"], found["day"])):
            return {"name": found["name"], "number": None, "date": date}
    words = text.split()
    if len(words) < 2 or not re.fullmatch(r"(?:19|20)\d\d", words[-1]):
        return None
    month = _months().get(fold(words[-2]))
    if month is None:
        return None
    date = partial_date(words[-1], str(month))
    return {"name": " ".join(words[:-2]), "number": None, "date": date}


@cache
def _months() -> dict[str, int]:
    return {fold(name): int(number) for number, names in table("serials")["months"].items() for name in names}
