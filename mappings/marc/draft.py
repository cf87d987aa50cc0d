"""A record while it is being read: fields found in one pass, values for the model, and defects."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import chain
from typing import Any

from catalogue.defect import Defect

Subfields = Sequence[Sequence[str]]
"""``[[code, value], …]`` in the order of the record."""

Values = dict[str, Any]
"""A part of the record as a plain dict, before validation."""

Said = tuple[str, str, str | None]
"""Kind, text and language of a note or description; as a key, so that each is kept once."""


def as_blanks(value: str) -> str:
    """The leader or a fixed field with the blanks that some systems write as ``^`` or ``#``."""
    return value.replace("^", " ").replace("#", " ") if "^" in value or "#" in value else value


class Draft:
    """What the handlers of the fields fill. Nothing in it is validated."""

    __slots__ = (
        "accessibility", "agencies", "audience", "carrier", "carrier_words", "classification", "content",
        "contributors", "controls", "defects", "described", "descriptions", "durations", "edition", "extents",
        "fixed",
        "genre_words", "genres", "has_title", "identifiers", "isbns", "issue_host", "kept", "languages", "leader",
        "links", "medium", "modified", "notes", "part", "physical", "projected", "published", "relations",
        "responsibility", "rules", "said", "script_descriptions", "script_names", "script_titles",
        "series", "source_language", "stated_originals", "texts", "titles", "topics", "traced",
        "types",
    )  # fmt: skip

    def __init__(self, leader: str) -> None:
        self.leader = as_blanks(leader) if len(leader) == 24 else as_blanks(leader).ljust(24)[:24]
        self.controls: dict[str, str] = {}
        self.fixed = ""  # 008
        self.modified: list[str] = []  # 006
        self.physical: list[str] = []  # 007
        self.types: list[tuple[str, tuple[str, ...]]] = []  # 336-338: tag and flat field
        self.carrier_words: list[tuple[str, str]] = []  # place and words: 347, 245$h
        self.genre_words: list[str] = []  # 655 $a
        self.isbns: list[Subfields] = []  # 020
        self.extents: list[str] = []  # 300 $a
        self.described: dict[str, list[str]] = {}  # 300 $b, $c, $e by our names
        self.durations: list[str] = []  # 306 $a
        self.identifiers: list[Values] = []
        self.has_title = False  # a 245 has been read
        self.titles: list[Values] = []
        self.script_titles: list[Values] = []  # from 880
        self.script_names: dict[str, str] = {}  # "700-14" of 880 $6 → the name there
        self.script_descriptions: list[str] = []
        self.stated_originals: list[str] = []  # original titles that stand in notes
        self.part: Values = {}
        self.responsibility: str | None = None
        self.series: list[Values] = []  # 490, 440
        self.traced: list[Values] = []  # 8XX
        self.contributors: list[tuple[str, Values]] = []  # folded name and values
        self.languages: Values = {"text": [], "spoken": [], "original": []}
        self.edition: list[str] = []
        self.published: list[tuple[str, tuple[str, ...]]] = []  # 264's second indicator, flat 260 or 264
        self.projected: str | None = None  # 263
        self.topics: list[Any] = []
        self.genres: list[Any] = []
        self.classification: list[tuple[str, str]] = []
        self.audience: list[Values] = []
        self.accessibility: list[Values] = []
        self.descriptions: dict[Said, None] = {}
        self.notes: dict[Said, None] = {}
        self.links: list[Values] = []
        self.relations: list[Values] = []
        self.issue_host: list[Values] = []  # 773
        self.kept: list[tuple[str, str, Subfields]] = []  # to be written back
        self.agencies: list[str] = []  # 040 $a, then $d
        self.rules: str | None = None
        self.source_language: str | None = None
        self.said: list[tuple[str, Any]] = []  # form words by place, once the form is settled
        self.medium = "other"
        self.carrier = ""
        self.content = ""
        self.defects: list[Defect] = []

    def report(self, defect: str, place: str, /, **params: str) -> None:
        """Keep a defect of this record."""
        self.defects.append(Defect(defect, place, params))


Handler = Callable[[Draft, str, str, Subfields], None]
"""Reads one data field into the draft: draft, tag, both indicators, subfields."""


def first(subfields: Subfields, code: str) -> str:
    """The first subfield's value, or ''."""
    for name, value in subfields:
        if name == code:
            return value
    return ""


def every(subfields: Subfields, codes: str) -> list[str]:
    """All values of the named subfields that say something, in the record's order."""
    return [value for code, value in subfields if code in codes and value and not value.isspace()]


def flat(subfields: Subfields) -> tuple[str, ...]:
    """``(code, value, code, value …)``: a field as the key of a cache."""
    return tuple(subfields[0]) if len(subfields) == 1 else tuple(chain.from_iterable(subfields))
