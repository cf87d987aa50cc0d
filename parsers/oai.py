"""Pages of OAI-PMH: the records of an answer, MARCXML or ONIX inside, and what the answer says about the list."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from html import unescape
from typing import BinaryIO

from lxml import etree

from catalogue.defect import Defect
from catalogue.parsed import BadRecord, Dialect, MessageHeader, ParsedRecord
from catalogue.sentence import Sentence
from parsers.marc.deleteids import deleted_record
from parsers.marc.marcxml import RECORDS, is_marc, local_name, marc_record
from parsers.onix.messages import declared_release, dialect, read_header
from parsers.onix.tags import PRODUCTS
from parsers.onix.walk import Walker
from parsers.payload import EXCERPT_BYTES, Payload, Unreadable
from parsers.prolog import Prolog
from parsers.xml_stream import XmlStream

_WRAPPERS = {"metadata", "recordData"}
_READ = (*RECORDS, *PRODUCTS, "error", "resumptionToken")
_ABOUT = ("responseDate", "granularity", "deletedRecord", "earliestDatestamp")
_TOKEN = re.compile(rb"<(?:\w+:)?resumptionToken\b[^>]*>([^<]*)</")


@dataclass(frozen=True, slots=True)
class ListPage:
    """What an answer says besides its records.

    `token` asks for the next page, empty on the last one. `errors` are codes with their texts. `about` holds
    responseDate and what Identify tells. `broken` is the defect of a page that is not well-formed XML to its end:
    its token was found all the same, or there is none.
    """

    errors: tuple[tuple[str, str], ...] = ()
    token: str = ""
    about: dict[str, str] = field(default_factory=dict)
    is_answer: bool = True
    broken: Defect | None = None


def read_page(stream: BinaryIO) -> ListPage:
    """Read the answer to any request of OAI-PMH. `is_answer` is false where it is none."""
    errors: list[tuple[str, str]] = []
    about: dict[str, str] = {}
    token, root = "", ""
    try:
        found = XmlStream(Payload(stream))
        root = found.prolog.root
        for element in found.elements("error", "resumptionToken", *_ABOUT):
            name, text = local_name(element), (element.text or "").strip()
            if name == "error" and _depth(element) == 1:
                errors.append((element.get("code") or "", text))
            elif name == "resumptionToken" and _depth(element) == 2:
                token = text
            elif name in _ABOUT and _depth(element) <= 2:
                about[name] = text
    except Unreadable as fault:
        return ListPage(tuple(errors), token, about, root == "OAI-PMH", fault.defect)
    return ListPage(tuple(errors), token, about, root == "OAI-PMH")


def token_in(data: bytes) -> str | None:
    """The last resumption token in the bytes of a page whose XML is broken; None where no such element stands."""
    found = _TOKEN.findall(data)
    return unescape(found[-1].decode("utf-8", "replace")).strip() if found else None


def parse_oai(payload: Payload) -> Iterator[ParsedRecord | BadRecord]:
    """Records in order, each with the identifier it was delivered under; a header with status "deleted" deletes it,
    also where the record comes with it.

    A deletion is of the id its identifier ends in: who knows more about the identifiers corrects it.
    """
    reader = _Reader(payload)
    try:
        for element in XmlStream(payload).elements(*_READ):
            found = reader.read(element)
            if found is not None:
                yield found
    except Unreadable as fault:
        yield BadRecord(fault.defect, reader.index + 1, fault.excerpt, ends_payload=True)


class _Reader:
    """Elements of one page to records."""

    def __init__(self, payload: Payload) -> None:
        self.index = 0
        self._payload = payload
        self._given = 0  # records of the envelope that is open
        self._walker = Walker()
        self._message: etree._Element | None = None
        self._header = MessageHeader()
        self._release: Dialect | None = None

    def read(self, element: etree._Element) -> ParsedRecord | BadRecord | None:
        name = local_name(element)
        if name in PRODUCTS:
            return self._product(element)
        if name not in RECORDS:
            self._payload.says_empty = self._payload.says_empty or _says_empty(element)
            return None
        if is_marc(element):
            return self._delivered(marc_record(element, self.index + 1), element)
        given, self._given = self._given, 0
        names = {local_name(child) for child in element}
        if "header" not in names or given:
            return None if given or names & _WRAPPERS or _header_above(element) is not None else self._bad(element)
        return self._without_content(element)

    def _product(self, element: etree._Element) -> ParsedRecord | BadRecord:
        message = element.getparent()
        if message is not None and message is not self._message:
            self._open_message(message)
        content = self._walker.node(element)
        header = self._header
        if header.sent_at is None:
            header = replace(header, sent_at=_header_of(_header_above(element))[1] or None)
        found = ParsedRecord(
            dialect(self._release, content),
            content,
            self.index + 1,
            f"line {element.sourceline}",
            header,
            self._walker.take_defects(),
        )
        return self._delivered(found, element)

    def _open_message(self, message: etree._Element) -> None:
        """What an ONIX message, or the envelope of a bare product, says for its products."""
        self._message = message
        attributes = {str(k): str(v) for k, v in message.attrib.items()}
        attributes |= {f"xmlns:{k}": v for k, v in message.nsmap.items()}
        self._release, defects = declared_release(Prolog("", 0, 0, attributes))
        for defect in defects:
            self._payload.note(defect)
        header = next((child for child in message if local_name(child).lower() == "header"), None)
        self._header = MessageHeader() if header is None else read_header(self._walker.node(header))

    def _without_content(self, element: etree._Element) -> ParsedRecord | BadRecord:
        header = next(child for child in element if local_name(child) == "header")
        if header.get("status") != "deleted":
            return self._bad(element)
        identifier, _ = _header_of(header)
        own = identifier.rpartition(":")[2].rpartition("/")[2]
        found = deleted_record(own, self.index + 1, f"line {element.sourceline}")
        self.index += 1
        return replace(found, delivered_as=identifier or None)

    def _delivered(self, found: ParsedRecord | BadRecord, element: etree._Element) -> ParsedRecord | BadRecord:
        self.index += 1
        self._given += 1
        if isinstance(found, BadRecord):
            return found
        header = _header_above(element)
        identifier, _ = _header_of(header)
        if header is not None and header.get("status") == "deleted":
            found = _deleted(found)
        defects = found.defects + self._payload.take_notes()
        return replace(found, delivered_as=identifier or None, defects=defects)

    def _bad(self, element: etree._Element) -> BadRecord:
        self.index += 1
        excerpt = etree.tostring(element, encoding="utf-8")[:EXCERPT_BYTES]
        held = next((local_name(each) for child in element if local_name(child) in _WRAPPERS for each in child), "")
        other = Sentence("it holds {element}, neither MARC nor ONIX: another metadataPrefix is needed", element=held)
        reason = {"reason": other if held else Sentence("it has no fields")}
        return BadRecord(Defect("marc.xml_record", f"line {element.sourceline}", reason), self.index, excerpt)


def _says_empty(element: etree._Element) -> bool:
    """Whether an error or a token says that a list has no (more) records: the last page of some servers is empty."""
    if local_name(element) == "error":
        return element.get("code") == "noRecordsMatch"
    above = element.getparent()
    return above is not None and local_name(above) == "ListRecords"


def _deleted(found: ParsedRecord) -> ParsedRecord:
    """A record that came although its header deletes it, with the deletion said in its own way."""
    if found.dialect == "marc21":
        leader, fields = found.content
        return replace(found, content=[f"{leader[:5]}d{leader[6:]}", fields])
    return replace(found, content=found.content | {"NotificationType": ["05"]})


def _header_above(element: etree._Element) -> etree._Element | None:
    """The header of the envelope that an element lies in."""
    for outer in element.iterancestors():
        if local_name(outer) == "record":
            return next((child for child in outer if local_name(child) == "header"), None)
    return None


def _header_of(header: etree._Element | None) -> tuple[str, str]:
    """Identifier and datestamp; empty where there is no header."""
    if header is None:
        return "", ""
    texts = {local_name(child): (child.text or "").strip() for child in header}
    return texts.get("identifier", ""), texts.get("datestamp", "")


def _depth(element: etree._Element) -> int:
    return sum(1 for _ in element.iterancestors())
