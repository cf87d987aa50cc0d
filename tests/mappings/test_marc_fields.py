"""What each MARC field means, in records as Finnish, Swedish and American libraries write them: one table a field."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from catalogue.parsed import ParsedRecord
from catalogue.record import CatalogueRecord
from mappings.marc.record import map_marc

Record = Callable[..., CatalogueRecord]
SERIAL = "00000cas a2200000 a 4500"
GAME = "00000nmm a2200000 4i 4500"
GAME_008 = "000101s2018    it     gq  g |      eng|c"


@pytest.mark.parametrize(
    "lines",
    [
        (
            "300 __ $a1 tietolevy :$bvärillinen, ääni ;$c12 cm",
            "336 __ $akaksiulotteinen liikkuva kuva$btdi$2rdacontent",
            "336 __ $atietokoneohjelma$bcop$2rdacontent",
            "338 __ $atietolevy$bcd$2rdacarrier",
            "538 __ $aPlayStation 4.",
        ),
        (
            "300 __ $a1 dataskiva",
            "336 __ $atvådimensionell rörlig bild$btdi",
            "336 __ $adatorprogram$bcop",
            "338 __ $adatorskiva$bcd",
        ),
        ("300 __ $a1 computer disc", "336 __ $atwo-dimensional moving image", "336 __ $acomputer program"),
    ],
)
def test_a_game_with_moving_pictures_is_a_game(record: Record, lines: tuple[str, ...]) -> None:
    assert record(*lines, leader=GAME, fixed=GAME_008).medium == "game"


@pytest.mark.parametrize("content", ["text$btxt", "two-dimensional moving image$btdi"])
def test_ldr_m_of_a_document_without_a_program_is_what_336_says(record: Record, content: str) -> None:
    medium = record(f"336 __ $a{content}", "338 __ $aonline resource$bcr", leader=GAME).medium
    assert medium == ("ebook" if "text" in content else "video")


@pytest.mark.parametrize(
    ("line", "qualifier"),
    [
        ("020 __ $a9789511331353$qsidottu", "sidottu"),
        ("020 __ $a9789511331353 (nid.)", "nid."),
        ("020 __ $a9789511331353 :$qnid.", "nid."),
        ("020 __ $a9789511331353$q(inb.)", "inb."),
        ("020 __ $a9789511331353 (inb.) :$c20 EUR", "inb."),
        ("020 __ $a9789511331353$qpbk. :", "pbk."),
        ("020 __ $a9789511331353 (pbk.)", "pbk."),
        ("020 __ $a9789511331353$qpaperback.", "paperback"),
    ],
)
def test_a_qualifier_is_the_same_in_a_and_in_q(record: Record, line: str, qualifier: str) -> None:
    assert [i.qualifier for i in record(line).identifiers] == [qualifier]


@pytest.mark.parametrize(
    ("line", "number"),
    [
        ("028 01 $aN085020DSP01", ("proprietary:028", "N085020DSP01", None)),
        ("028 02 $aSILCD 1325$bSilva Screen$qlevy 1", ("proprietary:Silva Screen", "SILCD 1325", "levy 1")),
        ("028 00 $bBIS Records$aBIS-2345$q(skiva)", ("proprietary:BIS Records", "BIS-2345", "skiva")),
        ("024 1_ $a738572132521$q(box)", ("gtin", "0738572132521", "box")),
    ],
)
def test_numbers_of_publishers_and_goods_keep_their_qualifier(
    record: Record, line: str, number: tuple[str, str, str | None]
) -> None:
    assert [(i.scheme, i.value, i.qualifier) for i in record(line).identifiers] == [number]


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("246 11 $aKrig och fred", "parallel"),
        ("246 3_ $iRinnakkaisnimeke:$aKrig och fred", "parallel"),
        ("246 1_ $iParallelltitel:$aSota ja rauha", "parallel"),
        ("246 1_ $iParallel title on cover:$aWar and peace", "parallel"),
        ("246 1_ $iAlkuperäisnimeke:$aVojna i mir", "original"),
        ("246 1_ $iOriginaltitel:$aVojna i mir", "original"),
        ("246 1_ $iAiempi nimeke:$aRauha", "former"),
        ("246 1_ $iTidigare titel:$aFred", "former"),
        ("246 1_ $iFormer title:$aPeace", "former"),
        ("246 1_ $iSelkänimeke:$aSota", "alternative"),
        ("246 18 $aRyggtitel", "alternative"),
        ("246 1_ $iTitle on cover:$aWar", "alternative"),
    ],
)
def test_a_variant_title_is_what_its_words_say(record: Record, line: str, kind: str) -> None:
    assert [t.kind for t in record(line).titles][1:] == [kind]


@pytest.mark.parametrize(
    ("line", "number", "text"),
    [
        ("250 __ $a2. uppl.", 2, "2. uppl."),
        ("250 __ $a3. tark. p.", 3, "3. tark. p."),
        ("250 __ $aToinen painos.", 2, "Toinen painos"),
        ("250 __ $aAndra upplagan.", 2, "Andra upplagan"),
        ("250 __ $a2nd ed.", 2, "2nd ed."),
        ("250 __ $aThird edition.", 3, "Third edition"),
    ],
)
def test_an_edition_keeps_the_stop_of_an_abbreviation(record: Record, line: str, number: int, text: str) -> None:
    found = record(line).edition_statement
    assert (found.number, found.text) == (number, text)


@pytest.mark.parametrize(
    ("lines", "place", "publisher"),
    [
        (("264 _1 $aHelsinki :$bOtava,$c2022", "264 _3 $aKeuruu :$bOtavan Kirjapaino"), "Helsinki", "Otava"),
        (("264 _3 $aKeuruu :$bOtavan Kirjapaino",), None, None),
        (("264 _1 $a[S.l.] :$b[s.n.],$c1924", "264 _3 $aBorgå :$bTryckeriet"), None, None),
        (("264 _2 $a[Helsinki] :$bWarner Bros Finland,$c[2018]",), "Helsinki", "Warner Bros Finland"),
        (("264 _1 $aBoston, Mass. :$bHoughton Mifflin,$c2013.",), "Boston, Mass.", "Houghton Mifflin"),
        (("264 _1 $aStockholm :$bPiratförl.,$c2002",), "Stockholm", "Piratförl."),
    ],
)
def test_a_printer_is_no_publisher(
    record: Record, lines: tuple[str, ...], place: str | None, publisher: str | None
) -> None:
    found = record(*lines).publication
    assert (found.place, found.publisher) == (place, publisher)


def test_a_serial_is_of_its_present_publisher_and_began_with_the_first(record: Record) -> None:
    lines = (
        "260 __ $aMalmö :$bRichters förlag,$c1948-1957",
        "260 2_ $aMalmö :$bHemmets journal,$c1957-2012",
        "260 3_ $aMalmö :$bEgmont,$c2013-",
    )
    found = record(*lines, leader=SERIAL, fixed="850730c        sw wr|p       0   b0swe  ").publication
    assert (found.publisher, found.dates.published) == ("Egmont", "1948")


@pytest.mark.parametrize(
    ("line", "kind", "text"),
    [
        ("310 __ $aKuukausittain", "frequency", "Kuukausittain"),
        ("321 __ $aVarannan vecka,$b1957-1958", "former_frequency", "Varannan vecka, 1957-1958"),
        ("362 0_ $a1917, nr 1-2014, nr 1459.", "dates_of_issues", "1917, nr 1-2014, nr 1459."),
        ("362 1_ $aAlkaa: vsk. 1 (1990)-", "dates_of_issues", "Alkaa: vsk. 1 (1990)-"),
        ("863 40 $81.1$a1-10$b1-4$i1990-1999", "holdings", "1-10:1-4 (1990-1999)"),
        ("866 _0 $80$av.1 (1990)-v.10 (1999)", "holdings", "v.1 (1990)-v.10 (1999)"),
        ("255 __ $aSkala 1:50 000$c(Ö 12°08'-Ö 24°20')", "scale", "Skala 1:50 000 (Ö 12°08'-Ö 24°20')"),
        ("530 __ $uJulkaistu myös verkkoaineistona.", "other_formats", "Julkaistu myös verkkoaineistona."),
        ("530 __ $aÄven tryckt.$uhttps://example.org/1", "other_formats", "Även tryckt."),
        ("526 8_ $aLukiodiplomi", "study_programme", "Lukiodiplomi"),
    ],
)
def test_notes_are_kept_under_their_kind(record: Record, line: str, kind: str, text: str) -> None:
    assert [(n.kind, n.text) for n in record(line).texts.notes] == [(kind, text)]


@pytest.mark.parametrize(
    ("lines", "series"),
    [
        (
            ("490 1_ $aMietintö ;$v1990,7", "830 _0 $aMietintö ;$v1990,7", "830 _0 $aMietintö ;$v1990, 7"),
            [("Mietintö", "1990,7")],
        ),
        (("490 0_ $aSkrifter ;$vhäfte 2",), [("Skrifter", "2")]),
        (("490 0_ $aToimituksia ;$vn:o 5",), [("Toimituksia", "5")]),
        (("490 0_ $aStudies ;$vv. 4",), [("Studies", "4")]),
        (("490 1_ $aS. hrg. ;$v111-691.", "810 1_ $aUnited States.$tS. hrg. ;$v111-691."), [("S. hrg.", "111-691")]),
        (("490 0_ $aKirjaston julk. ;$vosa 4",), [("Kirjaston julk.", "4")]),
        (("490 0_ $aSkrifter utgivna i Åbo. ;$v4",), [("Skrifter utgivna i Åbo", "4")]),
        (("800 1_ $aJansson, Tove.$tMuumikirjat ;$vosa 3",), [("Muumikirjat", "3")]),
        (("810 2_ $aSvenska litteratursällskapet.$tSkrifter ;$vnr 700",), [("Skrifter", "700")]),
    ],
)
def test_series_have_their_numbers(record: Record, lines: tuple[str, ...], series: list[tuple[str, str]]) -> None:
    assert [(s.title, s.number) for s in record(*lines).series] == series


@pytest.mark.parametrize(
    ("line", "codes"),
    [
        ("385 __ $alapset$anuoret$2yso/fin", [("lapset", "lapset"), ("nuoret", "nuoret")]),
        ("385 __ $aBarn$bj$aVuxna$be$2marctarget", [("j", "Barn"), ("e", "Vuxna")]),
        ("385 __ $aChildren$0http://id.loc.gov/1", [("http://id.loc.gov/1", "Children")]),
    ],
)
def test_every_audience_of_a_field_is_kept(record: Record, line: str, codes: list[tuple[str, str]]) -> None:
    assert [(a.code, a.text) for a in record(line).topics.audience] == codes


@pytest.mark.parametrize(
    ("line", "kind", "title"),
    [
        ("700 12 $aKafka, Franz.$tVerwandlung.", "has_part", "Kafka, Franz: Verwandlung"),
        ("700 1_ $iPerustuu (teos):$aKivi, Aleksis.$tNummisuutarit.", "related", "Kivi, Aleksis: Nummisuutarit"),
        ("710 22 $aMuumilaakso.$tAarre.", "has_part", "Muumilaakso: Aarre"),
        ("730 02 $aKalevala.", "has_part", "Kalevala"),
        ("730 0_ $aFältskärns berättelser.$nD. 1.", "related", "Fältskärns berättelser. D. 1"),
        ("740 02 $aKyrö.", "has_part", "Kyrö"),
        ("740 0_ $aKyrö.", "related", "Kyrö"),
    ],
)
def test_a_work_within_is_a_part_and_one_beside_is_related(record: Record, line: str, kind: str, title: str) -> None:
    assert [(r.kind, r.title) for r in record(line).relations] == [(kind, title)]


@pytest.mark.parametrize(
    ("line", "relation"),
    [
        ("773 0_ $tOplogat$w10527640", ("part_of", "proprietary:SE-LIBR", "10527640", "Oplogat")),
        ("785 00 $tÅsa-Nisse$w(LIBRIS)8257696", ("replaced_by", "proprietary:LIBRIS", "8257696", "Åsa-Nisse")),
        ("787 08 $iArvosteltu teos:$tSaga$z9789511331353", ("related", "isbn", "9789511331353", "Saga")),
        ("760 0_ $tActa$x0355-1768", ("main_series", "issn", "0355-1768", "Acta")),
        ("762 0_ $tActa. Series B", ("subseries", None, None, "Acta. Series B")),
        ("765 0_ $tSuomen asetuskokoelma$x0787-314X", ("translation_of", "issn", "0787-314X", "Suomen asetuskokoelma")),
    ],
)
def test_relations_keep_their_numbers(record: Record, line: str, relation: tuple[str | None, ...]) -> None:
    found = record("003 SE-LIBR", line).relations
    assert [(r.kind, r.scheme, r.value, r.title) for r in found] == [relation]


@pytest.mark.parametrize(
    ("line", "name", "kind"),
    [
        ("720 __ $aJustitieministeriet", "Justitieministeriet", "body"),
        ("720 1_ $aAho, Aku,$ekuvittaja.", "Aku Aho", "person"),
        ("711 2_ $aNordiska kongressen$n(3 :$d2019 :$cÅbo)", "Nordiska kongressen (3 : 2019 : Åbo)", "body"),
        ("111 2_ $aKirjastopäivät$d(2020 :$cTurku)", "Kirjastopäivät (2020 : Turku)", "body"),
        ("711 2_ $aConference on Books", "Conference on Books", "body"),
    ],
)
def test_loose_names_and_meetings_are_contributors(record: Record, line: str, name: str, kind: str) -> None:
    assert [(c.name, c.kind) for c in record(line).contributors] == [(name, kind)]


@pytest.mark.parametrize(
    ("line", "scheme", "text"),
    [
        ("600 14 $aKivi, Aleksis,$d1834-1872.", "person", "Kivi, Aleksis, 1834-1872"),
        ("600 04 $aPlaton.", "person", "Platon"),
        ("610 24 $aMarthaförbundet.", "body", "Marthaförbundet"),
        ("611 24 $aOlympialaiset$d(1952 :$cHelsinki)", "meeting", "Olympialaiset (1952 : Helsinki)"),
        ("630 04 $aKalevala.", "title", "Kalevala"),
        ("651 _4 $aSadunmaa", "place", "Sadunmaa"),
        ("600 17 $aAbramović, Marina$2sao", "sao", "Abramović, Marina"),
    ],
)
def test_a_subject_that_is_a_name_says_of_what(record: Record, line: str, scheme: str, text: str) -> None:
    assert [(t.scheme, t.source_text) for t in record(line).topics.subjects] == [(scheme, text)]


def test_the_same_id_twice_is_one_and_a_word_beside_a_code_is_not_doubted(mapped: Any) -> None:
    ids = "$0(DE-588)11$0https://d-nb.info/gnd/11$0(DE-101)11"
    found = mapped(f"100 1_ $aPaasilinna, Arto$eVerfasser$4aut{ids}", "700 1_ $aEk, Bo$eTraducteur")
    assert found.record is not None
    assert [(i.scheme, i.value) for i in found.record.contributors[0].ids] == [("gnd", "11"), ("de-101", "11")]
    assert [(d.code, d.params["code"]) for d in found.defects] == [("code.unknown", "Traducteur")]


def test_an_address_of_another_concept_than_the_words_name_is_told(mapped: Any) -> None:
    address = "http://www.yso.fi/onto/yso/p5483"  # junat
    found = mapped(
        f"650 _7 $ajunat$2yso/fin$0{address}",
        f"650 _7 $atåg$2yso/swe$0{address}",
        f"650 _7 $akissa$2yso/fin$0{address}",
        f"650 _7 $alentokoneet$2yso/fin$0{address}",
    )
    assert [(d.code, d.locus, d.params["text"], d.params["label"]) for d in found.defects] == [
        ("topic.disagree", "650$0", "kissa", "junat"),
        ("topic.disagree", "650$0", "lentokoneet", "junat"),
    ]


def test_numbers_of_linked_records_that_cannot_be_are_told(mapped: Any) -> None:
    found = mapped("776 08 $z951-1-15000-5", "780 00 $tVanha$x1111-1111", "773 08 $z123$x1234-5679")
    assert [(d.code, d.locus) for d in found.defects] == [
        ("isbn.checksum", "776$z"),
        ("issn.checksum", "780$x"),
        ("isbn.form", "773$z"),
    ]


@pytest.mark.parametrize(
    ("fixed", "kept"),
    [
        ("980101s1998    fi |||||||||||000|0|fin|c", True),
        ("980101s1998    fi |||||||||||000|0|fin", True),
        ("980101s1998    fi ||||||||||||000|0| fin|c", False),  # one too many
        ("980101s1998    fi ||||||||||000|0|fin|c   ", False),
        ("980101s1998    fi |||||||||||000|0||||| c", True),
        ("980101s1998    fi ||||||||||000|0|fin|c", False),  # a character is missing before the language
    ],
)
def test_an_008_without_its_last_blanks_is_kept_and_a_shifted_one_is_not(record: Any, fixed: str, kept: bool) -> None:
    values = [f.value for f in record("245 00 $aNimi", fixed=fixed).cataloguing.fields if f.tag == "008"]
    assert values == ([fixed[:40].ljust(40)] if kept else [])


def test_a_record_of_unimarc_is_told_from_one_without_a_title() -> None:
    content = [" " * 24, [["001", "1"], ["200", "1 ", [["a", "Objectif Lune"], ["f", "Hergé"]]]]]
    found = map_marc(ParsedRecord("marc21", content, 1), "koe", "f1")
    assert (found.record, [(d.code, d.locus) for d in found.defects]) == (None, [("record.unimarc", "200")])


@pytest.mark.parametrize(
    ("word", "role"),
    [
        ("forf.", "aut"),
        ("oversetter", "trl"),
        ("oversætter", "trl"),
        ("fotogr.", "pht"),
        ("oppleser", "nrt"),
        ("redaktør", "edt"),
    ],
)
def test_roles_in_the_words_of_the_neighbours_are_read(record: Record, word: str, role: str) -> None:
    (found,) = record(f"700 1_ $aEk, Bo$e{word}").contributors
    assert found.roles == (role,)
