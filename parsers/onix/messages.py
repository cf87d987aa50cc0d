"""ONIX messages: whole, or bare products; every release and both kinds of tags."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from catalogue.defect import Defect
from catalogue.parsed import NO_HEADER, BadRecord, Dialect, MessageHeader, OnixNode, ParsedRecord
from parsers.onix.tags import HEADERS, NO_PRODUCTS, PRODUCTS, plain_tag
from parsers.onix.walk import Walker
from parsers.payload import Payload, Unreadable
from parsers.prolog import Prolog
from parsers.xml_stream import XmlStream

BARE_ROOTS = PRODUCTS + HEADERS
_ONLY_IN_3 = {"DescriptiveDetail", "CollateralDetail", "ContentDetail", "PublishingDetail", "ProductSupply"}
_ONLY_IN_2 = {
    "ProductForm", "Title", "DistinctiveTitle", "SupplyDetail", "OtherText", "EpubType", "PublicationDate",
    "Publisher", "PublishingStatus", "Series", "NoSeries", "Contributor", "Language", "NumberOfPages",
}  # fmt: skip


def parse_onix(payload: Payload) -> Iterator[ParsedRecord | BadRecord]:
    """Products in the order of the message. What ends the message early is the last thing yielded."""
    index = 0
    try:
        stream = XmlStream(payload, bare=BARE_ROOTS)
        walker = Walker()
        release, defects = declared_release(stream.prolog)
        for defect in defects:
            payload.note(defect)
        header = NO_HEADER
        for element in stream.elements(*PRODUCTS, *HEADERS, *NO_PRODUCTS):
            name = plain_tag(element.tag)
            if name not in PRODUCTS:
                header = read_header(walker.node(element)) if name in HEADERS else header
                payload.says_empty = payload.says_empty or name in NO_PRODUCTS
                continue
            index += 1
            locus = f"line {element.sourceline}"
            content = walker.node(element)
            found = walker.take_defects() + payload.take_notes()
            yield ParsedRecord(dialect(release, content), content, index, locus, header, found)
    except Unreadable as fault:
        yield BadRecord(fault.defect, index + 1, fault.excerpt, ends_payload=True)


def declared_release(prolog: Prolog) -> tuple[Dialect | None, tuple[Defect, ...]]:
    """The release a message says it is in: attribute, namespace or DTD. None where it says nothing."""
    stated = next((v for k, v in prolog.attributes.items() if k.lower() == "release"), "").strip()
    names = " ".join(v for k, v in prolog.attributes.items() if k.startswith("xmlns"))
    for text in (stated, names, prolog.doctype):
        for release in ("3.1", "3.0", "2.1"):
            if text.startswith(release) or f"onix/{release}" in text.lower():
                return _DIALECTS[release], ()
    if not stated:
        return None, ()
    used = "2.1" if stated < "3" else "3.1"
    return _DIALECTS[used], (Defect("onix.release", "line 1", {"release": stated, "used": used}),)


_DIALECTS: dict[str, Dialect] = {"2.1": "onix-2.1", "3.0": "onix-3.0", "3.1": "onix-3.1"}


def dialect(declared: Dialect | None, content: OnixNode) -> Dialect:
    """The release a product is written in. Its own composites decide; the declared one where they say nothing."""
    if not _ONLY_IN_3.isdisjoint(content):
        return declared if declared in ("onix-3.0", "onix-3.1") else "onix-3.0"
    if not _ONLY_IN_2.isdisjoint(content):
        return "onix-2.1"
    return declared or "onix-3.0"


def read_header(header: OnixNode) -> MessageHeader:
    """Header of 3.x (Sender, SentDateTime) or of 2.1 (FromCompany, FromEANNumber, FromSAN, SentDate)."""
    sender = _first(header, "Sender")
    identifier = _first(sender, "SenderIdentifier") if isinstance(sender, dict) else None
    named = _text(sender, "SenderName") or _text(identifier, "IDValue")
    older = _text(header, "FromCompany") or _text(header, "FromEANNumber") or _text(header, "FromSAN")
    return MessageHeader(
        sender=named or older,
        sent_at=_text(header, "SentDateTime") or _text(header, "SentDate"),
        default_language=_text(header, "DefaultLanguageOfText"),
    )


def _first(node: Any, name: str) -> Any:
    return node.get(name, [None])[0] if isinstance(node, dict) else None


def _text(node: Any, name: str) -> str | None:
    value = _first(node, name)
    if isinstance(value, dict):
        value = value.get("#")
    return value or None
