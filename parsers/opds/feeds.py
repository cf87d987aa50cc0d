"""OPDS 2.0 feeds and ODL 2: the publications of a feed, of its groups, or one publication alone.

Read as a stream: of a feed no more than one publication is in memory. Pages may follow each other in one payload,
with or without an array around them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from catalogue.defect import Defect
from catalogue.parsed import NO_HEADER, BadRecord, MessageHeader, ParsedRecord
from catalogue.sentence import Sentence
from parsers.doubled import Doubled
from parsers.opds.addresses import complete, own_address
from parsers.opds.tidy import tidy
from parsers.opds.window import TOO_DEEP, Damaged, JsonText
from parsers.payload import EXCERPT_BYTES, Payload, Unreadable

MAX_DEPTH = 8
_LISTS = ("publications", "groups", "feeds", "catalogs")
_PUBLICATION_PARTS = frozenset({"metadata", "links", "images", "licenses", "link", "readingOrder", "resources"})
_OF_A_PUBLICATION = frozenset({"images", "licenses", "readingOrder"})
_ITS_METADATA = frozenset({"identifier", "@type", "author", "language", "published"})


@dataclass(slots=True)
class _Node:
    """An object that holds publications, as far as it was read. `parts` is all there is of a lone publication."""

    place: str
    header: MessageHeader
    parts: dict[str, Any] = field(default_factory=dict)
    is_feed: bool = False
    address: str | None = None  # of the feed, which its publications' relative addresses start from

    def learn(self, name: str, value: Any, *, is_feed: bool) -> None:
        """A member of the object that is not a list of publications; what a group is called is no sender."""
        if name == "metadata" and isinstance(value, dict) and is_feed:
            title, modified = value.get("title"), value.get("modified")
            self.header = replace(
                self.header,
                sender=title if isinstance(title, str) else self.header.sender,
                sent_at=modified if isinstance(modified, str) else self.header.sent_at,
            )
        if name == "links":
            self.address = own_address(value) or self.address
        if name in _PUBLICATION_PARTS:
            self.parts[name] = value
        self.is_feed = self.is_feed or name in ("navigation", "facets")

    def is_publication(self) -> bool:
        """Whether the object is a publication, not a feed."""
        metadata = self.parts.get("metadata")
        if self.is_feed or not isinstance(metadata, dict):
            return False
        return bool(_OF_A_PUBLICATION & self.parts.keys() or _ITS_METADATA & metadata.keys())


def parse_opds(payload: Payload) -> Iterator[ParsedRecord | BadRecord]:
    """Publications in the order of the payload. `locus` is the JSON path (``$.groups[1].publications[0]``)."""
    text = JsonText(payload)
    index = 0
    try:
        for found in _documents(text):
            index += 1
            if isinstance(found, BadRecord):
                yield replace(found, index=index)
                if found.ends_payload:
                    return
            else:
                yield replace(found, index=index, defects=found.defects + payload.take_notes())
    except Unreadable as fault:
        yield BadRecord(fault.defect, index + 1, fault.excerpt, ends_payload=True)
    except Damaged as fault:
        defect = Defect("opds.json", f"line {text.line}", {"reason": fault.reason})
        if fault.cut_off or text.ended():
            defect = Defect("payload.truncated", defect.locus)
        yield BadRecord(defect, index + 1, text.excerpt(), ends_payload=True)


def _documents(text: JsonText) -> Iterator[ParsedRecord | BadRecord]:
    pages = 0
    while True:
        while text.take("[],"):
            pass
        if text.ended():
            return
        pages += 1
        yield from _object(text, _Node("$" if pages == 1 else f"$[{pages}]", NO_HEADER), 0)


def _object(text: JsonText, node: _Node, depth: int) -> Iterator[ParsedRecord | BadRecord]:
    """The members of a feed or group. Raises Damaged, Unreadable."""
    if not text.take("{"):
        raise Damaged(Sentence("an object was expected"))
    while not text.take("}"):
        name = text.value()
        if not isinstance(name, str) or not text.take(":"):
            raise Damaged(Sentence("a name and a colon were expected"))
        if name in _LISTS and text.mark() in ("[", "{"):
            node.is_feed = True
            text.payload.says_empty = text.payload.says_empty or name == _LISTS[0]
            yield from _list(text, replace(node, place=f"{node.place}.{name}", parts={}), depth, name == _LISTS[0])
        else:
            node.learn(name, text.value(), is_feed=depth == 0)
        if not text.take(",") and text.mark() != "}":
            raise Damaged(Sentence("a comma or the end of the object was expected"))
    if depth == 0 and node.is_publication():
        yield _publication(node.parts, replace(node, header=NO_HEADER))


def _list(text: JsonText, node: _Node, depth: int, is_last: bool) -> Iterator[ParsedRecord | BadRecord]:
    """Publications (`is_last`) or the groups that hold them; an object alone counts as a list of one."""
    alone = not text.take("[")
    number = 0
    while alone or not text.take("]"):
        place = replace(node, place=f"{node.place}[{number}]")
        if is_last:
            yield _item(text, place)
        elif text.mark() == "{" and depth >= MAX_DEPTH:
            yield _passed(text, Defect("opds.publication", place.place, {"reason": TOO_DEEP}), Damaged(TOO_DEEP))
        elif text.mark() == "{":
            yield from _object(text, place, depth + 1)
        else:
            text.value()
        number += 1
        if alone:
            return
        if not text.take(",") and text.mark() != "]":
            raise Damaged(Sentence("a comma or the end of the list was expected"))


def _item(text: JsonText, node: _Node) -> ParsedRecord | BadRecord:
    """One publication; where it cannot be read but its end is found, the ones after it still can."""
    try:
        return _publication(text.value(), node)
    except Damaged as fault:
        return _passed(text, Defect("opds.publication", node.place, {"reason": fault.reason}), fault)
    except Unreadable as fault:
        return _passed(text, replace(fault.defect, locus=node.place), fault)


def _passed(text: JsonText, defect: Defect, fault: Exception) -> BadRecord:
    if text.mark() != "{":
        raise fault
    excerpt, whole = text.skip()
    if not whole:
        defect = Defect("payload.truncated", defect.locus)
    return BadRecord(defect, 0, excerpt, ends_payload=not whole)


def _publication(value: Any, node: _Node) -> ParsedRecord | BadRecord:
    if isinstance(value, dict) and isinstance(doubled := value.get("metadata"), Doubled):
        value["metadata"] = {name: each for part in doubled if isinstance(part, dict) for name, each in part.items()}
    if not isinstance(value, dict) or not isinstance(value.get("metadata"), dict):
        return _bad(value, node, Sentence("it has no metadata"))
    try:
        content, defects = tidy(value)
    except RecursionError:
        return _bad(value, node, TOO_DEEP)
    complete(content, node.address)
    return ParsedRecord("opds-2.0", content, 0, node.place, node.header, defects)


def _bad(value: Any, node: _Node, reason: str) -> BadRecord:
    try:
        shown = repr(value)
    except RecursionError:  # nested beyond what can be written down: its first names
        shown = repr(list(value))
    excerpt = shown[:EXCERPT_BYTES].encode("utf-8", "replace")[:EXCERPT_BYTES]
    return BadRecord(Defect("opds.publication", node.place, {"reason": reason}), 0, excerpt)
