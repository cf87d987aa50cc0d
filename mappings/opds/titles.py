"""Titles, series and, for magazines, the serial and its issue (``belongsTo``)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from mappings.onix.serials import find_issue
from mappings.opds.dates import day_of
from mappings.opds.identity import identifier
from mappings.opds.reading import Reading, Values, by_value, listed, objects, plain, spoken


def read_titles(reading: Reading) -> list[Values]:
    """The main title first; of a language map each language is a main title of its own, with its subtitle."""
    titles: list[Values] = []
    for name, kind in (("title", "main"), ("subtitle", "subtitle")):
        value, locus = reading.member(name)
        for tag, text in spoken(value):
            language = reading.language(tag, f"{locus}.{tag}") if tag and tag != "und" else None
            titles.append({"kind": kind, "text": text, "language": language})
    return titles


def read_level(reading: Reading, medium: str, titles: list[Values]) -> Values:
    """``level``, ``series``, and of an issue ``issue`` and the serial's title in the place of its own."""
    _unread(reading)
    series = list(_members(reading, "series"))
    number, _ = _volume(reading)
    if number and series and not series[0]["number"]:
        series[0]["number"] = number
    serials = list(_members(reading, "serial"))
    if medium != "emagazine" and not serials:
        return {"level": "monograph", "series": series}
    serial = serials[0] if serials else {}
    issn = serial.get("issn") or _own_issn(reading)
    number = _issue_number(reading) or serial.get("number")
    found = find_issue([dict(t) for t in titles], serials or series, issn, True)
    is_issue = bool(number or found or serials or _is_typed_issue(reading))
    if not is_issue:
        return {"level": "serial", "series": series, "medium": "emagazine"}
    date = day_of(reading, "published")
    told = (found or {}).get("date") or ""
    issue = {"number": number or (found or {}).get("number"), "date": date if (date or "").startswith(told) else told}
    name = serial.get("title") or (found or {}).get("name")
    return {
        "level": "issue",
        "medium": "emagazine",
        "series": series,
        "titles": _of_serial(titles, name),
        "issue": issue | {"serial_issn": issn or (found or {}).get("issn")},
    }


def volume_notes(reading: Reading, series: list[Values]) -> list[Values]:
    """``belongsTo.volume`` in words, where no series has it as its number: ``Vol. 108``, ``Vol. 2: Band II``."""
    number, name = _volume(reading)
    if not name and (not number or any(each["number"] == number for each in series)):
        return []
    text = ": ".join(part for part in (f"Vol. {number}" if number else "", name) if part)
    return [{"kind": "numbering", "text": text}]


def _volume(reading: Reading) -> tuple[str | None, str]:
    """Number and name of ``belongsTo.volume``: a number, or an object with ``position`` and ``name``."""
    groups, _ = reading.member("belongsTo", "belongs_to")
    for each, _ in listed(groups.get("volume") if isinstance(groups, dict) else None, ""):
        about = each if isinstance(each, dict) else {"position": each}
        return _number(about), next((text for _, text in spoken(about.get("name"))), "")
    return None, ""


def _unread(reading: Reading) -> None:
    """Defect ``opds.member`` for what a publication belongs to in a way that is not known."""
    groups, path = reading.member("belongsTo", "belongs_to")
    for name, value in groups.items() if isinstance(groups, dict) else ():
        if name not in by_value("belongs") and name not in ("issue", "volume"):
            reading.report("opds.member", f"{path}.{name}", value=str(value)[:80])


def _is_typed_issue(reading: Reading) -> bool:
    return any("issue" in plain(value).lower() for value, _ in listed(*reading.member("@type", "type")))


def _of_serial(titles: list[Values], name: str | None) -> list[Values]:
    """The main title is the serial's; the title as given stays beside it."""
    if not name or not titles or titles[0]["text"] == name:
        return titles
    return [titles[0] | {"text": name}, titles[0] | {"kind": "alternative"}, *titles[1:]]


def _members(reading: Reading, kind: str) -> Iterator[Values]:
    """The series, or the serials, a publication belongs to: title, number, ISSN."""
    groups, path = reading.member("belongsTo", "belongs_to")
    wanted = {name for name, each in by_value("belongs").items() if each == kind}
    for name, value in groups.items() if isinstance(groups, dict) else ():
        for each, locus in listed(value, f"{path}.{name}") if name in wanted else ():
            about = each if isinstance(each, dict) else {}
            title = next((text for _, text in spoken(about.get("name") if about else each)), "")
            if title:
                yield {"title": title, "number": _number(about), "issn": _issn(reading, about, locus)}


def _number(about: dict[str, Any]) -> str | None:
    position = about.get("position")
    if isinstance(position, float) and position.is_integer():
        position = int(position)
    return plain(position) or None


def _issn(reading: Reading, about: dict[str, Any], locus: str) -> str | None:
    written = [each for name in ("identifier", "altIdentifier") for each in listed(about.get(name), locus)]
    written += [({"value": value, "scheme": "issn"}, place) for value, place in listed(about.get("issn"), locus)]
    known = (identifier(reading, value, place) for value, place in written)
    return next((i["value"] for i in known if i and i["scheme"] == "issn" and i.get("valid", True)), None)


def _own_issn(reading: Reading) -> str | None:
    return _issn(reading, reading.metadata, "metadata.identifier")


def _issue_number(reading: Reading) -> str | None:
    """``belongsTo.issue``: a number, or an object with ``position`` or ``name``; also inside the serial."""
    groups, _ = reading.member("belongsTo", "belongs_to")
    holders = [groups] if isinstance(groups, dict) else []
    holders += [each for holder in holders for value in holder.values() for each, _ in objects(value, "")]
    for holder in holders:
        for each, _ in listed(holder.get("issue"), ""):
            about = each if isinstance(each, dict) else {"position": each}
            name = next((text for _, text in spoken(about.get("name"))), "")
            if found := name or _number(about):
                return found
    return None
