"""Which format a payload is in, told by its content alone."""

from __future__ import annotations

import json
import re
from typing import Any, Literal

from catalogue.defect import Defect
from parsers.encoding import byte_order_mark, judged
from parsers.foreign import foreign_format
from parsers.marc.alephseq import is_alephseq
from parsers.marc.deleteids import is_deleteids
from parsers.marc.mrk import is_mrk
from parsers.payload import Unreadable
from parsers.prolog import scan_prolog

Format = Literal["onix", "iso2709", "marcxml", "marcjson", "alephseq", "mrk", "opds", "deleteids", "oai"]

HEAD_BYTES = 64 * 1024
_SMALL = 4096
_BEFORE = "\ufeff \t\r\n\x1e"
_ONIX_ROOTS = {"onixmessage", "product", "header"}
_MARC_ROOTS = {"collection", "record", "searchRetrieveResponse", "metadata", "records", "oai_marc"}
_OAI_ROOTS = {"OAI-PMH", "ListRecords"}
_LEADER = re.compile(rb"[\r\n \0]*\d{5,6}[a-z][a-z][a-z]?", re.IGNORECASE)
_HTML = re.compile(r"\s*+(?:<!--.*?-->\s*+)*+<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE | re.DOTALL)
_NO_ANSWER = re.compile(r"err|fault|fail|exception|message|denied|leader$|fields$", re.IGNORECASE)  # or a record
_MARC_FIELD = re.compile(r"<(?:\w+:)?(?:datafield|controlfield|varfield|fixfield)\b", re.IGNORECASE)
_PRODUCT = re.compile(r"<(?:\w+:)?product[\s>]", re.IGNORECASE)
_OF_A_PRODUCT = re.compile(r"<(?:\w+:)?(?:RecordReference|a001)>", re.IGNORECASE)
_MARC_KEYS = re.compile(r'"(?:leader|fields|varFields|marcTag|datafield)"\s*:|\[\s*"LDR"\s*,|"deleted"\s*:\s*true\b')
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
    text = as_text(head)
    start = text.lstrip(_BEFORE)
    if _HTML.match(start):
        return Defect("payload.html")
    if start.startswith("<"):
        return _xml_format(start)
    if start[:1] in ("{", "["):
        return _json_format(start)
    if is_alephseq(text):
        return "alephseq"
    if is_mrk(text):
        return "mrk"
    return "deleteids" if is_deleteids(text.lstrip("\ufeff")) else _unknown(start)


def _is_iso2709(head: bytes) -> bool:
    if byte_order_mark(head[:8])[0] not in (None, "utf-8"):  # there ” and „ have the bytes of its marks
        return False
    ends = b"\x1e" in head
    if _LEADER.match(head):
        return ends or b"\x1f" in head
    return ends and b"\x1d" in head and head[:1] != b"<"


def as_text(head: bytes) -> str:
    """The beginning of a payload as text, in whatever encoding it seems to be."""
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
    if (root.lower() if root.isupper() else root) in _MARC_ROOTS or _MARC_FIELD.search(text):
        return "marcxml"
    if _PRODUCT.search(text) and ("onix" in text.lower() or _OF_A_PRODUCT.search(text)):
        return "onix"
    return _unknown(text)


def _json_format(text: str) -> Format | Defect:
    if text.strip(" \t\r\n[]") == "" or _MARC_KEYS.search(text) or is_empty_list(text.encode()):
        return "marcjson"
    if is_deleteids(text):
        return "deleteids"
    return "opds" if _OPDS_KEYS.search(text) and '"metadata"' in text else _unknown(text)


def _unknown(text: str) -> Defect:
    known = foreign_format(text)
    if known is not None:
        return Defect("payload.other_format", params={"name": known.name, "remedy": known.remedy})
    return Defect("payload.unknown_format", params={"start": " ".join(text[:40].split())})


def is_empty_list(head: bytes) -> bool:
    """Whether a payload is an empty list of JSON, alone or in an object (``{"total": 0, "entries": []}``)."""
    text = as_text(head).lstrip(_BEFORE)
    if len(text) > _SMALL or text[:1] not in ("[", "{") or "[" not in text:
        return False
    try:
        value: Any = json.loads(text)
    except (ValueError, RecursionError):
        return False
    return value == [] or (isinstance(value, dict) and _lists_nothing(value))


def _lists_nothing(value: dict[str, Any]) -> bool:
    """An object with an empty list, numbers and words beside it, and none that speaks of an error or of a record."""
    if any(_NO_ANSWER.search(name) for name in value):
        return False
    return [] in value.values() and not any(isinstance(each, dict | list) and each for each in value.values())
