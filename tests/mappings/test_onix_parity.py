"""Real products written another way — short tags, another release, another envelope or encoding — are the same records.

Nothing is excused: the whole record is compared, and every defect with its place.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from catalogue.parsed import BadRecord, ParsedRecord
from mappings.onix.record import map_onix
from parsers.onix.tags import tags
from parsers.registry import parse

REFERENCE = {name: short for short, name in tags().short.items()}
SPACE = "http://ns.editeur.org/onix/3.0/reference"
RELEASES_3 = ("onix30-fi-kirjavalitys", "onix30-fi-melinda", "onix30-fr-ebooks", "onix30-pl-elibri")
PARITY = "onix-parity-21-30-31"

Rewritten = Callable[[etree._Element], bytes]


@cache
def as_sent(test_data: Path, folder: str) -> list[tuple[str, etree._Element, list[Any]]]:
    """Every well-formed file of a set whose tags are reference names, with its records."""
    return [(name, root, records(plain(root))) for name, root in trees(test_data, folder)]


def trees(test_data: Path, folder: str) -> Iterator[tuple[str, etree._Element]]:
    for path in sorted((test_data / folder).rglob("*.xml")):
        try:
            root = etree.fromstring(path.read_bytes(), etree.XMLParser(load_dtd=False, no_network=True))
        except (etree.XMLSyntaxError, ValueError):
            continue
        if any(isinstance(e.tag, str) and e.tag.rpartition("}")[2] == "DescriptiveDetail" for e in root.iter()):
            yield str(path.relative_to(test_data)), root


def records(data: bytes) -> list[Any]:
    """Record (or none) and defects of every product, without what is told of bytes; of what is no record the reason."""
    found: list[Any] = []
    for one in parse(io.BytesIO(data)):
        if isinstance(one, BadRecord):
            found.append(one.defect.code)
            continue
        assert isinstance(one, ParsedRecord)
        mapped = map_onix(one, "s", f"f{one.index}")
        told = [(d.code, d.locus, dict(d.params)) for d in (*one.defects, *mapped.defects)]
        found.append((mapped.record and mapped.record.model_dump(mode="json"), told))
    return found


def plain(root: etree._Element) -> bytes:
    return etree.tostring(root, encoding="utf-8", xml_declaration=True)


def in_short_tags(root: etree._Element) -> bytes:
    copied = etree.fromstring(etree.tostring(root))
    for element in copied.iter():
        if isinstance(element.tag, str):
            space, _brace, name = element.tag.rpartition("}")
            short = REFERENCE.get(name, name)
            element.tag = f"{space}}}{short}" if space else short
    return etree.tostring(copied, encoding="utf-8").replace(b"/reference", b"/short")


def without_namespace(root: etree._Element) -> bytes:
    copied = etree.fromstring(etree.tostring(root))
    for element in copied.iter():
        if isinstance(element.tag, str) and "onix" in element.tag.rpartition("}")[0]:
            element.tag = element.tag.rpartition("}")[2]
    etree.cleanup_namespaces(copied)
    return etree.tostring(copied, encoding="utf-8")


def prefixed(root: etree._Element) -> bytes:
    """Every ONIX element under a prefix."""
    spaceless = etree.fromstring(without_namespace(root))
    whole = etree.Element(f"{{{SPACE}}}{spaceless.tag}", {**spaceless.attrib}, nsmap={"o": SPACE})
    whole.extend(list(spaceless))
    for element in whole.iter():
        if isinstance(element.tag, str) and "}" not in element.tag and tags().reference_name(element.tag):
            element.tag = f"{{{SPACE}}}{element.tag}"
    return etree.tostring(whole, encoding="utf-8")


def with_doctype(root: etree._Element) -> bytes:
    doctype = '<!DOCTYPE ONIXMessage SYSTEM "http://127.0.0.1:9/onix-international.dtd">'
    return etree.tostring(root, encoding="utf-8", xml_declaration=True, doctype=doctype)


def encoded(encoding: str) -> Rewritten:
    return lambda root: etree.tostring(root, encoding=encoding, xml_declaration=True)


def in_utf_16_with_its_mark(root: etree._Element) -> bytes:
    return etree.tostring(root, encoding="unicode").encode("utf-16")


def of_3_1(root: etree._Element) -> bytes:
    """3.1 is 3.0 with elements added and some taken out: what is in both reads alike."""
    return plain(root).replace(b'release="3.0"', b'release="3.1"').replace(b"onix/3.0/", b"onix/3.1/")


def in_one_line(root: etree._Element) -> bytes:
    copied = etree.fromstring(etree.tostring(root))
    for element in copied.iter():
        if len(element) and not (element.text or "").strip() and not any((c.tail or "").strip() for c in element):
            element.text = None
            for child in element:
                child.tail = None
    return etree.tostring(copied, encoding="utf-8")


WAYS: dict[str, Rewritten] = {
    "short tags": in_short_tags,
    "no namespace": without_namespace,
    "prefix": prefixed,
    "DOCTYPE": with_doctype,
    "UTF-16": encoded("utf-16"),
    "UTF-16 with a mark alone": in_utf_16_with_its_mark,
    "Latin-1 with references": encoded("iso-8859-1"),
    "cp1252 with references": encoded("windows-1252"),
    "ASCII with references": encoded("ascii"),
    "3.1": of_3_1,
    "one line": in_one_line,
}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("folder", RELEASES_3)
def test_another_way_of_writing_is_the_same_record(test_data: Path, folder: str, way: str) -> None:
    compared = 0
    for name, root, expected in as_sent(test_data, folder):
        assert records(WAYS[way](root)) == expected, name
        compared += len(expected)
    assert compared > 10


@pytest.mark.parametrize("way", ["short tags", "DOCTYPE", "UTF-16", "ASCII with references", "one line"])
@pytest.mark.parametrize("file", ["onix21-au/hlasep08.xml", f"{PARITY}/samples/onix2-multiple.xml"])
def test_another_way_of_writing_2_1_is_the_same_record(test_data: Path, file: str, way: str) -> None:
    parser = etree.XMLParser(load_dtd=False, no_network=True, resolve_entities=False)
    root = etree.fromstring((test_data / file).read_bytes(), parser)
    for product in root.findall("Product")[60:]:
        root.remove(product)
    expected = records(plain(root))
    assert len(expected) > 10
    assert records(WAYS[way](root)) == expected


OF_2_1 = """<ONIXMessage><Header><FromCompany>Kustantaja</FromCompany><SentDate>20240601</SentDate></Header><Product>
<RecordReference>fi.1</RecordReference><NotificationType>03</NotificationType>
<ProductIdentifier><ProductIDType>15</ProductIDType><IDValue>9789510123454</IDValue></ProductIdentifier>
<ProductForm>DG</ProductForm><EpubType>029</EpubType>
<ProductFormFeature><ProductFormFeatureType>09</ProductFormFeatureType>
<ProductFormFeatureValue>11</ProductFormFeatureValue></ProductFormFeature>
<Series><SeriesIdentifier><SeriesIDType>02</SeriesIDType><IDValue>03551067</IDValue></SeriesIdentifier>
<TitleOfSeries>Keltainen kirjasto</TitleOfSeries><NumberWithinSeries>7</NumberWithinSeries></Series>
<Title><TitleType>01</TitleType><TitlePrefix>Den</TitlePrefix><TitleWithoutPrefix>stora boken</TitleWithoutPrefix>
<Subtitle>om &#228;pplen</Subtitle></Title>
<Title><TitleType>03</TitleType><TitleText language="eng">The Big Book</TitleText></Title>
<Contributor><SequenceNumber>2</SequenceNumber><ContributorRole>B06</ContributorRole>
<PersonNameInverted>Boman, B</PersonNameInverted></Contributor>
<Contributor><SequenceNumber>1</SequenceNumber><ContributorRole>A01</ContributorRole><ContributorRole>A12</ContributorRole>
<PersonNameIdentifier><PersonNameIDType>16</PersonNameIDType><IDValue>0000000121437811</IDValue></PersonNameIdentifier>
<NamesBeforeKey>Anna</NamesBeforeKey><PrefixToKey>von</PrefixToKey><KeyNames>Aho</KeyNames>
<PersonDate><PersonDateRole>007</PersonDateRole><Date>1950</Date></PersonDate></Contributor>
<Contributor><ContributorRole>B01</ContributorRole><CorporateName>Kirjaseura</CorporateName></Contributor>
<EditionTypeCode>REV</EditionTypeCode><EditionNumber>2</EditionNumber><EditionStatement>2. uppl.</EditionStatement>
<Language><LanguageRole>01</LanguageRole><LanguageCode>swe</LanguageCode></Language>
<OriginalLanguage>eng</OriginalLanguage><NumberOfPages>120</NumberOfPages>
<Extent><ExtentType>22</ExtentType><ExtentValue>2</ExtentValue><ExtentUnit>19</ExtentUnit></Extent>
<BASICMainSubject>FIC000000</BASICMainSubject>
<Subject><SubjectSchemeIdentifier>20</SubjectSchemeIdentifier><SubjectHeadingText>katter; hundar</SubjectHeadingText>
</Subject>
<PersonAsSubject><PersonNameInverted>Topelius, Zacharias</PersonNameInverted></PersonAsSubject>
<Audience><AudienceCodeType>01</AudienceCodeType><AudienceCodeValue>02</AudienceCodeValue></Audience>
<AudienceRange><AudienceRangeQualifier>17</AudienceRangeQualifier><AudienceRangePrecision>03</AudienceRangePrecision>
<AudienceRangeValue>7</AudienceRangeValue><AudienceRangePrecision>04</AudienceRangePrecision>
<AudienceRangeValue>9</AudienceRangeValue></AudienceRange>
<OtherText><TextTypeCode>01</TextTypeCode>
<Text language="swe" textformat="02">&lt;p&gt;En bok&lt;/p&gt;</Text></OtherText>
<OtherText><TextTypeCode>02</TextTypeCode><Text>Kort</Text></OtherText>
<MediaFile><MediaFileTypeCode>04</MediaFileTypeCode><MediaFileLinkTypeCode>01</MediaFileLinkTypeCode>
<MediaFileLink>https://example.org/1.jpg</MediaFileLink></MediaFile>
<Imprint><ImprintName>Avtryck</ImprintName></Imprint>
<Publisher><PublishingRole>01</PublishingRole><PublisherName>F&#246;rlaget</PublisherName></Publisher>
<CityOfPublication>Helsingfors</CityOfPublication><CountryOfPublication>FI</CountryOfPublication>
<PublishingStatus>04</PublishingStatus><PublicationDate>20240506</PublicationDate><CopyrightYear>2023</CopyrightYear>
<YearFirstPublished>1999</YearFirstPublished>
<SalesRights><SalesRightsType>01</SalesRightsType><RightsCountry>FI SE</RightsCountry></SalesRights>
<NotForSale><RightsCountry>US</RightsCountry></NotForSale>
<RelatedProduct><RelationCode>13</RelationCode><ProductIdentifier><ProductIDType>15</ProductIDType>
<IDValue>9789510123447</IDValue></ProductIdentifier></RelatedProduct>
<SupplyDetail><SupplyToCountry>FI</SupplyToCountry><OnSaleDate>20240507</OnSaleDate></SupplyDetail>
</Product></ONIXMessage>"""

OF_3 = """<ONIXMessage release="3.0"><Header><Sender><SenderName>Kustantaja</SenderName></Sender>
<SentDateTime>20240601</SentDateTime></Header><Product>
<RecordReference>fi.1</RecordReference><NotificationType>03</NotificationType>
<ProductIdentifier><ProductIDType>15</ProductIDType><IDValue>9789510123454</IDValue></ProductIdentifier>
<DescriptiveDetail><ProductComposition>00</ProductComposition><ProductForm>ED</ProductForm>
<ProductFormDetail>E101</ProductFormDetail>
<ProductFormFeature><ProductFormFeatureType>09</ProductFormFeatureType>
<ProductFormFeatureValue>11</ProductFormFeatureValue></ProductFormFeature>
<Collection><CollectionType>10</CollectionType><CollectionIdentifier><CollectionIDType>02</CollectionIDType>
<IDValue>03551067</IDValue></CollectionIdentifier><TitleDetail><TitleType>01</TitleType><TitleElement>
<TitleElementLevel>02</TitleElementLevel><PartNumber>7</PartNumber><TitleText>Keltainen kirjasto</TitleText>
</TitleElement></TitleDetail></Collection>
<TitleDetail><TitleType>01</TitleType><TitleElement><TitleElementLevel>01</TitleElementLevel>
<TitlePrefix>Den</TitlePrefix><TitleWithoutPrefix>stora boken</TitleWithoutPrefix><Subtitle>om &#228;pplen</Subtitle>
</TitleElement></TitleDetail>
<TitleDetail><TitleType>03</TitleType><TitleElement><TitleElementLevel>01</TitleElementLevel>
<TitleText language="eng">The Big Book</TitleText></TitleElement></TitleDetail>
<Contributor><SequenceNumber>2</SequenceNumber><ContributorRole>B06</ContributorRole>
<PersonNameInverted>Boman, B</PersonNameInverted></Contributor>
<Contributor><SequenceNumber>1</SequenceNumber><ContributorRole>A01</ContributorRole><ContributorRole>A12</ContributorRole>
<NameIdentifier><NameIDType>16</NameIDType><IDValue>0000000121437811</IDValue></NameIdentifier>
<NamesBeforeKey>Anna</NamesBeforeKey><PrefixToKey>von</PrefixToKey><KeyNames>Aho</KeyNames>
<ContributorDate><ContributorDateRole>50</ContributorDateRole><Date dateformat="05">1950</Date></ContributorDate>
</Contributor>
<Contributor><ContributorRole>B01</ContributorRole><CorporateName>Kirjaseura</CorporateName></Contributor>
<EditionType>REV</EditionType><EditionNumber>2</EditionNumber><EditionStatement>2. uppl.</EditionStatement>
<Language><LanguageRole>02</LanguageRole><LanguageCode>eng</LanguageCode></Language>
<Language><LanguageRole>01</LanguageRole><LanguageCode>swe</LanguageCode></Language>
<Extent><ExtentType>00</ExtentType><ExtentValue>120</ExtentValue><ExtentUnit>03</ExtentUnit></Extent>
<Extent><ExtentType>22</ExtentType><ExtentValue>2</ExtentValue><ExtentUnit>19</ExtentUnit></Extent>
<Subject><MainSubject/><SubjectSchemeIdentifier>10</SubjectSchemeIdentifier><SubjectCode>FIC000000</SubjectCode></Subject>
<Subject><SubjectSchemeIdentifier>20</SubjectSchemeIdentifier><SubjectHeadingText>katter; hundar</SubjectHeadingText>
</Subject>
<NameAsSubject><PersonNameInverted>Topelius, Zacharias</PersonNameInverted></NameAsSubject>
<Audience><AudienceCodeType>01</AudienceCodeType><AudienceCodeValue>02</AudienceCodeValue></Audience>
<AudienceRange><AudienceRangeQualifier>17</AudienceRangeQualifier><AudienceRangePrecision>03</AudienceRangePrecision>
<AudienceRangeValue>7</AudienceRangeValue><AudienceRangePrecision>04</AudienceRangePrecision>
<AudienceRangeValue>9</AudienceRangeValue></AudienceRange></DescriptiveDetail>
<CollateralDetail><TextContent><TextType>03</TextType><ContentAudience>00</ContentAudience>
<Text language="swe" textformat="05"><p>En bok</p></Text></TextContent>
<TextContent><TextType>02</TextType><ContentAudience>00</ContentAudience><Text>Kort</Text></TextContent>
<SupportingResource><ResourceContentType>01</ResourceContentType><ContentAudience>00</ContentAudience>
<ResourceMode>03</ResourceMode><ResourceVersion><ResourceForm>02</ResourceForm>
<ResourceLink>https://example.org/1.jpg</ResourceLink></ResourceVersion></SupportingResource></CollateralDetail>
<PublishingDetail><Imprint><ImprintName>Avtryck</ImprintName></Imprint>
<Publisher><PublishingRole>01</PublishingRole><PublisherName>F&#246;rlaget</PublisherName></Publisher>
<CityOfPublication>Helsingfors</CityOfPublication><CountryOfPublication>FI</CountryOfPublication>
<PublishingStatus>04</PublishingStatus>
<PublishingDate><PublishingDateRole>01</PublishingDateRole><Date dateformat="00">20240506</Date></PublishingDate>
<PublishingDate><PublishingDateRole>11</PublishingDateRole><Date dateformat="05">1999</Date></PublishingDate>
<CopyrightStatement><CopyrightYear>2023</CopyrightYear></CopyrightStatement>
<SalesRights><SalesRightsType>01</SalesRightsType><Territory><CountriesIncluded>FI SE</CountriesIncluded></Territory>
</SalesRights>
<SalesRights><SalesRightsType>03</SalesRightsType><Territory><CountriesIncluded>US</CountriesIncluded></Territory>
</SalesRights></PublishingDetail>
<RelatedMaterial><RelatedProduct><ProductRelationCode>13</ProductRelationCode><ProductIdentifier>
<ProductIDType>15</ProductIDType><IDValue>9789510123447</IDValue></ProductIdentifier></RelatedProduct></RelatedMaterial>
<ProductSupply><Market><Territory><CountriesIncluded>FI</CountriesIncluded></Territory></Market><SupplyDetail>
<SupplyDate><SupplyDateRole>02</SupplyDateRole><Date dateformat="00">20240507</Date></SupplyDate></SupplyDetail>
</ProductSupply></Product></ONIXMessage>"""


def test_one_product_written_in_2_1_and_in_3_is_one_record() -> None:
    ((record, told),), ((later, told_later),) = records(OF_2_1.encode()), records(OF_3.encode())
    assert record == later
    assert {code for code, _locus, _params in (*told, *told_later)} == {"topic.unlinked"}
    unsaid = {name for name, value in record.items() if value in (None, [], {})}
    assert unsaid == {"issue", "responsibility"}


def test_one_product_of_2_1_and_3_is_the_same_in_short_tags() -> None:
    for written in (OF_2_1, OF_3):
        assert records(in_short_tags(etree.fromstring(written.encode()))) == records(written.encode())
