"""A defect is bad data as a value: what, how bad, where, and by which rule. Never raised, never lost."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from string import Formatter
from typing import Literal

from catalogue.sentence import Sentence

_COUNTED = re.compile(r"(?P<unit>line|byte) (?P<number>\d+)(?:, (?P<path>.+))?")
Severity = Literal["info", "warning", "error"]
"""info: repaired or harmless, recorded; warning: a value was left out or doubted; error: the record is out."""


@dataclass(frozen=True, slots=True)
class Defect:
    """`code` is stable and listed in ``catalogue/defects.toml``, where severity and English text live.

    `locus` is a place inside the record (``245$a``, an ONIX path) or the payload (``line 12``, ``byte 4096``), or both
    (``line 12, TitleDetail``). A value of `params` that is a Sentence is said in the reader's language.
    """

    code: str
    locus: str = ""
    params: Mapping[str, str] = field(default_factory=dict)
    source: str = ""
    source_id: str = ""
    payload: str = ""
    index: int = 0

    @property
    def severity(self) -> Severity:
        return definitions()[self.code].severity

    @property
    def words(self) -> Sentence:
        """What it says; a parameter that is not known is a question mark."""
        template = definitions()[self.code].text
        names = {name for _, name, _, _ in Formatter().parse(template) if name}
        return Sentence(template, **{name: self.params.get(name, "?") for name in names})

    def about(self, *, source: str, source_id: str, payload: str = "", index: int = 0) -> Defect:
        """The same defect with the name of the record it was found in."""
        return Defect(
            self.code, self.locus, self.params, source, source_id, payload or self.payload, index or self.index
        )


def place(locus: str) -> str:
    """A locus to be said to people: a line or a byte as a Sentence, a path or a tag as it is, also behind one."""
    found = _COUNTED.fullmatch(locus)
    if found is None:
        return locus
    number, path = found["number"], found["path"]
    is_line = found["unit"] == "line"
    counted = Sentence("line {number}", number=number) if is_line else Sentence("byte {number}", number=number)
    return Sentence("{place}, {path}", place=counted, path=path) if path else counted


def whereabouts(file: str, index: int, locus: str) -> Sentence:
    """Where in a delivery a defect is, for people: file, record, and the place in it where there is one."""
    number = str(index)
    if not locus:
        return Sentence("{file}, record {number}", file=file, number=number)
    return Sentence("{file}, record {number}, {place}", file=file, number=number, place=place(locus))


@dataclass(frozen=True, slots=True)
class DefectDefinition:
    """One row of the table: severity and the English text, whose ``{names}`` are the defect's params."""

    code: str
    severity: Severity
    text: str


@cache
def definitions() -> dict[str, DefectDefinition]:
    """Every defect code the pure stages may use. Raises ValueError on a malformed table."""
    table = tomllib.loads(resources.files("catalogue").joinpath("defects.toml").read_text("utf-8"))
    return {
        f"{group}.{name}": DefectDefinition(f"{group}.{name}", row["severity"], row["text"])
        for group, rows in table.items()
        for name, row in rows.items()
    }
