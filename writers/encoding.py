"""MARC records → bytes: ISO 2709, MARCXML, MARC-in-JSON."""

from __future__ import annotations

import re
from typing import Any

from lxml import etree

from catalogue.parsed import MarcContent

NAMESPACE = "http://www.loc.gov/MARC21/slim"
MARCXML_HEAD = f'<?xml version="1.0" encoding="UTF-8"?>\n<collection xmlns="{NAMESPACE}">\n'.encode()
MARCXML_TAIL = b"</collection>\n"
LONGEST_RECORD = 99_999
LONGEST_FIELD = 9_999
_CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f\ufffe\uffff\ud800-\udfff]")
_BLANKS = re.compile(" {2,}")


def to_iso2709(content: MarcContent) -> bytes | None:
    """One record in UTF-8 with its directory; None where it or a field is longer than ISO 2709 can say."""
    leader, fields = content
    directory, body = bytearray(), bytearray()
    for field in fields:
        packed = _packed(field)
        if len(packed) > LONGEST_FIELD or len(body) > LONGEST_RECORD or len(field[0]) != 3:
            return None
        directory += f"{field[0]}{len(packed):04d}{len(body):05d}".encode()
        body += packed
    base = 24 + len(directory) + 1
    length = base + len(body) + 1
    if length > LONGEST_RECORD:
        return None
    head = f"{length:05d}{leader[5:9]}a22{base:05d}{leader[17:20]}4500".encode()
    return bytes(head + directory + b"\x1e" + body + b"\x1d")


def to_marcxml(content: MarcContent) -> bytes:
    """One record element, indented, to stand between `MARCXML_HEAD` and `MARCXML_TAIL`."""
    leader, fields = content
    record = etree.Element("record")
    etree.SubElement(record, "leader").text = f"{leader[:9]}a{leader[10:]}"
    for field in fields:
        if len(field) == 2:
            etree.SubElement(record, "controlfield", tag=field[0]).text = _clean(field[1], fixed=True)
            continue
        tag, indicators, subfields = field
        node = etree.SubElement(record, "datafield", tag=tag, ind1=indicators[:1], ind2=indicators[1:2])
        for code, value in subfields:
            etree.SubElement(node, "subfield", code=code).text = _clean(value)
    etree.indent(record, "  ", level=1)
    return b"  " + etree.tostring(record, encoding="utf-8") + b"\n"


def to_marcjson(content: MarcContent) -> dict[str, Any]:
    """``{leader, fields: [{tag, value} | {tag, ind1, ind2, subfields: [{code, value}]}]}``."""
    leader, fields = content
    return {"leader": f"{leader[:9]}a{leader[10:]}", "fields": [_json_field(field) for field in fields]}


def _json_field(field: list[Any]) -> dict[str, Any]:
    if len(field) == 2:
        return {"tag": field[0], "value": _clean(field[1], fixed=True)}
    tag, indicators, subfields = field
    rows = [{"code": code, "value": _clean(value)} for code, value in subfields]
    return {"tag": tag, "ind1": indicators[:1], "ind2": indicators[1:2], "subfields": rows}


def _packed(field: list[Any]) -> bytes:
    if len(field) == 2:
        return _clean(field[1], fixed=True).encode() + b"\x1e"
    text = "".join(f"\x1f{code}{_clean(value)}" for code, value in field[2])
    return f"{field[1]}{text}\x1e".encode()


def _clean(value: str, *, fixed: bool = False) -> str:
    """A value without controls, which no form of MARC may hold; blanks of fixed fields stay as they are."""
    if not _CONTROLS.search(value):
        return value
    plain = _CONTROLS.sub(" ", value)
    return plain if fixed else _BLANKS.sub(" ", plain).strip()
