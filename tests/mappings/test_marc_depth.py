"""Depth of the MARC mapping, in Finnish, Swedish and English alike: narrators, series, easy language, scripts."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from catalogue.record import CatalogueRecord

Record = Callable[..., CatalogueRecord]
SOUND = "00000nim a2200000 i 4500"


@pytest.mark.parametrize(
    "line",
    [
        "511 0_ $aLukija: Aku Aho.",
        "511 0_ $aLukijana Aku Aho",
        "511 0_ $aKertoja: Aku Aho",
        "511 0_ $aÄänikirjan lukija: Aku Aho",
        "511 0_ $aUppläsare: Aku Aho",
        "511 0_ $aInläsare: Aku Aho.",
        "511 0_ $aInläst av Aku Aho",
        "511 0_ $aInläsning: Aku Aho",
        "511 0_ $aBerättare: Aku Aho",
        "511 0_ $aNarrator: Aku Aho",
        "511 0_ $aRead by Aku Aho.",
        "700 1_ $aAho, Aku,$elukija.",
        "700 1_ $aAho, Aku,$eäänikirjan lukija.",
        "700 1_ $aAho, Aku,$euppläsare",
        "700 1_ $aAho, Aku,$einläsare.",
        "700 1_ $aAho, Aku,$enarrator.",
        "700 1_ $aAho, Aku$4nrt",
    ],
)
def test_a_narrator_is_told_by_words_and_codes(record: Record, line: str) -> None:
    assert [(c.name, c.roles) for c in record(line, leader=SOUND).contributors] == [("Aku Aho", ("nrt",))]


@pytest.mark.parametrize(
    ("line", "title", "number", "issn"),
    [
        ("490 0_ $aKeltainen kirjasto ;$vosa 12", "Keltainen kirjasto", "12", None),
        ("490 0_ $aDelfinserien ;$vdel 3", "Delfinserien", "3", None),
        ("490 0_ $aSeries ;$vvol. 5", "Series", "5", None),
        ("490 0_ $aSarja ;$vkolmas osa", "Sarja", "3", None),
        ("490 0_ $aSerie ;$vfjärde delen", "Serie", "4", None),
        ("490 0_ $aSeries ;$vthird volume", "Series", "3", None),
        ("490 0_ $aSarja, ISSN 1796-3206 ;$v13", "Sarja", "13", "1796-3206"),
        ("490 0_ $aSarja (ISSN 1796-3206) ; 7", "Sarja", "7", "1796-3206"),
        ("830 _0 $aSarja,$x1796-3206 ;$v2020:3", "Sarja", "2020:3", "1796-3206"),
    ],
)
def test_a_series_has_its_number_and_issn(record: Record, line: str, title: str, number: str, issn: str | None) -> None:
    assert [(s.title, s.number, s.issn) for s in record(line).series] == [(title, number, issn)]


@pytest.mark.parametrize(
    "line",
    [
        "655 _7 $aselkokirjat$2slm/fin",
        "655 _7 $aLL-böcker$2slm/swe",
        "655 _4 $aLättläst",
        "546 __ $aSelkokieli.",
        "546 __ $aLättläst svenska.",
        "546 __ $aEasy-to-read Finnish.",
        "250 __ $aSelkokielinen laitos.",
        "490 0_ $aLL-böcker",
        "521 8_ $aLättläst.",
        "245 00 $aNimi :$bselkokirja /$cN. N.",
    ],
)
def test_an_easy_language_is_said_of_the_audience_as_onix_says_it(record: Record, line: str) -> None:
    found = record(line).topics.audience
    assert [a.code for a in found if a.scheme == "onix-edition"] == ["ETR"]


@pytest.mark.parametrize(
    "line",
    [
        "650 _7 $aselkokieli$2yso/fin",
        "245 00 $aSelkokielen käsikirja",
        "655 _7 $alättlästa böcker$2slm/swe",
        "655 _7 $ahelppolukuiset kirjat$2slm/fin",
    ],
)
def test_a_book_about_an_easy_language_or_for_beginners_is_not_in_one(record: Record, line: str) -> None:
    assert all(a.scheme != "onix-edition" for a in record(line).topics.audience)


def test_names_titles_and_descriptions_keep_their_other_script(record: Record) -> None:
    found = record(
        "041 0_ $arus",
        "100 1_ $6880-01$aTodd-Stanton, Joe,$ekirjoittaja.",
        "245 10 $6880-02$aKometa",
        "700 1_ $6880-14$aStrokina, Anastasija,$ekääntäjä.",
        "710 2_ $6880-00$aNigma",
        "880 1_ $6100-01/(N$aТодд-Стентон, Джо,$ekirjoittaja.",
        "880 10 $6245-02/(N$aКомета",
        "880 8_ $6520-08/(N$aНика недавно переехала в город.",
        "880 1_ $6700-14/(N$aСтрокина, Анастасия,$ekääntäjä.",
    )
    assert [(c.name, c.variants) for c in found.contributors] == [
        ("Joe Todd-Stanton", ("Джо Тодд-Стентон",)),
        ("Anastasija Strokina", ("Анастасия Строкина",)),
        ("Nigma", ()),
    ]
    assert [t.text for t in found.titles] == ["Kometa", "Комета"]
    assert [(t.language, t.text) for t in found.texts.descriptions] == [("rus", "Ника недавно переехала в город.")]


@pytest.mark.parametrize(
    ("line", "minutes"),
    [
        ("300 __ $a1 verkkoaineisto (7h30min)", 450),
        ("300 __ $a1 verkkoaineisto (7.30 h)", 450),
        ("300 __ $a1 verkkoaineisto (7,5 tuntia)", 450),
        ("300 __ $a1 verkkoaineisto (7,25 tuntia)", 435),
        ("300 __ $a1 onlineresurs (7½ tim.)", 450),
        ("300 __ $a1 onlineresurs (7 tim. 30 min.)", 450),
        ("300 __ $a1 verkkoaineisto (noin 7 h 30 min)", 450),
        ("306 __ $a073000", 450),
        ("306 __ $a7 h 30 min", 450),
        ("306 __ $a7 tim. 30 min.", 450),
    ],
)
def test_playing_times_are_read_as_cataloguers_write_them(record: Record, line: str, minutes: int) -> None:
    assert record(line, leader=SOUND).extent.duration_min == minutes


@pytest.mark.parametrize(
    ("lines", "medium"),
    [
        (["337 __ $atietokonekäyttöinen"], "ebook"),
        (["337 __ $adator"], "ebook"),
        (["337 __ $akäytettävissä ilman laitetta"], "print"),
        (["337 __ $aomedierad"], "print"),
        (["338 __ $aOnlineresurs."], "ebook"),
        (["338 __ $aVerkkoaineisto."], "ebook"),
        # an ISBN of another form says nothing of this one
        (["020 __ $a9789510123454$qDaisy", "338 __ $anide"], "print"),
        (["020 __ $a9789510123454$qmp3-ljudbok", "338 __ $avolym"], "print"),
    ],
)
def test_the_medium_is_told_by_words_alone(record: Record, lines: list[str], medium: str) -> None:
    assert record(*lines, leader="00000nam a2200000 i 4500", fixed="").medium == medium


@pytest.mark.parametrize(
    ("qualifier", "role"),
    [
        ("mp3-ljudbok", "other_format"),
        ("mp3-äänikirja", "other_format"),
        ("isotekstinen", "other_format"),
        ("punktskrift", "other_format"),
        ("nedladdningsbar", "own"),
        ("ladattava", "own"),
        ("nätbok", "own"),
        ("EPUB) (koko teos", "set"),
        ("samlat verk", "set"),
    ],
)
def test_an_e_books_isbn_is_what_its_qualifier_says(record: Record, qualifier: str, role: str) -> None:
    found = record(f"020 __ $a9789510123454$q({qualifier})", "338 __ $bcr")
    assert [i.role for i in found.identifiers] == [role]


@pytest.mark.parametrize(
    ("line", "text"),
    [
        ("041 0_ $afinswe", ("fin", "swe")),
        ("041 0_ $afin-swe", ("fin", "swe")),
        ("041 0_ $afin, swe", ("fin", "swe")),
        ("240 10 $aOrig,$lsuomi & ruotsi", ("fin", "swe")),
        ("240 10 $aOrig.$lFinska och svenska", ("fin", "swe")),
    ],
)
def test_several_languages_in_one_subfield_are_all_heard(record: Record, line: str, text: tuple[str, ...]) -> None:
    assert record(line, fixed="").languages.text == text
