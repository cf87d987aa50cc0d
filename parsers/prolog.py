"""What comes before the root of an XML document, read by ourselves: a DTD never reaches the XML parser.

The document's own DOCTYPE is taken off and ours put in its place. Ours declares the named characters of HTML (a
superset of those of ONIX 2.1), so that ``&eacute;`` is well-formed with or without the sender's DTD.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache
from html.entities import html5

from catalogue.defect import Defect
from catalogue.sentence import Sentence
from parsers.encoding import byte_order_mark
from parsers.payload import Payload, Unreadable

MAX_PROLOG_BYTES = 256 * 1024

_SKIPPED = re.compile(rb"\s++|<\?.*?\?>|<!--.*?-->", re.DOTALL)
_DOCTYPE = re.compile(rb"<!DOCTYPE\s++([^\s>\[]++)((?:[^\"'\[>]|\"[^\"]*+\"|'[^']*+')*+)", re.IGNORECASE)
_SUBSET_END = re.compile(rb"(?:<!--.*?-->|\"[^\"]*+\"|'[^']*+'|[^\]\"'])*+\]\s*+>", re.DOTALL)
_ROOT = re.compile(
    rb"<([A-Za-z_\x80-\xff][\w:.\x80-\xff-]*+)((?:\s++[^\s=<>/]++\s*+=\s*+(?:\"[^\"]*+\"|'[^']*+'))*+)\s*+/?>"
)
_ATTRIBUTE = re.compile(rb"([^\s=]++)\s*+=\s*+(?:\"([^\"]*+)\"|'([^']*+)')")
_DECLARED = re.compile(rb"<\?xml\s[^>]*?encoding\s*=\s*[\"']([^\"']+)[\"']")
_WIDE_START = 8 * 1024


@dataclass(frozen=True, slots=True)
class Prolog:
    """`size` bytes of UTF-8 stand before the root; `root` is its name without prefix."""

    root: str
    size: int
    lines: int
    attributes: dict[str, str] = field(default_factory=dict)
    doctype: str = ""


def declared_encoding(payload: Payload) -> str | None:
    """The encoding of the XML declaration, as written; None without one."""
    head = payload.peek(1024)
    name, length = byte_order_mark(head)
    if name and name != "utf-8":
        head = head[length:].decode(name, "ignore").encode("utf-8", "ignore")
    found = _DECLARED.match(head.removeprefix(b"\xef\xbb\xbf").lstrip())
    return found[1].decode("ascii", "replace") if found else None


def scan_prolog(head: bytes) -> Prolog | None:
    """Read up to the root's start tag; None where the head holds no whole root start tag.

    Raises Unreadable (`payload.xml_forbidden`) for a DTD that declares entities.
    """
    place, doctype = 0, ""
    while found := _SKIPPED.match(head, place) or _DOCTYPE.match(head, place):
        place = found.end()
        if found.re is _DOCTYPE:
            doctype = found[2].decode("utf-8", "replace").strip()
            place = _end_of_doctype(head, place)
    root = _ROOT.match(head, place)
    if not root:
        return None
    attributes = {m[1].decode("utf-8", "replace"): (m[2] or m[3] or b"").decode() for m in _ATTRIBUTE.finditer(root[2])}
    name = root[1].decode("utf-8", "replace").rpartition(":")[2]
    return Prolog(name, place, head.count(b"\n", 0, place), attributes, doctype)


def root_tag(body: bytes) -> bytes:
    """The start tag a document begins with; nothing where it begins otherwise or the root is empty."""
    found = _ROOT.match(body)
    return found[0] if found and not found[0].endswith(b"/>") else b""


def _end_of_doctype(head: bytes, place: int) -> int:
    if head[place : place + 1] == b"[":
        ended = _SUBSET_END.match(head, place + 1)
        subset = head[place + 1 : ended.end() if ended else len(head)]
        if b"<!ENTITY" in subset or b"%" in subset or not ended:
            line = head.count(b"\n", 0, place) + 1
            raise Unreadable(
                Defect("payload.xml_forbidden", f"line {line}", {"what": Sentence("a DTD that declares entities")}),
                head,
            )
        return ended.end()
    return place + 1


@cache
def named_characters() -> dict[str, str]:
    """Entity name → text, for every named character of HTML5 that XML does not define itself."""
    own = {"amp", "lt", "gt", "quot", "apos"}
    return {n[:-1]: text for n, text in html5.items() if n.endswith(";") and n[:-1] not in own}


@cache
def doctype(root: str) -> bytes:
    """A DOCTYPE of one line that declares the named characters and nothing else."""
    rows = (f'<!ENTITY {n} "{"".join(f"&#38;#{ord(c)};" for c in t)}">' for n, t in named_characters().items())
    return f"<!DOCTYPE {root} [{''.join(rows)}]>".encode()
