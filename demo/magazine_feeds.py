"""Magazines as their sources send them: issues as ONIX products, serials and issues as MARC 21."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from xml.sax.saxutils import escape

from demo.magazines import Told
from demo.marc import Field, in_iso2709, in_marcxml
from demo.onix import CITIES, PUBLISHER_NAMES, in_tags
from demo.words import TABLES, rows

_WORDS: dict[str, dict[str, Any]] = TABLES["library"]
_TOPICS = {scheme: rows(table) for scheme, table in TABLES["topics"].items()}
_PRODUCT = (
    "<Product><RecordReference>%s</RecordReference><NotificationType>03</NotificationType>"
    "<ProductIdentifier><ProductIDType>01</ProductIDType><IDTypeName>%s</IDTypeName><IDValue>%s</IDValue>"
    "</ProductIdentifier><DescriptiveDetail><ProductComposition>00</ProductComposition><ProductForm>ED</ProductForm>"
    "<ProductFormDetail>E107</ProductFormDetail><Collection><CollectionType>10</CollectionType>%s<TitleDetail>"
    "<TitleType>01</TitleType><TitleElement><TitleElementLevel>02</TitleElementLevel><TitleText>%s</TitleText>"
    "</TitleElement></TitleDetail></Collection><TitleDetail><TitleType>01</TitleType><TitleElement>"
    "<TitleElementLevel>01</TitleElementLevel><TitleText>%s</TitleText></TitleElement></TitleDetail>"
    "<Language><LanguageRole>01</LanguageRole><LanguageCode>%s</LanguageCode></Language><Subject>"
    "<SubjectSchemeIdentifier>71</SubjectSchemeIdentifier><SubjectCode>http://www.yso.fi/onto/yso/%s</SubjectCode>"
    "</Subject></DescriptiveDetail><PublishingDetail><Publisher><PublishingRole>01</PublishingRole><PublisherName>%s"
    "</PublisherName></Publisher><CityOfPublication>%s</CityOfPublication><CountryOfPublication>FI"
    "</CountryOfPublication><PublishingStatus>04</PublishingStatus><PublishingDate><PublishingDateRole>01"
    '</PublishingDateRole><Date dateformat="00">%s</Date></PublishingDate></PublishingDetail></Product>\n'
)
_ISSN = "<CollectionIdentifier><CollectionIDType>02</CollectionIDType><IDValue>%s</IDValue></CollectionIdentifier>"
_FREQUENCY = {4: "q", 6: "b", 12: "m"}


def told(record: Told, source_id: str) -> bytes:
    """The record in the format of its source."""
    if record.source not in _WORDS:
        return _product(record, source_id).encode()
    write = in_iso2709 if record.source == "lintula" else in_marcxml
    return write(f"ca{'b' if record.edition.number else 's'} a22", " ", _fields(record, source_id))


def issue_title(record: Told) -> str:
    """The title as its source writes it, maybe with the number."""
    number = record.numbered.format(n=record.edition.number)
    return f"{record.edition.title} {number}".strip()


def publisher_of(record: Told) -> str:
    """The publisher as the record's source writes it."""
    named = PUBLISHER_NAMES["skargard" if record.edition.language == "swe" else "kaarna"]
    return named[record.edition.publisher % len(named)][{"lintula": 1, "vikens": 2}.get(record.source, 0)]


def _product(record: Told, source_id: str) -> str:
    about = record.edition
    issn = in_tags(record.source, _ISSN) % about.issn.replace("-", "") if record.with_issn else ""
    return in_tags(record.source, _PRODUCT) % (
        source_id, escape(publisher_of(record)), source_id, issn, escape(about.title), escape(issue_title(record)),
        about.language, _TOPICS["yso"][about.topics[0]][0], escape(publisher_of(record)), CITIES[record.source],
        about.date.replace("-", ""),
    )  # fmt: skip


def _fields(record: Told, source_id: str) -> Iterator[Field]:
    about, words = record.edition, _WORDS[record.source]
    yield "001", source_id
    yield "005", "20260215083000.0"
    yield "007", "cr |||||||||||"
    if about.number:
        yield "008", f"260215s{about.date[:4]}    fi      o     000|0 {about.language} c"
    else:
        often = _FREQUENCY[about.a_year]
        yield "008", f"260215c{about.since}9999fi {often}r p o     0   b0{about.language} c"
        if record.with_issn:
            yield "022", f"0 \x1fa{about.issn}"
    yield "040", f"  \x1fa{words['agency']}\x1fb{words['code']}\x1ferda"
    yield "041", f"0 \x1fa{about.language}"
    part = f".\x1fn{about.number}" if about.number else ""
    yield "245", f"00\x1fa{about.title}{part}."
    year = f"{about.date[:4]}." if about.number else f"{about.since}-"
    yield "264", f" 1\x1fa{words['place']} :\x1fb{publisher_of(record)},\x1fc{year}"
    yield "300", f"  \x1fa{words['extents']['online']}"
    yield "336", f"  \x1fa{words['content']['text']}\x1fbtxt\x1f2rdacontent"
    media, carrier = words["carriers"]["online"].split("|")
    yield "337", f"  \x1fa{media}\x1fbc\x1f2rdamedia"
    yield "338", f"  \x1fa{carrier}\x1fbcr\x1f2rdacarrier"
    subject = _TOPICS["yso"][about.topics[0]]
    label, code = (1, "fin") if words["code"] == "fin" else (2, "swe")
    yield "650", f" 7\x1fa{subject[label]}\x1f2yso/{code}\x1f0http://www.yso.fi/onto/yso/{subject[0]}"
    if about.number:
        issn = f"\x1fx{about.issn}" if record.with_issn else ""
        yield "773", f"0 \x1ft{about.title}{issn}\x1fg{about.number}"
