"""One product while it is being read: its blocks, the texts in them, and the defects found on the way."""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from catalogue.defect import Defect
from catalogue.parsed import MessageHeader, OnixNode, ParsedRecord
from catalogue.vocabularies.onix_codes import Release, is_onix_code
from mappings.onix.release_21 import locus_21, upgraded

Values = dict[str, Any]
"""A part of the record as a plain dict, before validation."""

_ENTITY = re.compile(r"&(?:[A-Za-z][A-Za-z0-9]{1,30}|#\d{1,7}|#[xX][0-9A-Fa-f]{1,6});")
_ESCAPED_ENTITY = re.compile(r"&amp;(?=(?:[A-Za-z][A-Za-z0-9]{1,30}|#\d{1,7}|#[xX][0-9A-Fa-f]{1,6});)")


_MARKUP = re.compile(r"</?(a|b|br|div|em|i|li|ol|p|small|span|strong|sub|sup|u|ul)(?:\s[^<>]*)?/?>", re.IGNORECASE)
_INLINE = frozenset({"a", "b", "em", "i", "small", "span", "strong", "sub", "sup", "u"})
_INVISIBLE = re.compile("[\u00ad\u200b\u2060\ufeff]")  # soft hyphen, zero-width space, word joiner, stray mark of order


def leaf(occurrence: Any) -> str:
    """The text of one occurrence of a leaf; parsers give it without spaces around."""
    if isinstance(occurrence, str):
        return occurrence
    text: str = occurrence.get("#", "")
    return text


def is_tidy(text: str) -> bool:
    """Whether a text is surely one line with single spaces and nothing escaped or marked up in it: most are."""
    return text.isprintable() and "  " not in text and "&" not in text and "<" not in text


def attribute(occurrence: Any, name: str) -> str | None:
    """An attribute of one occurrence, or None."""
    return occurrence.get("@" + name) if isinstance(occurrence, dict) else None


def text_of(node: OnixNode, tag: str) -> str:
    """The first text of an element, or ''."""
    found = node.get(tag)
    if not found:
        return ""
    first = found[0]
    text: str = first if isinstance(first, str) else first.get("#", "")
    return text


def texts_of(node: OnixNode, tag: str) -> list[str]:
    """Every text of an element that says something."""
    found = node.get(tag)
    return [text for each in found if (text := each if isinstance(each, str) else leaf(each))] if found else []


def nodes_of(node: OnixNode, tag: str) -> list[OnixNode]:
    """Every occurrence of a composite."""
    found = node.get(tag)
    return [each for each in found if isinstance(each, dict)] if found else []


def block(node: OnixNode, tag: str) -> OnixNode:
    """The first occurrence of a composite, or an empty one."""
    for each in node.get(tag, ()):
        if isinstance(each, dict):
            return each
    return {}


def whole_block(node: OnixNode, tag: str) -> OnixNode:
    """A composite that may stand once; what a sender writes in two of them is read together."""
    first, *others = nodes_of(node, tag) or [{}]
    if not others:
        return first
    whole = dict(first)
    for each in others:
        for name, said in each.items():
            if isinstance(said, list):
                whole[name] = [*whole.get(name, ()), *said]
            else:
                whole.setdefault(name, said)
    return whole


def counted(node: OnixNode, tag: str, path: str) -> Sequence[tuple[OnixNode, str]]:
    """Every occurrence of a composite with its place: ``path/tag``, ``path/tag[2]`` …"""
    found = node.get(tag)
    if not found:
        return ()
    if len(found) == 1:
        return ((found[0], path + tag),) if isinstance(found[0], dict) else ()
    places = _places(path + tag, len(found))
    return [pair for pair in zip(found, places, strict=True) if isinstance(pair[0], dict)]


@lru_cache(maxsize=1024)
def _places(place: str, count: int) -> tuple[str, ...]:
    return (place, *(f"{place}[{number}]" for number in range(2, count + 1)))


class Reading:
    """The product in the shape of ONIX 3.0, whatever release it came in."""

    __slots__ = (
        "_found", "collateral", "descriptive", "header", "legacy", "product", "publishing", "publishing_dates",
        "related", "release", "supplies",
    )  # fmt: skip

    def __init__(self, parsed: ParsedRecord) -> None:
        self.legacy = parsed.dialect == "onix-2.1"
        self.release: Release = "2.1" if self.legacy else "3.1"
        self.header: MessageHeader = parsed.header
        self.product: OnixNode = upgraded(parsed.content) if self.legacy else parsed.content
        self.descriptive = whole_block(self.product, "DescriptiveDetail")
        self.collateral = whole_block(self.product, "CollateralDetail")
        self.publishing = whole_block(self.product, "PublishingDetail")
        self.related = whole_block(self.product, "RelatedMaterial")
        self.publishing_dates: list[tuple[str, str]] | None = None
        self.supplies = nodes_of(self.product, "ProductSupply")
        self._found: dict[tuple[str, ...], tuple[str, str, dict[str, str]]] = {}

    def report(self, defect: str, place: str, /, **params: str) -> None:
        """Keep a defect; `place` is a path in 3.0's words and is told in the words of the release."""
        found = (defect, locus_21(place) if self.legacy else place, params)
        self._found.setdefault((defect, place, *params.values()), found)  # two parts may read the same date

    def defects(self, source: str, source_id: str, index: int) -> tuple[Defect, ...]:
        """What was reported, under the name of the record."""
        return tuple(Defect(*found, source, source_id, "", index) for found in self._found.values())

    def unknown(self, code: str, number: int | str, locus: str) -> None:
        """Keep a defect about a code that is not in an ONIX code list; an empty element is none."""
        if code:
            self.report("code.unknown", locus, code=code, list=f"ONIX list {number}")

    def check(self, code: str, number: int, locus: str) -> None:
        """Keep a defect where a code that is read by itself is not in its ONIX code list."""
        if code and not is_onix_code(number, code, self.release):
            self.unknown(code, number, locus)

    def text(self, node: OnixNode, tag: str, path: str) -> str:
        """The first text of an element as `plain` gives it, or ''; `path` is the place of the node."""
        found = node.get(tag)
        if not found:
            return ""
        text = leaf(found[0])
        return text if is_tidy(text) else self.plain(text, f"{path}/{tag}")

    def plain(self, occurrence: Any, locus: str) -> str:
        """A text in one line, without markup and marks that nobody sees, repaired once where it was escaped twice
        (``&amp;amp;``)."""
        text = leaf(occurrence)
        if is_tidy(text):
            return text
        if "<" in text and _MARKUP.search(text):
            text = _MARKUP.sub(lambda m: "" if m[1].lower() in _INLINE else " ", text)
            self.report("text.sanitised", locus)
        if _INVISIBLE.search(text):
            text = _INVISIBLE.sub("", text)
            self.report("text.control_characters", locus)
        return " ".join(self.unescaped(text, locus).split())

    def unescaped(self, text: str, locus: str) -> str:
        """A plain text in which characters escaped a second time are put right, once."""
        if "&" in text and _ENTITY.search(text):
            self.report("text.double_escape", locus)
            return _ENTITY.sub(lambda m: html.unescape(m[0]), text)
        return text

    def markup(self, occurrence: Any, locus: str) -> str:
        """As `plain`, for a text that may hold markup: an escaped ampersand of its own stays."""
        text = leaf(occurrence)
        if "&amp;" in text and _ESCAPED_ENTITY.search(text):
            text = _ESCAPED_ENTITY.sub("&", text)
            self.report("text.double_escape", locus)
        return text
