"""A defect is bad data as a value: what, how bad, where, and by which rule. Never raised, never lost."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from typing import Literal

Severity = Literal["info", "warning", "error"]
"""info: repaired or harmless, recorded; warning: a value was left out or doubted; error: the record is out."""


@dataclass(frozen=True, slots=True)
class Defect:
    """`code` is stable and listed in ``catalogue/defects.toml``, where severity and English text live.

    `locus` is a place inside the record (``245$a``, an ONIX path) or the payload (``line 12``, ``byte 4096``).
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

    def about(self, *, source: str, source_id: str, payload: str = "", index: int = 0) -> Defect:
        """The same defect with the name of the record it was found in."""
        return Defect(
            self.code, self.locus, self.params, source, source_id, payload or self.payload, index or self.index
        )


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
