"""Which fields the live records of a source fill, looked at once for records of before that was kept."""

from __future__ import annotations

from catalogue.coverage import fields_of
from store import coverage, records
from store.database import Store

BATCH = 1_000


def look_at_fields(store: Store, source: str) -> int:
    """Keep what each live record fills where that is not known; how many there were. May be killed and called again."""
    looked_at = 0
    while True:
        with store.read() as connection:
            numbers = coverage.unknown(connection, source, BATCH)
        if not numbers:
            return looked_at
        with store.write() as connection:
            found = records.by_number(connection, numbers)
            bits = {number: fields_of(one.record) if one.record else 0 for number, one in found.items()}
            coverage.keep(connection, bits)
        looked_at += len(numbers)
