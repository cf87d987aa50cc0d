"""A MARC record while it is being written: what is described, in which language, and the fields so far."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from catalogue.parsed import MarcField
from catalogue.record import Description, Labels, Medium
from writers.marc.tables import table

Language = Literal["fi", "sv", "en"]
Subfield = tuple[str, str | None]

_LANGUAGES: dict[str, Language] = {"fin": "fi", "swe": "sv", "eng": "en"}
_THREE_LETTERS = {"fi": "fin", "sv": "swe", "en": "eng"}


@dataclass(frozen=True, slots=True)
class OtherFormat:
    """Another edition of the same work in the same language: what 776 says of it."""

    medium: Medium
    title: str | None
    isbns: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Control:
    """What a MARC record says of itself and its making, beside the description.

    `id` goes to 001, `changed_at` (ISO 8601, UTC) to 005; `day` (ISO 8601) is the day of the export, `sources` the
    record names behind it (884). `advance` marks a description made before publication. `others` are the other
    formats that the catalogue knows of.
    """

    id: str
    day: str
    changed_at: str | None = None
    sources: tuple[str, ...] = ()
    is_deleted: bool = False
    advance: bool = False
    others: tuple[OtherFormat, ...] = ()


@dataclass(slots=True)
class Sheet:
    """The description and the fields written so far. `language` is that of cataloguing: terms and notes are in it."""

    description: Description
    control: Control
    language: Language
    fields: list[MarcField] = field(default_factory=list)
    links: int = 0  # fields in another script so far (880)

    def say(self, tag: str, value: str) -> None:
        """A control field."""
        self.fields.append([tag, value])

    def add(self, tag: str, indicators: str, *subfields: Subfield) -> None:
        """A data field of the subfields that say something; none, and there is no field."""
        kept = [[code, value] for code, value in subfields if value]
        if kept:
            self.fields.append([tag, indicators, kept])

    def link(self) -> str:
        """The next number by which a field and its form in another script (880) name each other."""
        self.links += 1
        return f"{self.links:02d}"

    def word(self, group: str, key: str) -> str:
        """A word of the export's own, in the language of cataloguing."""
        return str(table("words")[group][key][self.language])

    @property
    def is_library_record(self) -> bool:
        """Whether a library has catalogued it, so that what is not said is not so."""
        about = self.description.cataloguing
        return about.level is not None and about.rules != "onix"

    @property
    def language_code(self) -> str:
        """The language of cataloguing as 040 $b names it: the stated one, even where our terms are in English."""
        return self.description.cataloguing.language or _THREE_LETTERS[self.language]


def cataloguing_language(description: Description) -> Language:
    """The stated language of cataloguing, else the one libraries of the publication's country catalogue in.

    Finland catalogues Swedish texts in Swedish and all others in Finnish. The export's words exist in fi, sv and en.
    """
    stated = description.cataloguing.language
    if stated:
        return _LANGUAGES.get(stated, "en")
    country = description.publication.country
    if country == "SE" or (country in (None, "FI", "AX") and description.languages.text == ("swe",)):
        return "sv"
    return "fi" if country in (None, "FI", "AX") else "en"


def in_language(labels: Labels, language: Language) -> str | None:
    """The label of a language, else the next best one."""
    own: str | None = getattr(labels, language)
    return own or labels.fi or labels.sv or labels.en
