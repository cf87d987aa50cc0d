"""Records delivered under another name than their own: a deletion by that name must find them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

from catalogue.parsed import BadRecord, ParsedRecord
from jobs.readings import Item, Reading
from parsers.marc.deleteids import deleted_record
from store import listing
from store.database import Connection


class Named(NamedTuple):
    """Items whose deletions name records by their own ids, and the names (delivered → own) learned from them."""

    items: list[Item]
    aliases: dict[str, str]


def own_names(connection: Connection, source: str, items: Sequence[Item]) -> Named:
    """Give each deletion by a delivered name (OAI-PMH identifier) the id the record has of its own.

    The names that were learned are for the caller to keep, in the transaction that keeps the items.
    """
    delivered = [item for _, item in items if isinstance(item, Reading) and item.delivered_as]
    if not delivered:
        return Named(list(items), {})
    learned: dict[str, str] = {}
    deleted: list[str] = []
    for reading in delivered:
        name, own = reading.delivered_as or "", reading.arrival.own_id
        if _is_by_name(reading.parsed):
            deleted.append(name)
        elif own and own != _ending(name):
            learned[name] = own
    known = listing.aliases(connection, source, sorted(set(deleted))) | learned
    return Named([(position, _own(item, known)) for position, item in items], learned)


def _own(item: Reading | BadRecord, known: dict[str, str]) -> Reading | BadRecord:
    if not isinstance(item, Reading) or item.delivered_as not in known or not _is_by_name(item.parsed):
        return item
    named = deleted_record(known[item.delivered_as], item.index, item.locus)
    return Reading.of(replace(named, defects=item.defects, delivered_as=item.delivered_as))


def _is_by_name(parsed: ParsedRecord) -> bool:
    """Whether all that is known of a deletion is the name it came under."""
    return bool(parsed.content == deleted_record(_ending(parsed.delivered_as or ""), 1, "").content)


def _ending(name: str) -> str:
    return name.rpartition(":")[2].rpartition("/")[2]
