"""E-magazines by chance: serials with their issues, and what sources tell of them.

Hard to tell apart on purpose: the issues of a serial differ in nothing but number and day, other serials of a place
begin with the same word, and the same number comes again every year.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from stdnum import issn

from demo.words import ENDS, STARTS, magazine_title

_FIRST_ISSN = 9_970_000  # numbers not in use
_A_YEAR = (4, 6, 12)
_IN_A_PART = 20  # more than a part of the catalogue ever has
_STEP = 7_919  # a prime: places come in no order, and all of them before one comes again


@dataclass(frozen=True, slots=True)
class Periodical:
    """A serial, or one issue of it with `number` (``3/2025``) and `date` (``2025-09-12``)."""

    key: str
    work: str
    title: str
    language: str
    issn: str
    publisher: int
    since: int  # the year of its first issue
    a_year: int
    number: str = ""
    date: str = ""
    topics: tuple[int, int] = (0, 0)


@dataclass(frozen=True, slots=True)
class Told:
    """One source's telling of a serial or an issue."""

    source: str
    edition: Periodical
    numbered: str  # how the number stands behind the title, if it does: "", "{n}", "nro {n}"
    with_issn: bool


def magazine_records(seed: int, part: int) -> Iterator[Told]:
    """The records of one magazine after another, without end for a part of the catalogue."""
    rng = Random(f"{seed}/{part}/magazines")  # noqa: S311 - a seed is the purpose
    place = 0
    while True:
        for each in _periodicals(rng, part * _IN_A_PART + place):
            yield from _told(each, rng)
        place += 1


def _periodicals(rng: Random, free: int) -> Iterator[Periodical]:
    r = rng.random
    language = "fin" if r() < 0.65 else "swe"
    places = len(STARTS) * len(ENDS)
    starts, ends = divmod(free * _STEP % places, len(ENDS))
    serial = Periodical(
        key=f"m{free}/serial",
        work=f"m{free}",
        title=magazine_title(language, free + free // places, (starts, ends)),
        language=language,
        issn=_issn(free),
        publisher=int(r() * 4),
        since=1990 + int(r() * 30),
        a_year=_A_YEAR[int(r() * len(_A_YEAR))],
        topics=(int(r() * 17), int(r() * 8)),
    )
    yield serial
    first = max(serial.since, 2023) * serial.a_year + int(r() * serial.a_year)
    for place in range(1, 3 + int(r() * 9)):
        year, turn = divmod(first + place - 1, serial.a_year)
        month = 1 + turn * 12 // serial.a_year
        yield Periodical(
            key=serial.key,
            work=serial.work,
            title=serial.title,
            language=language,
            issn=serial.issn,
            publisher=serial.publisher,
            since=serial.since,
            a_year=serial.a_year,
            number=f"{turn + 1}/{year}",
            date=f"{year}-{month:02d}-{1 + int(r() * 28):02d}",
            topics=serial.topics,
        )


def _issn(free: int) -> str:
    number = f"{_FIRST_ISSN + free % 30_000}"
    return f"{number[:4]}-{number[4:]}{issn.calc_check_digit(number)}"


def _told(each: Periodical, rng: Random) -> Iterator[Told]:
    """Publishers send issues; libraries catalogue serials, and issues now and then."""
    r = rng.random
    publisher, home, other = ("kaarna", "lintula", "vikens")
    if each.language == "swe":
        publisher, home, other = ("skargard", "vikens", "lintula")
    if not each.number:
        yield Told(home, each, "", True)
        if r() < 0.4:
            yield Told(other, each, "", r() < 0.9)
        return
    yield Told(publisher, each, "nro {n}" if r() < 0.1 and each.language == "fin" else "{n}", r() < 0.9)
    for library, chance in ((home, 0.3), (other, 0.1)):
        if r() < chance:
            yield Told(library, each, "", r() < 0.8)
