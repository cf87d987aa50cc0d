"""The nested part of a document: what must hold together on one edition, and when it can be had."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Collection, Iterable
from typing import Any

from catalogue.dates import is_partial_date
from catalogue.merged import MergedRecord
from catalogue.record import Description

NARRATOR = "nrt"  # MARC relator


def edition_facts(edition_id: str, edition: MergedRecord, publish_media: Collection[str]) -> dict[str, Any]:
    """The filters of one edition. Dates of availability are whole days, both inclusive."""
    about = edition.description
    return {
        "id": edition_id,
        "published": about.medium in publish_media,
        "isbn": sorted(set(about.own_isbns())),
        "medium": about.medium,
        "format": sorted(set(about.formats)),
        "language": sorted(set(about.languages.text)),
        "publisher": about.publication.publisher,
        "year": first_year([about]),
        "narrator": sorted({c.name for c in about.contributors if NARRATOR in c.roles}),
        "drm": about.availability.drm,
        "lendable_fi": about.availability.lendable_fi,
        "abridged": about.edition_statement.abridged,
        "duration_min": about.extent.duration_min,
        "accessibility": sorted({fact.code for fact in about.accessibility if fact.code}),
        "available_from": first_day(about.availability.from_),
        "available_until": last_day(about.availability.until),
        "sources": sorted(edition.members),
    }


def first_year(descriptions: Iterable[Description]) -> int | None:
    """The earliest year of publication; a copyright year stands in where no description has one."""
    dates = [d.publication.dates for d in descriptions]
    published = [d.published or d.announced for d in dates]
    years = [int(text[:4]) for text in published if text] or [int(d.copyright[:4]) for d in dates if d.copyright]
    return min(years, default=None)


def first_day(date: str | None) -> str | None:
    """``2024-05`` → ``2024-05-01``; None for what is not a date."""
    return _day(date, last=False)


def last_day(date: str | None) -> str | None:
    """``2024-02`` → ``2024-02-29``; None for what is not a date."""
    return _day(date, last=True)


def _day(date: str | None, *, last: bool) -> str | None:
    day = (date or "")[:10]
    if not is_partial_date(day):
        return None
    year, month = int(day[:4]), int(day[5:7] or (12 if last else 1))
    return day if len(day) == 10 else f"{year:04d}-{month:02d}-{monthrange(year, month)[1] if last else 1:02d}"
