"""The short lists made by hand (``fi.toml``, ``sv.toml``), for building the tables and for reading them."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Literal

Language = Literal["fi", "sv"]
LANGUAGES: tuple[Language, ...] = ("fi", "sv")
HERE = Path(__file__).parent


@dataclass(frozen=True)
class HandLists:
    """One language's lists; what each holds is said in the files."""

    language: Language
    known_limit: float
    unknown_limit: float
    further_limit: float
    short_parts: frozenset[str] = frozenset()
    function_words: frozenset[str] = frozenset()
    function_forms: frozenset[str] = frozenset()
    never_first: frozenset[str] = frozenset()
    never_part: frozenset[str] = frozenset()
    never_last: frozenset[str] = frozenset()
    never_split: frozenset[str] = frozenset()
    never_linking: frozenset[str] = frozenset()
    adjectives: frozenset[str] = frozenset()
    place_endings: frozenset[str] = frozenset()
    first_parts: dict[str, str] = field(default_factory=dict)  # linking form → lemma
    added_forms: dict[str, frozenset[str]] = field(default_factory=dict)  # lemma → forms
    dropped_forms: dict[str, frozenset[str]] = field(default_factory=dict)

    def is_too_short(self, part: str) -> bool:
        """Whether a part of one or two letters is none of the few that there are."""
        return len(part) < 3 and part not in self.short_parts


@cache
def hand_lists(language: Language) -> HandLists:
    """The lists of a language, read once."""
    given: dict[str, Any] = tomllib.loads((HERE / f"{language}.toml").read_text("utf-8"))
    for name, value in given.items():
        if isinstance(value, str):
            given[name] = frozenset(value.split())
    for name in ("added_forms", "dropped_forms"):
        given[name] = {lemma: frozenset(text.split()) for lemma, text in given.get(name, {}).items()}
    firsts = {form: lemma for lemma, text in given.get("first_parts", {}).items() for form in text.split()}
    return HandLists(language, **given | {"first_parts": firsts})
