"""Works by chance, with their editions: what is true before any source tells it.

Hard to tell apart on purpose: volumes of one series, a second narrator, a free translation, an abridgement, a second
edition, another author's book of the same title.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from random import Random

from catalogue.identifiers import with_check_digit
from demo.words import Theme, name, series_title, theme, title

_GROUPS = ((500_000, "978952", 6), (500_000, "978951", 6), (5_000_000, "97891", 7), (20_000_000, "9780", 8))
_SUBTITLES = 8


@dataclass(slots=True)
class Edition:
    """What a reader borrows. `isbn` is that of its first form, `isbn_pdf` that of a PDF beside the EPUB."""

    key: str
    work: str
    form: str
    title: str
    language: str
    author: str
    year: int
    isbn: str
    publisher: int
    size: int  # pages, or minutes of what is spoken
    isbn_pdf: str = ""
    subtitle: int | None = None
    series: tuple[str, int] | None = None
    volume_only: bool = False  # the volume has no title of its own: `title` is the name of the series
    narrator: str = ""
    translator: str = ""
    original: tuple[str, str] | None = None  # title and language
    original_isbn: str = ""
    edition: int = 0
    abridged: bool = False
    topics: tuple[int, int] = (0, 0)


@dataclass(slots=True)
class Shelf:
    """One part of the synthetic catalogue while it is made: its chance, its authors, its next free numbers."""

    rng: Random
    number: int
    isbns_per_part: int
    authors: dict[str, list[str]] = field(default_factory=dict)
    themes: list[Theme] = field(default_factory=list)
    used: set[tuple[str, str]] = field(default_factory=set)
    works: int = 0
    isbns: int = 0

    def isbn(self) -> str:
        """An ISBN that no other edition has, of groups and registrants that exist."""
        free = self.number * self.isbns_per_part + self.isbns
        self.isbns += 1
        for size, prefix, digits in _GROUPS:
            if free < size:
                return with_check_digit(f"{prefix}{free:0{digits}d}")
            free -= size
        return with_check_digit(f"9780{free % 20_000_000:08d}")

    def author(self, language: str) -> str:
        """Somebody who may have written other works of this part too."""
        known = self.authors.setdefault(language, [])
        if not known or self.rng.random() < 0.35:
            known.append(name(self.rng, language))
            return known[-1]
        return known[int(self.rng.random() * len(known))]

    def is_new(self, called: str, author: str) -> bool:
        """Whether no other work has this title and author (nobody could tell them apart); from now on one has."""
        found = (called, author) not in self.used
        self.used.add((called, author))
        return found

    def theme(self) -> Theme:
        """What a work is about; now and then what another author's work is about."""
        if self.themes and self.rng.random() < 0.03:
            return self.themes[int(self.rng.random() * len(self.themes))]
        self.themes.append(theme(self.rng))
        return self.themes[-1]

    def work(self) -> str:
        self.works += 1
        return f"w{self.number}-{self.works}"


def editions(shelf: Shelf) -> Iterator[list[Edition]]:
    """The editions of one work after another, without end."""
    r = shelf.rng.random
    while True:
        chance = r()
        language = "fin" if chance < 0.6 else "swe" if chance < 0.88 else "eng"
        if r() < 0.12:
            yield from _series(shelf, language)
        else:
            yield _editions(shelf, _first(shelf, language, shelf.theme()))


def _first(shelf: Shelf, language: str, about: Theme) -> tuple[Edition, Theme]:
    r = shelf.rng.random
    called, author = title(about, language), shelf.author(language)
    while not shelf.is_new(called, author):
        author = name(shelf.rng, language)
    first = Edition(
        key="",
        work=shelf.work(),
        form="epub",
        title=called,
        language=language,
        author=author,
        year=1990 + int(35 * (1 - r() * r())),
        isbn=shelf.isbn(),
        publisher=int(r() * 4),
        size=90 + int(r() * 500),
        subtitle=int(r() * _SUBTITLES) if r() < 0.35 else None,
        topics=(int(r() * 17), int(r() * 8)),
    )
    return first, about


def _series(shelf: Shelf, language: str) -> Iterator[list[Edition]]:
    """Volumes by one author; some series number their volumes and give them no titles."""
    r = shelf.rng.random
    about = shelf.theme()
    first, _ = _first(shelf, language, about)
    called, untitled = series_title(about, language), r() < 0.3
    for number in range(1, 3 + int(r() * 5)):
        told = about
        while not untitled and not shelf.is_new(title(told, language), first.author):
            told = replace(theme(shelf.rng), place=about.place)
        volume = replace(
            first,
            work=first.work if number == 1 else shelf.work(),
            title=called if untitled else title(told, language),
            series=(called, number),
            volume_only=untitled,
            isbn=first.isbn if number == 1 else shelf.isbn(),
            year=first.year + number - 1,
            size=first.size + int(r() * 60),
        )
        yield _editions(shelf, (volume, told))


def _editions(shelf: Shelf, start: tuple[Edition, Theme]) -> list[Edition]:
    """A text's e-book, PDF, spoken and printed editions, and those of its translation."""
    first, about = start
    r = shelf.rng.random
    found = _of_text(shelf, first)
    if r() < 0.25:
        found += _of_text(shelf, _translated(shelf, first, about))
    for place, edition in enumerate(found, 1):
        edition.key = f"{edition.work}/{place}"
    return found


def _of_text(shelf: Shelf, first: Edition) -> list[Edition]:
    r = shelf.rng.random
    found = [first]
    if r() < 0.15:
        first.isbn_pdf = shelf.isbn()
    if r() < 0.4:
        found += _spoken(shelf, first)
    if r() < 0.05 and first.series is None:
        later = first.year + 2 + int(r() * 6)
        found.append(replace(first, edition=2, year=later, isbn=shelf.isbn(), isbn_pdf="", size=first.size + 12))
    if r() < 0.2:
        found.append(replace(first, form="print", isbn=shelf.isbn(), isbn_pdf="", size=first.size - int(r() * 12)))
    return found


def _spoken(shelf: Shelf, first: Edition) -> list[Edition]:
    r = shelf.rng.random
    minutes = 2 * first.size + int(r() * 60)
    year = first.year + int(r() * 3)
    spoken = replace(first, form="mp3", isbn=shelf.isbn(), isbn_pdf="", size=minutes, year=year)
    spoken.narrator = name(shelf.rng, first.language)
    found = [spoken]
    if r() < 0.15:
        second = replace(spoken, isbn=shelf.isbn(), size=minutes + 5 + int(r() * 30), year=year + int(r() * 5))
        second.narrator = name(shelf.rng, first.language)
        found.append(second)
    if r() < 0.06:
        found.append(replace(spoken, isbn=shelf.isbn(), size=minutes // 3, abridged=True))
    if r() < 0.1:
        found.append(replace(spoken, isbn="", form="daisy", narrator=name(shelf.rng, first.language)))
    return found


def _translated(shelf: Shelf, first: Edition, about: Theme) -> Edition:
    """The text in another language, its title translated word for word, freely, or left as it was."""
    r = shelf.rng.random
    language = "swe" if first.language == "fin" else "fin"
    chance = r()
    if first.volume_only:
        called = series_title(about, language)
    elif chance < 0.05:
        called = first.title
    else:
        called = title(about if chance < 0.5 else theme(shelf.rng), language)
    series = (series_title(about, language), first.series[1]) if first.series else None
    return replace(
        first,
        title=called,
        language=language,
        translator=name(shelf.rng, language),
        original=(first.title, first.language),
        original_isbn=first.isbn,
        series=series,
        isbn=shelf.isbn(),
        isbn_pdf="",
        year=first.year + 1 + int(r() * 4),
        size=first.size + int(r() * 40) - 10,
        publisher=int(r() * 4),
    )
