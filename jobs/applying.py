"""One batch of parsed records against what is known: which are new, changed, late, doubled, deleted or bad."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from pydantic_core import to_json

from catalogue import lifecycle
from catalogue.defect import Defect
from catalogue.lifecycle import Arrival
from catalogue.parsed import BadRecord, ParsedRecord
from catalogue.record import CatalogueRecord
from mappings.mapped import Mapped
from mappings.registry import map_record
from ops.sources import Identity
from store import staging
from store.database import Connection
from store.defects import Quarantined
from store.documents import pack, pack_model
from store.staging import StagedRow, Standing, Winner

EXCERPT_BYTES = 64 * 1024


@dataclass(slots=True)
class Place:
    """Where a batch comes from. `repeats` counts the ids of the file so far, for sources whose files are unrelated."""

    run: int
    source: str
    identity: Identity
    file: int
    name: str
    payload: str
    repeats: Counter[str] = field(default_factory=Counter)

    def source_id(self, own_id: str) -> str:
        """The id under the source of a record with this id of its own in this file."""
        if self.identity == "own":
            return own_id
        self.repeats[own_id] += 1
        again = self.repeats[own_id]
        return f"{self.name}/{own_id}" + (f"#{again}" if again > 1 else "")


class Incoming(NamedTuple):
    """A record under its id. `mapped` is there already where only the mapping could find the id."""

    position: int
    source_id: str
    parsed: ParsedRecord
    arrival: Arrival
    mapped: Mapped | None


@dataclass(slots=True)
class Batch:
    """What one batch writes."""

    rows: list[StagedRow] = field(default_factory=list)
    superseded: list[tuple[int, int]] = field(default_factory=list)
    defects: list[Defect] = field(default_factory=list)
    quarantined: list[Quarantined] = field(default_factory=list)
    ended_early: bool = False


def identify(place: Place, parsed: ParsedRecord, position: int) -> Incoming:
    """Name a record: by its own id, else by what the mapping finds (own ISBN, hash)."""
    message = lifecycle.arrival(parsed)
    if message.own_id is not None:
        return Incoming(position, place.source_id(message.own_id), parsed, message, None)
    fallback = lifecycle.parsed_hash(parsed).hex()
    mapped = map_record(parsed, place.source, fallback)
    own_id = mapped.record.source_id if mapped.record else fallback
    return Incoming(position, place.source_id(own_id), parsed, message, mapped)


class Applying:
    """Applies the messages of one batch in order, on what stood and on what the run staged before."""

    def __init__(self, connection: Connection, place: Place) -> None:
        self._connection = connection
        self._place = place
        self._bases: dict[str, ParsedRecord] = {}
        self._standing: dict[str, Standing] = {}
        self._winners: dict[str, Winner] = {}
        self.batch = Batch()

    def apply(self, items: Sequence[tuple[int, ParsedRecord | BadRecord]]) -> Batch:
        """Decide about every item; nothing is written."""
        incoming = []
        for position, item in items:
            if isinstance(item, BadRecord):
                self._unreadable(position, item)
            else:
                incoming.append(identify(self._place, item, position))
        ids = sorted({one.source_id for one in incoming})
        self._standing = staging.standing(self._connection, self._place.source, ids)
        self._winners = staging.winners(self._connection, self._place.run, ids)
        for one in incoming:
            self._message(one)
        return self.batch

    def _message(self, one: Incoming) -> None:
        winner, standing = self._winners.get(one.source_id), self._standing.get(one.source_id)
        self._defects(one, one.parsed.defects)
        if winner is None and standing and lifecycle.is_late(one.arrival, self._known(standing)):
            sent = {"sent": one.arrival.sent_at or "", "known": standing.sent_at or ""}
            self._defects(one, [Defect("record.late", params=sent)])
            self._stage(one, StagedRow(*self._at(one), "unchanged", False, standing.status, None, None, self._payload))
        elif one.arrival.kind == "delete":
            self._stage(one, self._delete(one))
        else:
            self._whole(one, standing)

    def _whole(self, one: Incoming, standing: Standing | None) -> None:
        parsed = self._with_base(one)
        content = lifecycle.parsed_hash(parsed)
        known = standing if standing and standing.status != "deleted" else None
        sent_at = one.arrival.sent_at
        if known and known.content_hash == content:
            row = StagedRow(*self._at(one), "unchanged", False, known.status, content, sent_at, self._payload)
            self._stage(one, row, parsed)
            return
        mapped = one.mapped if one.mapped and parsed is one.parsed else self._map(parsed, one)
        self._defects(one, mapped.defects)
        if mapped.record is None:
            self._quarantine(one, mapped)
            return
        if mapped.record.status == "deleted":
            self._stage(one, self._delete(one))
            return
        row = StagedRow(
            *self._at(one),
            "changed" if known else "new",
            False,
            mapped.record.status,
            content,
            sent_at,
            self._payload,
            pack(lifecycle.to_document(parsed)),
            pack_model(self._named(mapped.record, one)),
        )
        self._stage(one, row, parsed)

    def _stage(self, one: Incoming, row: StagedRow, parsed: ParsedRecord | None = None) -> None:
        """Keep a message, and settle which of two about one record stands: the later sent, else the later one."""
        winner = self._winners.get(one.source_id)
        if winner is not None:
            self._defects(one, [Defect("record.duplicate_id", params={"id": one.source_id})])
            if lifecycle.is_late(one.arrival, lifecycle.Known(False, winner.sent_at, None)):
                self.batch.rows.append(row._replace(superseded=True))
                return
            self._supersede(winner)
        self.batch.rows.append(row)
        self._winners[one.source_id] = Winner(row.file, row.position, row.outcome, row.content_hash, row.sent_at)
        if parsed is not None:
            self._bases[one.source_id] = parsed

    def _supersede(self, winner: Winner) -> None:
        for index, row in enumerate(self.batch.rows):
            if (row.file, row.position) == (winner.file, winner.position):
                self.batch.rows[index] = row._replace(superseded=True)
                return
        self.batch.superseded.append((winner.file, winner.position))

    def _with_base(self, one: Incoming) -> ParsedRecord:
        """The whole record: a block update is laid on what stood."""
        if one.arrival.kind != "blocks":
            return one.parsed
        base = self._bases.get(one.source_id)
        if base is None:
            place = self._place
            kept = staging.parsed_document(self._connection, place.run, place.source, one.source_id)
            base = lifecycle.from_document(kept) if kept else None
        return lifecycle.with_blocks(base, one.parsed) if base else one.parsed

    def _delete(self, one: Incoming) -> StagedRow:
        return StagedRow(*self._at(one), "deleted", False, "deleted", None, one.arrival.sent_at, self._payload)

    def _map(self, parsed: ParsedRecord, one: Incoming) -> Mapped:
        try:
            return map_record(parsed, self._place.source, one.source_id)
        except Exception as error:
            error.add_note(f"while mapping {self._place.source}:{one.source_id}, record {one.position}")
            raise

    def _named(self, record: CatalogueRecord, one: Incoming) -> CatalogueRecord:
        return record if record.source_id == one.source_id else record.model_copy(update={"source_id": one.source_id})

    def _quarantine(self, one: Incoming, mapped: Mapped) -> None:
        reason = next((d for d in mapped.defects if d.severity == "error"), Defect("record.unmappable"))
        excerpt = to_json(one.parsed.content)[:EXCERPT_BYTES]
        about = self._about(reason, one.position, one.source_id)
        self.batch.quarantined.append(Quarantined(self._place.run, self._place.name, about, excerpt))
        row = StagedRow(*self._at(one), "quarantined", False, "live", None, one.arrival.sent_at, self._payload)
        self.batch.rows.append(row)

    def _unreadable(self, position: int, bad: BadRecord) -> None:
        about = self._about(bad.defect, position)
        self.batch.defects.append(about)
        self.batch.quarantined.append(
            Quarantined(self._place.run, self._place.name, about, bad.excerpt[:EXCERPT_BYTES])
        )
        self.batch.ended_early = self.batch.ended_early or bad.ends_payload

    def _defects(self, one: Incoming, found: Iterable[Defect]) -> None:
        self.batch.defects += [self._about(defect, one.position, one.source_id) for defect in found]

    def _about(self, defect: Defect, position: int, source_id: str = "") -> Defect:
        return defect.about(source=self._place.source, source_id=source_id, payload=self._payload, index=position)

    def _at(self, one: Incoming) -> tuple[int, int, str]:
        return self._place.file, one.position, one.source_id

    def _known(self, standing: Standing) -> lifecycle.Known:
        later = standing.run > self._place.run
        return lifecycle.Known(standing.status == "deleted", standing.sent_at, standing.content_hash, later)

    @property
    def _payload(self) -> str:
        return self._place.payload
