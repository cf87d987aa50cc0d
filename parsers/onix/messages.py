"""ONIX messages: whole, or bare products; every release and both kinds of tags."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from lxml import etree

from catalogue.defect import Defect
from catalogue.parsed import NO_HEADER, BadRecord, Dialect, MessageHeader, OnixNode, ParsedRecord
from parsers.onix.tags import HEADERS, NO_PRODUCTS, PRODUCTS, plain_tag
from parsers.onix.walk import Walker
from parsers.payload import Payload, Unreadable
from parsers.prolog import Prolog
from parsers.xml_stream import XmlStream

BARE_ROOTS = PRODUCTS + HEADERS
_ROOT = "onixmessage"
_HEADERS_OF_2 = {"FromCompany", "FromEANNumber", "FromSAN", "SentDate"}
_ONLY_IN_3 = {"DescriptiveDetail", "CollateralDetail", "ContentDetail", "PublishingDetail", "ProductSupply"}
_ONLY_IN_2 = {
    "ProductForm", "Title", "DistinctiveTitle", "SupplyDetail", "OtherText", "EpubType", "PublicationDate",
    "Publisher", "PublishingStatus", "Series", "NoSeries", "Contributor", "Language", "NumberOfPages",
}  # fmt: skip


def parse_onix(payload: Payload) -> Iterator[ParsedRecord | BadRecord]:
    """Products in the order of the message. What ends the message early is the last thing yielded.

    A message of 2.1 that holds its header and nothing else says that it is empty: 2.1 has no NoProduct.
    """
    index = 0
    headed: list[etree._Element | None] = []  # messages that may hold their header alone, None for others
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
                if name in HEADERS:
                    content = walker.node(element)
                    header = read_header(content)
                    headed += [] if index else [_older_message(release, element, content)]
                payload.says_empty = payload.says_empty or name in NO_PRODUCTS
                continue
            index += 1
            locus = f"line {element.sourceline}"
            content = walker.node(element)
            found = walker.take_defects() + payload.take_notes()
            yield ParsedRecord(dialect(release, content), content, index, locus, header, found)
        payload.says_empty = payload.says_empty or _are_headers_alone(headed)
    except Unreadable as fault:
        yield BadRecord(fault.defect, index + 1, fault.excerpt, ends_payload=True)


def _older_message(release: Dialect | None, header: etree._Element, content: OnixNode) -> etree._Element | None:
    """The message of 2.1 that begins with a filled header; None where it is none."""
    message = header.getparent()
    is_older = release == "onix-2.1" or (release is None and not _HEADERS_OF_2.isdisjoint(content))
    if message is None or plain_tag(message.tag).lower() != _ROOT or header.getprevious() is not None:
        return None
    return message if is_older and content else None


def _are_headers_alone(messages: list[etree._Element | None]) -> bool:
    """Whether messages, read to their end, had one child only."""
    return bool(messages) and all(message is not None and len(message) == 1 for message in messages)


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
