"""A parsed record with all that follows from it alone: worked out when it is asked for, or ahead by another process."""

from __future__ import annotations

from typing import NamedTuple

from catalogue import lifecycle
from catalogue.coverage import fields_of
from catalogue.defect import Defect
from catalogue.lifecycle import Arrival
from catalogue.parsed import BadRecord, ParsedRecord
from catalogue.record import Status
from jobs.mapping import map_record
from mappings.mapped import Mapped
from store.documents import pack, pack_model, unpack


class Form(NamedTuple):
    """What the store keeps of a mapped record. `status` None: it cannot be a record, and `defects` say why."""

    status: Status | None
    defects: tuple[Defect, ...]
    document: bytes | None = None  # none of a deleted record
    fields: int = 0


class Ahead(NamedTuple):
    """A reading on its way between processes. `own_id` of a record without one is what the mapping found, if asked."""

    locus: str
    defects: tuple[Defect, ...]
    arrival: Arrival
    content_hash: bytes
    document: bytes
    own_id: str | None
    form: Form | None


class Reading:
    """One record of a payload. What was not worked out ahead is worked out here, once."""

    __slots__ = ("_document", "_hash", "_parsed", "arrival", "defects", "form", "index", "locus", "own_id")

    def __init__(
        self, parsed: ParsedRecord | None, arrival: Arrival, place: tuple[int, str, tuple[Defect, ...]]
    ) -> None:
        self._parsed = parsed
        self._hash: bytes | None = None
        self._document: bytes | None = None
        self.arrival = arrival
        self.index, self.locus, self.defects = place
        self.own_id = arrival.own_id
        self.form: Form | None = None

    @classmethod
    def of(cls, parsed: ParsedRecord) -> Reading:
        """The reading of a record that was parsed here."""
        return cls(parsed, lifecycle.arrival(parsed), (parsed.index, parsed.locus, parsed.defects))

    @classmethod
    def received(cls, ahead: Ahead, index: int) -> Reading:
        """The reading of a record that another process parsed. `index` is its place in the payload."""
        reading = cls(None, ahead.arrival, (index, ahead.locus, ahead.defects))
        reading._hash, reading._document = ahead.content_hash, ahead.document
        reading.own_id, reading.form = ahead.own_id, ahead.form
        return reading

    def ahead(self, source: str, *, mapped: bool) -> Ahead:
        """All of it, for another process. `mapped`: with its form, where the message alone makes a record."""
        own_id, form = self.own_id, None
        if mapped and (own_id is None or self.arrival.kind == "whole"):
            found = map_record(self.parsed, source, own_id or self.content_hash.hex())
            own_id = own_id or (found.record.source_id if found.record else self.content_hash.hex())
            form = form_of(found, own_id)
        return Ahead(self.locus, self.defects, self.arrival, self.content_hash, self.document, own_id, form)

    @property
    def parsed(self) -> ParsedRecord:
        """The record itself."""
        if self._parsed is None:
            found = lifecycle.from_document(unpack(self.document), self.index)
            self._parsed = ParsedRecord(
                found.dialect, found.content, self.index, self.locus, found.header, self.defects
            )
        return self._parsed

    @property
    def delivered_as(self) -> str | None:
        """The name of its envelope. Those come one by one: none is read in pieces."""
        return self._parsed.delivered_as if self._parsed else None

    @property
    def content_hash(self) -> bytes:
        """`lifecycle.parsed_hash` of it."""
        if self._hash is None:
            self._hash = lifecycle.parsed_hash(self.parsed)
        return self._hash

    @property
    def document(self) -> bytes:
        """What the store keeps of it where no other message has a part in it."""
        if self._document is None:
            self._document = pack(lifecycle.to_document(self.parsed))
        return self._document


Item = tuple[int, Reading | BadRecord]
"""Its place in the payload, from 1, and what was read there."""


def form_of(mapped: Mapped, source_id: str) -> Form:
    """The form of a mapped record under its id."""
    record = mapped.record
    if record is None or record.status == "deleted":
        return Form(record.status if record else None, mapped.defects)
    named = record if record.source_id == source_id else record.model_copy(update={"source_id": source_id})
    return Form(record.status, mapped.defects, pack_model(named), fields_of(record))
