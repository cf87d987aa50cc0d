"""Subjects: an address says the scheme; words without one are keywords."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from mappings.opds.reading import Reading, Values, listed, plain, spoken, table
from mappings.topics import KEYWORD, Topics

_HOME = re.compile(r"^(?:https?:)?//(?:www\.)?", re.IGNORECASE)
_OWN = "proprietary:"
_AGES = re.compile(r"(\d{1,2})?\s*[-–]\s*(\d{1,2})?|(\d{1,2})\+?")


def read_topics(reading: Reading) -> Values:
    """Subjects, genres, classification and audience. A code without a known scheme is kept under its address."""
    topics = Topics(reading, reading.languages)
    for value, locus in listed(*reading.member("subject")):
        about = value if isinstance(value, dict) else {"name": value}
        names = [text for _, text in spoken(about.get("name"))]
        code = plain(about.get("code"))
        scheme, part = _scheme(plain(about.get("scheme")))
        if part == "audience":
            _audience(topics, scheme, code, names)
        elif part == "classification":
            _classified(topics, scheme, code, (names, locus))
        else:
            _heading(topics, (part, scheme), code, (names, locus, about))
    return topics.values()


@lru_cache(maxsize=1024)
def _scheme(address: str) -> tuple[str, str]:
    """Our name of a scheme, and the part of the record it belongs to."""
    if not address:
        return KEYWORD, "subjects"
    bare = _HOME.sub("", address).lower().rstrip("/")
    known: dict[str, list[str]] = table()["subjects"]
    found = next((row for home, row in known.items() if bare.startswith(home)), None)
    if found is not None:
        return found[0], found[1]
    return f"{_OWN}{bare}", "classification"


def _audience(topics: Topics, scheme: str, code: str, names: list[str]) -> None:
    written = code or next(iter(names), "")
    ages = _AGES.fullmatch(written) if scheme == "age" else None
    if ages:
        topics.audience("age", f"{ages[1] or ages[3] or ''}-{ages[2] or ''}")
    elif written:
        topics.audience(scheme, written, next(iter(names), None))


def _classified(topics: Topics, scheme: str, code: str, words: tuple[list[str], str]) -> None:
    names, locus = words
    if code:
        topics.classify(scheme, code)
    if not code or scheme.startswith(_OWN):
        for name in names:
            topics.term("subjects", scheme, name, f"{locus}.name")


def _heading(topics: Topics, kind: tuple[str, str], code: str, words: tuple[list[str], str, dict[str, Any]]) -> None:
    """A concept by its code or address, else by its words; words of all languages name one concept."""
    part, scheme = kind
    names, locus, about = words
    address = code if "://" in code else ""
    concept = topics.find(scheme, code, part) if code else None
    if concept is not None:
        topics.term(part, scheme, code, f"{locus}.code")
        return
    if address:
        topics.concept(part, address, scheme, next(iter(names), ""))
        return
    linked = next((name for name in names if topics.find(scheme, name, part)), None)
    for name in [linked] if linked else names or [code]:
        for word in name.split(";") if name else ():
            if word.strip():
                topics.term(part, scheme, word.strip(), f"{locus}.name" if about.get("name") else locus)
