"""One publication while it is being read: values out of loose JSON, and the defects found on the way."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from functools import cache
from importlib import resources
from typing import Any

from catalogue import vocabularies
from catalogue.defect import Defect
from catalogue.parsed import ParsedRecord

Values = dict[str, Any]
"""A part of the record as a plain dict, before validation."""

Placed = tuple[Any, str]
"""A value with its JSON path inside the publication."""


@cache
def table() -> dict[str, Any]:
    """``mappings/tables/opds.toml``."""
    return tomllib.loads(resources.files("mappings").joinpath("tables", "opds.toml").read_text("utf-8"))


@cache
def by_value(section: str) -> dict[str, str]:
    """A section ``word = ["value", …]`` turned round: value → word."""
    return {value: word for word, values in table()[section].items() for value in values}


class Reading:
    """The publication, its metadata, and what was reported about it."""

    def __init__(self, parsed: ParsedRecord) -> None:
        self.publication: dict[str, Any] = parsed.content
        self.metadata: dict[str, Any] = parsed.content["metadata"]
        self.languages: list[str] = []  # of the text, once read
        self._found: dict[tuple[str, ...], Defect] = {}

    def report(self, defect: str, place: str, /, **params: str) -> None:
        """Keep a defect; `place` is a JSON path inside the publication."""
        self._found.setdefault((defect, place, *params.values()), Defect(defect, place, params))

    def defects(self, source: str, source_id: str, index: int) -> tuple[Defect, ...]:
        """What was reported, under the name of the record."""
        return tuple(defect.about(source=source, source_id=source_id, index=index) for defect in self._found.values())

    def member(self, *names: str) -> Placed:
        """The first of these members of the metadata that is there, else None at the first's place."""
        name = next((name for name in names if self.metadata.get(name) not in (None, "", [], {})), names[0])
        return self.metadata.get(name), f"metadata.{name}"

    def text(self, *names: str) -> str:
        """The text of a member in one line, or ''. Of several languages the first."""
        value, _ = self.member(*names)
        return next((text for _, text in spoken(value)), "")

    def language(self, given: str, locus: str) -> str | None:
        """ISO 639-2/B of a BCP 47 tag or code; an unknown one is kept in small letters and reported."""
        code = vocabularies.language(given)
        if code is None and given.strip():
            self.report("language.unknown", locus, code=given)
            return given.strip().lower()
        return code


def plain(value: Any) -> str:
    """A text, or a number as its text, in one line; '' for anything else."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    return " ".join(str(value).split())


def spoken(value: Any) -> Iterator[tuple[str, str]]:
    """Language and text of a text or of a language map; no language is ''."""
    if isinstance(value, dict):
        yield from ((str(tag), text) for tag, each in value.items() if (text := plain(each)))
    elif text := plain(value):
        yield "", text


def texts_of(value: Any) -> Iterator[tuple[str, str]]:
    """As `spoken`, of texts of several lines, as they were written."""
    for tag, text in value.items() if isinstance(value, dict) else (("", value),):
        if isinstance(text, str) and text.strip():
            yield str(tag), text


def listed(value: Any, locus: str) -> Iterator[Placed]:
    """Every item of a list with its place, or the one value that stands without a list."""
    if isinstance(value, list):
        yield from ((each, f"{locus}[{number}]") for number, each in enumerate(value))
    elif value is not None and value != "":
        yield value, locus


def objects(value: Any, locus: str) -> Iterator[tuple[dict[str, Any], str]]:
    """The objects among the items of a list."""
    for each, place in listed(value, locus):
        if isinstance(each, dict):
            yield each, place


def relations(link: dict[str, Any]) -> list[str]:
    """The relations of a link: one, or a list."""
    return [rel for each, _ in listed(link.get("rel"), "") if (rel := plain(each))]
