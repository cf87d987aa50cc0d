"""Subjects, genres, classification and audience: 050-086, 385, 521, 600-655."""

from __future__ import annotations

import re

from catalogue.record import Audience, Description, Topic
from catalogue.vocabularies import concepts
from writers.marc.kept import copy_once
from writers.marc.punctuation import comma, stop
from writers.marc.sheet import Sheet, Subfield
from writers.marc.tables import table

_CODES = table("codes")
_ENDINGS: dict[str, str] = _CODES["languages"]
_BILINGUAL = frozenset(("yso", "slm", "kauno", "musa", "seko", "yso-paikat"))
_UNREGISTERED = frozenset(_CODES["unregistered"]["names"])
_UNREGISTERED_STARTS = tuple(_CODES["unregistered"]["starts"])
_PERIOD = re.compile(r"^(?:\d+(?:-luku|-talet)|\d{3,4}\s*[-–]\s*\d{0,4}|\d{4})$")
_LIFE_DATES = re.compile(r",.*\d{3,4}\s*-")
_DIVIDED = re.compile(r"(\d[\d.]*)([-(\"=].+)")  # UDC: a main number and its common auxiliaries
_NAMED = re.compile(
    r"(?P<a>.+?)(?:,?\s(?P<d>(?:noin |n\. |ca |s\. |f\. )?\d{3,4}\s?-\s?(?:\d{3,4})?))?(?P<c>(?:,?\s\([^()]*\))+)?"
)
_TAGS = {"person": "600", "body": "610", "meeting": "611", "title": "630", "name": ""}  # by scheme; "" by its looks
_HEADING = "abcdfghklmnopqrstvxyz"  # of 600-630: all but codes and links
_TOPICAL = ("650", "651", "655", "648", "647", "600", "610", "611", "630")
_CHARACTERS = ("hahmo)", "gestalt)", "character)", "figur)")
_FAST = "http://id.worldcat.org/fast/"
_AUDIENCE_IN_008 = frozenset(("marc",))


def write_topics(sheet: Sheet) -> None:
    """6XX: each concept once for every Finnish and Swedish label, Finnish headings first; free words in 653."""
    topics = sheet.description.topics
    for part, is_genre in ((topics.subjects, False), (topics.genres, True)):
        for language in ("fi", "sv"):
            for topic in part:
                _heading(sheet, topic, language, is_genre=is_genre)
            if is_genre and not sheet.is_library_record:
                _form(sheet, language)


def _form(sheet: Sheet, language: str) -> None:
    """655 of the form where nobody catalogued it: an audiobook is one of ``äänikirjat``, ``ljudböcker``."""
    uri = _CODES["form_genres"].get(sheet.description.medium)
    concept = concepts().by_uri(uri) if uri else None
    if concept and all(topic.uri != concept.uri for topic in sheet.description.topics.genres):
        topic = Topic(uri=concept.uri, scheme=concept.scheme, labels=concept.labels)
        _heading(sheet, topic, language, is_genre=True)


def write_classification(sheet: Sheet) -> None:
    """050-086; a scheme without a field of its own stands in 084 with its code in $2, if MARC has one."""
    for row in sheet.description.topics.classification:
        tag, indicators, stated = _CODES["classification"].get(row.scheme, ("084", "  ", _source(row.scheme)))
        if tag == "084" and stated is None:
            continue
        number, divisions = row.code, None
        source = stated if tag in ("072", "084") else None
        if copy_once(sheet, tag, "ax" if tag in ("072", "080") else "a", number, source=source):
            continue
        if tag == "080" and (found := _DIVIDED.match(row.code)):
            number, divisions = found[1], found[2]
        sheet.add(tag, indicators, ("a", number), ("x", divisions), ("2", stated))


def write_audience(sheet: Sheet) -> None:
    """385 and 521; what fits 008/22 stands there."""
    for audience in sheet.description.topics.audience:
        if audience.scheme in _AUDIENCE_IN_008:
            continue
        if audience.scheme == "521" and not copy_once(sheet, "521", "a", audience.text or ""):
            sheet.add("521", f"{_CODES['interest'].get(audience.code, '8')} ", ("a", stop(audience.text)))
        elif audience.scheme != "521":
            _audience(sheet, audience)


def _audience(sheet: Sheet, audience: Audience) -> None:
    """385 of a registered list; a range of ages or grades; of another list what it says in words, unless the record
    says it elsewhere.
    """
    source = _source(audience.scheme) if audience.scheme != "385" else None
    if source or audience.scheme == "385":
        if copy_once(sheet, "385", "a", audience.text or audience.code):
            return
        code = audience.code if audience.code != audience.text else None
        place = "0" if code and "://" in code else "b"
        sheet.add("385", "  ", ("a", audience.text or audience.code), (place, code), ("2", source))
    elif audience.scheme in _CODES["range"] and not audience.text:
        sheet.add("521", f"{_CODES['range'][audience.scheme]} ", ("a", stop(audience.code)))
    elif audience.scheme != "onix-edition":
        sheet.add("521", "8 ", ("a", stop(audience.text)))
    elif audience.text is None or audience.text not in _said(sheet.description):
        sheet.add("521", "8 ", ("a", stop(audience.text) or sheet.word("easy", "language")))


def _said(description: Description) -> set[str | None]:
    """Words of genres, edition, series, subtitles and languages: where a record says that its language is easy."""
    said = {text for t in description.topics.genres for text in (t.source_text, t.labels.fi, t.labels.sv)}
    said |= {t.text for t in description.titles} | {s.title for s in description.series}
    said |= {a.text for a in description.topics.audience if a.scheme == "521"}
    said |= {note.text.rstrip(".") for note in description.texts.notes}
    return said | {description.edition_statement.text}


def _heading(sheet: Sheet, topic: Topic, language: str, *, is_genre: bool) -> None:
    label = getattr(topic.labels, language)
    if topic.uri and topic.scheme in _BILINGUAL and (topic.labels.fi or topic.labels.sv):
        if label:
            scheme = "yso" if topic.scheme == "yso-paikat" else topic.scheme
            tag = "655" if is_genre else "651" if _is_place(topic.uri) else "650"
            sheet.add(tag, " 7", ("a", label), ("2", f"{scheme}/{_ENDINGS[language]}"), ("0", topic.uri))
        return
    if language == "fi":
        _unlinked(sheet, topic, is_genre)


def _unlinked(sheet: Sheet, topic: Topic, is_genre: bool) -> None:
    """What is no bilingual concept: as the source wrote it, once."""
    text = topic.source_text or topic.labels.fi or topic.labels.sv or topic.labels.en
    scheme = topic.scheme or "keyword"
    if not text or any(copy_once(sheet, tag, _HEADING, text) for tag in _TOPICAL):
        return
    if _source(scheme) is None:
        sheet.add("653", " 6" if is_genre else "  ", ("a", text))
        return
    indicator = _CODES["subjects"].get(scheme, "7")
    if scheme in _TAGS or _LIFE_DATES.search(text):
        _name(sheet, text, indicator, scheme)
        return
    tag = "655" if is_genre else "651" if scheme == "place" else "648" if _PERIOD.match(text) else "650"
    first, *divisions = text.split("--")
    if is_genre and scheme == "local":
        indicator = "7"
    rows = [("a", first), *(("x", division) for division in divisions)]
    stated = f"{scheme}{_ending(sheet, topic)}" if indicator == "7" else None
    sheet.add(tag, f" {indicator}", *rows, ("2", stated), ("0", _address(topic)))


def _name(sheet: Sheet, text: str, indicator: str, scheme: str) -> None:
    """600-630 by scheme; a name of another list by its looks and with its $2: "Family, Given …", characters."""
    first, *divisions = text.split("--")
    found = _NAMED.fullmatch(first.rstrip("."))
    parts = found.groupdict() if found else {"a": first}
    person = "," in parts["a"] or parts.get("d") or first.rstrip(".").endswith(_CHARACTERS)
    tag = _TAGS.get(scheme) or ("600" if person else "610")
    if copy_once(sheet, tag, _HEADING, text):
        return
    kind = {"600": "1" if "," in parts["a"] else "0", "630": "0"}.get(tag, "2")
    rows = [("a", parts["a"]), ("d", parts.get("d")), ("c", (parts.get("c") or "").lstrip(", "))]
    kept: list[Subfield] = [(code, value) for code, value in rows if value]
    if len(kept) > 1 and kept[1][0] == "d":
        kept[0] = ("a", comma(kept[0][1]))
    if not divisions and kept[-1][0] != "c":
        kept[-1] = (kept[-1][0], stop(kept[-1][1]))
    rows = [*kept, *(("x", each) for each in divisions)]
    sheet.add(tag, f"{kind}{indicator}", *rows, ("2", scheme if indicator == "7" else None))


def _ending(sheet: Sheet, topic: Topic) -> str:
    """``/fin`` or ``/swe``: the one language a heading has a label in; of a bilingual list's words their language."""
    said = [ending for code, ending in _ENDINGS.items() if getattr(topic.labels, code) == topic.source_text]
    if topic.uri and len(said) == 1:
        return f"/{said[0]}"
    if topic.scheme not in _BILINGUAL or topic.uri:
        return ""
    if (topic.source_text or "").endswith("-talet"):
        return "/swe"
    return "/swe" if sheet.language == "sv" and not (topic.source_text or "").endswith("-luku") else "/fin"


def _address(topic: Topic) -> str | None:
    if topic.uri and topic.uri.startswith(_FAST):
        return f"(OCoLC)fst{topic.uri.removeprefix(_FAST).zfill(8)}"
    return topic.uri


def _source(scheme: str) -> str | None:
    """A scheme as $2 names it; None where MARC has no code for it."""
    if scheme in _UNREGISTERED or scheme.startswith(_UNREGISTERED_STARTS) or " " in scheme:
        return None
    return scheme


def _is_place(uri: str) -> bool:
    concept = concepts().by_uri(uri)
    return concept is not None and concept.is_place
