"""MARCXML: collections or single records, with or without namespace, in OAI-PMH or SRU wrappers."""

from __future__ import annotations

from collections.abc import Iterator
from unicodedata import normalize

from lxml import etree

from catalogue.defect import Defect
from catalogue.parsed import BadRecord, MarcField, ParsedRecord
from catalogue.sentence import Sentence
from parsers.marc.deleteids import deleted_record
from parsers.marc.leader import tidy_leader
from parsers.mojibake import mended
from parsers.payload import Payload, Unreadable
from parsers.xml_stream import XmlStream

_PARTS = {"leader", "controlfield", "datafield"}


def parse_marcxml(payload: Payload) -> Iterator[ParsedRecord | BadRecord]:
    """Records in order. A record of OAI-PMH with status "deleted" is a deletion of the id its identifier ends in."""
    index = 0
    try:
        for element in XmlStream(payload, bare=("record",)).elements("record"):
            found = _record(element, index + 1)
            if found is not None:
                index += 1
                yield _with_notes(found, payload)
    except Unreadable as fault:
        yield BadRecord(fault.defect, index + 1, fault.excerpt, ends_payload=True)


def _with_notes(found: ParsedRecord | BadRecord, payload: Payload) -> ParsedRecord | BadRecord:
    notes = payload.take_notes() if isinstance(found, ParsedRecord) else ()
    if not notes or isinstance(found, BadRecord):
        return found
    return ParsedRecord(found.dialect, found.content, found.index, found.locus, found.header, found.defects + notes)


def _record(element: etree._Element, index: int) -> ParsedRecord | BadRecord | None:
    """The MARC record of a ``record`` element; None for a wrapper whose inner record has been given already."""
    names = {local_name(child) for child in element}
    if names & _PARTS:
        return marc_record(element, index)
    if "header" in names:
        return _oai_deletion(element, index)
    if "metadata" in names or "recordData" in names:
        return None
    return _bad(element, index, Sentence("it has no fields"))


def local_name(element: etree._Element) -> str:
    """The name without namespace; empty for what is no element."""
    return str(element.tag).rpartition("}")[2] if isinstance(element.tag, str) else ""


def _oai_deletion(element: etree._Element, index: int) -> ParsedRecord | None:
    header = next(child for child in element if local_name(child) == "header")
    if header.get("status") != "deleted":
        return None
    identifier = next((c.text or "" for c in header if local_name(c) == "identifier"), "")
    own = identifier.strip().rpartition(":")[2].rpartition("/")[2]
    return deleted_record(own, index, f"line {element.sourceline}")


def is_marc(element: etree._Element) -> bool:
    """Whether a ``record`` element holds the parts of a MARC record."""
    return any(local_name(child) in _PARTS for child in element)


def marc_record(element: etree._Element, index: int) -> ParsedRecord | BadRecord:
    """The record of an element that `is_marc`."""
    leader, fields = "", []
    defects: list[Defect] = []
    for child in element:
        name = local_name(child)
        if name == "leader":
            leader = child.text or ""
        elif name == "controlfield":
            fields.append([child.get("tag") or "", _text(child)])
        elif name == "datafield":
            fields.append(_data_field(child, defects))
    if any(not field[0] for field in fields):
        return _bad(element, index, Sentence("a field has no tag"))
    leader, found = tidy_leader(leader)
    locus = f"line {element.sourceline}"
    return mended(ParsedRecord("marc21", [leader, fields], index, locus, defects=(*found, *defects)))


def _data_field(element: etree._Element, defects: list[Defect]) -> MarcField:
    tag = element.get("tag") or ""
    indicators = (element.get("ind1") or " ")[:1] + (element.get("ind2") or " ")[:1]
    subfields = []
    for child in element:
        code = child.get("code") or ""
        if not code:
            defects.append(Defect("marc.field", tag, {"reason": Sentence("a subfield has no code")}))
        subfields.append([code or " ", _text(child)])
    return [tag, indicators, subfields]


def _text(element: etree._Element) -> str:
    text = (element.text or "") if not len(element) else "".join(str(t) for t in element.itertext())
    return text if text.isascii() else normalize("NFC", text)


def _bad(element: etree._Element, index: int, reason: str) -> BadRecord:
    excerpt = etree.tostring(element, encoding="utf-8")[: 64 * 1024]
    return BadRecord(Defect("marc.xml_record", f"line {element.sourceline}", {"reason": reason}), index, excerpt)
