"""Which mapping reads which dialect."""

from __future__ import annotations

from collections.abc import Callable

from catalogue.parsed import Dialect, ParsedRecord
from mappings.mapped import Mapped
from mappings.marc.record import map_marc
from mappings.onix.record import map_onix
from mappings.opds.record import map_opds

Mapping = Callable[[ParsedRecord, str, str], Mapped]

MAPPINGS: dict[Dialect, Mapping] = {
    "onix-2.1": map_onix,
    "onix-3.0": map_onix,
    "onix-3.1": map_onix,
    "marc21": map_marc,
    "opds-2.0": map_opds,
}


def map_record(parsed: ParsedRecord, source: str, fallback_id: str) -> Mapped:
    """The catalogue record of one parsed record of a source, with the defects found in mapping it.

    What the parser repaired is in `parsed.defects`.

    `fallback_id` names a record that has no id and no ISBN of its own (defect ``record.no_id``).
    Pure: the same parsed record gives the same result. Raises nothing for bad data.
    """
    return MAPPINGS[parsed.dialect](parsed, source, fallback_id)
