"""MARC 21 → catalogue record."""

from __future__ import annotations

from catalogue.defect import Defect
from catalogue.parsed import ParsedRecord
from mappings.mapped import Mapped


def map_marc(parsed: ParsedRecord, source: str, fallback_id: str) -> Mapped:
    """The catalogue record of a MARC 21 bibliographic record."""
    defect = Defect("record.unmappable", parsed.locus, {"reason": "MARC is not mapped"})
    return Mapped(None, (defect.about(source=source, source_id=fallback_id, index=parsed.index),))
