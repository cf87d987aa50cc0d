"""Finnish and Swedish are equal: feeds with the two swapped, words and all, give the mirrored catalogue."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from jobs.checking import read_files
from matching.features import extract
from matching.resolution import resolve
from merging.edition import merge_edition
from merging.work import merge_work

PAIRS = {
    "fin": "swe", "fi": "sv", "FI": "SE", "fi ": "sw ", "Helsinki": "Stockholm", "sivua": "sidor",
    "lukija": "uppläsare",    "verkkoaineisto": "onlineresurs", "painos": "upplagan",
    "osa": "del", "kirjoittaja": "författare",
    "Kaarna Kustannus Oy": "Kaarna Förlag Ab", "puhe": "tal", "verkkolähde": "online", "kissat": "katter",
    "Xalomi tredor": "Zuleni grambo", "XALOMI TREDOR": "ZULENI GRAMBO", "Brendoli.": "Grandeli.",
}  # fmt: skip
"""A word and its counterpart; titles and names are of no language, so that nothing is detected from them."""
_BACK = PAIRS | {swedish: finnish for finnish, swedish in PAIRS.items()}
_WORD = re.compile("|".join(rf"(?<!\w){re.escape(w)}(?!\w)" for w in sorted(_BACK, key=len, reverse=True)))

ONIX = """<ONIXMessage release="3.0" xmlns="http://ns.editeur.org/onix/3.0/reference">{}</ONIXMessage>"""
PRODUCT = """<Product><RecordReference>{ref}</RecordReference><NotificationType>{kind}</NotificationType>
<ProductIdentifier><ProductIDType>15</ProductIDType><IDValue>{isbn}</IDValue></ProductIdentifier>
<DescriptiveDetail><ProductComposition>00</ProductComposition><ProductForm>{form}</ProductForm>
<ProductFormDetail>{detail}</ProductFormDetail>
<Collection><CollectionType>10</CollectionType><TitleDetail><TitleType>01</TitleType><TitleElement>
<TitleElementLevel>02</TitleElementLevel><PartNumber>osa 2</PartNumber><TitleText>Miru tarone</TitleText>
</TitleElement></TitleDetail></Collection>
<TitleDetail><TitleType>01</TitleType><TitleElement><TitleElementLevel>01</TitleElementLevel>
<TitleText>{title}</TitleText></TitleElement></TitleDetail>{original}
<Contributor><SequenceNumber>1</SequenceNumber><ContributorRole>A01</ContributorRole>
<PersonNameInverted>Renlo, Mika</PersonNameInverted></Contributor>{people}
<EditionNumber>2</EditionNumber><EditionStatement>2. painos</EditionStatement>
<Language><LanguageRole>01</LanguageRole><LanguageCode>{language}</LanguageCode></Language>
<Subject><SubjectSchemeIdentifier>20</SubjectSchemeIdentifier><SubjectHeadingText>kissat</SubjectHeadingText></Subject>
</DescriptiveDetail><CollateralDetail><TextContent><TextType>03</TextType><ContentAudience>00</ContentAudience>
<Text language="{language}">Brendoli.</Text></TextContent></CollateralDetail>
<PublishingDetail><Publisher><PublishingRole>01</PublishingRole><PublisherName>{publisher}</PublisherName></Publisher>
<CountryOfPublication>FI</CountryOfPublication><PublishingDate><PublishingDateRole>01</PublishingDateRole>
<Date dateformat="00">20210304</Date></PublishingDate></PublishingDetail></Product>"""
MARC = """<record><leader>00000n{kind}m a22000004i 4500</leader><controlfield tag="001">{ref}</controlfield>
<controlfield tag="008">210304s2021    {country}|||||o|||||||||||{language}| </controlfield>
<datafield tag="020" ind1=" " ind2=" "><subfield code="a">{isbn}</subfield></datafield>
<datafield tag="040" ind1=" " ind2=" "><subfield code="b">fin</subfield><subfield code="e">rda</subfield></datafield>
<datafield tag="100" ind1="1" ind2=" "><subfield code="a">Renlo, Mika,</subfield>
<subfield code="e">kirjoittaja.</subfield></datafield>{original}
<datafield tag="245" ind1="1" ind2="0"><subfield code="a">{title} /</subfield>
<subfield code="c">Mika Renlo</subfield></datafield>
<datafield tag="250" ind1=" " ind2=" "><subfield code="a">2. painos.</subfield></datafield>
<datafield tag="264" ind1=" " ind2="1"><subfield code="a">Helsinki :</subfield>
<subfield code="b">{publisher},</subfield><subfield code="c">2021.</subfield></datafield>
<datafield tag="300" ind1=" " ind2=" "><subfield code="a">1 verkkoaineisto (212 sivua)</subfield></datafield>
<datafield tag="336" ind1=" " ind2=" "><subfield code="a">{content}</subfield>
<subfield code="b">{code}</subfield></datafield>
<datafield tag="338" ind1=" " ind2=" "><subfield code="a">verkkolähde</subfield>
<subfield code="b">cr</subfield></datafield>
<datafield tag="653" ind1=" " ind2="0"><subfield code="a">kissat</subfield></datafield>{people}</record>"""
ORIGINAL = """<TitleDetail><TitleType>03</TitleType><TitleElement><TitleElementLevel>01</TitleElementLevel>
<TitleText>Xalomi tredor</TitleText></TitleElement></TitleDetail>"""
PERSON = """<Contributor><SequenceNumber>2</SequenceNumber><ContributorRole>{}</ContributorRole>
<PersonNameInverted>{}</PersonNameInverted></Contributor>"""
CREDIT = """<datafield tag="700" ind1="1" ind2=" "><subfield code="a">{},</subfield>
<subfield code="e">{}.</subfield></datafield>"""
FIRST, SECOND, SPOKEN = "9789524970013", "9789524970020", "9789524970037"
FINNISH = {"language": "fin", "title": "Xalomi tredor", "publisher": "Kaarna Kustannus Oy", "original": ""}
SWEDISH = {"language": "swe", "title": "Zuleni grambo", "publisher": "Holmvik", "original": ORIGINAL}
TEXT = {"form": "ED", "detail": "E101", "kind": "03", "people": ""}


def feeds() -> dict[str, str]:
    """A Finnish text, its Swedish translation and a recording of that, by two publishers and two libraries."""
    heard = {"form": "AJ", "detail": "A103", "kind": "03", "people": PERSON.format("E07", "Vestolin, Sundar")}
    loud = FINNISH | {"title": "XALOMI TREDOR (EPUB)"}
    uniform = '<datafield tag="240" ind1="1" ind2="0"><subfield code="a">Xalomi tredor</subfield></datafield>'
    printed = {"kind": "a", "content": "txt", "code": "txt", "country": "fi ", "people": ""}
    spoken = printed | {
        "kind": "i",
        "content": "puhe",
        "code": "spw",
        "people": CREDIT.format("Vestolin, Sundar", "lukija"),
    }
    products = [
        PRODUCT.format(ref="p1", isbn=FIRST, **loud, **TEXT),
        PRODUCT.format(ref="p2", isbn=SECOND, **SWEDISH, **TEXT | {"kind": "02"}),
        PRODUCT.format(ref="p3", isbn=SPOKEN, **SWEDISH, **heard),
    ]
    translated = SWEDISH | {"original": uniform}
    records = [
        MARC.format(ref="m1", isbn=FIRST, **FINNISH, **printed),
        MARC.format(ref="m2", isbn=SECOND, **translated, **printed),
        MARC.format(ref="m3", isbn=SPOKEN, **translated, **spoken),
    ]
    collection = f'<collection xmlns="http://www.loc.gov/MARC21/slim">{"".join(records)}</collection>'
    return {"onix.xml": ONIX.format("".join(products)), "marc.xml": collection}


def mirrored(text: str) -> str:
    """The text with every word of the table exchanged for its counterpart."""
    return _WORD.sub(lambda found: _BACK[found[0]], text)


def catalogue(folder: Path, feed: dict[str, str]) -> dict[str, Any]:
    """Everything that is made of the feeds: editions by their members, and works."""
    for name, text in feed.items():
        (folder / name).write_text(text, "utf-8")
    files = [folder / name for name in feed]
    records = [r.model_copy(update={"source": path.stem}) for path, _, r in read_files(files)]
    known = {str(r.key): r for r in records}
    found = resolve([extract(r) for r in records])
    editions = {tuple(edition): merge_edition([records[n] for n in edition]) for edition in found.editions}
    works = [_work(work, editions, known) for work in found.works]
    return {"records": _shown(records), "editions": _shown(editions.values()), "works": _shown(works)}


def _work(work: Iterable[int], editions: dict[tuple[int, ...], Any], known: dict[str, Any]) -> Any:
    inside = set(work)
    return merge_work([merged for numbers, merged in editions.items() if set(numbers) <= inside], known)


def _shown(models: Iterable[Any]) -> list[Any]:
    return [model.model_dump(mode="json") for model in models]


@pytest.mark.parametrize("part", ["records", "editions", "works"])
def test_swapped_languages_give_the_mirrored_catalogue(tmp_path: Path, part: str) -> None:
    feed = feeds()
    one = catalogue(tmp_path, feed)
    other = catalogue(tmp_path, {name: mirrored(text) for name, text in feed.items()})
    expected = json.loads(mirrored(json.dumps(one[part], ensure_ascii=False)))
    assert [len(one["editions"]), len(one["works"])] == [3, 1]
    assert other[part] == expected
