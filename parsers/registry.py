"""The formats and who reads them; `parse` is the way in."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from io import BytesIO
from typing import BinaryIO, cast

from catalogue.defect import Defect
from catalogue.parsed import BadRecord, ParsedRecord
from parsers.compressed import uncompressed
from parsers.detect import HEAD_BYTES, Format, detect, is_empty_list
from parsers.emptiness import no_records
from parsers.marc.alephseq import parse_alephseq
from parsers.marc.deleteids import parse_deleteids
from parsers.marc.iso2709 import parse_iso2709
from parsers.marc.marcjson import parse_marcjson
from parsers.marc.marcxml import parse_marcxml
from parsers.marc.mrk import parse_mrk
from parsers.oai import parse_oai
from parsers.onix.messages import parse_onix
from parsers.opds.feeds import parse_opds
from parsers.payload import EXCERPT_BYTES, Payload, Unreadable

Parser = Callable[[Payload], Iterator[ParsedRecord | BadRecord]]

PARSERS: dict[Format, Parser] = {
    "onix": parse_onix,
    "iso2709": parse_iso2709,
    "marcxml": parse_marcxml,
    "marcjson": parse_marcjson,
    "alephseq": parse_alephseq,
    "mrk": parse_mrk,
    "deleteids": parse_deleteids,
    "opds": parse_opds,
    "oai": parse_oai,
}
JSON_FORMATS: tuple[Format, ...] = ("marcjson", "deleteids", "opds")


class ParseResult:
    """The records of one payload, to be gone through once.

    `format` is known at once (None: the payload is none of ours and gives one BadRecord), `encoding` and `partial`
    (something after a place could not be read) after the last record. `payload` is what the records are read from.
    A payload that gives no record and does not say that it has none gives one BadRecord too.
    """

    def __init__(self, payload: Payload, format: Format | None, refusal: BadRecord | None) -> None:  # noqa: A002 - the contract's word
        self.format = format
        self.partial = False
        self.payload = payload
        self._refusal = refusal

    @property
    def encoding(self) -> str | None:
        """The encoding the text was read as."""
        return self.payload.encoding

    def __iter__(self) -> Iterator[ParsedRecord | BadRecord]:
        for record in self._records():
            if isinstance(record, BadRecord) and record.ends_payload:
                self.partial = True
            yield record

    def _records(self) -> Iterator[ParsedRecord | BadRecord]:
        if self._refusal is not None:
            yield self._refusal
        elif self.format is not None:
            yield from _never_silent(self.format, self.payload)


def parse(stream: BinaryIO, format: Format | None = None) -> ParseResult:  # noqa: A002 - the contract's word
    """Read a payload, compressed (gzip, zstd) or not, as `format` or as what it looks like.

    Gives ParsedRecord and BadRecord in the order of the payload, in constant memory. No bytes make it raise; what
    `stream.read` itself raises passes through.
    """
    payload = Payload(stream)
    try:
        payload = uncompressed(payload)
        head = payload.peek(HEAD_BYTES)
    except Unreadable as fault:
        return ParseResult(payload, None, _ending(fault.defect, fault.excerpt))
    found = detect(head)
    if isinstance(found, Defect) and (format is None or found.code in ("payload.empty", "payload.html")):
        return ParseResult(payload, None, _ending(found, head))
    return ParseResult(payload, format or cast(Format, found), None)


def refused(defect: Defect) -> ParseResult:
    """A payload that may not be opened: the one BadRecord that says why."""
    return ParseResult(Payload(BytesIO()), None, _ending(defect, b""))


def _ending(defect: Defect, excerpt: bytes) -> BadRecord:
    return BadRecord(defect, 1, excerpt[:EXCERPT_BYTES], ends_payload=True)


def _never_silent(format: Format, payload: Payload) -> Iterator[ParsedRecord | BadRecord]:  # noqa: A002 - as in parse
    """What a parser gives; the reason where it gives nothing of a payload that does not say that it is empty."""
    head = payload.peek(HEAD_BYTES)
    if format in JSON_FORMATS and is_empty_list(head):
        payload.encoding = "utf-8"
        return
    silent = True
    for record in _contained(PARSERS[format], payload):
        silent = False
        yield record
    if silent and not payload.says_empty:
        yield _ending(no_records(format, head), head)


def _contained(parser: Parser, payload: Payload) -> Iterator[ParsedRecord | BadRecord]:
    """What a parser gives; a fault of the stream below it (damaged compression) ends the payload too."""
    index = 0
    try:
        for record in parser(payload):
            index = record.index
            yield record
    except Unreadable as fault:
        yield BadRecord(fault.defect, index + 1, fault.excerpt, ends_payload=True)
