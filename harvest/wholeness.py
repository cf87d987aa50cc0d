"""Whether a downloaded file is a feed at all, and came to its end. Looks at both ends only."""

from __future__ import annotations

import re
from pathlib import Path

from catalogue.sentence import Sentence

HEAD_BYTES = 64 * 1024
TAIL_BYTES = 4 * 1024
_HTML = re.compile(rb"(?:\xef\xbb\xbf)?\s*+(?:<!--.*?-->\s*+)*+<(?:!doctype\s+html|html\b|head\b|body\b)", re.I | re.S)
_ROOT = re.compile(rb"<([A-Za-z_][\w.:-]*)")


def fault_of(path: Path) -> Sentence | None:
    """What is wrong with a downloaded file, in words; None where nothing is."""
    size = path.stat().st_size
    with path.open("rb") as file:
        head = file.read(HEAD_BYTES)
        file.seek(max(0, size - TAIL_BYTES))
        tail = file.read()
    head, tail = head.replace(b"\0", b""), tail.replace(b"\0", b"")  # UTF-16 reads as ASCII here
    start = head.lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")
    if not start:
        return Sentence("the file is empty")
    if _HTML.match(head.lstrip(b"\xff\xfe")):
        return Sentence("the file is an HTML page, not a feed")
    if start.startswith(b"<"):
        return _xml_fault(start, tail)
    if re.match(rb"\d{5}", start) and b"\x1e" in head:
        return None if tail.rstrip(b" \r\n\x1a").endswith(b"\x1d") else _cut(Sentence("the record terminator (1D)"))
    if start[:1] in (b"{", b"["):
        return None if tail.rstrip()[-1:] in (b"}", b"]") else _cut(Sentence("the closing bracket"))
    return None


def _xml_fault(start: bytes, tail: bytes) -> Sentence | None:
    root = _ROOT.search(start)
    if root is None:
        return _cut(Sentence("any element"))
    name = root[1]
    if re.search(rb"</" + re.escape(name) + rb"\s*>(?:\s|<!--.*?-->)*+$", tail, re.S):
        return None
    if re.search(rb"<" + re.escape(name) + rb"\b[^<]*/>\s*$", tail):
        return None
    return _cut(Sentence("the end tag of {name}", name=name.decode("ascii", "replace")))


def _cut(what: Sentence) -> Sentence:
    return Sentence("the file is cut off: {what} is missing at its end", what=what)
