"""Names of persons: the direct and the inverted form."""

from __future__ import annotations

import re

_DATES = re.compile(r",?\s*\(?\b(?:s\.|f\.|b\.|synt\.|född)?\s*(\d{4}\s*[-–]\s*(?:\d{4})?)\)?\.?$")


def direct_name(inverted: str) -> str:
    """``"Waltari, Mika" → "Mika Waltari"``; a name without a comma stays."""
    family, comma, given = inverted.partition(",")
    return f"{given.strip()} {family.strip()}".strip() if comma else inverted.strip()


def inverted_name(direct: str) -> str:
    """``"Mika Waltari" → "Waltari, Mika"``: the last word is taken for the family name; one word stays."""
    given, space, family = direct.strip().rpartition(" ")
    return f"{family}, {given}" if space else direct.strip()


def split_life_dates(name: str) -> tuple[str, str | None]:
    """A heading without its years, and the years: ``"Waltari, Mika, 1908-1979" → ("Waltari, Mika", "1908-1979")``."""
    found = _DATES.search(name)
    if not found:
        return name.strip(), None
    return name[: found.start()].strip(" ,"), re.sub(r"\s|–", lambda m: "-" if m[0] == "–" else "", found[1])
