"""Publishers' records as ONIX products: 3.0 with reference tags, 3.1 with short tags, 2.1 in Latin-1.

Written from templates, not from a tree: a million records should take about a minute.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable
from functools import cache, partial
from importlib import resources
from xml.sax.saxutils import escape

from demo.records import Record
from demo.words import TABLES, rows

_SHORT: dict[str, str] = tomllib.loads(resources.files("demo").joinpath("onix_short_tags.toml").read_text("utf-8"))
PUBLISHER_NAMES = {source: rows(table) for source, table in TABLES["publishers"].items()}
_TOPICS = {scheme: rows(table) for scheme, table in TABLES["topics"].items()}
_SENT = "20260302T0600Z"

_PRODUCT = (
    "<Product><RecordReference>%s</RecordReference><NotificationType>03</NotificationType>"
    "<ProductIdentifier><ProductIDType>15</ProductIDType><IDValue>%s</IDValue></ProductIdentifier>"
    "<DescriptiveDetail><ProductComposition>00</ProductComposition><ProductForm>%s</ProductForm>"
    "<ProductFormDetail>%s</ProductFormDetail><EpubTechnicalProtection>02</EpubTechnicalProtection>%s"
    "<Language><LanguageRole>01</LanguageRole><LanguageCode>%s</LanguageCode></Language>"
    "<Extent><ExtentType>%s</ExtentType><ExtentValue>%d</ExtentValue><ExtentUnit>%s</ExtentUnit></Extent>%s"
    "</DescriptiveDetail><CollateralDetail><TextContent><TextType>03</TextType>"
    '<ContentAudience>00</ContentAudience><Text language="%s" textformat="06">%s</Text></TextContent>'
    "</CollateralDetail><PublishingDetail><Publisher><PublishingRole>01</PublishingRole>"
    "<PublisherName>%s</PublisherName></Publisher><CityOfPublication>%s</CityOfPublication>"
    "<CountryOfPublication>FI</CountryOfPublication><PublishingStatus>04</PublishingStatus>"
    '<PublishingDate><PublishingDateRole>01</PublishingDateRole><Date dateformat="00">%d0915</Date>'
    "</PublishingDate><SalesRights><SalesRightsType>01</SalesRightsType><Territory>"
    "<CountriesIncluded>FI AX</CountriesIncluded></Territory></SalesRights></PublishingDetail>%s</Product>\n"
)
_TITLE = (
    "<TitleDetail><TitleType>%s</TitleType><TitleElement><TitleElementLevel>01</TitleElementLevel>%s"
    "<TitleText>%s</TitleText>%s</TitleElement></TitleDetail>"
)
_PART, _SUBTITLE = "<PartNumber>%d</PartNumber>", "<Subtitle>%s</Subtitle>"
_COLLECTION = (
    "<Collection><CollectionType>10</CollectionType><TitleDetail><TitleType>01</TitleType><TitleElement>"
    "<TitleElementLevel>02</TitleElementLevel><PartNumber>%d</PartNumber><TitleText>%s</TitleText></TitleElement>"
    "</TitleDetail></Collection>"
)
_INVERTED = (
    "<Contributor><SequenceNumber>%d</SequenceNumber><ContributorRole>%s</ContributorRole>"
    "<PersonNameInverted>%s</PersonNameInverted></Contributor>"
)
_DIRECT = _INVERTED.replace("PersonNameInverted", "PersonName")
_EDITION_NUMBER = "<EditionNumber>%d</EditionNumber>"
_SUBJECT = (
    "<Subject><SubjectSchemeIdentifier>71</SubjectSchemeIdentifier><SubjectCode>http://www.yso.fi/onto/yso/%s"
    "</SubjectCode><SubjectHeadingText>%s</SubjectHeadingText></Subject><Subject><SubjectSchemeIdentifier>20"
    "</SubjectSchemeIdentifier><SubjectHeadingText>%s</SubjectHeadingText></Subject>"
)
_TRANSLATED = (
    "<RelatedMaterial><RelatedProduct><ProductRelationCode>11</ProductRelationCode><ProductIdentifier>"
    "<ProductIDType>15</ProductIDType><IDValue>%s</IDValue></ProductIdentifier></RelatedProduct></RelatedMaterial>"
)
_PRODUCT21 = (
    "<Product><RecordReference>%s</RecordReference><NotificationType>03</NotificationType>"
    "<ProductIdentifier><ProductIDType>15</ProductIDType><IDValue>%s</IDValue></ProductIdentifier>"
    "<ProductForm>AJ</ProductForm><ProductFormDetail>A103</ProductFormDetail>%s"
    "<Title><TitleType>01</TitleType><TitleText>%s</TitleText>%s</Title>%s"
    "<Language><LanguageRole>01</LanguageRole><LanguageCode>%s</LanguageCode></Language>"
    "<Extent><ExtentType>09</ExtentType><ExtentValue>%d</ExtentValue><ExtentUnit>05</ExtentUnit></Extent>"
    "<Subject><SubjectSchemeIdentifier>20</SubjectSchemeIdentifier><SubjectHeadingText>%s</SubjectHeadingText></Subject>"
    '<OtherText><TextTypeCode>03</TextTypeCode><Text textformat="06">%s</Text></OtherText>'
    "<Publisher><PublishingRole>01</PublishingRole><PublisherName>%s</PublisherName></Publisher>"
    "<CountryOfPublication>FI</CountryOfPublication><PublishingStatus>04</PublishingStatus>"
    "<PublicationDate>%d0915</PublicationDate></Product>\n"
)
_SERIES21 = "<Series><TitleOfSeries>%s</TitleOfSeries><NumberWithinSeries>%d</NumberWithinSeries></Series>"
_ABRIDGED21 = "<EditionTypeCode>%s</EditionTypeCode>"
_FORMS = {"epub": ("ED", "E101"), "pdf": ("ED", "E107"), "mp3": ("AJ", "A103")}
CITIES = {"kaarna": "Turku", "skargard": "Mariehamn"}
_OF_FORM = {
    "fin": {"epub": "(e-kirja)", "pdf": "(e-kirja)", "mp3": "(äänikirja)"},
    "swe": {"epub": "(e-bok)", "pdf": "(e-bok)", "mp3": "(ljudbok)"},
    "eng": {"epub": "(e-book)", "pdf": "(e-book)", "mp3": "(audiobook)"},
}


@cache
def in_tags(source: str, template: str) -> str:
    """A template of ONIX 3 in the tags its sender uses."""
    return _shortened(template) if source == "skargard" else template


def _shortened(template: str) -> str:
    return re.sub(r"(</?)(\w+)", lambda found: found[1] + _SHORT.get(found[2], found[2]), template)


HEADS = {
    "kaarna": (
        '<?xml version="1.0" encoding="UTF-8"?>\n<ONIXMessage release="3.0" '
        'xmlns="http://ns.editeur.org/onix/3.0/reference"><Header><Sender><SenderName>Kaarna-kustannus Oy'
        f"</SenderName></Sender><SentDateTime>{_SENT}</SentDateTime></Header>\n"
    ),
    "skargard": '<?xml version="1.0" encoding="UTF-8"?>\n'
    + _shortened(
        '<ONIXMessage release="3.1" xmlns="http://ns.editeur.org/onix/3.1/short"><Header><Sender><SenderName>'
        f"Skerrivik förlag Ab</SenderName></Sender><SentDateTime>{_SENT}</SentDateTime></Header>\n"
    ),
    "aanitorni": (
        '<?xml version="1.0" encoding="ISO-8859-1"?>\n<!DOCTYPE ONIXMessage SYSTEM '
        '"http://www.editeur.org/onix/2.1/03/reference/onix-international.dtd">\n<ONIXMessage><Header>'
        "<FromCompany>Äänitorni</FromCompany><SentDate>20260302</SentDate></Header>\n"
    ),
}
TAILS = {"kaarna": "</ONIXMessage>\n", "skargard": "</ONIXmessage>\n", "aanitorni": "</ONIXMessage>\n"}
ENCODINGS = {"kaarna": "utf-8", "skargard": "utf-8", "aanitorni": "iso-8859-1"}


def product(record: Record, source_id: str) -> bytes:
    """One product, in the release, tags and encoding of its sender."""
    text = _product21(record, source_id) if record.source == "aanitorni" else _product3(record, source_id)
    return text.encode(ENCODINGS[record.source])


def _product3(record: Record, source_id: str) -> str:
    edition = record.edition
    tags = partial(in_tags, record.source)
    form, detail = _FORMS[record.form]
    descriptive = [_collection(record, tags), _title3(record, tags)]
    if edition.original and record.told_original:
        descriptive.append(tags(_TITLE) % ("03", "", escape(edition.original[0]), ""))
    descriptive.append(_people(record, tags))
    if edition.edition:
        descriptive.append(tags(_EDITION_NUMBER) % edition.edition)
    subject, genre = _TOPICS["yso"][edition.topics[0]], _TOPICS["slm"][edition.topics[1]]
    label = 2 if record.source == "skargard" else 1
    related = tags(_TRANSLATED) % edition.original_isbn if edition.original_isbn and record.told_original else ""
    return tags(_PRODUCT) % (
        source_id, record.isbn, form, detail, "".join(descriptive), edition.language, "00", record.size, "03",
        tags(_SUBJECT) % (subject[0], subject[label], genre[label]), edition.language, _summary(record),
        _publisher(record), CITIES[record.source], record.year, related,
    )  # fmt: skip


def _product21(record: Record, source_id: str) -> str:
    edition = record.edition
    series = _SERIES21 % (escape(record.series[0]), record.series[1]) if record.series else ""
    subtitle = f"<Subtitle>{_subtitle(record)}</Subtitle>" if record.subtitle is not None else ""
    people = _people(record, partial(in_tags, record.source))
    if edition.abridged:
        people += _ABRIDGED21 % "ABR"
    subject = _TOPICS["yso"][edition.topics[0]][2 if edition.language == "swe" else 1]
    return _PRODUCT21 % (
        source_id, record.isbn, series, escape(title_text(record)), subtitle, people, edition.language, record.size,
        subject, _summary(record), _publisher(record), record.year,
    )  # fmt: skip


def _collection(record: Record, tags: Callable[[str], str]) -> str:
    return tags(_COLLECTION) % (record.series[1], escape(record.series[0])) if record.series else ""


def _title3(record: Record, tags: Callable[[str], str]) -> str:
    part = tags(_PART) % record.series[1] if record.edition.volume_only and record.series else ""
    subtitle = tags(_SUBTITLE) % _subtitle(record) if record.subtitle is not None else ""
    return tags(_TITLE) % ("01", part, escape(title_text(record)), subtitle)


def title_text(record: Record) -> str:
    """The title as its publisher sends it, with what does not belong in it."""
    text, edition = record.title, record.edition
    if record.number_in_title and edition.series:
        text = f"{edition.series[0]} {edition.series[1]}: {text}"
    if record.marked_title:
        text = f"{text} {_OF_FORM[edition.language][record.form]}"
    if record.source == "aanitorni" and edition.volume_only and edition.series:
        text = f"{text} {edition.series[1]}"
    return text


def _subtitle(record: Record) -> str:
    return escape(str(TABLES["subtitles"][record.edition.language][record.subtitle]))


def _people(record: Record, tags: Callable[[str], str]) -> str:
    edition = record.edition
    if record.direct_name:
        family, _, given = record.author.partition(", ")
        listed = [tags(_DIRECT) % (1, "A01", f"{given} {family}")]
    else:
        listed = [tags(_INVERTED) % (1, "A01", record.author)]
    for role, who in (("B06", edition.translator), ("E07", record.narrator)):
        if who:
            listed.append(tags(_INVERTED) % (len(listed) + 1, role, who))
    return "".join(listed)


def _summary(record: Record) -> str:
    return escape(TABLES["texts"][record.edition.language].format(what=record.edition.title))


def _publisher(record: Record) -> str:
    named = PUBLISHER_NAMES[record.source]
    return escape(named[record.edition.publisher % len(named)][0])
