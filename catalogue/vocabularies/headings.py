"""From a heading, in whatever vocabulary and format it was sent, to the pinned concept: the one way there is.

Exact after folding of case and spaces, and only where it is one concept's label; never guessed.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, Literal

from catalogue.vocabularies.concepts import Concept, LabelLanguage, concepts
from catalogue.vocabularies.tables import own_versions, read_toml, set_own_folder

Place = Literal["subject", "place", "genre", "recording", "keyword", "index_term"]
Languages = tuple[LabelLanguage | None, ...]
"""Whose labels are tried, in this order; None tries all at once."""

_YSO_NUMBER = re.compile(r"(?:yso:)?p\d+")
_PERIOD = re.compile(r"^\d+(?:-luku|-talet|–|-|\s|$)|^\d+\D?$")
_FREE: tuple[Place, ...] = ("keyword", "index_term")  # no list vouches for these words
_CHAIN = re.compile(r"\s*--\s*")
_COUNTED = re.compile(r"(.+\S)\s*\(\d{1,3}\)")  # so many players of an instrument
GENRES = frozenset({"slm"})  # vocabularies whose concepts say what a publication is
_OTHER_NAMES = {"allärs": "allars"}
_YSO = "http://www.yso.fi/onto/yso/"


def use_own(folder: Path | None) -> None:
    """Read vocabularies taken in by `lyhde vocabulary update` from this folder too; None: the pinned ones alone."""
    if set_own_folder(folder):
        for kept in (concepts, find_heading, _homes):
            kept.cache_clear()


def is_linked(scheme: str) -> bool:
    """Whether headings of a vocabulary are looked up: one that is not found is then a gap."""
    return scheme in _table()["linked"]["schemes"]


def is_genre(concept: Concept) -> bool:
    """Whether a concept says what a publication is, not what it is about."""
    return concept.scheme in GENRES


def is_period(text: str) -> bool:
    """Whether a heading is a century or year (``1900-luku``, ``1800-talet``): these have no concepts to be found."""
    return bool(_PERIOD.search(text))


def vocabulary_language(scheme: str) -> LabelLanguage | None:
    """The one language the headings of a vocabulary are written in, if there is one."""
    found: LabelLanguage | None = _table()["language"].get(scheme)
    return found


@lru_cache(maxsize=1_024)
def find_heading(scheme: str, text: str, place: Place, languages: Languages = (None,)) -> Concept | None:
    """The concept in force for a heading: by its URI or YSO number, else by its label.

    `scheme` is our name of the vocabulary (``ysa``, ``slm``, ``keyword``); a vocabulary of one language is looked up
    in it, any other in `languages`.
    """
    known = concepts()
    if "://" in text or text.lower().startswith("urn:"):
        found = known.by_uri(text)
    elif _YSO_NUMBER.fullmatch(text):
        found = known.by_uri(_YSO + text.removeprefix("yso:"))
    else:
        own = vocabulary_language(scheme)
        spoken = (own,) if own else languages
        found = _labelled(text, _homes(scheme, place), spoken, is_free=place in _FREE)
        if found is None and scheme in _table()["linked"]["counted"] and (counted := _COUNTED.fullmatch(text)):
            found = _labelled(counted[1], _homes(scheme, place), spoken)
        if place == "place" and not (found and found.is_place):
            found = next((named for each in spoken if each and (named := known.by_place_name(text, each))), found)
    return known.current(found) if found else None


def chain_parts(text: str) -> list[str]:
    """The parts of a chain written as one text (``Helsinki -- historia -- 1900-luku``); of other texts the one."""
    return [part for part in _CHAIN.split(text.strip()) if part] if "--" in text else [text]


def find_chain(scheme: str, texts: Sequence[str], place: Place, languages: Languages = (None,)) -> list[Concept | None]:
    """The concepts of the parts of a chain (``Helsinki--Töölö``). A part may be named within the one before it."""
    found: list[Concept | None] = []
    for number, text in enumerate(texts):
        within = f"{text} ({texts[number - 1]})" if number else ""
        concept = find_heading(scheme, within, place, languages) if within else None
        found.append(concept or find_heading(scheme, text, place, languages))
    return found


def _labelled(text: str, homes: tuple[str, ...], languages: Languages, *, is_free: bool = False) -> Concept | None:
    """The concept in the first language and home that has one. A free word may mean any of its namesakes: none then."""
    known, gone = concepts(), _table()["linked"]["replaced"]
    for language in languages:
        for home in homes:
            found = known.by_label(text, language, (home,))
            if found is not None and known.current(found).scheme not in gone:
                is_open = is_free and not found.is_place and known.has_namesake(text, language, home)
                return None if is_open else found
    return None


@cache
def _homes(scheme: str, place: Place) -> tuple[str, ...]:
    """A vocabulary that was taken in knows its own headings best."""
    table = _table()
    own = (_OTHER_NAMES.get(scheme, scheme),) if _OTHER_NAMES.get(scheme, scheme) in own_versions() else ()
    return (*own, *(table["only"].get(scheme) or table["homes"][place]))


@cache
def _table() -> dict[str, Any]:
    return read_toml("headings.toml")
