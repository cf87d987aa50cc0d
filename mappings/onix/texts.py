"""Descriptions, notes and links (ONIX lists 153, 154, 158; 2.1: 33, 38)."""

from __future__ import annotations

from functools import cache
from typing import Any

from catalogue.parsed import OnixNode
from mappings.onix.languages import language_code
from mappings.onix.reading import Reading, Values, attribute, counted, is_tidy, nodes_of, text_of, texts_of
from mappings.onix.tables import by_code, codes

_QUOTED = ("TextAuthor", "TextSourceCorporate", "SourceTitle", "TextSourceTitle")  # the last of 2.1
_PATH = "CollateralDetail/"


def read_texts(reading: Reading) -> Values:
    """Texts for readers, each with its kind and stated language; links to cover, sample and content."""
    found: dict[str, list[Values]] = {"descriptions": [], "notes": []}
    for node, locus in counted(reading.collateral, "TextContent", _PATH):
        if _is_withheld(reading, node, locus):
            continue
        part, kind = _kind(reading, text_of(node, "TextType"), locus)
        for occurrence in node.get("Text", ()):
            text = _text(reading, occurrence, f"{locus}/Text")
            if text:
                by = _author(reading, node, locus) if part == "notes" else ""
                language = _language(reading, occurrence, node, locus)
                found[part].append({"kind": kind, "language": language, "text": text + by})
    return {**found, "links": _links(reading)}


def _author(reading: Reading, node: OnixNode, locus: str) -> str:
    """Whose words a note is, as they are quoted: `` (A. Kriitikko, Helsingin Sanomat)``."""
    names = [reading.plain(each, f"{locus}/{tag}") for tag in _QUOTED for each in node.get(tag, ())]
    return f" ({', '.join(named)})" if (named := [name for name in names if name]) else ""


def _is_withheld(reading: Reading, node: OnixNode, locus: str) -> bool:
    if "ContentAudience" not in node:
        return False
    audiences = texts_of(node, "ContentAudience")
    for code in audiences:
        reading.check(code, 154, f"{locus}/ContentAudience")
    return not codes("texts", "audience", "withheld").isdisjoint(audiences)


def _kind(reading: Reading, code: str, locus: str) -> tuple[str, str]:
    known = _kinds("_21" if reading.legacy else "").get(code)
    if known is not None:
        return known
    if code:
        reading.unknown(code, 33 if reading.legacy else 153, f"{locus}/TextType")
    return "notes", code or "other"


@cache
def _kinds(release: str) -> dict[str, tuple[str, str]]:
    """Code → part of the record, kind of text; a code in both parts is a description."""
    parts = ("note", "description")
    return {code: (f"{part}s", kind) for part in parts for code, kind in by_code("texts", part + release).items()}


def _text(reading: Reading, occurrence: Any, locus: str) -> str:
    """Markup as the parser left it, plain text with its line breaks."""
    raw = occurrence if isinstance(occurrence, str) else occurrence.get("#", "")
    if "<" in raw:
        return reading.markup(occurrence, locus)
    if is_tidy(raw):
        return raw.strip()
    lines = [line for each in raw.strip().splitlines() if (line := " ".join(each.split()))]
    return reading.unescaped("\n".join(lines), locus)


def _language(reading: Reading, occurrence: Any, node: OnixNode, locus: str) -> str | None:
    stated = attribute(occurrence, "language") or attribute(node, "language")
    return language_code(reading, stated, f"{locus}/Text") if stated else None


def _links(reading: Reading) -> list[Values]:
    """Addresses on the web alone, also where they are written without ``http://``; none twice."""
    links: dict[str, Values] = {}
    section, number = ("link_21", 38) if reading.legacy else ("link", 158)
    for node, locus in counted(reading.collateral, "SupportingResource", _PATH):
        code = text_of(node, "ResourceContentType")
        kind = by_code("texts", section).get(code)
        if kind is None:
            reading.unknown(code, number, f"{locus}/ResourceContentType")
            kind = "other"
        if kind == "none" or _is_withheld(reading, node, locus):
            continue
        for version in nodes_of(node, "ResourceVersion"):
            for url in texts_of(version, "ResourceLink"):
                address = f"http://{url}" if url.lower().startswith("www.") else url
                if address.lower().startswith(("http://", "https://")):
                    links.setdefault(address, {"kind": kind, "url": address})
    return list(links.values())
