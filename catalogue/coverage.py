"""Which fields a record fills: what a feed that goes blank from one night to the next is known by."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from catalogue.record import CatalogueRecord
from catalogue.sentence import Sentence

FILLED: Mapping[str, Callable[[CatalogueRecord], bool]] = {
    "title": lambda record: bool(record.titles),
    "identifier": lambda record: any(each.valid and each.role == "own" for each in record.identifiers),
    "language": lambda record: bool(record.languages.declared),
    "contributor": lambda record: bool(record.contributors),
    "publisher": lambda record: bool(record.publication.publisher or record.publication.imprint),
    "date": lambda record: bool(record.publication.dates.published or record.publication.dates.announced),
    "medium": lambda record: record.medium != "other",
    "subject": lambda record: bool(record.topics.subjects or record.topics.genres or record.topics.classification),
    "description": lambda record: bool(record.texts.descriptions),
}
"""Field → whether a record has it. The place of a field is its bit in what the store keeps: add at the end alone."""

NAMES: Mapping[str, Sentence] = {
    "title": Sentence("title"),
    "identifier": Sentence("identifier"),
    "language": Sentence("language"),
    "contributor": Sentence("contributor"),
    "publisher": Sentence("publisher"),
    "date": Sentence("publication date"),
    "medium": Sentence("medium"),
    "subject": Sentence("subject"),
    "description": Sentence("description"),
}
"""What a field is called."""


def fields_of(record: CatalogueRecord) -> int:
    """One bit for each field of `FILLED` that the record has."""
    return sum(1 << place for place, is_filled in enumerate(FILLED.values()) if is_filled(record))
