"""Availability, links and accessibility."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from mappings.opds.dates import day
from mappings.opds.form import acquisitions
from mappings.opds.reading import Reading, Values, listed, objects, plain, relations, spoken, table

UNAVAILABLE = "unavailable"


def read_availability(reading: Reading, drm: str | None) -> tuple[Values, bool]:
    """Coarse facts of the supply, and whether the publication is withdrawn.

    A licence and a link to borrow are offers to the library that harvests: they make it lendable. What is
    unavailable until a day is had from that day; without a day it is withdrawn. The licence that ends last counts.
    """
    value, locus = reading.member("availability")
    state, since, until = _state(reading, value, locus)
    withdrawn = state == UNAVAILABLE and until is None
    if state == UNAVAILABLE:
        since, until = until, None
    lends = bool(_licences(reading)) or any(
        set(relations(link)) & set(table()["links"]["lends"]) for link, _ in acquisitions(reading)
    )
    ends = until or _last_end(reading)
    return {"from": since, "until": ends, "lendable_fi": True if lends else None, "drm": drm}, withdrawn


def _state(reading: Reading, value: Any, locus: str) -> tuple[str, str | None, str | None]:
    if not isinstance(value, dict):
        return plain(value).lower(), None, None
    state = plain(value.get("state")).lower()
    since, until = (day(reading, value.get(name), f"{locus}.{name}") for name in ("since", "until"))
    return state, since, until


def _licences(reading: Reading) -> list[tuple[dict[str, Any], str]]:
    """The metadata of every licence that is not said to be unavailable."""
    found = []
    for licence, locus in objects(reading.publication.get("licenses"), "licenses"):
        metadata = licence.get("metadata")
        about = metadata if isinstance(metadata, dict) else {}
        if _state(reading, about.get("availability"), f"{locus}.metadata.availability")[0] != UNAVAILABLE:
            found.append((about, f"{locus}.metadata"))
    return found


def _last_end(reading: Reading) -> str | None:
    """The day the last licence ends; None where one has no end."""
    ends = []
    for about, locus in _licences(reading):
        terms = about.get("terms")
        end = day(reading, terms.get("expires") if isinstance(terms, dict) else None, f"{locus}.terms.expires")
        if end is None:
            return None
        ends.append(end)
    return max(ends, default=None)


def read_links(reading: Reading) -> list[Values]:
    """The cover (the largest picture of it), samples and open content; none twice."""
    kinds = table()["links"]
    links: dict[str, str] = {}
    covers = [image for image in _images(reading) if not set(relations(image)) & set(kinds["thumbnail"])]
    for image in sorted(covers, key=lambda image: -_size(image))[:1]:
        links.setdefault(plain(image.get("href")), "cover")
    for link, _ in objects(reading.publication.get("links"), "links"):
        found = set(relations(link))
        kind = next((kind for kind in ("sample", "content", "cover") if found & set(kinds[kind])), None)
        if kind and not link.get("templated"):
            links.setdefault(plain(link.get("href")), kind)
    return [{"kind": kind, "url": url} for url, kind in links.items() if url.startswith(("http://", "https://"))]


def _images(reading: Reading) -> list[dict[str, Any]]:
    return [image for image, _ in objects(reading.publication.get("images"), "images")]


def _size(image: dict[str, Any]) -> float:
    width = image.get("width")
    return width if isinstance(width, int | float) else 0


def read_accessibility(reading: Reading) -> list[Values]:
    """Every statement: ``code`` is property and value of schema.org, ``text`` the words of a summary or certifier."""
    value, path = reading.member("accessibility")
    facts: list[Values] = []
    for name, written in value.items() if isinstance(value, dict) else ():
        locus = f"{path}.{name}"
        if name == "certification" and isinstance(written, dict):
            facts += [_fact(key, None, text) for key, each in written.items() if (text := plain(each))]
        elif (word := table()["accessibility"].get(name)) is None:
            reading.report("code.unknown", locus, code=str(name), list="schema.org accessibility")
            facts += [_fact(str(name), text, None) for each, _ in listed(written, locus) if (text := plain(each))]
        elif name == "summary":
            facts += [_fact(word, None, text) for each, _ in listed(written, locus) for _, text in spoken(each)]
        else:
            facts += _statements(reading, word, written, locus)
    _contradictions(reading, {fact["code"] for fact in facts}, f"{path}.hazard")
    return facts


def _contradictions(reading: Reading, stated: set[str], locus: str) -> None:
    """Both statements stay: which of them is true is the publisher's to say."""
    word = table()["accessibility"]["hazard"]
    for hazard, others in table()["hazards"].items():
        against = [other for other in others if f"{word}:{other}" in stated]
        if against and f"{word}:{hazard}" in stated:
            reading.report("accessibility.contradiction", locus, values=", ".join((hazard, *against)))


def _statements(reading: Reading, word: str, written: Any, locus: str) -> Iterator[Values]:
    known = set(table()["accessibility_values"].get(word, "").split())
    for each, place in listed(written, locus):
        together = [text for one, _ in listed(each, place) if (text := plain(one))]
        values = [v.strip() for v in ",".join(together).split(",")] if word == "accessModeSufficient" else together
        for value in values:
            if known and value not in known:
                reading.report("code.unknown", place, code=value, list=f"schema.org {word}")
        if values:
            yield _fact(word, ",".join(values), None)
        else:
            reading.report("opds.member", place, value=str(each))


def _fact(word: str, value: str | None, text: str | None) -> Values:
    return {"code": f"{word}:{value}" if value else word, "text": text, "source": "schema.org"}
