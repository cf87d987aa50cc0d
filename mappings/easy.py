"""Words that say of an edition that its language was made easy: selkokieli, lättläst."""

from __future__ import annotations

import re
from functools import cache

from mappings.marc.tables import alternatives, table


def says_easy(text: str) -> bool:
    """Whether a subtitle, edition statement, series, genre or note says it. Easy readers for children are not meant."""
    return _easy().search(text) is not None and text.strip(" .").lower() not in table("easy")["not"]


@cache
def _easy() -> re.Pattern[str]:
    return re.compile(alternatives(table("easy")["stems"]), re.IGNORECASE)
