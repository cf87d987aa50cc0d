"""Files at hand through our model to MARC, JSON or JSON-LD, without a store."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from catalogue.parsed import BadRecord, MarcContent
from catalogue.record import CatalogueRecord
from jobs.checking import mapped
from jobs.pieces import pieces, require_some
from writers.encoding import to_marcjson
from writers.jsonld import to_jsonld
from writers.marc.record import to_marc
from writers.marc.sheet import Control
from writers.registry import Written

Found = tuple[Path, int, CatalogueRecord]


class Reading:
    """The records of some files, gone through once; `unread` counts what could not become a record.

    The last step raises LossBudgetExceeded where nothing became one.
    """

    def __init__(self, files: Iterable[Path]) -> None:
        self._files = files
        self.read = 0
        self.unread = 0

    def __iter__(self) -> Iterator[Found]:
        for name, found in pieces(self._files):
            for item in found:
                record = None if isinstance(item, BadRecord) else mapped(item).record
                if record is None:
                    self.unread += 1
                else:
                    self.read += 1
                    yield Path(name), item.index, record
        require_some(self.read, self.unread)


def marc_of(record: CatalogueRecord, now: str) -> MarcContent:
    """The MARC record of one source's record. `now` is ISO 8601, the time of the export."""
    advance = record.message.notification in ("early", "advance")
    control = Control(
        id=record.source_id,
        day=now[:10],
        changed_at=record.message.sent_at,
        sources=(str(record.key),),
        is_deleted=record.status != "live",
        advance=advance,
    )
    return to_marc(record, control)


def marc_records(found: Iterable[Found], now: str) -> Iterator[tuple[str, MarcContent]]:
    """Every record as MARC, under its file's and its own name."""
    for path, _, record in found:
        yield f"{path.name}:{record.source_id}", marc_of(record, now)


def rows(found: Iterable[Found], to: Written, now: str) -> Iterator[dict[str, Any]]:
    """``{"file", "index", "source_id", "record"}`` of every record, the record in the form asked for."""
    for path, index, record in found:
        if to == "marcjson":
            written = to_marcjson(marc_of(record, now))
        elif to == "jsonld":
            written = to_jsonld(record, str(record.key))
            if record.status != "live":
                written["creativeWorkStatus"] = record.status
        else:
            written = record.model_dump(mode="json")
        yield {"file": str(path), "index": index, "source_id": record.source_id, "record": written}
