"""Words that say of an edition that its language was made easy: selkokieli, lättläst."""

from __future__ import annotations

from mappings.marc.tables import table

_STEMS: list[str] = table("easy")["stems"]
_OTHERS: list[str] = table("easy")["not"]


def says_easy(text: str) -> bool:
    """Whether a subtitle, edition statement, series, genre or note says it. Easy readers for children are not meant."""
    return mentions_easy(text) and text.strip(" .").lower() not in _OTHERS


def mentions_easy(text: str) -> bool:
    """Whether the words for such a language stand anywhere in a text or in several written together."""
    return any(map(text.lower().__contains__, _STEMS))
