"""Streaming XML: one element at a time, in constant memory, with every door of the XML parser shut."""

from __future__ import annotations

import io
import re
from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from typing import Any

from lxml import etree

from catalogue.defect import Defect
from catalogue.sentence import Sentence
from parsers.encoding import Utf8Stream
from parsers.faults import xml_excess, xml_fault
from parsers.payload import EXCERPT_BYTES, MAX_RECORD_BYTES, Payload, Unreadable
from parsers.prolog import MAX_PROLOG_BYTES, Prolog, declared_encoding, doctype, scan_prolog
from parsers.references import Ampersands

_SETTINGS: dict[str, Any] = {
    "resolve_entities": False,
    "no_network": True,
    "load_dtd": False,
    "dtd_validation": False,
    "huge_tree": False,
    "remove_comments": True,
    "remove_pis": True,
    "encoding": "utf-8",
}
_UNFINISHED = {"ERR_TAG_NOT_FINISHED", "ERR_DOCUMENT_EMPTY", "ERR_GT_REQUIRED", "ERR_LTSLASH_REQUIRED"}
_WRAPPER = "documents"
FEED_BYTES = 32 * 1024  # what iterparse reads at a time
_NO_CHARACTERS = bytes(code for code in range(32) if code not in b"\t\n\r")  # none of XML 1.0
_NO_CHARACTER = re.compile(rb"\xef\xbf[\xbe\xbf]")  # U+FFFE and U+FFFF
_NO_REFERENCE = re.compile(  # to what is no character: controls, surrogates, U+FFFE, U+FFFF, beyond U+10FFFF
    rb"&#(?:0*(?:[0-8]|1[124-9]|2\d|3[01]|5529[6-9]|55[3-9]\d\d|56\d{3}|57[0-2]\d\d|573[0-3]\d|5734[0-3]|6553[45]"
    rb"|11141(?:1[2-9]|[2-9]\d)|1114[2-9]\d\d|111[5-9]\d{3}|11[2-9]\d{4}|1[2-9]\d{5}|[2-9]\d{6}|[1-9]\d{7,})"
    rb"|[xX]0*(?:[0-8bcefBCEF]|1[0-9a-fA-F]|[dD][89a-fA-F][0-9a-fA-F]{2}|[fF]{3}[eEfF]|11[0-9a-fA-F]{4}"
    rb"|1[2-9a-fA-F][0-9a-fA-F]{4}|[2-9a-fA-F][0-9a-fA-F]{5}|[1-9a-fA-F][0-9a-fA-F]{6,}));"
)
_INNER_PROLOG = re.compile(rb"<\?xml\s[^<>]*\?>|<!DOCTYPE[^<>\[\]]*>")
_OPEN_PROLOG = re.compile(rb"<(?:\?(?:x(?:ml?(?:\s[^<>]*)?)?)?|!(?:D(?:O(?:C[^<>\[\]]*)?)?)?)?$")
_LONGEST_PROLOG = 1024
_DEFAULT_NAMESPACE = re.compile(rb"\sxmlns\s*=\s*(?:\"[^\"]*\"|'[^']*')")


class Elements(ABC):
    """The elements of some names in what `read` gives to the XML parser."""

    def __init__(self, root: str) -> None:
        self._root = root
        self._since_record = 0
        self._closed = False  # the root's end tag has been seen

    def elements(self, *names: str) -> Iterator[etree._Element]:
        """Elements by local name, each when whole. It and all before it are dropped when the next is asked for."""
        tags = [f"{{*}}{name}" for name in {*names, self._root}]
        parsed = etree.iterparse(self, events=("end",), tag=tags, **_SETTINGS)
        try:
            for _, element in parsed:
                self._closed = element.getparent() is None
                if not self._closed or self._root in names:
                    yield element
                    self._since_record = 0
                _drop(element)
        except etree.XMLSyntaxError as fault:
            if not (self._closed and self._harmless(parsed)):
                raise self._translated(fault, parsed) from None

    @abstractmethod
    def read(self, size: int) -> bytes:
        """What the XML parser calls: UTF-8 with our prolog in front."""

    @abstractmethod
    def _translated(self, fault: etree.XMLSyntaxError, parsed: Any) -> Unreadable:
        """What a fault of the XML is to our readers."""

    @staticmethod
    def _harmless(parsed: Any) -> bool:
        """Whether only the rules of namespaces were broken: every element has been read all the same."""
        return all(entry.level_name != "FATAL" for entry in parsed.error_log)


class XmlPiece(Elements):
    """Some children of a root whose start tag is known. The last piece holds what follows them too."""

    def __init__(self, root: str, start: bytes, data: bytes, *, is_last: bool) -> None:
        super().__init__(root)
        name = start[1:].split(maxsplit=1)[0].rstrip(b">")
        self._text = io.BytesIO(doctype(root) + start + data + (b"" if is_last else b"</" + name + b">"))

    def read(self, size: int) -> bytes:
        """What the XML parser calls."""
        return self._text.read(size)

    def _translated(self, fault: etree.XMLSyntaxError, parsed: Any) -> Unreadable:
        return Unreadable(Defect("payload.xml_syntax", f"line {fault.lineno}", {"reason": fault.msg or ""}))


class XmlStream(Elements):
    """The elements of some names in an XML payload. `prolog` tells the root before anything is parsed.

    `bare` are roots that are records themselves. Where there are such, a file may hold several documents, one after the
    other, each with its declaration and DOCTYPE; otherwise one.
    Raises Unreadable, at construction and while reading, with the place as ``line N``.
    """

    def __init__(self, payload: Payload, bare: Sequence[str] = ()) -> None:
        self._payload = payload
        self._text = Utf8Stream(payload, declared_encoding(payload))
        self._begun = b""  # what only the next chunk can tell
        self._ampersands = Ampersands()
        self._lines = 0
        self.prolog, head = self._read_prolog()
        self._wrapped = bool(bare)
        self._previous = b""
        self._latest = head
        self._ended = False
        super().__init__(_WRAPPER if self._wrapped else self.prolog.root)
        self._opening = doctype(self._root) + (f"<{_WRAPPER}>".encode() if self._wrapped else b"")
        body = _without_default_namespace(head[self.prolog.size :], self.prolog)
        self._open_prolog = b""  # of a document that begins at the end of what was read
        self._ahead = b"\n" * self.prolog.lines + self._opening + self._without_inner_prologs(body)

    def _read_prolog(self) -> tuple[Prolog, bytes]:
        head = b""
        while True:
            more = self._characters(self._text.read())
            head += more
            prolog = scan_prolog(head)
            if prolog:
                return prolog, head
            if not more or len(head) > MAX_PROLOG_BYTES:
                code = "payload.truncated" if not more else "payload.xml_syntax"
                raise Unreadable(Defect(code, "line 1", {"reason": Sentence("no root element was found")}), head)

    def chunks(self) -> Iterator[bytes]:
        """The text from the root's start tag on, in the very chunks in which the XML parser would be fed it."""
        chunk = self.read(FEED_BYTES)[self.prolog.lines + len(self._opening) :]
        while chunk and not self._ended:
            self._since_record = 0
            yield chunk
            chunk = self.read(FEED_BYTES)

    def read(self, size: int) -> bytes:
        """What the XML parser calls: UTF-8 with our prolog in front."""
        chunk, self._ahead = self._ahead, b""
        if not chunk:
            chunk = self._without_inner_prologs(self._characters(self._text.read(size)))
            self._previous, self._latest = self._latest, chunk or self._latest
        if not chunk and not self._ended:
            self._ended = True
            return f"</{_WRAPPER}>".encode() if self._wrapped else b""
        self._since_record += len(chunk)
        if self._since_record > MAX_RECORD_BYTES + size:
            params = {"size": str(self._since_record), "limit": str(MAX_RECORD_BYTES)}
            raise Unreadable(Defect("record.too_large", "", params), self._excerpt())
        return chunk

    def _without_inner_prologs(self, chunk: bytes) -> bytes:
        """A chunk in which the prolog of each document but the first is blanked out."""
        if not self._wrapped:
            return chunk
        while True:
            whole = self._open_prolog + chunk
            cut = _OPEN_PROLOG.search(whole, max(0, len(whole) - _LONGEST_PROLOG)) if chunk else None
            self._open_prolog, whole = (whole[cut.start() :], whole[: cut.start()]) if cut else (b"", whole)
            if b"<?xml" in whole or b"<!DOCTYPE" in whole:
                whole = _INNER_PROLOG.sub(lambda m: re.sub(rb"[^\n]", b" ", m[0]), whole)
            if whole or not chunk:
                return whole
            chunk = self._characters(self._text.read())

    def _characters(self, chunk: bytes) -> bytes:
        """A chunk without what XML refuses and would end the feed at: control characters are taken out, loose
        ampersands escaped, both told with the line of the first. Empty only at the end of the payload."""
        while True:
            more = self._begun + chunk
            clean = _without_controls(more)
            if len(clean) != len(more):
                same = next((n for n, (a, b) in enumerate(zip(more, clean, strict=False)) if a != b), len(clean))
                self._note("text.control_characters", more[:same])
            told = self._ampersands.open_end(clean) if chunk else len(clean)
            self._begun, clean = clean[told:], clean[:told]
            escaped, loose = self._ampersands.escaped(clean)
            if loose:
                self._note("text.ampersand", clean[: loose[0][0]], reference=loose[0][1].decode("ascii"))
            self._lines += clean.count(b"\n")
            if clean or not chunk:
                return escaped
            chunk = self._text.read()

    def _note(self, code: str, before: bytes, **params: str) -> None:
        """Tell of the line that follows some bytes of this chunk."""
        line = self._lines + before.count(b"\n") + 1
        self._payload.note(Defect(code, f"line {line}", params))

    def _excerpt(self) -> bytes:
        return (self._previous + self._latest)[-EXCERPT_BYTES:]

    def _translated(self, fault: etree.XMLSyntaxError, parsed: Any) -> Unreadable:
        entry = next((e for e in parsed.error_log if e.level_name == "FATAL"), None)
        line = entry.line if entry else fault.lineno or 0
        detail = (entry.message if entry else fault.msg or "").strip()
        if entry and entry.type_name == "ERR_RESOURCE_LIMIT":
            params = {"what": xml_excess(detail), "detail": detail}
            return Unreadable(Defect("payload.xml_forbidden", f"line {line}", params), self._excerpt())
        unfinished = entry is None or entry.type_name in _UNFINISHED or _WRAPPER in detail
        in_a_tag = self._latest.rfind(b"<") > self._latest.rfind(b">")
        cut = self._ended and (unfinished or in_a_tag)
        code = "payload.truncated" if cut else "payload.xml_syntax"
        params = {"reason": xml_fault(entry) if entry else detail, "detail": detail}
        return Unreadable(Defect(code, f"line {line}", params), self._excerpt())


def _without_controls(text: bytes) -> bytes:
    """A text without control characters, as such or as references. Bytes looked for one by one are found fastest."""
    if any(code in text for code in _NO_CHARACTERS):
        text = text.translate(None, _NO_CHARACTERS)
    if b"\xef" in text:
        text = _NO_CHARACTER.sub(b"", text)
    return _NO_REFERENCE.sub(b"", text) if b"#" in text else text


def _without_default_namespace(body: bytes, prolog: Prolog) -> bytes:
    """The root's ``xmlns`` blanked out: local names are all that is read, and they come faster without it."""
    if "xmlns" not in prolog.attributes:
        return body
    return _DEFAULT_NAMESPACE.sub(lambda m: re.sub(rb"[^\n]", b" ", m[0]), body, count=1)


def _drop(element: etree._Element) -> None:
    element.clear()
    parent = element.getparent()
    if parent is not None:
        while element.getprevious() is not None:
            del parent[0]
        above = parent.getparent()
        if above is not None and above.tag == _WRAPPER:
            while parent.getprevious() is not None:  # documents that have ended
                del above[0]
