"""What sources tell of an edition, and what they get wrong: the records of the synthetic feeds.

Publishers send ONIX; libraries catalogue what they hold, with their own forms, gaps and errors. How often something
goes wrong stands beside it; a record's truth does not change by it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from random import Random

from demo.works import Edition

PUBLISHERS = ("kaarna", "skargard", "aanitorni")
LIBRARIES = ("lintula", "vikens")


@dataclass(slots=True)
class Record:
    """One source's telling of an edition. Empty text and 0 are not told."""

    source: str
    edition: Edition
    form: str
    isbn: str
    title: str
    subtitle: int | None
    author: str
    year: int
    size: int
    narrator: str
    series: tuple[str, int] | None
    other_isbns: tuple[tuple[str, str], ...] = ()  # with the form each is of; "" is not told
    told_original: bool = True
    thin: bool = False
    direct_name: bool = False
    marked_title: bool = False
    number_in_title: bool = False
    summary: bool = True


def records(edition: Edition, beside: Sequence[Edition], rng: Random) -> Iterator[Record]:
    """The records of an edition; `beside` are the editions of its work, whose numbers are mixed up with its own."""
    r = rng.random
    published = _publisher(edition)
    told = 0
    if published and r() < 0.85:
        told += 1
        yield _sent(_plain(edition, published), rng)
        if edition.isbn_pdf and edition.form == "epub":
            yield replace(_plain(edition, published), form="pdf", isbn=edition.isbn_pdf)
    home = 0.65 if edition.language == "fin" else 0.4
    for source, chance in (("lintula", home), ("vikens", 0.95 - home)):
        if r() < chance or (not told and source == "vikens"):
            told += 1
            yield _catalogued(_plain(edition, source), beside, rng)


def _publisher(edition: Edition) -> str:
    if edition.form in ("print", "daisy"):
        return ""
    if edition.form == "mp3":
        return "aanitorni"
    return "skargard" if edition.language == "swe" else "kaarna"


def _plain(edition: Edition, source: str) -> Record:
    return Record(
        source=source,
        edition=edition,
        form=edition.form,
        isbn=edition.isbn,
        title=edition.title,
        subtitle=edition.subtitle,
        author=edition.author,
        year=edition.year,
        size=edition.size,
        narrator=edition.narrator,
        series=edition.series,
    )


def _sent(record: Record, rng: Random) -> Record:
    """A publisher's way: capitals, the volume in the title, no subtitle, the name as it stands on the cover."""
    r = rng.random
    if r() < 0.04:
        record.title = record.title.upper()
    elif r() < 0.05:
        record.marked_title = True
    record.number_in_title = record.series is not None and not record.edition.volume_only and r() < 0.2
    record.direct_name = r() < 0.12
    record.told_original = r() < 0.7
    if r() < 0.3:
        record.subtitle = None
    if r() < 0.1:
        record.series = record.series if record.edition.volume_only else None
    return record


def _catalogued(record: Record, beside: Sequence[Edition], rng: Random) -> Record:
    """A library's way, with what goes wrong in cataloguing."""
    r = rng.random
    if record.edition.isbn_pdf and record.form == "epub":
        record.other_isbns = ((record.edition.isbn_pdf, "pdf"),)
    _damage_numbers(record, beside, rng)
    _damage_words(record, rng)
    record.told_original = r() < 0.85
    record.summary = r() < 0.5
    if record.isbn:
        record.thin = r() < 0.02
        record.narrator = "" if r() < 0.1 else record.narrator
    return record


def _damage_words(record: Record, rng: Random) -> None:
    """The year beside the right one or missing, letters wrong, given names as initials, another count of pages."""
    r = rng.random
    if r() < 0.1:
        record.year += 1 if r() < 0.5 else -1
    elif r() < 0.02:
        record.year = 0
    if r() < 0.03:
        record.title = _misspelt(record.title, rng)
    if r() < 0.06:
        record.author = _shortened(record.author)
    elif r() < 0.01:
        record.author = _misspelt(record.author, rng)
    if r() < 0.05:
        record.size = max(1, record.size + int(r() * 9) - 4)


def _damage_numbers(record: Record, beside: Sequence[Edition], rng: Random) -> None:
    """No ISBN, another edition's, one that is none, or the printed book's as if it were its own (020 $a)."""
    r = rng.random
    chance = r()
    others = [e for e in beside if e is not record.edition and e.isbn]
    if chance < 0.05:
        record.isbn, record.other_isbns = "", ()
    elif chance < 0.06 and others:
        record.isbn = others[int(r() * len(others))].isbn
    elif chance < 0.07 and record.isbn:
        record.isbn = f"{record.isbn[:-1]}{(int(record.isbn[-1]) + 1) % 10}"
    elif chance < 0.12 and record.form != "print":
        printed = next((e.isbn for e in others if e.form == "print" and e.language == record.edition.language), "")
        if printed:
            record.other_isbns = (*record.other_isbns, (printed, "print" if r() < 0.5 else ""))


def _misspelt(text: str, rng: Random) -> str:
    """One letter lost, doubled, or two changed over, beyond the first."""
    if len(text) < 5:
        return text
    place, chance = 2 + int(rng.random() * (len(text) - 3)), rng.random()
    if chance < 0.4:
        return text[:place] + text[place + 1 :]
    if chance < 0.6:
        return text[:place] + text[place - 1 :]
    return text[: place - 1] + text[place] + text[place - 1] + text[place + 1 :]


def _shortened(name: str) -> str:
    """Given names as initials."""
    family, _, given = name.partition(", ")
    return f"{family}, {' '.join(f'{part[0]}.' for part in given.split())}" if given else name
