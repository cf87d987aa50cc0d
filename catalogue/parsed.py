"""What a parser gives: a record in the shape of its format, before any interpretation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from catalogue.defect import Defect

Dialect = Literal["onix-2.1", "onix-3.0", "onix-3.1", "marc21", "opds-2.0"]

OnixNode = dict[str, Any]
"""A composite of ONIX: reference tag name → list of its occurrences, in document order.

An occurrence is a string (a leaf without attributes that matter), or a dict. A composite is a dict of the same
kind. A leaf with attributes is ``{"#": text, "@language": …}``; a composite's attributes are ``"@…"`` keys whose
value is a plain string. A text with markup is kept as sanitised HTML in ``"#"`` with ``"@textformat"`` "05" where the
markup was elements, "02" where it was HTML sent as text, whatever the sender wrote there; any other text is plain.
Empty elements that are flags (``<NoSeries/>``) are ``""``.
"""

MarcField = list[Any]
"""``[tag, value]`` for a control field, ``[tag, ind1 + ind2, [[code, value], …]]`` for a data field."""

MarcContent = list[Any]
"""``[leader, [MarcField, …]]``: plain lists and strings, so that it goes to JSON and back unchanged."""


@dataclass(frozen=True, slots=True)
class MessageHeader:
    """What an ONIX header says for all products of its message."""

    sender: str | None = None
    sent_at: str | None = None  # as given (SentDateTime / SentDate)
    default_language: str | None = None  # DefaultLanguageOfText, as given


NO_HEADER = MessageHeader()


@dataclass(frozen=True, slots=True)
class ParsedRecord:
    """One record of a payload. `index` counts from 1 in the payload; `locus` says where it begins.

    `delivered_as` is the name it has in the envelope it came in (OAI-PMH identifier), where that is not its own.
    """

    dialect: Dialect
    content: Any  # OnixNode, MarcContent or the object of a publication (OPDS), by dialect
    index: int
    locus: str = ""
    header: MessageHeader = NO_HEADER
    defects: tuple[Defect, ...] = ()  # repairs made while reading
    delivered_as: str | None = None


@dataclass(frozen=True, slots=True)
class BadRecord:
    """A piece of a payload that could not be read: goes to quarantine with its bytes (cut at 64 KB)."""

    defect: Defect
    index: int
    excerpt: bytes = b""
    ends_payload: bool = False  # nothing after this place could be read: the feed is partial
