"""What a reader asks, as the parameters of the stored templates."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any, Literal, NoReturn
from zoneinfo import ZoneInfo

from catalogue.errors import UsageError
from catalogue.sentence import Sentence
from catalogue.vocabularies import language
from index.apart import parts

ReaderLanguage = Literal["fi", "sv", "en"]
Filters = Mapping[str, Sequence[str]]

# Filters that take any of several values; `year` takes a year or FROM-TO, `duration` minutes, `lendable` takes yes.
LISTED = (
    "subject", "genre", "audience", "collection", "language", "medium", "format", "publisher", "narrator",
    "accessibility",
)  # fmt: skip
FILTERS = (*LISTED, "year", "duration", "lendable")
SORTS = ("relevance", "title", "author", "newest")
MOST_HITS = 1000
FACET_VALUES = 15
LONGEST_QUERY = 500  # characters; what is beyond is not read
_YEARS = re.compile(r"(\d{4})?(-)?(\d{4})?")
_MINUTES = re.compile(r"(\d{1,5})?(-)?(\d{1,5})?")
_HELSINKI = ZoneInfo("Europe/Helsinki")


@dataclass(frozen=True)
class Question:
    """One search. `as_of` decides what is available (default: today in Helsinki).

    `tolerant`: where the words as typed find almost nothing, near ones will do. `highlight`: mark them in the titles.
    """

    query: str
    lang: ReaderLanguage = "fi"
    filters: Filters = field(default_factory=dict)
    limit: int = 10
    sort: str = "relevance"
    as_of: date | datetime | None = None
    tolerant: bool = True
    highlight: bool = False

    @property
    def words(self) -> str:
        """What was typed, as far as it is read."""
        return " ".join(self.query.split())[:LONGEST_QUERY]

    @property
    def marking(self) -> str | None:
        """The words to be marked in the titles, where they are."""
        return self.words if self.highlight else None

    def parameters(self, after: Sequence[Any] | None = None, *, facets: bool = False) -> dict[str, Any]:
        """For the templates, where an absent key means no restriction. Raises UsageError for a bad filter."""
        if self.sort not in SORTS:
            raise UsageError(Sentence("sort is one of {known}, not {given!r}", known=list(SORTS), given=self.sort))
        found: dict[str, Any] = {
            "lang": self.lang,
            "size": max(1, min(self.limit, MOST_HITS)),
            "as_of": _day(self.as_of),
            **_filters(self.filters),
        }
        if self.words:
            found["q"] = self.words
            apart = parts(self.words)
            found |= {f"parts_{view}": text for view, text in apart.items() if len(text) <= LONGEST_QUERY}
        if after is not None:
            found["paging"] = {"after": list(after)}
        if facets:
            found["facets"] = {"size": FACET_VALUES}
        if self.sort != "relevance":
            found[f"by_{self.sort}"] = True
        return found


def _filters(filters: Filters) -> dict[str, Any]:
    unknown = sorted(set(filters) - set(FILTERS))
    if unknown:
        raise UsageError(Sentence("no filter {unknown}; there are {known}", unknown=unknown, known=list(FILTERS)))
    found: dict[str, Any] = {key: {"any": _values(key, filters[key])} for key in LISTED if filters.get(key)}
    if years := [_years(text) for text in filters.get("year", ())]:
        found["year"] = years[0]
    if minutes := [_minutes(text) for text in filters.get("duration", ())]:
        found["duration"] = minutes[0]
    if any(text.lower() in ("yes", "true", "1") for text in filters.get("lendable", ())):
        found["lendable_only"] = True
    return found


def _values(key: str, values: Sequence[str]) -> list[str]:
    """Languages may be given as two letters or by name too."""
    return [language(v) or v for v in values] if key == "language" else list(values)


def _years(text: str) -> dict[str, int]:
    """``1979`` → that year; ``2019-`` and ``-1999`` are open."""
    return _range(_YEARS, text) or _refuse(Sentence("year is a year or FROM-TO, not {given!r}", given=text))


def _minutes(text: str) -> dict[str, int]:
    """``60-300``; ``600-`` and ``-120`` are open."""
    return _range(_MINUTES, text) or _refuse(Sentence("duration is minutes or FROM-TO, not {given!r}", given=text))


def _range(form: re.Pattern[str], text: str) -> dict[str, int]:
    """The bounds that a text gives, both inclusive; empty where it gives none."""
    found = form.fullmatch(text.strip())
    if not found or not (found[1] or found[3]):
        return {}
    first, last = found[1], found[3] if found[2] else found[1]
    return {name: int(bound) for name, bound in (("gte", first), ("lte", last)) if bound}


def _refuse(why: Sentence) -> NoReturn:
    raise UsageError(why)


def _day(moment: date | datetime | None) -> str:
    """The day in Helsinki, as ISO text."""
    if isinstance(moment, date) and not isinstance(moment, datetime):
        return moment.isoformat()
    now = moment or datetime.now(UTC)
    return (now if now.tzinfo else now.replace(tzinfo=UTC)).astimezone(_HELSINKI).date().isoformat()
