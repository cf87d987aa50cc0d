"""Edition statement, publisher, place and dates (ONIX lists 21, 45, 55, 163)."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from catalogue import vocabularies
from catalogue.dates import onix_date
from catalogue.parsed import OnixNode
from mappings.onix.reading import Reading, Values, attribute, block, counted, leaf, nodes_of, text_of, texts_of
from mappings.onix.tables import by_code, codes

_PATH = "PublishingDetail/"
_NUMBER = re.compile(r"[0-9]{1,6}")
_ISBD_END = re.compile(r"\s+[:;,/]$")


def read_edition(reading: Reading) -> Values:
    """Number, wording and whether the text is abridged (None where nobody says)."""
    node, path = reading.descriptive, "DescriptiveDetail/"
    given = text_of(node, "EditionNumber")
    number = _NUMBER.match(given)
    texts = [reading.plain(t, f"{path}EditionStatement") for t in node.get("EditionStatement", ())]
    if given and not number:
        texts.append(given)
    abridged = None
    for place, code in enumerate(texts_of(node, "EditionType"), 1):
        kind = by_code("record", "edition").get(code)
        if kind is None:
            reading.unknown(code, 21, f"{path}EditionType{f'[{place}]' if place > 1 else ''}")
        elif kind in ("abridged", "unabridged"):
            abridged = kind == "abridged"
    text = next((t for t in texts if t), None)
    return {"number": int(number[0]) or None if number else None, "text": text, "abridged": abridged}


def read_publication(reading: Reading, is_announced: bool) -> Values:
    """Publisher, imprint, place, country and dates. `is_announced`: the publication date lies ahead of the message."""
    node = reading.publishing
    return {
        "publisher": _publisher(reading, node),
        "imprint": _name(reading, block(node, "Imprint"), "ImprintName", f"{_PATH}Imprint"),
        "place": _name(reading, node, "CityOfPublication", _PATH.rstrip("/")),
        "country": _country(reading, text_of(node, "CountryOfPublication")),
        "dates": _dates(reading, node, is_announced),
    }


def _name(reading: Reading, node: OnixNode, tag: str, locus: str) -> str | None:
    """A name without the ISBD punctuation of a library's record behind it."""
    return _ISBD_END.sub("", reading.text(node, tag, locus)) or None


def _publisher(reading: Reading, node: OnixNode) -> str | None:
    """The publisher, or who stands in for it; of several the first."""
    found: dict[str, str] = {}
    for each, locus in counted(node, "Publisher", _PATH):
        role = text_of(each, "PublishingRole")
        word = by_code("record", "publisher").get(role) if role else "publisher"
        if word is None:
            reading.unknown(role, 45, f"{locus}/PublishingRole")
        name = _name(reading, each, "PublisherName", locus)
        if name:
            found.setdefault(word or "other", name)
    return found.get("publisher") or found.get("stands_in")


def _country(reading: Reading, code: str) -> str | None:
    country = vocabularies.country(code.upper()) if code else None
    if code and country is None:
        reading.unknown(code, 91, f"{_PATH}CountryOfPublication")
    return country


def read_date(reading: Reading, occurrence: Any, locus: str, dateformat: str | None = None) -> str | None:
    """ISO form of a date; the defect ``date.impossible`` where it is none."""
    given = leaf(occurrence)
    if not given:
        return None
    form = attribute(occurrence, "dateformat") or dateformat or None
    if form:
        reading.check(form, 55, locus)
    date = _iso(given, form)
    if date is None:
        reading.report("date.impossible", locus, value=given)
    return date


_iso = lru_cache(maxsize=4096)(onix_date)  # a feed has few dates


def dates_of(reading: Reading, node: OnixNode, tags: tuple[str, str], path: str) -> list[tuple[str, str]]:
    """Role code and ISO date of every dated composite: `tags` are the composite and its role element.

    Roles are of list 166 in a SupplyDate, of list 163 elsewhere.
    """
    composite, role_tag = tags
    number = 166 if role_tag == "SupplyDateRole" else 163
    found: list[tuple[str, str]] = []
    if composite not in node:
        return found
    for each, locus in counted(node, composite, path):
        if not each.get("Date"):
            continue
        date = read_date(reading, each["Date"][0], f"{locus}/Date", text_of(each, "DateFormat"))
        if date:
            role = text_of(each, role_tag)
            reading.check(role, number, f"{locus}/{role_tag}")
            found.append((role, date))
    return found


def publishing_dates(reading: Reading) -> list[tuple[str, str]]:
    """Role code and ISO date of every PublishingDate, read once."""
    if reading.publishing_dates is None:
        reading.publishing_dates = dates_of(
            reading, reading.publishing, ("PublishingDate", "PublishingDateRole"), _PATH
        )
    return reading.publishing_dates


def _dates(reading: Reading, node: OnixNode, is_announced: bool) -> Values:
    found: dict[str, str] = {}
    for role, date in publishing_dates(reading):
        found.setdefault(role, date)
    published = found.get("01") or _market_date(reading)
    counterpart = found.get("19") if found.get("19") != published else None  # the printed book of an e-book
    original = found.get("20") or found.get("11") or counterpart
    return {
        "published": None if is_announced else published,
        "announced": published if is_announced else None,
        "original": original,
        "copyright": _copyright(reading, node),
    }


def _market_date(reading: Reading) -> str | None:
    """Where the publisher gives no date of its own, that of a market."""
    for supply in reading.supplies:
        for detail in nodes_of(supply, "MarketPublishingDetail"):
            path = "ProductSupply/MarketPublishingDetail/"
            for role, date in dates_of(reading, detail, ("MarketDate", "MarketDateRole"), path):
                if role in codes("record", "date", "published"):
                    return date
    return None


def _copyright(reading: Reading, node: OnixNode) -> str | None:
    for each, locus in counted(node, "CopyrightStatement", _PATH):
        for year in each.get("CopyrightYear", ()):
            date = read_date(reading, year, f"{locus}/CopyrightYear")
            if date:
                return date[:4]
    return None
