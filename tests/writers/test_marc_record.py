"""What is written of a description, field by field."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from catalogue.record import Description
from writers.marc.record import to_marc
from writers.marc.sheet import Control, OtherFormat

Written = Callable[..., dict[str, list[str]]]
WALTARI = {"name": "Mika Waltari", "name_inverted": "Waltari, Mika", "roles": ["aut"], "dates": "1908-1979"}
READER = {"name": "Aku Laitinen", "name_inverted": "Laitinen, Aku", "roles": ["nrt"]}
SWEDISH = {"languages": {"text": ["swe"]}}
ENGLISH = {"cataloguing": {"language": "eng", "level": " ", "rules": "rda"}}
DOG = {
    "uri": "http://www.yso.fi/onto/yso/p5319",
    "scheme": "yso",
    "labels": {"fi": "koira", "sv": "hund", "en": "dog"},
    "source_text": "koirat",
}
FIELDS: list[tuple[str, dict[str, Any], list[str]]] = [
    # what the record says of itself
    ("LDR", {}, ["00000nam a22000002i 4500"]),
    ("LDR", {"medium": "audiobook"}, ["00000nim a22000002i 4500"]),
    ("LDR", {"medium": "print", **ENGLISH}, ["00000nam a2200000 i 4500"]),
    ("LDR", {"medium": "emagazine", "level": "serial"}, ["00000nas a22000002i 4500"]),
    ("LDR", {"level": "set"}, ["00000nam a22000002ia4500"]),
    ("005", {}, ["20261120101112.0"]),
    ("884", {}, ["## $a Lyhde $g 20261122 $k a:1", "## $a Lyhde $g 20261122 $k b:2"]),
    ("040", {}, ["## $b fin $e rda"]),
    ("040", SWEDISH, ["## $b swe $e rda"]),
    ("040", {"cataloguing": {"agency": "FI-NL", "language": "fin", "rules": "aacr2"}}, ["## $a FI-NL $b fin $e aacr2"]),
    # form
    ("006", {}, ["m|||||o||d||||||||"]),
    ("006", {"medium": "audiobook"}, ["m|||||o||h||||||||"]),
    ("006", {"medium": "print"}, []),
    ("020", {"identifiers": [{"scheme": "isbn", "value": "9789510396230", "as_given": "urn:isbn:9789510396230"}]}, [
        "## $a 9789510396230"]),
    ("020", {"identifiers": [{"scheme": "isbn", "value": "9789510396230", "as_given": "ISBN-13: 978-951-0-39623-0"}]}, [
        "## $a 978-951-0-39623-0"]),
    ("020", {"identifiers": [{"scheme": "isbn", "value": "9789510396230", "as_given": "ISBN"}]}, [
        "## $a 978-951-0-39623-0"]),
    ("007", {}, ["cr||||||||||||"]),
    ("007", {"medium": "audiobook"}, ["sr|uunnnnnuneu", "cr|nnannnuuuuu"]),
    ("007", {"medium": "audiobook", "formats": ["cd"]}, ["sd||||||||||||"]),
    ("336", {}, ["## $a teksti $b txt $2 rdacontent"]),
    ("336", {"medium": "audiobook", **SWEDISH}, ["## $a tal $b spw $2 rdacontent"]),
    ("337", {"medium": "print"}, ["## $a käytettävissä ilman laitetta $b n $2 rdamedia"]),
    ("338", SWEDISH, ["## $a onlineresurs $b cr $2 rdacarrier"]),
    ("338", ENGLISH, ["## $a online resource $b cr $2 rdacarrier"]),
    ("347", {"formats": ["epub", "pdf"]}, ["## $a tekstitiedosto $b EPUB", "## $a tekstitiedosto $b PDF"]),
    ("347", {"formats": ["mp3"], "medium": "audiobook", **SWEDISH}, ["## $a ljudfil $b MP3"]),
    ("300", {"extent": {"pages": 285}}, ["## $a 1 verkkoaineisto (285 sivua)"]),
    ("300", {"extent": {"pages": 285}, **SWEDISH}, ["## $a 1 onlineresurs (285 sidor)"]),
    ("300", {"medium": "print", "extent": {"pages": 285}}, ["## $a 285 sivua"]),
    ("300", {"medium": "audiobook", "extent": {"duration_min": 342}}, ["## $a 1 verkkoaineisto (5 h 42 min)"]),
    ("300", {"extent": {"text": "1 verkkoaineisto", "pages": 12}}, ["## $a 1 verkkoaineisto (12 sivua)"]),
    ("300", {"extent": {"text": "S. 332-344", "pages": 13}}, ["## $a S. 332-344"]),
    ("306", {"medium": "audiobook", "extent": {"duration_min": 342}}, ["## $a 054200"]),
    # 008
    ("008", {"publication": {"country": "FI", "dates": {"published": "2018"}}}, [
        "261122s2018    fi |||||o|||||||||||fin||"]),
    ("008", {"medium": "audiobook", "publication": {"country": "SE", "dates": {"published": "2018"}}, **SWEDISH}, [
        "261122s2018    sw |||||o|||||||||||swe||"]),
    ("008", {"publication": {"dates": {"published": "2018-03-01"}}}, ["261122e20180301xx |||||o|||||||||||fin||"]),
    ("008", {"publication": {"dates": {"published": "2018", "original": "1945"}}}, [
        "261122r20181945xx |||||o|||||||||||fin||"]),
    ("008", {"publication": {"dates": {"published": "2018", "copyright": "2017"}}}, [
        "261122t20182017xx |||||o|||||||||||fin||"]),
    ("008", {"languages": {"text": []}, "topics": {
        "audience": [{"scheme": "marc", "code": "j"}],
        "classification": [{"scheme": "ykl", "code": "84.2"}],
    }}, ["261122nuuuuuuuuxx ||||jo|||||||||1||||||"]),
    ("008", {"medium": "emagazine", "level": "serial"}, ["261122uuuuuuuuuxx |||p|o|||||||||||fin||"]),
    # numbers
    ("020", {"formats": ["epub"], "identifiers": [{"scheme": "isbn", "value": "9789526532226"}]}, [
        "## $a 978-952-65322-2-6 $q EPUB"]),
    ("020", {"identifiers": [
        {"scheme": "isbn", "value": "9789526532226", "qualifier": "EPUB"},
        {"scheme": "isbn", "value": "9789510396230", "role": "other_format", "qualifier": "sidottu"},
        {"scheme": "isbn", "value": "951039623", "valid": False},
    ]}, ["## $a 978-952-65322-2-6 $q EPUB", "## $z 978-951-0-39623-0 $q sidottu", "## $z 951039623"]),
    ("776", {"identifiers": [{"scheme": "isbn", "value": "9789510396230", "role": "other_format"}]}, [
        "08 $i Muu formaatti: $z 978-951-0-39623-0"]),
    ("776", {"identifiers": [{"scheme": "isbn", "value": "9789510396230", "role": "other_format"}], "relations": [
        {"kind": "print_of", "scheme": "isbn", "value": "9789510396230", "title": "Nimi"}], **SWEDISH}, [
        "08 $i Tryckt: $t Nimi $z 978-951-0-39623-0"]),
    ("022", {"identifiers": [{"scheme": "issn", "value": "0355-1768"}]}, ["## $a 0355-1768"]),
    ("024", {"identifiers": [{"scheme": "gtin", "value": "6430060030008"}, {"scheme": "doi", "value": "10.1/x"},
        {"scheme": "gtin", "value": "1212121212121", "valid": False}]}, [
        "3# $a 6430060030008", "7# $a 10.1/x $2 doi", "3# $z 1212121212121"]),
    ("037", {"identifiers": [{"scheme": "proprietary:Kauppa Oy", "value": "12"}]}, ["## $a 12 $b Kauppa Oy"]),
    ("028", {"publication": {"publisher": "Kauppa Oy"}, "identifiers": [
        {"scheme": "proprietary:Kauppa Oy", "value": "12"}]}, ["50 $a 12 $b Kauppa Oy"]),
    ("035", {"identifiers": [{"scheme": "oclc", "value": "12"}, {"scheme": "proprietary:FI-MELINDA", "value": "3"}]}, [
        "## $a (OCoLC)12", "## $a (FI-MELINDA)3"]),
    ("338", {"medium": "map", "formats": ["pdf"]}, ["## $a verkkoaineisto $b cr $2 rdacarrier"]),
    ("015", {"identifiers": [{"scheme": "proprietary:skl", "value": "fx1"}]}, ["## $a fx1 $2 skl"]),
    ("015", {"identifiers": [{"scheme": "proprietary:skl", "value": "fx2", "role": "cancelled"}]}, [
        "## $z fx2 $2 skl"]),
    # languages
    ("041", {}, ["## $a fin"]),
    ("041", {"languages": {"text": ["fin"], "original": ["eng"]}}, ["1# $a fin $h eng"]),
    ("041", {"languages": {"text": ["fin"], "original": ["fin"]}}, ["0# $a fin $h fin"]),
    ("041", {"medium": "audiobook", "languages": {"text": ["swe", "fin"]}}, ["## $d swe $d fin"]),
    ("041", {"languages": {"text": ["fit"]}}, ["#7 $a fit $2 iso639-3"]),
    # titles
    ("245", {"contributors": [WALTARI], "responsibility": "Mika Waltari"}, ["10 $a Nimi / $c Mika Waltari."]),
    ("245", {"titles": [{"text": "Nimi"}, {"kind": "subtitle", "text": "alanimi"}]}, ["00 $a Nimi : $b alanimi."]),
    ("245", {"titles": [{"text": "Nimi", "number": "2"}], "part": {"number": "2", "title": "Osa"}}, [
        "00 $a Nimi. $n 2, $p Osa."]),
    ("245", {"titles": [{"text": "The house", "language": "eng"}]}, ["04 $a The house."]),
    ("245", {"titles": [{"text": "The house", "language": "eng"}], **ENGLISH}, ["00 $a The house."]),
    ("245", {"titles": [{"text": "En dag?", "language": "swe", "nonfiling": 3}]}, ["03 $a En dag?"]),
    ("240", {"contributors": [WALTARI], "titles": [{"text": "Nimi"}, {"kind": "original", "text": "The name"}]}, [
        "10 $a The name. $l Suomi"]),
    ("240", {"contributors": [WALTARI], "titles": [{"text": "Nimi"}, {"kind": "original", "text": "The name"}],
        "languages": {"text": ["fin"], "original": ["eng"]}}, ["14 $a The name. $l Suomi"]),
    ("130", {"titles": [{"text": "Namn"}, {"kind": "original", "text": "Nimi"}], **SWEDISH}, [
        "0# $a Nimi. $l Svenska."]),
    ("246", {"titles": [{"text": "Nimi"}, {"kind": "parallel", "text": "Namn"}]}, ["31 $a Namn"]),
    # names
    ("100", {"contributors": [WALTARI]}, ["1# $a Waltari, Mika, $d 1908-1979, $e kirjoittaja. $4 aut"]),
    ("100", {"contributors": [WALTARI], **SWEDISH}, ["1# $a Waltari, Mika, $d 1908-1979, $e författare. $4 aut"]),
    ("700", {"contributors": [{"name": "Eva Ek", "name_inverted": "Ek, Eva", "roles": ["trl", "edt"], "ids": [
        {"scheme": "isni", "value": "0000000123456789"}, {"scheme": "asteri", "value": "000012345"}]}]}, [
        "1# $a Ek, Eva, $e kääntäjä, $e toimittaja. $4 trl $4 edt $0 https://isni.org/isni/0000000123456789"
        " $0 (FI-ASTERI-N)000012345"]),
    ("710", {"contributors": [{"name": "Yle", "kind": "body", "roles": []}]}, ["2# $a Yle."]),
    ("100", {"medium": "video", "contributors": [WALTARI]}, []),
    ("511", {"medium": "audiobook", "contributors": [READER]}, ["0# $a Lukija: Aku Laitinen."]),
    ("511", {"medium": "audiobook", "contributors": [READER], **SWEDISH}, ["0# $a Uppläsare: Aku Laitinen."]),
    # publication
    ("264", {"publication": {"publisher": "Otava", "place": "Helsinki", "dates": {
        "published": "2021-04-01", "copyright": "2021"}}}, [
        "#1 $a Helsinki : $b Otava, $c 2021.", "#4 $c ©2021"]),
    ("264", {"medium": "audiobook", "publication": {"dates": {"published": "2021", "copyright": "2021"}}}, [
        "#1 $c 2021.", "#4 $c ℗2021"]),
    ("264", {"publication": {"publisher": "WSOY", "imprint": "Johnny Kniga"}}, ["#1 $b WSOY : $b Johnny Kniga."]),
    ("263", {"publication": {"dates": {"announced": "2026-12-24"}}}, ["## $a 202612"]),
    ("250", {"edition_statement": {"number": 2}}, ["## $a 2. painos."]),
    ("250", {"edition_statement": {"number": 2}, **SWEDISH}, ["## $a 2:a upplagan."]),
    ("490", {"series": [{"title": "Sarja", "number": "3", "issn": "0355-1768"}, {"title": "Toinen", "number": "1"}]}, [
        "0# $a Sarja, $x 0355-1768 ; $v 3", "0# $a Toinen ; $v 1"]),
    # subjects
    ("650", {"topics": {"subjects": [DOG]}}, [
        "#7 $a koira $2 yso/fin $0 http://www.yso.fi/onto/yso/p5319",
        "#7 $a hund $2 yso/swe $0 http://www.yso.fi/onto/yso/p5319"]),
    ("653", {"topics": {"subjects": [{"scheme": "keyword", "source_text": "oma sana"},
        {"scheme": "proprietary:X y", "source_text": "tuote"}]}}, ["## $a oma sana", "## $a tuote"]),
    ("648", {"topics": {"subjects": [{"scheme": "ysa", "source_text": "1800-luku"}]}}, ["#7 $a 1800-luku $2 ysa"]),
    ("600", {"topics": {"subjects": [{"scheme": "name", "source_text": "Kivi, Aleksis, 1834-1872"}]}}, [
        "14 $a Kivi, Aleksis, $d 1834-1872."]),
    ("600", {"topics": {"subjects": [{"scheme": "name", "source_text": "Thor (fiktiivinen hahmo)"}]}}, [
        "04 $a Thor $c (fiktiivinen hahmo)"]),
    ("600", {"topics": {"subjects": [{"scheme": "person", "source_text": "Platon"}]}}, ["04 $a Platon."]),
    ("610", {"topics": {"subjects": [{"scheme": "body", "source_text": "Martat"}]}}, ["24 $a Martat."]),
    ("611", {"topics": {"subjects": [{"scheme": "meeting", "source_text": "Ting (2019)"}]}}, ["24 $a Ting $c (2019)"]),
    ("630", {"topics": {"subjects": [{"scheme": "title", "source_text": "Kalevala"}]}}, ["04 $a Kalevala."]),
    ("651", {"topics": {"subjects": [{"scheme": "place", "source_text": "Sadunmaa"}]}}, ["#4 $a Sadunmaa"]),
    ("655", {"medium": "audiobook"}, [
        "#7 $a äänikirjat $2 slm/fin $0 http://urn.fi/URN:NBN:fi:au:slm:s579",
        "#7 $a ljudböcker $2 slm/swe $0 http://urn.fi/URN:NBN:fi:au:slm:s579"]),
    ("655", {"medium": "audiobook", **ENGLISH}, []),
    ("080", {"topics": {"classification": [{"scheme": "udc", "code": "820-3"}]}}, ["## $a 820 $x -3"]),
    ("072", {"topics": {"classification": [{"scheme": "thema", "code": "FBA"}]}}, ["#7 $a FBA $2 thema"]),
    ("084", {"topics": {"classification": [
        {"scheme": "ykl", "code": "84.2"}, {"scheme": "proprietary:x", "code": "1"}]}}, ["## $a 84.2 $2 ykl"]),
    ("521", {"topics": {"audience": [{"scheme": "onix-edition", "code": "ETR"}]}}, ["8# $a Selkokieltä."]),
    ("521", {"topics": {"audience": [{"scheme": "age", "code": "7-9"}]}}, ["1# $a 7-9."]),
    ("521", {"topics": {"audience": [{"scheme": "fi-luokka", "code": "3"}]}}, ["2# $a 3."]),
    ("521", {"topics": {"audience": [{"scheme": "onix-32:02", "code": "500L"}]}}, []),
    ("521", {"topics": {"audience": [{"scheme": "onix-edition", "code": "ETR", "text": "selkokirjat"}],
        "genres": [{"scheme": "local", "source_text": "selkokirjat"}]}}, []),
    # texts, links, issues
    ("520", {"texts": {"descriptions": [{"kind": "description", "text": "<p>Yksi &amp; kaksi.</p><p>Kolme.</p>"}]}}, [
        "## $a Yksi & kaksi. Kolme."]),
    ("500", {"texts": {"notes": [{"kind": "general", "text": "1 < 2 > 0"}]}}, ["## $a 1 < 2 > 0."]),
    ("500", {"edition_statement": {"abridged": True}}, ["## $a Lyhennetty."]),
    ("856", {"texts": {"links": [
        {"kind": "content", "url": "https://x.fi/1"}, {"kind": "cover", "url": "https://x.fi/2"}]}}, [
        "40 $u https://x.fi/1", "42 $3 Kansikuva $u https://x.fi/2"]),
    ("773", {"level": "issue", "medium": "emagazine", "issue": {
        "number": "5/2024", "date": "2024-05-02", "serial_issn": "0355-1768"}}, [
        "0# $t Nimi $x 0355-1768 $g 5/2024, 2024-05-02"]),
    # accessibility
    ("341", {}, ["## $a textual $2 sapdv"]),
    ("341", ENGLISH, []),
    ("341", {"accessibility": [{"code": "14", "source": "onix"}, {"code": "11", "source": "onix"}]}, [
        "0# $a textual $b tableOfContents $2 sapdv", "0# $a visual $b alternativeText $2 sapdv"]),
    ("341", {"accessibility": [{"text": "visual: alternativeText, longDescription", "source": "341"}], **ENGLISH}, [
        "## $a textual $2 sapdv", "0# $a visual $b alternativeText $b longDescription $2 sapdv"]),
    (
        "532",
        {"accessibility": [{"code": "report", "text": "https://example.org/r", "source": "schema.org"},
                           {"code": "accessibilityHazard:noFlashingHazard", "source": "schema.org"}]},
        ["0# $a Saavutettavuusraportti: https://example.org/r", "1# $a Ei välkkyvää sisältöä."],
    ),
    ("532", {"accessibility": [{"code": "14", "source": "onix"}, {"code": "09", "text": "Kuvat puuttuvat"},
        {"code": "00", "text": "Hyvä."}, {"text": "Muu", "source": "532"}]}, [
        "1# $a Kuvilla on lyhyet tekstivastineet.", "2# $a Saavutettavuus on puutteellinen: Kuvat puuttuvat.",
        "8# $a Hyvä.", "8# $a Muu."]),
    ("341", {"accessibility": [{"code": "accessibilityFeature:alternativeText", "source": "schema.org"}]}, [
        "## $a textual $2 sapdv", "0# $a visual $b alternativeText $2 sapdv"]),
    ("532", {"accessibility": [
        {"code": "accessibilityFeature:alternativeText", "source": "schema.org"},
        {"code": "accessibilitySummary", "text": "Selkeä.", "source": "schema.org"}]}, ["8# $a Selkeä."]),
    ("532", {"accessibility": [{"code": "143:13"}], **SWEDISH}, ["2# $a Varning: blinkande innehåll."]),
]  # fmt: skip


@pytest.mark.parametrize(("tag", "parts", "expected"), FIELDS)
def test_a_field_is_written(marc: Written, tag: str, parts: dict[str, Any], expected: list[str]) -> None:
    assert marc(**parts).get(tag, []) == expected


def test_a_name_in_another_script_is_linked(marc: Written) -> None:
    found = marc(contributors=[WALTARI | {"name_inverted": "Waltari, Mika", "variants": ["Мика Валтари"]}])
    assert found["100"][0].startswith("1# $6 880-01 $a Waltari, Mika,")
    assert found["880"] == ["1# $6 100-01 $a Валтари, Мика"]


def test_names_keep_the_order_of_the_record(marc: Written) -> None:
    found = marc(contributors=[{"name": "Yle", "kind": "body"}, READER, WALTARI])
    tags = [tag for tag in found if tag[0] in "17"]
    assert tags == ["100", "710", "700"]


def test_every_tag_stands_in_its_order(marc: Written) -> None:
    tags = [tag for tag in marc(contributors=[WALTARI], topics={"subjects": [DOG]}) if tag != "LDR"]
    assert tags == sorted(tags)


def test_editions_beside_this_one_are_named_once_in_776() -> None:
    relation = {"kind": "alternative_format", "scheme": "isbn", "value": "9789510396230"}
    book = Description.model_validate({"medium": "audiobook", "relations": [relation], "languages": {"text": ["swe"]}})
    others = (OtherFormat("ebook", "Namn", ("9789510396230",)), OtherFormat("print", None, ()))
    fields = to_marc(book, Control("e1", "2026-11-22", others=others))[1]
    found = [" ".join(f"${code} {value}" for code, value in field[2]) for field in fields if field[0] == "776"]
    assert found == ["$i E-bok: $t Namn $z 978-951-0-39623-0", "$i Tryckt:"]
