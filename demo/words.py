"""The words synthetic feeds are made of, and titles and names made of them. The tables are ``words.toml``."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from importlib import resources
from random import Random
from typing import Any

TABLES: dict[str, Any] = tomllib.loads(resources.files("demo").joinpath("words.toml").read_text("utf-8"))
LANGUAGES = ("fin", "swe", "eng")
_COLUMN = {"fin": 0, "swe": 1, "eng": 2}
_OF_NOUN = {"fin": 0, "swe": 2, "eng": 3}


def rows(table: list[str]) -> list[tuple[str, ...]]:
    """The columns of a table's rows."""
    return [tuple(row.split("|")) for row in table]


NOUNS, ADJECTIVES = rows(TABLES["nouns"]), rows(TABLES["adjectives"])
STARTS, ENDS = rows(TABLES["place_starts"]), rows(TABLES["place_ends"])
PATTERNS: dict[str, list[str]] = {language: TABLES["patterns"][language] for language in LANGUAGES}
SERIES: dict[str, str] = TABLES["patterns"]["series"]
_PATTERN_NUMBERS = [n for n, weight in enumerate(TABLES["patterns"]["weights"]) for _ in range(weight)]


@dataclass(slots=True)
class Theme:
    """What a title is about, in no language yet: numbers of table rows."""

    pattern: int
    noun: int
    other: int
    adjective: int
    place: tuple[int, int]


def theme(rng: Random) -> Theme:
    """A theme by chance; titles of few words are rarer than others."""
    r = rng.random
    pattern = _PATTERN_NUMBERS[int(r() * len(_PATTERN_NUMBERS))]
    noun = int(r() * len(NOUNS))
    other = (noun + 1 + int(r() * (len(NOUNS) - 1))) % len(NOUNS)
    return Theme(pattern, noun, other, int(r() * len(ADJECTIVES)), (int(r() * len(STARTS)), int(r() * len(ENDS))))


def title(found: Theme, language: str) -> str:
    """The theme in a language, as title."""
    return _put(PATTERNS[language][found.pattern], found, language)


def series_title(found: Theme, language: str) -> str:
    """The name of a series about the theme's place."""
    return _put(SERIES[language], found, language)


def magazine_title(language: str, number: int, place: tuple[int, int]) -> str:
    """The name of a magazine of a place, by number one of several."""
    patterns = TABLES["magazines"][language]
    return _put(patterns[number % len(patterns)], Theme(0, 0, 0, 0, place), language)


def _put(pattern: str, found: Theme, language: str) -> str:
    column, of_noun = _COLUMN[language], _OF_NOUN[language]
    start, end = STARTS[found.place[0]][column], ENDS[found.place[1]]
    text = pattern.format(
        n=NOUNS[found.noun][of_noun],
        m=NOUNS[found.other][of_noun],
        M=NOUNS[found.other][1],
        a=ADJECTIVES[found.adjective][column],
        p=start + end[of_noun],
        P=start + end[1],
    )
    return text[0].upper() + text[1:]


def name(rng: Random, language: str) -> str:
    """An invented person, inverted: ``Kivilahti, Aino``."""
    r = rng.random
    start = STARTS[int(r() * len(STARTS))]
    if language == "fin":
        family = start[0] + ENDS[int(r() * len(ENDS))][0]
    else:
        ends = TABLES["family"][language]
        family = start[_COLUMN[language]] + ends[int(r() * len(ends))]
    if r() < 0.04:
        return f"{TABLES['family']['particles'][int(r() * 3)]} {family}, {_given(rng, language)}"
    return f"{family}, {_given(rng, language)}"


def _given(rng: Random, language: str) -> str:
    names = TABLES["given"][language]
    first = names[int(rng.random() * len(names))]
    return f"{first} {names[int(rng.random() * len(names))]}" if rng.random() < 0.2 else str(first)
