"""One batch of parsed records against what is known: which are new, changed, late, doubled, deleted or bad."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from pydantic_core import to_json

from catalogue import lifecycle
from catalogue.defect import Defect
from catalogue.lifecycle import Arrival, Kept, Known
from catalogue.parsed import BadRecord, ParsedRecord
from jobs.mapping import map_record
from jobs.readings import Form, Item, Reading, form_of
from ops.sources import Identity
from store import staging
from store.database import Connection
from store.defects import Quarantined
from store.documents import pack
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
    """A record under its id. `form` is there already where another process or the search for the id made it."""

    position: int
    source_id: str
    reading: Reading
    form: Form | None
    late: bool = False  # older than what stands; it can still count under later updates of blocks

    @property
    def parsed(self) -> ParsedRecord:
        return self.reading.parsed

    @property
    def arrival(self) -> Arrival:
        return self.reading.arrival


@dataclass(slots=True)
class Batch:
    """What one batch writes."""

    rows: list[StagedRow] = field(default_factory=list)
    superseded: list[tuple[int, int]] = field(default_factory=list)
    defects: list[Defect] = field(default_factory=list)
    quarantined: list[Quarantined] = field(default_factory=list)
    ended_early: bool = False


def identify(place: Place, reading: Reading, position: int) -> Incoming:
    """Name a record: by its own id, else by what the mapping finds (own ISBN, hash)."""
    if reading.own_id is not None:
        return Incoming(position, place.source_id(reading.own_id), reading, reading.form)
    fallback = reading.content_hash.hex()
    mapped = map_record(reading.parsed, place.source, fallback)
    source_id = place.source_id(mapped.record.source_id if mapped.record else fallback)
    return Incoming(position, source_id, reading, form_of(mapped, source_id))


class Applying:
    """Applies the messages of one batch in order, on what stood and on what the run staged before."""

    def __init__(self, connection: Connection, place: Place) -> None:
        self._connection = connection
        self._place = place
        self._bases: dict[str, Kept | Incoming] = {}
        self._standing: dict[str, Standing] = {}
        self._winners: dict[str, Winner] = {}
        self.batch = Batch()

    def apply(self, items: Sequence[Item]) -> Batch:
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
        self._defects(one, one.reading.defects)
        if one.arrival.kind == "test":
            self._ignore(one, Defect("record.test", "NotificationType"))
            return
        known = self._known(one.source_id)
        if known is not None and lifecycle.is_late(one.arrival, known):
            one = one._replace(late=True)
            if not lifecycle.reaches_under(one.arrival, self._base(one, known)):
                sent = {"sent": one.arrival.sent_at or "", "known": known.sent_at or ""}
                self._ignore(one, Defect("record.late", params=sent))
                return
        if one.arrival.kind == "delete":
            self._remove(one, known)
        else:
            self._stand(one, known, self._content(one, known))

    def _remove(self, one: Incoming, known: Known | None) -> None:
        """A delete. Updates sent after it stand alone where they make a record, else they wait with the tombstone."""
        left = lifecycle.after_delete(self._base(one, known), one.arrival.sent_at) if one.late else None
        if left is not None and self._form(one, left).status is not None:
            self._stand(one, known, left)
        else:
            self._stage(one, self._tombstone(one, left or self._outdone(one, known)))

    def _outdone(self, one: Incoming, known: Known | None) -> Kept | None:
        """Blocks without a date that were there before a delete without one: they no longer wait for a record."""
        kept = self._kept(one.source_id) if known and one.arrival.sent_at is None else None
        return Kept(kept.parsed) if kept and kept.updated else None

    def _stand(self, one: Incoming, known: Known | None, kept: Kept | None) -> None:
        """What the record holds with this message (None: the message itself), against what stood before the run."""
        standing = self._standing.get(one.source_id)
        standing = standing if standing and standing.status != "deleted" else None
        content = lifecycle.parsed_hash(kept.parsed) if kept else one.reading.content_hash
        if standing and standing.content_hash == content:
            document = _document(one, kept) if kept and kept.updated else None
            row = StagedRow(
                *self._at(one),
                "unchanged",
                False,
                standing.status,
                content,
                _newest(one, kept),
                self._payload,
                document,
            )
            self._stage(one, row, kept or one)
            return
        form = self._form(one, kept)
        if form.status is None and kept and one.arrival.kind == "blocks" and (known is None or known.deleted):
            self._wait(one, kept)
            return
        self._defects(one, form.defects)
        if form.status is None:
            self._quarantine(one, form)
            return
        if form.status == "deleted":
            self._stage(one, self._tombstone(one, None))
            return
        kept = lifecycle.settled(kept) if kept and kept.updated else kept
        row = StagedRow(
            *self._at(one),
            "changed" if standing else "new",
            False,
            form.status,
            content,
            _newest(one, kept),
            self._payload,
            _document(one, kept),
            form.document,
            form.fields,
        )
        self._stage(one, row, kept or one)

    def _content(self, one: Incoming, known: Known | None) -> Kept | None:
        """What the record holds with this message: blocks on what stood, a whole record under later updates.

        None where that is the message itself, as most are.
        """
        sent_at = one.arrival.sent_at
        if one.arrival.kind == "blocks":
            deleted_at = known.sent_at if known and known.deleted else None
            return lifecycle.with_blocks(self._base(one, known), one.parsed, sent_at, deleted_at)
        if one.late or known is None or known.deleted:
            base = self._base(one, known)
            return lifecycle.under_updates(one.parsed, sent_at, base) if base else None
        return None

    def _base(self, one: Incoming, known: Known | None) -> Kept | None:
        """What is kept of a record so far. Most messages are about a new one: then nothing is looked up."""
        kept = self._kept(one.source_id)
        return lifecycle.as_it_stands(kept, known) if kept else None

    def _kept(self, source_id: str) -> Kept | None:
        kept = self._bases.get(source_id)
        if kept is None and (source_id in self._winners or source_id in self._standing):
            place = self._place
            document = staging.parsed_document(self._connection, place.run, place.source, source_id)
            kept = lifecycle.kept_of(document) if document else None
        if isinstance(kept, Incoming):
            return Kept(kept.parsed, kept.arrival.sent_at)
        return kept

    def _stage(self, one: Incoming, row: StagedRow, kept: Kept | Incoming | None = None) -> None:
        """Keep a message as the one that stands for its record in this run."""
        winner = self._winners.get(one.source_id)
        if winner is not None:
            if not _waits(winner):
                self._defects(one, [Defect("record.duplicate_id", params={"id": one.source_id})])
            self._supersede(winner)
        self.batch.rows.append(row)
        self._winners[one.source_id] = Winner(row.file, row.position, row.outcome, row.content_hash, row.sent_at)
        self._bases.pop(one.source_id, None)
        if kept is not None:
            self._bases[one.source_id] = kept

    def _ignore(self, one: Incoming, reason: Defect) -> None:
        """Keep a message that changes nothing, with the reason."""
        winner, standing = self._winners.get(one.source_id), self._standing.get(one.source_id)
        twice = winner is not None and not _waits(winner)
        found = [Defect("record.duplicate_id", params={"id": one.source_id}), reason] if twice else [reason]
        self._defects(one, found)
        status = standing.status if standing else "live"
        self.batch.rows.append(StagedRow(*self._at(one), "unchanged", twice, status, None, None, self._payload))

    def _supersede(self, winner: Winner) -> None:
        for index, row in enumerate(self.batch.rows):
            if (row.file, row.position) == (winner.file, winner.position):
                self.batch.rows[index] = row._replace(superseded=True)
                return
        self.batch.superseded.append((winner.file, winner.position))

    def _tombstone(self, one: Incoming, left: Kept | None) -> StagedRow:
        document = pack(lifecycle.to_document(left.parsed, left)) if left else None
        return StagedRow(
            *self._at(one), "deleted", False, "deleted", None, one.arrival.sent_at, self._payload, document
        )

    def _wait(self, one: Incoming, kept: Kept) -> None:
        """An update of a record that is not there is quarantined; its blocks wait for the record.

        Where this very run deletes the record, the blocks wait with the tombstone.
        """
        about = self._about(_placed(Defect("record.update_waits"), one), one.position, one.source_id)
        self.batch.defects.append(about)
        document = pack(lifecycle.to_document(kept.parsed, kept))
        winner = self._winners.get(one.source_id)
        if winner is not None and not _waits(winner):
            row = StagedRow(*self._at(one), "deleted", False, "deleted", None, winner.sent_at, self._payload, document)
        else:
            excerpt = to_json(one.parsed.content)[:EXCERPT_BYTES]
            self.batch.quarantined.append(Quarantined(self._place.run, self._place.name, about, excerpt))
            row = StagedRow(*self._at(one), "quarantined", False, "deleted", None, None, self._payload, document)
        self._stage(one, row, kept)

    def _form(self, one: Incoming, kept: Kept | None) -> Form:
        """What is made of a state: of the message alone it may have been made already."""
        alone = kept is None or kept.parsed is one.parsed
        if alone and one.form:
            return one.form
        try:
            mapped = map_record(one.parsed if kept is None else kept.parsed, self._place.source, one.source_id)
        except Exception as error:
            error.add_note(f"while mapping {self._place.source}:{one.source_id}, record {one.position}")
            raise
        return form_of(mapped, one.source_id)

    def _quarantine(self, one: Incoming, form: Form) -> None:
        reason = next((d for d in form.defects if d.severity == "error"), Defect("record.unmappable"))
        excerpt = to_json(one.parsed.content)[:EXCERPT_BYTES]
        about = self._about(_placed(reason, one), one.position, one.source_id)
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

    def _known(self, source_id: str) -> Known | None:
        """The state of a record by what the run staged last about it, else by what stands; None for an unknown one."""
        winner = self._winners.get(source_id)
        if winner is not None and not _waits(winner):
            return Known(winner.outcome == "deleted", winner.sent_at, winner.content_hash)
        standing = self._standing.get(source_id)
        if standing is None:
            return None
        later = standing.run > self._place.run
        return Known(standing.status == "deleted", standing.sent_at, standing.content_hash, later)

    @property
    def _payload(self) -> str:
        return self._place.payload


def _placed(reason: Defect, one: Incoming) -> Defect:
    """A reason to keep a record out, with the record's own place in its payload before the place inside it."""
    places = dict.fromkeys(each for each in (one.parsed.locus, reason.locus) if each)
    return replace(reason, locus=", ".join(places))


def _waits(winner: Winner) -> bool:
    """Whether it is an update of a record that is not there."""
    return winner.outcome == "quarantined"


def _document(one: Incoming, kept: Kept | None) -> bytes:
    return pack(lifecycle.to_document(kept.parsed, kept)) if kept else one.reading.document


def _newest(one: Incoming, kept: Kept | None) -> str | None:
    """When the newest message of the state was sent: this one, or a later update of some blocks."""
    updated = kept.updated.values() if kept else ()
    return max((time for time in (one.arrival.sent_at, *updated) if time), default=None)
