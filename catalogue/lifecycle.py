"""The life cycle of a record: what a message does to the state that is known so far. Values in, values out.

ONIX (list 1): 01-03 give the whole record, 04 replaces only the blocks it holds, 05 deletes, 88 and 89 are tests. MARC:
LDR/05 ``d`` deletes, anything else gives the whole record. Where the sender dates its messages its dates order them,
whatever the order of delivery: the state is the latest whole record (or delete) with the later updates of each block
on it. A message older than all of that is late: it is recorded and changes nothing. ``docs/lifecycle.md`` draws it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from pydantic_core import to_json

from catalogue.dates import sent_time
from catalogue.keys import content_hash
from catalogue.parsed import NO_HEADER, Dialect, MessageHeader, OnixNode, ParsedRecord

Kind = Literal["whole", "blocks", "delete", "test"]
KINDS: dict[str, Kind] = {
    "01": "whole", "02": "whole", "03": "whole", "08": "whole", "09": "whole",
    "04": "blocks", "12": "blocks", "13": "blocks", "14": "blocks",  # 12-14: supply updates of 2.1
    "05": "delete",
    "88": "test", "89": "test",
}  # fmt: skip
"""ONIX list 1 → what the message does; an unknown code gives the whole record."""

_MESSAGE_FIELDS = ("RecordReference", "NotificationType")  # about the message: an update leaves what stood
_SUPPLY, _MARKET = "ProductSupply", "MarketReference"
_SAME_21 = (
    "ProductIdentifier ISBN EAN13 UPC ISMN DOI PublisherProductNo",
    "Title DistinctiveTitle TitlePrefix TitleWithoutPrefix Subtitle TranslationOfTitle",
    "Series Set NoSeries",
    "Contributor ContributorStatement NoContributor",
    "EditionTypeCode EditionNumber EditionStatement NoEdition",
    "Language LanguageOfText OriginalLanguage",
    "Extent NumberOfPages PagesRoman PagesArabic",
    "Subject MainSubject BASICMainSubject BICMainSubject PersonAsSubject CorporateBodyAsSubject PlaceAsSubject",
    "Audience AudienceCode AudienceRange AudienceDescription Complexity",
    "OtherText Annotation MainDescription",
    "Publisher PublisherName",
    "Imprint ImprintName",
    "SalesRights NotForSale",
    "RelatedProduct ReplacesISBN ReplacedByISBN AlternativeFormatISBN EpublicationBasedOnISBN",
)
_GROUPS_21 = {name: tuple(names.split()) for names in _SAME_21 for name in names.split()}
"""2.1 has no blocks: elements that say the same thing in several ways are replaced together."""


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


@dataclass(frozen=True, slots=True)
class Kept:
    """The content of a record: the whole one sent at `whole_at`, and on it the blocks `updated` later (name → when).

    `whole_at` is None for the blocks of a record of which nothing else has come yet.
    """

    parsed: ParsedRecord
    whole_at: str | None = None
    updated: Mapping[str, str] = field(default_factory=dict)


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
    return Arrival(own_id, KINDS.get(notification.zfill(2), "whole"), sent_time(parsed.header.sent_at))


def is_late(message: Arrival, known: Known) -> bool:
    """Whether a message is older than what is known: by the sender's dates; without them arrival decides."""
    if message.sent_at and known.sent_at:
        return message.sent_at < known.sent_at
    return known.by_later_run


def reaches_under(message: Arrival, kept: Kept | None) -> bool:
    """Whether a message that came late still counts: what is newer than it are updates of some blocks alone."""
    return bool(kept and kept.updated and message.sent_at and message.sent_at >= (kept.whole_at or ""))


def as_it_stands(kept: Kept, known: Known | None) -> Kept | None:
    """What is kept of a record, in the light of its state: of a deleted one, only blocks updated after the delete."""
    if known is None or known.deleted:
        return _newer(kept, known.sent_at if known else None)
    if kept.updated and max(kept.updated.values()) == known.sent_at:
        return kept
    return Kept(kept.parsed, known.sent_at)  # the same content was sent again, as a whole


def with_blocks(base: Kept | None, update: ParsedRecord, sent_at: str | None, deleted_at: str | None = None) -> Kept:
    """A block update on what stood: each block it holds replaces that block unless a later one did, the others stay.

    Blocks are top-level elements; of several markets (ProductSupply) each by its MarketReference. Without a base, or
    on one in another release of ONIX, whose blocks do not fit, the update stands alone: after the delete, where one was
    sent at `deleted_at`. Blocks without a time are kept under "".
    """
    if base is None or not _fits(base.parsed, update):
        new = _parts(update.content)
        return Kept(update, deleted_at, {name: sent_at or "" for name in new if name not in _MESSAGE_FIELDS})
    parts, updated = _parts(base.parsed.content), dict(base.updated)
    for names, values in _units(update):
        if sent_at and any(_stamp(updated, name) > sent_at for name in names):
            continue
        for name in names:
            _remove(parts, name)
            if sent_at:
                updated[name] = sent_at
            elif updated:
                updated.setdefault(name, "")  # it waits with the others
        parts |= values
    return Kept(_told(base.parsed, update, _whole(parts)), base.whole_at, updated)


def settled(kept: Kept) -> Kept:
    """What is kept of a record that stands: its blocks without a date wait no more."""
    return replace(kept, updated={name: stamp for name, stamp in kept.updated.items() if stamp})


def under_updates(whole: ParsedRecord, sent_at: str | None, kept: Kept | None) -> Kept:
    """A whole record: of what is kept, only blocks that were updated after it stay on it."""
    newer = _newer(kept, sent_at) if kept and sent_at and _fits(kept.parsed, whole) else None
    if newer is None:
        return Kept(whole, sent_at)
    parts, over = _parts(whole.content), _parts(newer.parsed.content)
    for name in newer.updated:
        _remove(parts, name)
    parts |= {name: over[name] for name in newer.updated if name in over}
    return Kept(_told(whole, newer.parsed, _whole(parts)), sent_at, newer.updated)


def after_delete(kept: Kept | None, sent_at: str | None) -> Kept | None:
    """What is left of a record by a delete: the blocks of updates sent after it, which wait for a whole record."""
    return _newer(kept, sent_at) if kept and sent_at else None


def to_document(parsed: ParsedRecord, kept: Kept | None = None) -> dict[str, Any]:
    """What is kept of a parsed record: its content, what its message's header says, and blocks updated later."""
    header = {"sender": parsed.header.sender, "sent_at": parsed.header.sent_at}
    document = {
        "dialect": parsed.dialect,
        "content": parsed.content,
        "header": {**header, "default_language": parsed.header.default_language},
    }
    if kept and kept.updated:
        document |= {"whole_at": kept.whole_at, "updated": dict(kept.updated)}
    return document


def from_document(document: dict[str, Any], index: int = 0) -> ParsedRecord:
    """The parsed record of a kept document."""
    dialect: Dialect = document["dialect"]
    return ParsedRecord(dialect, document["content"], index, header=MessageHeader(**document["header"]))


def kept_of(document: dict[str, Any]) -> Kept:
    """The content of a kept document with what it says about updates."""
    return Kept(from_document(document), document.get("whole_at"), document.get("updated", {}))


def parsed_hash(parsed: ParsedRecord) -> bytes:
    """The content of a record as sent, taken before mapping; the time of the message is no part of it, nor is the
    order of blocks, which updates change."""
    content = parsed.content
    blocks = sorted(content.items()) if isinstance(content, dict) else content
    return content_hash(to_json([parsed.dialect, blocks, parsed.header.default_language]))


def _newer(kept: Kept, sent_at: str | None) -> Kept | None:
    """Only the blocks updated after a time, all where it is not known; None where there are none."""
    updated = {name: stamp for name, stamp in kept.updated.items() if sent_at is None or stamp > sent_at}
    if not updated:
        return None
    parts = _parts(kept.parsed.content)
    content = {name: parts[name] for name in (*_MESSAGE_FIELDS, *updated) if name in parts}
    return Kept(replace(kept.parsed, content=_whole(content)), sent_at, updated)


def _fits(base: ParsedRecord, update: ParsedRecord) -> bool:
    return base.dialect.split(".")[0] == update.dialect.split(".")[0]


def _told(base: ParsedRecord, update: ParsedRecord, content: OnixNode) -> ParsedRecord:
    """The new content under the header of the whole record, at the time of the later of the two messages."""
    times = [time for time in (base.header.sent_at, update.header.sent_at) if time]
    header = replace(base.header or NO_HEADER, sent_at=max(times, key=lambda t: sent_time(t) or "", default=None))
    return ParsedRecord(base.dialect, content, update.index, update.locus, header, update.defects)


def _units(update: ParsedRecord) -> list[tuple[tuple[str, ...], OnixNode]]:
    """What an update replaces at once: the names that go, and the values that come."""
    groups = _GROUPS_21 if update.dialect == "onix-2.1" else {}
    units: dict[tuple[str, ...], OnixNode] = {}
    for name, values in _parts(update.content).items():
        if name not in _MESSAGE_FIELDS:
            units.setdefault(groups.get(name, (name,)), {})[name] = values
    return list(units.items())


def _parts(content: OnixNode) -> OnixNode:
    """The blocks by name; supplies that all name their market are parts of their own: ``ProductSupply#MARKET``."""
    supplies = content.get(_SUPPLY, ())
    markets = [_plain(_first(each, _MARKET)) if isinstance(each, dict) else None for each in supplies]
    if not markets or None in markets or len(set(markets)) < len(markets):
        return dict(content)
    parts = {name: values for name, values in content.items() if name != _SUPPLY}
    return parts | {f"{_SUPPLY}#{market}": [each] for market, each in zip(markets, supplies, strict=True)}


def _whole(parts: OnixNode) -> OnixNode:
    """The content of blocks by name; markets in the order of their references."""
    content = {name: values for name, values in parts.items() if "#" not in name}
    supplies = [each for name in sorted(parts) if "#" in name for each in parts[name]]
    return content | ({_SUPPLY: [*content.get(_SUPPLY, ()), *supplies]} if supplies else {})


def _stamp(updated: Mapping[str, str], name: str) -> str:
    return max(updated.get(name, ""), updated.get(name.partition("#")[0], ""))


def _remove(parts: OnixNode, name: str) -> None:
    """Take a block out: the whole of the supply takes every market with it, a market the supply that names none."""
    plain = name.partition("#")[0]
    for each in [part for part in parts if part in (name, plain) or part.startswith(f"{name}#")]:
        del parts[each]


def _first(content: dict[str, Any], name: str) -> Any:
    values = content.get(name) or [None]
    return values[0] if isinstance(values, list) else values


def _plain(value: Any) -> str | None:
    text = value.get("#") if isinstance(value, dict) else value
    return (" ".join(text.split()) or None) if isinstance(text, str) else None
