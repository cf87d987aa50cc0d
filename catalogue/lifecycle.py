"""The life cycle of a record: what a message does to the state that is known so far. Values in, values out.

ONIX (list 1): 01-03 give the whole record, 04 replaces only the blocks it holds, 05 deletes. MARC: LDR/05 ``d``
deletes, anything else gives the whole record. A message older than the one already known is late: it is recorded and
changes nothing. A deleted record lives again when it is sent again.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from pydantic_core import to_json

from catalogue.dates import sent_time
from catalogue.keys import content_hash
from catalogue.parsed import Dialect, MessageHeader, ParsedRecord

Kind = Literal["whole", "blocks", "delete"]
_KINDS: dict[str, Kind] = {"04": "blocks", "05": "delete"}
_MESSAGE_FIELDS = ("NotificationType",)  # about the message, not the record: a block update leaves what stood


@dataclass(frozen=True, slots=True)
class Arrival:
    """What a parsed record says about itself as a message. `sent_at` is sortable UTC, None where the feed has none."""

    own_id: str | None
    kind: Kind
    sent_at: str | None


@dataclass(frozen=True, slots=True)
class Known:
    """The state of a record so far. `by_later_run`: it came with a run that began after the message's own."""

    deleted: bool
    sent_at: str | None
    content_hash: bytes | None
    by_later_run: bool = False


def arrival(parsed: ParsedRecord) -> Arrival:
    """The record's own id (ONIX RecordReference, MARC 001, OPDS identifier), what the message does, and its time."""
    if parsed.dialect == "opds-2.0":
        metadata = parsed.content["metadata"]
        modified = metadata.get("modified")
        sent_at = sent_time(modified) if isinstance(modified, str) else None
        return Arrival(_plain(metadata.get("identifier")), "whole", sent_at)
    if parsed.dialect == "marc21":
        leader, fields = parsed.content
        control = {field[0]: field[1] for field in fields if len(field) == 2}
        kind: Kind = "delete" if leader[5:6] == "d" else "whole"
        return Arrival(_plain(control.get("001")), kind, sent_time(control.get("005")))
    notification = _plain(_first(parsed.content, "NotificationType")) or ""
    own_id = _plain(_first(parsed.content, "RecordReference"))
    return Arrival(own_id, _KINDS.get(notification.zfill(2), "whole"), sent_time(parsed.header.sent_at))


def is_late(message: Arrival, known: Known) -> bool:
    """Whether a message is older than what is known: by the sender's dates; without them arrival decides."""
    if message.sent_at and known.sent_at:
        return message.sent_at < known.sent_at
    return known.by_later_run


def with_blocks(base: ParsedRecord, update: ParsedRecord) -> ParsedRecord:
    """A block update on what stood: every top-level element it holds replaces all of that name, the others stay.

    An update in another release of ONIX than the base stands alone, because their blocks do not fit.
    """
    if base.dialect.split(".")[0] != update.dialect.split(".")[0]:
        return update
    kept = {name: values for name, values in base.content.items() if name in _MESSAGE_FIELDS}
    content = {**base.content, **update.content, **kept}
    return ParsedRecord(update.dialect, content, update.index, update.locus, update.header, update.defects)


def to_document(parsed: ParsedRecord) -> dict[str, Any]:
    """What is kept of a parsed record: its content and what its message's header says about it."""
    header = {"sender": parsed.header.sender, "sent_at": parsed.header.sent_at}
    return {
        "dialect": parsed.dialect,
        "content": parsed.content,
        "header": {**header, "default_language": parsed.header.default_language},
    }


def from_document(document: dict[str, Any], index: int = 0) -> ParsedRecord:
    """The parsed record of a kept document."""
    dialect: Dialect = document["dialect"]
    return ParsedRecord(dialect, document["content"], index, header=MessageHeader(**document["header"]))


def parsed_hash(parsed: ParsedRecord) -> bytes:
    """The content of a record as sent, taken before mapping; the time of the message is no part of it."""
    return content_hash(to_json([parsed.dialect, parsed.content, parsed.header.default_language]))


def _first(content: dict[str, Any], name: str) -> Any:
    values = content.get(name) or [None]
    return values[0] if isinstance(values, list) else values


def _plain(value: Any) -> str | None:
    text = value.get("#") if isinstance(value, dict) else value
    return (" ".join(text.split()) or None) if isinstance(text, str) else None
