"""The word tables of ``words.toml``, and the numbers that titles carry in digits, Roman numerals and words."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources

_ROMAN = re.compile(r"(x{0,3})(ix|iv|v?i{0,3})")
_ORDINAL = re.compile(r"(\d+)(?:st|nd|rd|th|a|e)?")
_ROMAN_VALUES = {"i": 1, "v": 5, "x": 10}
_FINAL_ROMAN = frozenset({"v", "x", "vi"})  # a letter, and Swedish "vi": numerals only where they end a title
_LANGUAGES = ("fi", "sv", "en")


@dataclass(frozen=True, slots=True)
class Words:
    """The tables, ready for look-up. All words are folded."""

    numbers: dict[str, int]
    after_volume: dict[str, int]
    months: dict[str, int]
    seasons: frozenset[str]
    issue_ends: tuple[str, ...]
    volume: frozenset[str]
    volume_letters: frozenset[str]
    leading_letters: frozenset[str]
    qualifiers: frozenset[str]
    abridged: frozenset[str]
    set_words: tuple[str, ...]
    articles: frozenset[str]
    function: dict[str, frozenset[str]]
    light: frozenset[str]
    company: frozenset[str]
    particles: frozenset[str]
    roles: dict[str, frozenset[str]]
    physical: frozenset[str]
    daisy: frozenset[str]
    unspecific: frozenset[str]
    one_work: frozenset[str]
    new_edition: frozenset[str]


@cache
def words() -> Words:
    """The tables of ``words.toml``; read once."""
    table = tomllib.loads(resources.files("matching").joinpath("words.toml").read_text("utf-8"))

    def union(name: str) -> frozenset[str]:
        return frozenset(word for language in _LANGUAGES for word in table[name][language])

    numbers = {key: value for code in _LANGUAGES for key, value in _valued(table["numbers"][code])}
    return Words(
        numbers=numbers,
        after_volume=numbers | dict(_valued(table["numbers"]["numerals_only_after_volume_word"])),
        months={name: n for code in _LANGUAGES for n, name in enumerate(table["months"][code], 1)},
        seasons=union("seasons"),
        issue_ends=tuple(sorted(union("issue"))),
        volume=union("volume"),
        volume_letters=frozenset(table["volume"]["letters"]),
        leading_letters=frozenset(table["volume"]["leading_letters"]),
        qualifiers=union("qualifiers"),
        abridged=union("abridged"),
        set_words=tuple(sorted(union("set"))),
        articles=union("articles"),
        function={code: frozenset(table["function"][code]) for code in _LANGUAGES},
        light=union("function") | union("articles"),
        company=union("company"),
        particles=frozenset(table["particles"]["all"]),
        roles={name: frozenset(codes) for name, codes in table["roles"].items()},
        physical=frozenset(table["carriers"]["physical"]),
        daisy=frozenset(table["carriers"]["daisy"]),
        unspecific=frozenset(table["languages"]["unspecific"]),
        one_work=frozenset(table["relations"]["one_work"]),
        new_edition=frozenset(table["relations"]["new_edition"]),
    )


def _valued(rows: Iterable[str]) -> list[tuple[str, int]]:
    return [(word, int(number)) for word, _, number in (row.partition("=") for row in rows)]


def roman(word: str, *, last: bool = False) -> int | None:
    """The value of a Roman numeral 2-39 in small letters; ``v``, ``x`` and ``vi`` only where `last` says so."""
    found = _ROMAN.fullmatch(word)
    if not word or not found or word == "i" or (word in _FINAL_ROMAN and not last):
        return None
    ones = {"ix": 9, "iv": 4}.get(found[2])
    return len(found[1]) * 10 + (sum(_ROMAN_VALUES[c] for c in found[2]) if ones is None else ones)


def number_of(word: str, *, last: bool = False, after_volume_word: bool = False) -> int | None:
    """The number a single folded word stands for, in digits, Roman numerals or words of fi, sv and en."""
    figures = _ORDINAL.fullmatch(word)
    if figures:
        return int(figures[1])
    table = words().after_volume if after_volume_word else words().numbers
    named = table.get(word)
    return named if named is not None else roman(word, last=last or after_volume_word)


def numbers_in(tokens: Sequence[str]) -> tuple[str, ...]:
    """Every number of a folded title, sorted: years, digits, Roman and number words; months beside a number.

    ``nineteen eighty four`` is 1984 and ``twenty two`` is 22, as their figures would be.
    """
    found: list[int] = []
    named: list[int] = []
    for place, token in enumerate(tokens):
        value = number_of(token, last=place == len(tokens) - 1 and place > 0)
        if value is None:
            found += _joined(named)
            named = []
        elif token in words().numbers:
            named.append(value)
        else:
            found.append(value)
    found += _joined(named)
    months = [f"month {words().months[t]}" for t in tokens if t in words().months] if found else []
    return tuple(sorted({*map(str, found), *months}))


def _joined(values: list[int]) -> list[int]:
    """Neighbouring number words as one number: tens and ones add, two such numbers make a year."""
    joined: list[int] = []
    for value in values:
        if joined and value < 10 and joined[-1] % 10 == 0 and 20 <= joined[-1] % 100 <= 90:
            joined[-1] += value
        elif joined and value in (100, 1000) and joined[-1] < value:
            joined[-1] *= value
        elif joined and 10 <= joined[-1] <= 20 and 10 <= value < 100:
            joined[-1] = joined[-1] * 100 + value
        else:
            joined.append(value)
    return joined


def without_company_words(folded: str) -> str:
    """A folded publisher's name without the words of its company form; all of it where nothing else is left."""
    kept = [word for word in folded.split() if word not in words().company and len(word) > 1]
    return " ".join(kept) or folded


def title_language(tokens: Iterable[str]) -> str | None:
    """``fi``, ``sv`` or ``en`` where the light words of a title belong to that language alone, else None."""
    seen = {code for token in tokens for code, table in words().function.items() if token in table}
    return seen.pop() if len(seen) == 1 else None
