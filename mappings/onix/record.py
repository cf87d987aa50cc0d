"""An ONIX product → catalogue record."""

from __future__ import annotations

from catalogue.defect import Defect
from catalogue.parsed import ParsedRecord
from mappings.mapped import Mapped


def map_onix(parsed: ParsedRecord, source: str, fallback_id: str) -> Mapped:
    """The catalogue record of an ONIX product."""
    defect = Defect("record.unmappable", parsed.locus, {"reason": "ONIX is not mapped"})
    return Mapped(None, (defect.about(source=source, source_id=fallback_id, index=parsed.index),))
