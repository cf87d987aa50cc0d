"""The records that one transaction has to do with, each read once."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection

from catalogue.keys import RecordKey
from catalogue.record import CatalogueRecord
from store import records
from store.records import StoredRecord


class Shelf:
    """Records by number and by key, read when first asked for; for transactions that do not change records."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self._records: dict[int, StoredRecord] = {}
        self._numbers: dict[RecordKey, int | None] = {}
        self._keys: dict[int, RecordKey] = {}

    def by_number(self, numbers: Iterable[int]) -> dict[int, StoredRecord]:
        """The records of these numbers, tombstones included, in the order asked."""
        wanted = list(numbers)
        missing = sorted({number for number in wanted if number not in self._records})
        self._put(records.by_number(self.connection, missing).values())
        return {number: self._records[number] for number in wanted if number in self._records}

    def by_key(self, keys: Iterable[str]) -> dict[str, StoredRecord]:
        """The records of these keys (``SOURCE:ID``), tombstones included, in the order asked."""
        wanted = {key: RecordKey.parse(key) for key in keys}
        missing = [key for key in wanted.values() if key not in self._numbers]
        self._numbers |= dict.fromkeys(missing)
        self._put(records.by_key(self.connection, missing))
        known = {name: self._numbers[key] for name, key in wanted.items()}
        return {name: self._records[number] for name, number in known.items() if number is not None}

    def live(self, keys: Iterable[str]) -> dict[str, CatalogueRecord]:
        """The live records among these keys, in the order asked."""
        found = self.by_key(keys)
        return {key: one.record for key, one in found.items() if one.status == "live" and one.record is not None}

    def contents(self, keys: Iterable[str]) -> dict[str, CatalogueRecord]:
        """What the records of these keys say, or said last."""
        return {key: one.record for key, one in self.by_key(keys).items() if one.record is not None}

    def numbers_of(self, keys: Iterable[str]) -> set[int]:
        """The numbers of those that are known."""
        return {one.number for one in self.by_key(keys).values()}

    def keys_of(self, numbers: Iterable[int]) -> dict[int, str]:
        """Number → key; what they say is not read."""
        wanted = list(numbers)
        missing = sorted({number for number in wanted if number not in self._keys})
        self._keys |= records.keys_of(self.connection, missing)
        return {number: str(self._keys[number]) for number in wanted if number in self._keys}

    def _put(self, found: Iterable[StoredRecord]) -> None:
        for one in found:
            self._records[one.number] = one
            self._numbers[one.key], self._keys[one.number] = one.number, one.key
