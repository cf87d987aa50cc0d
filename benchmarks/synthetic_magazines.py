"""Synthetic magazines as they come out of their feeds."""

from __future__ import annotations

from collections.abc import Iterator

from catalogue.record import (
    CatalogueRecord,
    Cataloguing,
    Identifier,
    Issue,
    Languages,
    Part,
    Publication,
    PublicationDates,
    Relation,
    Title,
)
from demo.magazine_feeds import issue_title, publisher_of
from demo.magazines import Told
from demo.records import PUBLISHERS


def periodical(record: Told, source_id: str) -> CatalogueRecord:
    """The record of a serial or an issue as its source's feed would be mapped, in all that matching reads."""
    about, sent = record.edition, record.source in PUBLISHERS
    return CatalogueRecord(
        source=record.source,
        source_id=source_id,
        level="issue" if about.number else "serial",
        medium="emagazine",
        formats=("pdf",) if sent else (),
        identifiers=tuple(_numbers(record, source_id)),
        titles=tuple(_titles(record, sent)),
        part=Part() if sent or not about.number else Part(number=about.number),
        issue=_issue(record),
        languages=Languages(text=(about.language,), declared=(about.language,), reason="declared"),
        publication=Publication(
            publisher=publisher_of(record),
            dates=PublicationDates(published=about.date if sent else about.date[:4] or str(about.since)),
        ),
        relations=(Relation(kind="part_of", title=about.title),) if about.number and not sent else (),
        cataloguing=Cataloguing(rules="onix" if sent else "rda"),
    )


def _issue(record: Told) -> Issue | None:
    about = record.edition
    if not about.number:
        return None
    return Issue(number=about.number, date=about.date[:4], serial_issn=about.issn if record.with_issn else None)


def _numbers(record: Told, source_id: str) -> Iterator[Identifier]:
    if record.source in PUBLISHERS:
        yield Identifier(scheme=f"proprietary:{publisher_of(record)}", value=source_id)
    elif not record.edition.number and record.with_issn:
        yield Identifier(scheme="issn", value=record.edition.issn)


def _titles(record: Told, sent: bool) -> Iterator[Title]:
    yield Title(text=record.edition.title, number=None if sent else record.edition.number or None)
    if sent:
        yield Title(kind="alternative", text=issue_title(record))
