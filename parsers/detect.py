"""Which format a payload is in, told by its content alone."""

from __future__ import annotations

import re
from typing import Literal

from catalogue.defect import Defect
from parsers.encoding import byte_order_mark, judged
from parsers.marc.alephseq import is_alephseq
from parsers.marc.deleteids import is_deleteids
from parsers.payload import Unreadable
from parsers.prolog import scan_prolog

Format = Literal["onix", "iso2709", "marcxml", "marcjson", "alephseq", "opds", "deleteids", "oai"]

HEAD_BYTES = 64 * 1024
_ONIX_ROOTS = {"onixmessage", "product", "header"}
_MARC_ROOTS = {"collection", "record", "searchRetrieveResponse", "metadata", "records"}
_OAI_ROOTS = {"OAI-PMH", "ListRecords"}
_LEADER = re.compile(rb"[\r\n \0]*\d{5,6}[a-z][a-z][a-z]?", re.IGNORECASE)
_HTML = re.compile(r"\s*+(?:<!--.*?-->\s*+)*+<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE | re.DOTALL)
_MARC_KEYS = re.compile(r'"(?:leader|fields|varFields|marcTag)"\s*:|"deleted"\s*:\s*true\b')
_OPDS_KEYS = re.compile(
    r'"(?:publications|navigation|licenses|images)"\s*:|application/(?:opds|webpub)[-+\w]*\+?json|schema\.org/'
)


def detect(head: bytes) -> Format | Defect:
    """The format of a payload by its first `HEAD_BYTES`; a `payload.…` defect where it is none of ours.

    Broken records still have a format: what cannot be read in them is for the parser to say.
    """
    if not head.strip(b"\0 \t\r\n\xef\xbb\xbf"):
        return Defect("payload.empty")
    if _is_iso2709(head):
        return "iso2709"
    text = _as_text(head)
    start = text.lstrip("\ufeff \t\r\n\x1e")
    if _HTML.match(start):
        return Defect("payload.html")
    if start.startswith("<"):
        return _xml_format(start)
    if start[:1] in ("{", "["):
        return _json_format(start)
    if is_alephseq(text):
        return "alephseq"
    return "deleteids" if is_deleteids(text.lstrip("\ufeff")) else _unknown(start)


def _is_iso2709(head: bytes) -> bool:
    if byte_order_mark(head[:8])[0] not in (None, "utf-8"):  # there ” and „ have the bytes of its marks
        return False
    ends = b"\x1e" in head
    if _LEADER.match(head):
        return ends or b"\x1f" in head
    return ends and b"\x1d" in head and head[:1] != b"<"


def _as_text(head: bytes) -> str:
    name, length = byte_order_mark(head[:8])
    if name and name != "utf-8":
        return head[length:].decode(name, "replace")
    return judged(head)[0].decode("utf-8", "replace")


def _xml_format(text: str) -> Format | Defect:
    try:
        prolog = scan_prolog(text.encode("utf-8", "replace"))
    except Unreadable as fault:
        return fault.defect
    root = prolog.root if prolog else ""
    if root.lower() == "html":
        return Defect("payload.html")
    if root.lower() in _ONIX_ROOTS:
        return "onix"
    if root in _OAI_ROOTS:
        return "oai"
    if root in _MARC_ROOTS or re.search(r"<(?:\w+:)?(?:datafield|controlfield)\b", text):
        return "marcxml"
    if re.search(r"<(?:\w+:)?product\b", text, re.IGNORECASE) and "onix" in text.lower():
        return "onix"
    return _unknown(text)


def _json_format(text: str) -> Format | Defect:
    if text.strip(" \t\r\n[]") == "" or _MARC_KEYS.search(text):
        return "marcjson"
    if is_deleteids(text):
        return "deleteids"
    return "opds" if _OPDS_KEYS.search(text) and '"metadata"' in text else _unknown(text)


def _unknown(text: str) -> Defect:
    return Defect("payload.unknown_format", params={"start": " ".join(text[:40].split())})
