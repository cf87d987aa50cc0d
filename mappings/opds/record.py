"""An OPDS 2.0 publication → catalogue record: one plain dict, validated once at the end."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

from catalogue.dates import sent_time
from catalogue.identifiers import isbn13
from catalogue.parsed import ParsedRecord
from catalogue.record import CatalogueRecord
from mappings.mapped import Mapped
from mappings.onix.extents import minutes_of
from mappings.opds.dates import day_of
from mappings.opds.form import read_form
from mappings.opds.identity import examples, read_identifiers
from mappings.opds.people import name_of, read_people
from mappings.opds.reading import Reading, Values, listed, plain, table, texts_of
from mappings.opds.shapes import report_unread
from mappings.opds.supply import read_accessibility, read_availability, read_links
from mappings.opds.titles import read_level, read_titles, volume_notes
from mappings.opds.topics import read_topics

_RULES = "opds"  # how merging knows a supplier's description from a library's
_ENTITY = re.compile(r"&(?:[A-Za-z][A-Za-z0-9]{1,30}|#\d{1,7}|#[xX][0-9A-Fa-f]{1,6});")
_ESCAPED_AGAIN = re.compile(rf"&amp;(?={_ENTITY.pattern[1:]})")
_NO_TEXT = frozenset({"und", "zxx", "mul"})


def map_opds(parsed: ParsedRecord, source: str, fallback_id: str) -> Mapped:
    """The catalogue record of an OPDS 2.0 publication with its ODL licences.

    Its id is the identifier, else its first valid ISBN, else `fallback_id` (defect ``record.no_id``). A publication
    without any title is no record (``record.no_title``).
    """
    reading = Reading(parsed)
    identifiers = read_identifiers(reading)
    source_id = _source_id(reading, identifiers, fallback_id)
    values = _values(reading, identifiers)
    report_unread(reading)
    values["cataloguing"] = {"rules": _RULES, "agency": parsed.header.sender}
    record = None
    if values["titles"]:
        values |= {"source": source, "source_id": source_id}
        record = CatalogueRecord.model_validate({part: value for part, value in values.items() if value})
    else:
        reading.report("record.no_title", "metadata.title")
    return Mapped(record, reading.defects(source, source_id, parsed.index))


def _source_id(reading: Reading, identifiers: list[Values], fallback_id: str) -> str:
    value, _ = reading.member("identifier")
    if own := plain(value.get("value") if isinstance(value, dict) else value):
        return own
    isbn = next((i["value"] for i in identifiers if i["scheme"] == "isbn" and i.get("valid", True)), None)
    used = str(isbn or fallback_id)
    reading.report("record.no_id", "metadata.identifier", used=used)
    return used


def _values(reading: Reading, identifiers: list[Values]) -> Values:
    form = read_form(reading)
    reading.languages = [code for code in _declared(reading) if code not in _NO_TEXT]
    contributors, notes = read_people(reading, form["medium"] == "audiobook")
    availability, withdrawn = read_availability(reading, form["drm"])
    titles = read_titles(reading)
    level = read_level(reading, form["medium"], titles)
    notes += volume_notes(reading, level["series"])
    modified, _ = reading.member("modified")
    return {
        "status": "withdrawn" if withdrawn else "live",
        "message": {"sent_at": sent_time(modified) if isinstance(modified, str) else None},
        "medium": form["medium"],
        "formats": form["formats"],
        "titles": titles,
        "identifiers": identifiers,
        "contributors": contributors,
        "languages": _languages(reading),
        "edition_statement": {"abridged": _flag(reading, "abridged")},
        "publication": _publication(reading),
        "extent": _extent(reading, form["medium"]),
        "topics": read_topics(reading),
        "accessibility": read_accessibility(reading),
        "texts": {"descriptions": list(_descriptions(reading)), "notes": notes, "links": read_links(reading)},
        "relations": list(_relations(reading)),
        "availability": availability,
        **level,
    }


def _declared(reading: Reading) -> list[str]:
    given = listed(*reading.member("language"))
    found = (reading.language(plain(value), locus) for value, locus in given)
    return list(dict.fromkeys(code for code in found if code))


def _languages(reading: Reading) -> Values:
    reason = "declared" if reading.languages else None
    return {"text": reading.languages, "declared": _declared(reading), "reason": reason}


def _publication(reading: Reading) -> Values:
    return {
        **{name: _first_name(reading, name) for name in ("publisher", "imprint")},
        "dates": {"published": day_of(reading, "published")},
    }


def _first_name(reading: Reading, member: str) -> str | None:
    """A record has one publisher and one imprint: a further name gives the defect ``opds.member``."""
    named = [(name, place) for value, place in listed(*reading.member(member)) if (name := name_of(value))]
    for name, place in named[1:]:
        reading.report("opds.member", place, value=name)
    return named[0][0] if named else None


def _extent(reading: Reading, medium: str) -> Values:
    """``duration`` is in seconds, every minute begun counts; or as ISO 8601 has it (``PT3H20M``)."""
    seconds, pages = _positive(reading, "duration"), _positive(reading, "numberOfPages")
    minutes = -(-seconds // 60) if seconds else minutes_of(reading.text("duration"), "")
    return {"duration_min": minutes, "pages": pages}


def _positive(reading: Reading, name: str) -> int | None:
    written = reading.text(name)
    found = re.fullmatch(r"(\d{1,9})(?:\.\d+)?", written)
    return int(found[1]) or None if found else None


def _flag(reading: Reading, name: str) -> bool | None:
    return {"true": True, "false": False}.get(str(reading.metadata.get(name)).lower())


def _descriptions(reading: Reading) -> Iterator[Values]:
    """One of each language; a language map says which."""
    for tag, text in texts_of(reading.metadata.get("description")):
        locus = f"metadata.description.{tag}" if tag else "metadata.description"
        language = reading.language(tag, locus) if tag and tag != "und" else None
        yield {"kind": "description", "text": _repaired(reading, text, locus), "language": language}


def _repaired(reading: Reading, text: str, locus: str) -> str:
    """Markup as the parser left it; plain text with its lines; repaired where it was escaped."""
    if "<" in text:
        repaired = _ESCAPED_AGAIN.sub("&", text)
        if repaired != text:
            reading.report("text.double_escape", locus)
        return repaired
    if _ENTITY.search(text):
        reading.report("text.double_escape", locus)
        text = html.unescape(text)
    return "\n".join(line for each in text.strip().splitlines() if (line := " ".join(each.split())))


def _relations(reading: Reading) -> Iterator[Values]:
    """The same work in other formats: printed ones by ``schema:bookFormat``."""
    for example, _ in examples(reading):
        form = plain(example.get("schema:bookFormat", example.get("bookFormat"))).rstrip("/").rpartition("/")[2].lower()
        kind = "print_of" if form in table()["book_format"]["print"] else "alternative_format"
        for value, _ in listed(example.get("schema:isbn", example.get("isbn")), ""):
            if number := isbn13(plain(value)):
                yield {"kind": kind, "scheme": "isbn", "value": number}
