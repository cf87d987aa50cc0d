"""Features: what matching knows of a record. Everything that levels, vetoes, keys and explanations read.

Texts are folded with å, ä and ö kept. Empty text, 0 and () mean unknown. A pure function of the record, kept
by the store so that a changed record's neighbours need not be read again.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from importlib import resources
from typing import Annotated

from pydantic import AfterValidator, TypeAdapter
from pydantic.dataclasses import dataclass

from catalogue.dates import years_in
from catalogue.folding import fold
from catalogue.keys import content_hash
from catalogue.languages import BY_ROTE
from catalogue.record import CatalogueRecord, Identifier, Level, Medium
from matching.people import first_author, folded_name, with_role
from matching.titles import TitleReading, read_titles
from matching.words import numbers_in, title_language, without_company_words, words

_MADE_BY = ("features.py", "titles.py", "people.py", "words.py", "words.toml")
FEATURES_VERSION = content_hash(
    b"".join(resources.files("matching").joinpath(name).read_bytes() for name in _MADE_BY)
).hex()[:12]
"""Features that other code made are made anew: this changes with the code and tables that make them."""


_VOLUMES = re.compile(r"(\d+)\s*(?:v\b|vol|osaa|nidettä|band|delar|kirjaa)", re.IGNORECASE)
_LABELLED = re.compile(r"([^\W\d_]+)[\s-]+(\S*\d.*)")  # a publisher's number with its label before it: "BIS 1234"
_LIBRARY_NUMBERS = frozenset({"isbn", "issn", "gtin"})
_KINDS = ("isbn", "issn", "other")


@dataclass(frozen=True, slots=True)
class Form:
    """What kind of thing is described, and by whom: `sender` is "" where records of many origins share a source."""

    sender: str
    publisher_product: bool  # a publisher's product description, else a library's record
    level: Level
    medium: Medium
    formats: tuple[str, ...]
    daisy: bool | None
    easy: bool  # the language was made easy to read, as list 21 says it
    physical: bool | None
    languages: tuple[str, ...]
    language_detected: bool
    title_language: str | None


@lru_cache(maxsize=4_096)
def _one_form(form: Form) -> Form:
    """Of equal ones the first: few of all occur, and a million records would hold a quarter of a gigabyte of them."""
    return form


@dataclass(frozen=True, slots=True)
class TitleFeatures:
    main: str
    subtitle: str
    full: str
    other: tuple[str, ...]
    original: tuple[str, ...]
    numbers: tuple[str, ...]  # of the main title
    all_numbers: tuple[str, ...]  # of the subtitle too


@dataclass(frozen=True, slots=True)
class Numbering:
    """`volume` is a normal form ("2", "2.1", "a"); `series` are names with numbers, "" where there is none."""

    volume: str
    is_set: bool
    series: tuple[tuple[str, str], ...]
    edition: int
    edition_text: str
    abridged: bool | None


@lru_cache(maxsize=4_096)
def _one_numbering(numbering: Numbering) -> Numbering:
    """Of equal ones the first: most records have no number."""
    return numbering


@dataclass(frozen=True, slots=True)
class People:
    """Names are ``family, given``; `words` are those of the responsibility statement."""

    author: str
    author_is_body: bool
    author_ids: tuple[str, ...]
    contributors: tuple[str, ...]
    narrators: tuple[str, ...]
    translators: tuple[str, ...]
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Imprint:
    publisher: str
    place: str
    years: tuple[int, ...]
    first_year: int
    pages: int
    minutes: int
    volumes: int


@dataclass(frozen=True, slots=True)
class Identifiers:
    """Numbers of the publication, and those of other publications of its work, or of the work, that it names."""

    own_isbns: tuple[str, ...]
    related_isbns: tuple[str, ...]
    issns: tuple[str, ...]
    related_issns: tuple[str, ...]
    others: tuple[str, ...]  # scheme:value
    related_others: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Features:
    """One record as matching sees it. `shown` are the values as the source wrote them, for explanations."""

    key: str
    form: Annotated[Form, AfterValidator(_one_form)]
    title: TitleFeatures
    numbering: Annotated[Numbering, AfterValidator(_one_numbering)]
    people: People
    imprint: Imprint
    ids: Identifiers
    issue: tuple[str, str] | None
    shown: dict[str, str]

    def to_json(self) -> str:
        return _adapter().dump_json(self).decode()

    @staticmethod
    def from_json(text: str | bytes) -> Features:
        return _adapter().validate_json(text)


@cache
def _adapter() -> TypeAdapter[Features]:
    """Made at first use. Slots, not models: a million records have to fit in memory."""
    return TypeAdapter(Features)


def extract(record: CatalogueRecord, *, mixed_origin: bool = False) -> Features:
    """Features of a record.

    `mixed_origin`: the source is a collection of many libraries' or senders' records, so that two of them are not
    "two records of one library".
    """
    titles = read_titles(record)
    return Features(
        key=str(record.key),
        form=_form(record, titles, "" if mixed_origin else record.source),
        title=TitleFeatures(
            main=titles.main,
            subtitle=titles.subtitle,
            full=titles.full,
            other=titles.other,
            original=titles.original,
            numbers=titles.numbers,
            all_numbers=numbers_in(titles.full.split()),
        ),
        numbering=_numbering(record, titles),
        people=_people(record),
        imprint=_imprint(record),
        ids=_identifiers(record),
        issue=(record.issue.number or "", record.issue.date or "") if record.issue else None,
        shown=_shown(record),
    )


def _form(record: CatalogueRecord, titles: TitleReading, sender: str) -> Form:
    formats = tuple(sorted({f.lower() for f in record.formats}))
    from_publisher = record.cataloguing.rules in ("onix", "opds")
    daisy = None if not formats and not from_publisher else bool(words().daisy.intersection(formats))
    by_rote = record.languages.reason == BY_ROTE  # says nothing of this record
    languages = sorted(set(() if by_rote else record.languages.text) - words().unspecific)
    return Form(
        sender=sender,
        publisher_product=from_publisher,
        level=record.level,
        medium=record.medium,
        formats=formats,
        daisy=daisy if record.medium == "audiobook" else None,
        easy=any(audience.scheme == "onix-edition" for audience in record.topics.audience),
        physical=bool(words().physical.intersection(formats)) if formats else None,
        languages=tuple(languages),
        language_detected=record.languages.reason == "detected",
        title_language=title_language(titles.full.split()),
    )


def _numbering(record: CatalogueRecord, titles: TitleReading) -> Numbering:
    statement = record.edition_statement
    abridged = True if titles.abridged else statement.abridged
    return Numbering(
        volume=titles.volume,
        is_set=titles.is_set or record.level == "set",
        series=tuple(sorted(set(titles.series))),
        edition=statement.number or 0,
        edition_text=fold(statement.text or ""),
        abridged=abridged,
    )


def _people(record: CatalogueRecord) -> People:
    author = first_author(record.contributors)
    return People(
        author=folded_name(author) if author else "",
        author_is_body=author is not None and author.kind == "body",
        author_ids=tuple(sorted(f"{i.scheme}:{i.value}" for i in author.ids)) if author else (),
        contributors=tuple(sorted({folded_name(c) for c in record.contributors} - {""})),
        narrators=with_role(record.contributors, "narrator"),
        translators=with_role(record.contributors, "translator"),
        words=tuple(sorted({w for w in fold(record.responsibility or "").split() if len(w) > 2} - words().light)),
    )


def _imprint(record: CatalogueRecord) -> Imprint:
    publication, dates = record.publication, record.publication.dates
    years = [y for text in (dates.published, dates.announced, dates.copyright) for y in years_in(text or "")]
    found = _VOLUMES.search(record.extent.text or "")
    publishers = [without_company_words(fold(name)) for name in (publication.publisher, publication.imprint) if name]
    return Imprint(
        publisher=" ".join(dict.fromkeys(" ".join(publishers).split())),
        place=fold(publication.place or ""),
        years=tuple(sorted(set(years))),
        first_year=years[0] if years else 0,
        pages=record.extent.pages or 0,
        minutes=record.extent.duration_min or 0,
        volumes=int(found[1][:4]) if found else 0,
    )


def _identifiers(record: CatalogueRecord) -> Identifiers:
    own, related = {name: set[str]() for name in _KINDS}, {name: set[str]() for name in _KINDS}
    own["isbn"].update(record.own_isbns())
    for identifier in record.identifiers:
        kind = identifier.scheme if identifier.scheme in _KINDS else "other"
        if identifier.valid and identifier.role == "own" and kind != "isbn":
            own[kind].add(_named(identifier.scheme, identifier.value))
        elif identifier.valid and _is_related(identifier, record):
            related[kind].add(_named(identifier.scheme, identifier.value))
    for relation in record.relations:
        if relation.scheme and relation.value and _is_of_one_work(relation.kind, record.level):
            kind = relation.scheme if relation.scheme in _KINDS else "other"
            related[kind].add(_named(relation.scheme, relation.value))
    if record.issue and record.issue.serial_issn:
        own["issn"].add(record.issue.serial_issn)
    return Identifiers(
        own_isbns=tuple(sorted(own["isbn"])),
        related_isbns=tuple(sorted(related["isbn"] - own["isbn"])),
        issns=tuple(sorted(own["issn"])),
        related_issns=tuple(sorted(related["issn"] - own["issn"])),
        others=tuple(sorted(own["other"])),
        related_others=tuple(sorted(related["other"] - own["other"])),
    )


def _is_related(identifier: Identifier, record: CatalogueRecord) -> bool:
    """Whether a number is that of another publication of the work; what a relation names is told by its kind."""
    if identifier.role == "other_format":
        return True
    named = {relation.value for relation in record.relations}
    return identifier.role == "related" and record.level != "set" and identifier.value not in named


def _is_of_one_work(kind: str, level: Level) -> bool:
    return kind in words().one_work or (level != "serial" and kind in words().new_edition)


def _named(scheme: str, value: str) -> str:
    """A number with its scheme. MARC 028 gives a label in a place of its own or before the number: one and the same."""
    if scheme == "proprietary:028" and (told := _LABELLED.fullmatch(value)):
        return f"proprietary:{told[1]}:{told[2]}"
    return value if scheme in _LIBRARY_NUMBERS else f"{scheme}:{value}"


def _shown(record: CatalogueRecord) -> dict[str, str]:
    """The values an explanation shows, as the source wrote them; unknown ones are absent."""
    author = first_author(record.contributors)
    series = [f"{s.title} ; {s.number}" if s.number else s.title for s in record.series]
    values = {
        "title": " : ".join(t.text for t in record.titles if t.kind in ("main", "subtitle")),
        "part": " ".join(filter(None, (record.part.number, record.part.title))),
        "original": " | ".join(t.text for t in record.titles if t.kind == "original"),
        "author": (author.name_inverted or author.name) if author else "",
        "contributors": " ; ".join(c.name_inverted or c.name for c in record.contributors),
        "narrator": " ; ".join(c.name for c in record.contributors if words().roles["narrator"].intersection(c.roles)),
        "responsibility": record.responsibility or "",
        "series": " | ".join(series),
        "publisher": record.publication.publisher or "",
        "place": record.publication.place or "",
        "edition": record.edition_statement.text or "",
        "extent": record.extent.text or "",
    }
    return {name: text[:300] for name, text in values.items() if text}
