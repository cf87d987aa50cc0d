"""What a mapping gives for one parsed record."""

from __future__ import annotations

from dataclasses import dataclass

from catalogue.defect import Defect
from catalogue.record import CatalogueRecord


@dataclass(frozen=True, slots=True)
class Mapped:
    """The record, or None where it cannot be one; then at least one defect has severity ``error``."""

    record: CatalogueRecord | None
    defects: tuple[Defect, ...] = ()
