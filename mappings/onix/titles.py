"""Titles and series: TitleDetail, Collection (ONIX lists 15, 149, 197)."""

from __future__ import annotations

import re
from typing import Any

from catalogue.folding import fold
from catalogue.parsed import OnixNode
from mappings.marc.titles import part_number
from mappings.onix.identifiers import collection_issn
from mappings.onix.languages import language_code
from mappings.onix.reading import Reading, Values, attribute, counted, text_of
from mappings.onix.tables import by_code, table

_DETAIL = "DescriptiveDetail/"
_NUMBERED = re.compile(r"[^\W\d_]{0,8}\.? ?(\d{1,4})")  # Tome 3, vol. 3, 3
_PLACE = re.compile(r"[0-9]{1,9}")


def read_titles(reading: Reading) -> tuple[list[Values], list[Values]]:
    """Titles in the sender's order, the main one first, and series."""
    titles: list[Values] = []
    series: list[Values] = []
    for node, locus in counted(reading.descriptive, "TitleDetail", _DETAIL):
        kind = _kind(reading, text_of(node, "TitleType"), locus)
        elements = _elements(reading, node, locus)
        if elements:
            _product_titles(titles, series, kind, elements)
    _one_main(titles)
    for node, locus in counted(reading.descriptive, "Collection", _DETAIL):
        each = _collection(reading, node, locus)
        if each:
            _add_series(series, each)
    return titles, series


def _kind(reading: Reading, code: str, locus: str) -> str:
    kind = by_code("titles", "kind").get(code)
    if kind is None:
        if code:
            reading.unknown(code, 15, f"{locus}/TitleType")
        return "alternative" if code else "undefined"
    return kind


def _elements(reading: Reading, detail: OnixNode, locus: str) -> list[Values]:
    """Elements in the order of their SequenceNumber: level, text, nonfiling, language, subtitle, number."""
    found = []
    for node, place in counted(detail, "TitleElement", f"{locus}/"):
        code = text_of(node, "TitleElementLevel")
        level = by_code("titles", "level").get(code)
        if level is None:
            if code:
                reading.unknown(code, 149, f"{place}/TitleElementLevel")
            level = "product"
        found.append(_element(reading, node, place) | {"level": level, "order": text_of(node, "SequenceNumber")})
    if len(found) > 1:
        found.sort(key=lambda e: int(e["order"]) if _PLACE.fullmatch(e["order"]) else 0)
    return found


def _element(reading: Reading, node: OnixNode, locus: str) -> Values:
    text, nonfiling, language = "", 0, None
    for tag in ("TitleWithoutPrefix", "TitleText"):
        text = reading.text(node, tag, locus)
        if text:
            language = _stated_language(reading, node[tag][0], locus)
            break
    if text and tag == "TitleWithoutPrefix" and "TitlePrefix" in node:
        prefix = reading.text(node, "TitlePrefix", locus)
        joined = prefix if prefix.endswith(("'", "’")) or not prefix else prefix + " "
        text, nonfiling = joined + text, len(joined)
    return {
        "text": text,
        "nonfiling": nonfiling,
        "language": language,
        "subtitle": reading.text(node, "Subtitle", locus),
        "number": part_number(reading.text(node, "PartNumber", locus)) or None,
        "year": text_of(node, "YearOfAnnual") or None,
    }


def title_of(reading: Reading, detail: OnixNode, locus: str) -> str:
    """The title of a part, of its first element that has one, with its subtitle."""
    found = next((each for each in _elements(reading, detail, locus) if each["text"]), None)
    return " : ".join(part for part in (found["text"], found["subtitle"]) if part) if found else ""


def _stated_language(reading: Reading, occurrence: Any, locus: str) -> str | None:
    stated = attribute(occurrence, "language")
    return language_code(reading, stated, locus) if stated else None


def _product_titles(titles: list[Values], series: list[Values], kind: str, elements: list[Values]) -> None:
    """A title detail of the product. Its collection elements are series; the only element there is, is the title."""
    own = [e for e in elements if e["level"] == "product" and e["text"]]
    above = [e for e in elements if e["level"] == "collection" and e["text"]]
    numbers = [e["number"] for e in elements if e["level"] == "product" and e["number"]]
    if not own and not above:
        return
    chosen = own[0] if own else above[-1]
    number = chosen["number"] or (numbers[0] if numbers else None)
    if own and above and kind in ("main", "undefined"):
        for each in above:
            _add_series(series, {"title": each["text"], "number": each["number"] or number})
        number = number if all(e["number"] for e in above) else None
    _add_title(titles, kind, chosen, number)
    for each in own[1:]:  # a second title beside the first: no part of it, no series
        _add_title(titles, "alternative" if kind in ("main", "undefined") else kind, each, each["number"])


def _add_title(titles: list[Values], kind: str, element: Values, number: str | None) -> None:
    text, subtitle = element["text"], element["subtitle"]
    if kind not in ("main", "undefined") and subtitle:
        text = f"{text} : {subtitle}"  # ISBD, as 246 and 240 are shown
    title = {"kind": kind, "text": text, "language": element["language"], "number": number, "year": element["year"]}
    if element["nonfiling"]:
        title["nonfiling"] = element["nonfiling"]
    titles.append(title)
    if kind in ("main", "undefined") and subtitle and fold(subtitle) != fold(text):
        titles.append({"kind": "subtitle", "text": subtitle, "language": element["language"]})


def _one_main(titles: list[Values]) -> None:
    """One main title, the first: where no detail is told to be it, one of unknown type, else another form of it."""
    for wanted in ("main", "undefined", "alternative", "key", "parallel"):
        main = next((t for t in titles if t["kind"] == wanted), None)
        if main is not None:
            break
    else:
        return
    for title in titles:
        if title["kind"] in ("main", "undefined"):
            title["kind"] = "alternative"
    main["kind"] = "main"
    others = [t for t in titles if t is not main and (t["kind"] != "alternative" or not _same(t, main))]
    titles[:] = [main, *others]


def _same(title: Values, main: Values) -> bool:
    """A distributor's title often differs in capitals alone."""
    return fold(title["text"]) == fold(main["text"])


def _collection(reading: Reading, node: OnixNode, locus: str) -> Values | None:
    reading.check(text_of(node, "CollectionType"), 148, f"{locus}/CollectionType")
    details = list(counted(node, "TitleDetail", f"{locus}/"))
    details.sort(key=lambda d: text_of(d[0], "TitleType") != "01")
    names: list[Values] = []
    number: str | None = None
    for detail, place in details[:1]:
        elements = _elements(reading, detail, place)
        names = [e for e in elements if e["text"] and e["level"] == "collection"] or [e for e in elements if e["text"]]
        numbers = [e["number"] for e in elements if e["number"]]
        number = numbers[-1] if numbers else _labelled(elements)
    issn = collection_issn(reading, node, locus)
    if not names:
        return None
    return {
        "title": ". ".join(e["text"] for e in names),
        "number": number or _sequence(reading, node, locus),
        "issn": issn,
    }


def _labelled(elements: list[Values]) -> str | None:
    """The number of the product in its collection, where its title there is no more than one (``Tome 3``)."""
    own = (each["text"] for each in elements if each["level"] == "product")
    return next((found[1] for text in own if (found := _NUMBERED.fullmatch(text))), None)


def _sequence(reading: Reading, collection: OnixNode, locus: str) -> str | None:
    """The number of CollectionSequence, the best kind of numbering first."""
    kinds: list[str] = table("titles")["sequence"]["order"]
    numbers: dict[str, str] = {}
    for each, place in counted(collection, "CollectionSequence", f"{locus}/"):
        kind = text_of(each, "CollectionSequenceType")
        reading.check(kind, 197, f"{place}/CollectionSequenceType")
        numbers[kind] = text_of(each, "CollectionSequenceNumber")
    for kind in (*kinds, ""):
        if numbers.get(kind):
            return numbers[kind]
    return None


def _add_series(series: list[Values], each: Values) -> None:
    """A series named in the title and again as a collection is one."""
    for known in series:
        if fold(known["title"]) == fold(each["title"]):
            for key in ("number", "issn"):
                known[key] = known.get(key) or each.get(key)
            return
    series.append(each)
