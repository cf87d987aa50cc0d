"""Mapping as a harvest does it, for the benchmarks of reading."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice

from catalogue.parsed import BadRecord, ParsedRecord
from mappings.registry import map_record

TOGETHER = 32
"""Records that are parsed before they are mapped. A harvest takes 500; so many are enough for what a processor gains
when it does not go from one code to the other with each record."""


def mapped(items: Iterable[ParsedRecord | BadRecord]) -> int:
    """Map and validate what was parsed; how many records there are."""
    read, rest = 0, iter(items)
    while some := list(islice(rest, TOGETHER)):
        found = (map_record(each, "bench", str(each.index)) for each in some if isinstance(each, ParsedRecord))
        read += sum(each.record is not None for each in found)
    return read
