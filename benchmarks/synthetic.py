"""Synthetic records as they come out of their feeds, without the writing and reading of a million of them."""

from __future__ import annotations

from collections.abc import Iterator

from benchmarks.synthetic_magazines import periodical
from catalogue.record import (
    CatalogueRecord,
    Cataloguing,
    Contributor,
    EditionStatement,
    Extent,
    Identifier,
    Languages,
    Part,
    Publication,
    PublicationDates,
    Relation,
    Series,
    Title,
)
from demo.feeds import parts, records_of
from demo.magazines import Told
from demo.marc import publisher_of
from demo.onix import PUBLISHER_NAMES, title_text
from demo.records import PUBLISHERS, Record
from demo.words import TABLES

MEDIA = {"mp3": "audiobook", "daisy": "audiobook", "print": "print", "epub": "ebook", "pdf": "ebook"}
PLACES = {"kaarna": "Turku", "skargard": "Mariehamn", "lintula": "Helsinki", "vikens": "Helsingfors"}


def catalogue_records(seed: int, count: int) -> Iterator[tuple[CatalogueRecord, str, str]]:
    """Records of the synthetic feeds of a seed, each with the edition and the work it belongs to."""
    for number, size in parts(count):
        for source_id, record in records_of(seed, number, size):
            yield mapped(record, source_id), record.edition.key, record.edition.work


def mapped(record: Record | Told, source_id: str) -> CatalogueRecord:
    """The record as its source's feed would be mapped, in all that matching reads."""
    if isinstance(record, Told):
        return periodical(record, source_id)
    edition, sent = record.edition, record.source in PUBLISHERS
    spoken = record.form in ("mp3", "daisy")
    series = record.series
    whole = not record.thin
    return CatalogueRecord(
        source=record.source,
        source_id=source_id,
        medium=MEDIA[record.form],
        formats=_formats(record),
        identifiers=tuple(_numbers(record)),
        titles=tuple(_titles(record, sent)),
        responsibility=None if sent or not whole else _responsibility(record),
        series=(Series(title=series[0], number=str(series[1])),) if series and whole else (),
        contributors=tuple(_people(record)),
        languages=Languages(text=(edition.language,), declared=(edition.language,), reason="declared"),
        edition_statement=EditionStatement(
            number=edition.edition or None if whole else None, abridged=(edition.abridged and whole) or None
        ),
        part=Part(number=str(edition.series[1])) if edition.volume_only and edition.series else Part(),
        publication=Publication(
            publisher=_publisher(record, sent) if whole else None,
            place=PLACES.get(record.source) if whole else None,
            dates=PublicationDates(published=str(record.year) if record.year else None),
        ),
        extent=Extent(duration_min=record.size) if spoken else Extent(pages=record.size) if whole else Extent(),
        relations=_relations(record),
        cataloguing=Cataloguing(rules="onix" if sent else "rda"),
    )


def _numbers(record: Record) -> Iterator[Identifier]:
    for isbn, form in ((record.isbn, record.form), *record.other_isbns):
        if isbn:
            beside = form == "print" != record.form and not record.thin
            valid = (sum(map(int, isbn[::2])) + 3 * sum(map(int, isbn[1::2]))) % 10 == 0
            yield Identifier(scheme="isbn", value=isbn, role="other_format" if beside else "own", valid=valid)


def _formats(record: Record) -> tuple[str, ...]:
    if record.form == "print" or record.thin:
        return ()
    if record.form == "daisy":
        return ("cd", "daisy")
    return (record.form, *(form for _, form in record.other_isbns if form == "pdf"))


def _responsibility(record: Record) -> str:
    names = (record.edition.author, record.edition.translator)
    by, translated = (" ".join(reversed(name.split(", "))) for name in names)
    return f"{by} ; {TABLES['library'][record.source]['credit']} {translated}" if translated else by


def _titles(record: Record, sent: bool) -> Iterator[Title]:
    yield Title(text=title_text(record) if sent else record.title)
    if record.subtitle is not None and not record.thin:
        yield Title(kind="subtitle", text=TABLES["subtitles"][record.edition.language][record.subtitle])
    if record.edition.original and _tells_original(record):
        yield Title(kind="original", text=record.edition.original[0])


def _tells_original(record: Record) -> bool:
    return record.told_original and not record.thin and record.source != "aanitorni"


def _people(record: Record) -> Iterator[Contributor]:
    named = ((record.author, "aut"), (record.edition.translator, "trl"), (record.narrator, "nrt"))
    for place, (name, role) in enumerate(named[: 1 if record.thin else 3], 1):
        if name:
            family, _, given = name.partition(", ")
            yield Contributor(name=f"{given} {family}", name_inverted=name, roles=(role,), sequence=place)


def _publisher(record: Record, sent: bool) -> str:
    named = PUBLISHER_NAMES.get(record.source, [])
    return named[record.edition.publisher % len(named)][0] if sent else publisher_of(record)


def _relations(record: Record) -> tuple[Relation, ...]:
    edition = record.edition
    if not edition.original_isbn or not _tells_original(record):
        return ()
    return (Relation(kind="translation_of", scheme="isbn", value=edition.original_isbn),)
