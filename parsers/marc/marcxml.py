"""MARCXML: collections or single records, with or without namespace, in OAI-PMH or SRU wrappers.

Read as well: names in capitals, and ``oai_marc``, the schema of OAI-PMH 1 and of Aleph (fixfield and varfield).
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import replace
from unicodedata import normalize

from lxml import etree

from catalogue.defect import Defect
from catalogue.parsed import BadRecord, MarcField, ParsedRecord
from catalogue.sentence import Sentence
from parsers.marc.deleteids import deleted_record
from parsers.marc.leader import tidy_leader
from parsers.mojibake import mended
from parsers.payload import Payload, Unreadable
from parsers.prolog import named_characters
from parsers.xml_stream import XmlStream

_SRU = ("numberOfRecords", "diagnostic")
_CONTROL, _DATA = ("controlfield", "fixfield"), ("datafield", "varfield")
_PARTS = {"leader", *_CONTROL, *_DATA}
RECORDS = ("record", "oai_marc", "RECORD", "Record")  # elements that may be a MARC record
_OAI_MARC = "oai_marc"
_BLANKS = str.maketrans("#^\\", "   ")  # as indicators


def parse_marcxml(payload: Payload) -> Iterator[ParsedRecord | BadRecord]:
    """Records in order. A record of OAI-PMH with status "deleted" is a deletion of the id its identifier ends in."""
    index = 0
    try:
        for element in XmlStream(payload, bare=RECORDS).elements(*RECORDS, *_SRU):
            if local_name(element) in _SRU:
                payload.says_empty = (element.text or "").strip() == "0"  # a diagnostic comes after the number
                continue
            for found in _records(element, index + 1):
                index += 1
                yield _with_notes(found, payload)
    except Unreadable as fault:
        yield BadRecord(fault.defect, index + 1, fault.excerpt, ends_payload=True)


def _with_notes(found: ParsedRecord | BadRecord, payload: Payload) -> ParsedRecord | BadRecord:
    notes = payload.take_notes() if isinstance(found, ParsedRecord) else ()
    if not notes or isinstance(found, BadRecord):
        return found
    return ParsedRecord(found.dialect, found.content, found.index, found.locus, found.header, found.defects + notes)


def _records(element: etree._Element, index: int) -> Iterator[ParsedRecord | BadRecord]:
    """The MARC record of a ``record`` element; none for a wrapper whose inner record has been given already."""
    children = {local_name(child): child for child in element}
    if is_marc(element):
        yield marc_record(element, index)
    elif "header" in children:
        yield from _oai_deletion(element, index)
    elif (packed := children.get("recordData")) is not None:
        yield from _unpacked(packed, index) if not len(packed) and (packed.text or "").strip() else ()
    elif "metadata" not in children:
        yield _bad(element, index, Sentence("it has no fields"))


def _unpacked(packed: etree._Element, index: int) -> Iterator[ParsedRecord | BadRecord]:
    """The record of an SRU answer that packs it as text."""
    found = list(parse_marcxml(Payload(io.BytesIO((packed.text or "").encode()))))
    for record in found if len(found) == 1 else ():
        if isinstance(record, ParsedRecord):
            yield replace(record, index=index, locus=f"line {packed.sourceline}")
            return
    yield _bad(packed, index, Sentence("the record in it is packed as text that is no MARCXML"))


def local_name(element: etree._Element) -> str:
    """The name without namespace or prefix, declared or not; empty for what is no element."""
    return str(element.tag).rpartition("}")[2].rpartition(":")[2] if isinstance(element.tag, str) else ""


def _oai_deletion(element: etree._Element, index: int) -> Iterator[ParsedRecord]:
    header = next(child for child in element if local_name(child) == "header")
    if header.get("status") != "deleted":
        return
    identifier = next((c.text or "" for c in header if local_name(c) == "identifier"), "")
    own = identifier.strip().rpartition(":")[2].rpartition("/")[2]
    yield deleted_record(own, index, f"line {element.sourceline}")


def is_marc(element: etree._Element) -> bool:
    """Whether a ``record`` element holds the parts of a MARC record."""
    return any(local_name(child).lower() in _PARTS for child in element)


def marc_record(element: etree._Element, index: int) -> ParsedRecord | BadRecord:
    """The record of an element that `is_marc`."""
    fields: list[MarcField] = []
    defects: list[Defect] = []
    leader = ""
    for child in element:
        name = local_name(child).lower()
        if name == "leader":
            leader = child.text or ""
        elif name in _CONTROL:
            fields.append(_control_field(child, name))
        elif name in _DATA:
            fields.append(_data_field(child, defects))
    if any(not field[0] for field in fields):
        return _bad(element, index, Sentence("a field has no tag"))
    if local_name(element) == _OAI_MARC:
        leader, fields = _of_oai_marc(element, leader, fields)
    leader, found = tidy_leader(leader)
    locus = f"line {element.sourceline}"
    return mended(ParsedRecord("marc21", [leader, fields], index, locus, defects=(*found, *defects)))


def _of_oai_marc(element: etree._Element, leader: str, fields: list[MarcField]) -> tuple[str, list[MarcField]]:
    """The leader stands in a field of Aleph, or some of its positions in attributes; FMT is no field."""
    written = next((field[1] for field in fields if field[0] == "LDR"), leader)
    said = [(element.get(name) or " ")[:1] for name in ("status", "type", "level", "encLvl", "catForm")]
    return written or "00000{}{}{}  2200000{}{} 4500".format(*said), [f for f in fields if f[0] not in ("LDR", "FMT")]


def _control_field(element: etree._Element, name: str) -> MarcField:
    """A control field; around a value of ``fixfield`` its schema puts quotation marks."""
    text = _text(element)
    bare = text.strip("\r\n")
    quoted = name == "fixfield" and len(bare) > 1 and bare[0] == bare[-1] == '"'
    return [_tag(element), bare[1:-1] if quoted else text]


def _tag(element: etree._Element) -> str:
    """The tag of a field; ``oai_marc`` calls it id, and may leave out the zeros before it."""
    given = element.get("tag") or _attribute(element, "tag", "id")
    return given.zfill(3) if given else ""


def _attribute(element: etree._Element, *names: str) -> str:
    """The first of these attributes, in capitals or small letters; else ''."""
    return next((str(value) for name in names for key, value in element.items() if str(key).lower() == name), "")


def _data_field(element: etree._Element, defects: list[Defect]) -> MarcField:
    tag = _tag(element)
    indicators = "".join((_indicator(element, number) or " ")[:1] for number in "12").translate(_BLANKS)
    subfields = []
    if outside := " ".join(t.strip() for t in (element.text, *(child.tail for child in element)) if t and t.strip()):
        subfields.append([" ", normalize("NFC", outside)])
        defects.append(Defect("marc.field", tag, {"reason": Sentence("text stands outside its subfields")}))
    for child in element:
        if not isinstance(child.tag, str):
            continue
        code = (child.get("code") or _attribute(child, "code", "label")).lstrip("$|‡")
        if not code:
            defects.append(Defect("marc.field", tag, {"reason": Sentence("a subfield has no code")}))
        subfields.append([code or " ", _text(child)])
    if tag.startswith("00"):
        defects.append(Defect("marc.field", tag, {"reason": Sentence("a control field has subfields")}))
        return [tag, " ".join(value for _, value in subfields)]
    return [tag, indicators, subfields]


def _indicator(element: etree._Element, number: str) -> str:
    found = element.get(f"ind{number}")
    return _attribute(element, f"ind{number}", f"i{number}") if found is None else found


def _text(element: etree._Element) -> str:
    text = (element.text or "") if not len(element) else "".join(_pieces(element))
    return text if text.isascii() else normalize("NFC", text)


def _pieces(element: etree._Element) -> Iterator[str]:
    """The texts in an element, named characters (``&eacute;``) in their place."""
    yield element.text or ""
    for child in element:
        if isinstance(child, etree._Entity):
            yield named_characters().get(str(child.name), f"&{child.name};")
        else:
            yield from _pieces(child)
        yield child.tail or ""


def _bad(element: etree._Element, index: int, reason: str) -> BadRecord:
    excerpt = etree.tostring(element, encoding="utf-8")[: 64 * 1024]
    return BadRecord(Defect("marc.xml_record", f"line {element.sourceline}", {"reason": reason}), index, excerpt)
