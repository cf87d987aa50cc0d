"""Marked-up text: XHTML elements, HTML escaped as text, HTML escaped twice. What leaves here is safe to show."""

from __future__ import annotations

import html
import re
from functools import cache
from unicodedata import normalize

import nh3
from lxml import etree

from catalogue.defect import Defect
from parsers.onix.tags import MARKUP, tags
from parsers.prolog import named_characters

MAX_DEPTH = 200
XHTML, ESCAPED_HTML = "05", "02"  # ONIX list 34
_TAG = re.compile(r"</?([A-Za-z][A-Za-z0-9]*)(?=[\s/>])")
_NESTING = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9]*)")
_ANY_TAG = re.compile(r"<[^<>]*+>?")
_NEVER_NESTED = frozenset({"br", "p", "li", "dt", "dd", "hr", "img", "wbr", "tr", "td", "th", "option"})
_WORDS = r"(?:[^<>&\0\r\xa0\ufeff]++|&(?:amp|lt|gt);)"
_INNER = "|".join(f"<{tag}>{_WORDS}*+</{tag}>" for tag in ("b", "i", "em", "strong"))
_INLINE = "|".join(f"<{tag}>(?:{_WORDS}|{_INNER})*+</{tag}>" for tag in ("b", "i", "em", "strong"))
_ALREADY_CLEAN = re.compile(rf"(?:{_WORDS}|<br>|{_INLINE}|<p>(?:{_WORDS}|<br>|{_INLINE})*+</p>)*+")
_TAG_ESCAPED_AGAIN = re.compile(r"&lt;/?([A-Za-z][A-Za-z0-9]*)\s*/?&gt;")


@cache
def _cleaner() -> nh3.Cleaner:
    return nh3.Cleaner(
        tags=set(tags().xhtml),
        attributes={"a": {"href"}},
        generic_attribute_prefixes=set(),
        url_schemes={"http", "https", "mailto"},
        link_rel="noopener noreferrer",
    )


def entity_name(node: etree._Element) -> str | None:
    """The name of a named character that stands between elements; None for any other node."""
    return str(node.name) if isinstance(node, etree._Entity) else None


def sanitised(markup: str) -> tuple[str, tuple[Defect, ...]]:
    """Allowed XHTML only, NFC; with the defect `text.sanitised` where an element had to go.

    Most descriptions are paragraphs with some bold and italics: the sanitiser would give them back as they are.
    """
    if _ALREADY_CLEAN.fullmatch(markup):
        return normalize("NFC", markup).strip(), ()
    found = {name.lower() for name in _TAG.findall(markup)}
    if _is_deep(markup):
        words = html.unescape(_ANY_TAG.sub(" ", markup))
        return normalize("NFC", html.escape(words, quote=False)).strip(), (Defect("text.sanitised"),)
    clean = normalize("NFC", _cleaner().clean(markup)).strip()
    return clean, () if found <= tags().xhtml else (Defect("text.sanitised"),)


def _is_deep(markup: str) -> bool:
    """Whether elements stand in elements beyond all measure: the sanitiser takes quadratic time with them."""
    depth = 0
    for end, name in _NESTING.findall(markup):
        depth = max(0, depth - 1) if end else depth + (name.lower() not in _NEVER_NESTED)
        if depth > MAX_DEPTH:
            return True
    return False


def escaped_markup(text: str) -> tuple[str, tuple[Defect, ...]] | None:
    """HTML that was sent as text (CDATA or escaped, once or twice), sanitised; None where the text is plain."""
    if "<" in text and _names_markup(_TAG.findall(text)):
        return sanitised(text)
    if "&lt;" in text and _names_markup(_TAG_ESCAPED_AGAIN.findall(text)):
        clean, defects = sanitised(html.unescape(text))
        return clean, (Defect("text.double_escape"), *defects)
    return None


def _names_markup(names: list[str]) -> bool:
    known = tags()
    return any(low in known.xhtml or low in known.refused_markup for low in map(str.lower, names))


def plain_text(element: etree._Element) -> tuple[str, set[str]]:
    """The text of a leaf in which named characters stand, with the names found."""
    characters, names = named_characters(), set()
    pieces = [element.text or ""]
    for child in element:
        name = entity_name(child)
        if name is not None:
            names.add(name)
            pieces.append(characters.get(name, f"&{name};"))
        pieces.append(child.tail or "")
    return "".join(pieces), names


def inner_markup(element: etree._Element) -> tuple[str, set[str]]:
    """The content of an element as HTML without namespaces, named characters in their place, with the names found."""
    names: set[str] = set()
    for node in list(element.iterdescendants()):
        name = entity_name(node)
        if name is not None:
            names.add(name)
        elif isinstance(node.tag, str):
            node.tag = node.tag.rpartition("}")[2].lower() if _is_markup(node) else "span"
    pieces = [html.escape(element.text or "", quote=False)]
    pieces += [etree.tostring(child, encoding="unicode", method="html") for child in element]
    return _with_characters("".join(pieces)), names


def _is_markup(node: etree._Element) -> bool:
    return tags().reference_name(str(node.tag)) is MARKUP


def _with_characters(markup: str) -> str:
    """Entity nodes come out of the serialiser as they came in, letters beyond ASCII as numbers where a DTD was read;
    HTML knows them all, except in what is not HTML."""
    characters = named_characters()
    named = re.sub(r"&([A-Za-z][A-Za-z0-9]*);", lambda m: characters.get(m[1], m[0]), markup)
    return re.sub(r"&#x([0-9A-Fa-f]{2,6});", lambda m: chr(code) if (code := int(m[1], 16)) > 0x7F else m[0], named)
