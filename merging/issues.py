"""Issues of an e-magazine: one per number or date, newest first; and what issues say of their serial."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from catalogue.dates import years_in
from catalogue.issues import issue_age
from catalogue.merged import MergedIssue
from catalogue.record import (
    CatalogueRecord,
    Description,
    Extent,
    Identifier,
    Issue,
    Part,
    PublicationDates,
    Texts,
    Title,
)
from merging.sameness import text_key

_NUMBER = re.compile(r"\d+")


def merge_issues(
    records: Sequence[CatalogueRecord], merge: Callable[[Sequence[CatalogueRecord]], Description]
) -> tuple[MergedIssue, ...]:
    """Issues out of their records (sorted by key), newest first; `merge` makes one description of several."""
    if not records:  # all editions but those of magazines
        return ()
    merged = [_issue(group, merge(group)) for group in _by_issue(records)]
    return tuple(sorted(merged, key=issue_age))


def _issue(group: Sequence[CatalogueRecord], description: Description) -> MergedIssue:
    own = description.issue or Issue()
    title = description.title()
    return MergedIssue(
        number=own.number,
        date=_precise(own.date, description.publication.dates.published),
        title=title.text if title else None,
        identifiers=description.identifiers,
        formats=description.formats,
        links=description.texts.links,
        members=tuple(str(record.key) for record in group),
    )


def _precise(own: str | None, published: str | None) -> str | None:
    """The date of an issue ("2024"); the date it was published on where that only says more ("2024-01-05")."""
    return published if published and published.startswith(own or "") else own


def _by_issue(records: Sequence[CatalogueRecord]) -> list[list[CatalogueRecord]]:
    """Records by number and year; one without a number joins the one issue of its date, else stands by it."""
    groups: dict[str, list[CatalogueRecord]] = {}
    for record in records:
        if key := _number_key(record):
            groups.setdefault(key, []).append(record)
    dates = {key: {_date(r) for r in group} for key, group in groups.items()}
    for record in records:
        if _number_key(record):
            continue
        date = _date(record)
        homes = [key for key, known in dates.items() if date and date in known]
        title = record.title()
        own = f"date {date}" if date else f"title {text_key(title.text)}" if title else f"record {record.key}"
        groups.setdefault(homes[0] if len(homes) == 1 else own, []).append(record)
    return [sorted(group, key=lambda r: str(r.key)) for group in groups.values()]


def _number_key(record: CatalogueRecord) -> str:
    """ "5/2024" and "2024: 5" are one, and so is "5" of an issue dated 2024."""
    number = record.issue.number if record.issue else None
    if not number:
        return ""
    found = {int(n) for n in _NUMBER.findall(number)}
    years = years_in(number) or years_in(_date(record))
    year = years[0] if years else 0
    numbers = sorted(found - {year})
    return f"{year} {numbers}" if numbers else text_key(number)


def _date(record: CatalogueRecord) -> str:
    own = record.issue.date if record.issue else None
    return own or record.publication.dates.published or ""


def serial_views(issues: Sequence[CatalogueRecord]) -> list[CatalogueRecord]:
    """What each issue's record says of the serial: its title, ISSN, language, publisher and subjects."""
    return [_serial_view(record) for record in issues]


def _serial_view(record: CatalogueRecord) -> CatalogueRecord:
    own = record.issue or Issue()
    series = record.series[0] if record.series else None
    named = [t for t in record.titles if t.kind == "series"]
    if series:
        titles: tuple[Title, ...] = (Title(text=series.title),)
    elif named:
        titles = tuple(t.model_copy(update={"kind": "main"}) for t in named)
    else:
        mains = (t for t in record.titles if t.kind == "main")
        titles = tuple(t.model_copy(update={"text": _without_number(t.text), "number": None}) for t in mains)
    issns = [own.serial_issn, series.issn if series else None]
    issns += [i.value for i in record.identifiers if i.scheme == "issn"]
    publication = record.publication.model_copy(update={"dates": PublicationDates()})
    return record.model_copy(
        update={
            "level": "serial",
            "titles": titles,
            "identifiers": tuple(Identifier(scheme="issn", value=v) for v in dict.fromkeys(i for i in issns if i)),
            "series": (),
            "responsibility": None,
            "contributors": (),
            "issue": None,
            "part": Part(),
            "extent": Extent(),
            "publication": publication,
            "texts": Texts(),
            "relations": (),
            "accessibility": (),
        }
    )


def _without_number(title: str) -> str:
    """A magazine's title without the number and year of the issue at its end: "Suomen Kuvalehti 5/2024"."""
    bare = re.sub(r"[\s,:;(–-]*(?:n:?ro|nr|no|#)?\.?\s*\d[\d\s/–:.-]*\)?\s*$", "", title, flags=re.IGNORECASE).strip()
    return bare or title
