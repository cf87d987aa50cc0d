"""Medium, formats and protection: out of media types of links, licences and their contents, else of the type."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from mappings.opds.reading import Placed, Reading, Values, by_value, listed, objects, plain, relations, table

STREAMING = "streaming"
_MAX_DEPTH = 8


def read_form(reading: Reading) -> Values:
    """``medium``, ``formats``, ``drm``. What is lent decides, the declared type where that leaves it open.

    Places that contradict each other give the defect ``form.disagree``.
    """
    types = list(_media_types(reading))
    known = [_row(row, written) for written, _ in types if (row := table()["media"].get(_bare(written)))]
    by_type = _declared(reading)
    by_format = _lent(known, by_type)
    if not by_format and by_type == "open" and reading.metadata.get("narrator"):
        by_format = "audiobook"
    medium = by_format or ("ebook" if by_type in ("", "open") else by_type)
    if by_type == "emagazine" and by_format != "audiobook":
        medium = "emagazine"
    elif by_format and by_type in ("ebook", "audiobook") and by_type != by_format:
        values = f"@type {by_type}, format {by_format}"
        reading.report("form.disagree", "metadata.@type", values=values, used=medium)
    for written, locus in types:
        _unknown(reading, written, locus)
    formats = [row["format"] for row in known if row["medium"] == medium or medium == "emagazine"]
    return {"medium": medium, "formats": list(dict.fromkeys(formats)), "drm": _drm(reading, types)}


def _row(row: dict[str, str], written: str) -> dict[str, str]:
    """Medium and format of a media type; what is only streamed is no file of the format."""
    is_streamed = any(mark in written for mark in table()["streaming"]["marks"])
    return row | {"format": STREAMING} if is_streamed else row


def _lent(known: list[dict[str, str]], by_type: str) -> str:
    """The medium of the first format; a page (HTML, maybe a shop's) tells it only where nothing else does."""
    first = next((row for row in known if row["format"] not in ("html", STREAMING)), None)
    if first is None and by_type in ("", "open"):
        first = next(iter(known), None)
    return first["medium"] if first else ""


def _declared(reading: Reading) -> str:
    """What ``@type`` makes of it: a medium, ``open``, or '' where it is missing or unknown. Of several the first
    that names a medium."""
    found = ""
    for value, place in listed(*reading.member("@type", "type")):
        given = plain(value)
        word = given.rstrip("/").rpartition("/")[2].rpartition(":")[2].lower()
        medium = by_value("type").get(word, "")
        if given and not medium:
            reading.report("code.unknown", place, code=given, list="schema.org")
        found = medium if found in ("", "open") and medium else found
    return found


def _media_types(reading: Reading) -> Iterator[tuple[str, str]]:
    """Media types as written with their places: of licences, of links to the thing itself and what they lead to."""
    for licence, place in objects(reading.publication.get("licenses"), "licenses"):
        metadata = licence.get("metadata")
        if isinstance(metadata, dict):
            yield from _written(listed(metadata.get("format"), f"{place}.metadata.format"))
    for link, place in acquisitions(reading):
        yield from _written(_leaves(link, place, 0))
    yield from _written(listed(*reading.member("schema:encodingFormat", "encodingFormat")))
    for profile, place in listed(*reading.member("conformsTo")):
        if (written := table()["profile"].get(plain(profile))) is not None:
            yield written, place


def acquisitions(reading: Reading) -> Iterator[tuple[dict[str, Any], str]]:
    """Links through which the publication is had; samples are not it."""
    kinds, begins = table()["links"], tuple(table()["links"]["acquires"])
    for link, place in objects(reading.publication.get("links"), "links"):
        found = relations(link)
        if any(rel.startswith(begins) for rel in found) and not set(found) & set(kinds["sample"]):
            yield link, place


def _leaves(link: dict[str, Any], place: str, depth: int) -> Iterator[Placed]:
    """The type of a link, and of what it leads to in the end (``indirectAcquisition``); pages on the way are none."""
    properties = link.get("properties") if depth == 0 else link
    steps = properties.get("indirectAcquisition" if depth == 0 else "child") if isinstance(properties, dict) else None
    if not steps or _bare(plain(link.get("type"))) not in table()["pages"]["types"]:
        yield link.get("type"), f"{place}.type"
    path = f"{place}.properties.indirectAcquisition" if depth == 0 else f"{place}.child"
    for child, where in objects(steps, path) if depth < _MAX_DEPTH else ():
        yield from _leaves(child, where, depth + 1)


def _written(found: Iterator[Placed]) -> Iterator[tuple[str, str]]:
    return ((text, place) for value, place in found if (text := plain(value)))


def _bare(media_type: str) -> str:
    return media_type.partition(";")[0].strip().lower()


def _unknown(reading: Reading, written: str, locus: str) -> None:
    bare = _bare(written)
    if bare not in table()["media"] and bare not in table()["envelopes"]["types"] and bare not in by_value("drm"):
        reading.report("code.unknown", locus, code=written, list="media types of OPDS")


def _drm(reading: Reading, types: list[tuple[str, str]]) -> str | None:
    """The strongest protection named; ``none`` where licences say there is none."""
    named = [written for written, _ in types]
    for licence, place in objects(reading.publication.get("licenses"), "licenses"):
        metadata = licence.get("metadata")
        protection = metadata.get("protection") if isinstance(metadata, dict) else None
        if isinstance(protection, dict):
            named += [text for text, _ in _written(listed(protection.get("format"), place))]
    words = by_value("drm")
    pieces = {words[piece] for each in named for piece in _pieces(each) if piece in words}
    return next((word for word in table()["drm"] if word in pieces), None)


def _pieces(written: str) -> tuple[str, ...]:
    """A media type and the values of its parameters."""
    bare, *parameters = written.split(";")
    return (bare.strip().lower(), *(p.partition("=")[2].strip().strip('"').lower() for p in parameters))
