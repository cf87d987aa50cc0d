"""What a library wrote and our record has no place for comes back; what is known better is corrected."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from catalogue.record import CatalogueRecord
from merging.edition import merge_edition

Through = Callable[..., dict[str, list[str]]]
FIN = "040 ## $a FI-NL $b fin $e rda"
SERIAL = "00000nas a2200000 i 4500"
SWE = "040 ## $a S $b swe $e rda"


@pytest.mark.parametrize(
    "line",
    [
        "010 ## $a 2010044628",
        "016 7# $a 31 $2 DE-101",
        "016 ## $a 830000001",
        "028 02 $a SILCD 1325 $b Silva",
        "028 32 $a N. 123 $b Fazer $q (partituuri)",
        "042 ## $a finb",
        "045 2# $b d1967 $b d1970",
        "046 ## $k 2018",
        "257 ## $a Suomi $2 yso/fin",
        "300 ## $a 285 sivua : $b kuvitettu ; $c 21 cm + $e 1 CD-äänilevy",
        "300 ## $a 123 s. : $b ill. ; $c 22 cm",
        "300 ## $a 285 sivua ; $c 21 cm",
        "344 ## $a digital $b optisk $2 rda",
        "347 ## $a ljudfil $b CD audio",
        "370 ## $g Suomi $2 yso/fin $0 http://www.yso.fi/onto/yso/p94426",
        "382 01 $a viulu $2 seko",
        "386 ## $a naiset $2 yso/fin",
        "388 1# $a 1950-luku $2 yso/fin",
        "007 zu",
        "006 m|||||o||d||||||||",
        "008 180101c19979999fi qr p o     0   a0fin c",
        "264 #1 $a [Helsinki] : $b Otava ; $a Stockholm : $b Norstedts, $c [1990?]",
        "264 #3 $a Keuruu : $b Otavan kirjapaino",
        "041 1# $a fin $b swe $h eng $j swe",
        "022 0# $a 0355-2047 $l 1234-5679",
        "040 ## $a FI-NL $b fin $e rda $c FI-X $d FI-Y",
        "080 1# $a 524.8 $2 1974/fin/fennica",
        "082 04 $a 025.04 $2 23/swe",
        "050 00 $a HV6529 $b .F685 2012",
        "050 00 $a PS3561.I483",
        "022 ## $a 0355-2047 $y 1234-5679",
        "247 10 $a Vanha puutarha $f 2012-2014 $x 0355-2047",
        "385 ## $a lapset $2 yso/fin $0 http://www.yso.fi/onto/yso/p4354",
        "521 8# $a Aikuiset.",
        "532 1# $a Tekstiä voi suurentaa.",
        "650 #0 $a Single mothers $z New York (State) $v Fiction.",
        "651 #0 $a New York (N.Y.) $v Fiction.",
        "651 #7 $a Stockholm $x historia $2 sao",
        "130 0# $a Kalevala (1849) $l suomi $0 (FI-ASTERI-W)1",
        "130 0# $a Kalevala $l bokmål",
        "655 #7 $a Fantasy $2 ntsf",
        "710 2# $a Svenska litteratursällskapet i Finland. $b Folkkultursarkivet, $e utgivare.",
        "711 2# $a Nordiska etnologkongressen $n (14 : $d 1999 : $c Åbo)",
        "711 2# $a Bokens dagar $d (2001)",
        "700 1# $a Ek, Bo, $e traducteur.",
        "246 14 $a Kansinimi",
        "246 1# $i Nimeke selässä: $a Selkänimi",
        "490 1# $a Keltainen kirjasto, $x 0355-2047 ; $v 12",
        "600 14 $a Agricola, Mikael, $d 1510-1557. $0 (FIN11)000103346",
        "600 14 $a Leino, Eino. $t Helkavirsiä.",
        "700 1# $i Käännöksen perustana (teos): $a Kafka, Franz. $t Verwandlung.",
        "730 0# $i Perustuu (teos): $a Raamattu.",
        "773 08 $i Sisältyy: $t Kokoelma $g s. 12-15 $z 9789510123454",
        "776 08 $i Painettu: $z 9789510123454",
        "776 08 $i Tryckt utgåva: $a Aho, Aku. $t Namn $d Helsingfors $z 9789510123454",
        "084 ## $a 84.2 $2 ykl/2009",
        "084 ## $a Hcf $2 kssb/8 (machine generated)",
        "500 ## $3 Osa 1 $a Ilmestyi aiemmin jatkokertomuksena. $5 FI-X",
        "500 ## $a Tekijän kotisivu: $u https://example.org/t",
        "505 00 $g 1. $t Alku / $r Aku Aho -- $g 2. $t Loppu.",
        "505 8# $a 1. Alku -- 2. Loppu.",
        "506 1# $a Käyttö kirjastossa. $u https://example.org/k",
        "510 3# $a Pipping, $c 123",
        "520 ## $a Romaani. $b Pitkä kuvaus. $c (Kustantaja) $u https://example.org/d",
        "520 2# $a Romaani kaupungista.",
        "521 ## $a Lukioikäiset.",
        "521 8# $a Aikuiset. $b Kirjasto X",
        "533 ## $a Digitoitu. $b Helsinki : $c Kansalliskirjasto, $d 2012.",
        "534 ## $p Alun perin julkaistu: $t Kansa. $c Helsinki : WSOY, 1922.",
        "538 ## $a Vaatii selaimen. $u https://example.org/s",
        "540 ## $a CC BY 4.0. $u https://creativecommons.org/licenses/by/4.0/",
        "588 1# $a Viimeisin käytetty numero: 2020, 3.",
        "856 4# $u https://example.org/2",
        "856 40 $u https://example.org/1 $y Linkki verkkoaineistoon $z Käyttö kirjastossa",
    ],
)
def test_a_field_comes_back_letter_for_letter(through: Through, line: str) -> None:
    tag, _, field = line.partition(" ")
    leader = "00000cas a2200000 i 4500" if tag == "008" else "00000nam a2200000 i 4500"
    assert field in through(line, FIN, leader=leader)[tag]


@pytest.mark.parametrize(
    ("lines", "tag", "expected"),
    [
        # the form is ours where places disagree; a library's own codes stand where they do not
        (["008 180101s2018    fi a   j      000 1 fin c", "338 ## $b cr"], "008",
            ["180101s2018    fi a   jo     000 1 fin c"]),
        (["008 180101s2018    fi a   js     000 1 fin c", "338 ## $b cr"], "008",
            ["180101s2018    fi a   js     000 1 fin c"]),
        (["008 180101q19801989fi ||||  |||||||||||swe c"], "008", ["180101q19801989fi ||||  |||||||||||swe c"]),
        (["008 180101s2018    xxu|||| o|||||||||||eng c"], "008", ["180101s2018    xxu|||| o|||||||||||eng c"]),
        (["007 ta", "338 ## $b cr"], "007", ["cr||||||||||||"]),
        (["007 cu|||||||||||", "338 ## $b cr"], "007", ["cu|||||||||||"]),
        (["006 m||||||||d||||||||", "338 ## $b cr"], "006", ["m|||||o||d||||||||"]),
        # several types; terms in the language of cataloguing, codes and lists added
        (["336 ## $a text $b txt", "336 ## $a stillbild $b sti", FIN], "336",
            ["## $a teksti $b txt $2 rdacontent", "## $a stillkuva $b sti $2 rdacontent"]),
        (["336 ## $a teksti", "338 ## $a verkkoaineisto", SWE], "338", ["## $a onlineresurs $b cr $2 rdacarrier"]),
        (["338 ## $a ljudskiva $b sd $3 bilaga", "338 ## $a volym $b nc", SWE], "338",
            ["## $a ljudskiva $b sd $3 bilaga $2 rdacarrier", "## $a volym $b nc $2 rdacarrier"]),
        # who made the copies stands in 264 _3; a distributor is no publisher
        (["260 ## $a Helsinki : $b Otava, $c 1950 $e (Keuruu : $f Otava) ", FIN], "264",
            ["#1 $a Helsinki : $b Otava, $c 1950", "#3 $a Keuruu : $b Otava"]),
        (["264 #2 $b Kirjavälitys, $c 2018", FIN], "264", ["#2 $b Kirjavälitys, $c 2018"]),
        (["264 #1 $a Helsingborg : $b Hoi Audio, $c p 2017."], "264", ["#1 $a Helsingborg : $b Hoi Audio, $c p 2017."]),
        # old codes written together are told apart
        (["041 0# $a finswe $b eng"], "041", ["0# $a fin $a swe $b eng"]),
        # another script stands beside its field, where there is one
        (["264 #1 $6 880-02 $a Moskva : $b Nigma, $c 2022", "880 #1 $6 264-02/(N $a Москва : $b Нигма, $c 2022"], "880",
            ["#1 $6 264-01/(N $a Москва : $b Нигма, $c 2022"]),
        (["250 ## $6 880-02 $a 2. izd.", "880 ## $6 250-02/(N $a 2-ое изд."], "880", ["## $6 250-01/(N $a 2-ое изд."]),
        (["500 ## $6 880-02 $a A.", "500 ## $a B.", "880 ## $6 500-02/(N $a А."], "880", ["## $6 500-00/(N $a А."]),
    ],
)  # fmt: skip
def test_what_a_library_coded_is_kept_and_corrected(
    through: Through, lines: list[str], tag: str, expected: list[str]
) -> None:
    assert through(*lines)[tag] == expected


def test_the_key_title_of_a_serial_comes_back_in_both_of_its_fields(through: Through) -> None:
    fields = through("130 0# $a Puutarha (Verkkoaineisto)", "222 #4 $a Puutarha (Verkkoaineisto)", leader=SERIAL)
    assert (fields["130"], fields["222"]) == (["0# $a Puutarha (Verkkoaineisto)"], ["#4 $a Puutarha (Verkkoaineisto)"])


@pytest.mark.parametrize(
    ("extent", "times", "expected"),
    [
        ("1 audio file (6 hr., 32 min., 15 sec.)", ["063215"], ["## $a 063215"]),
        ("2 äänilevyä (2 h)", ["010010", "005950"], ["## $a 010010 $a 005950"]),
        ("1 verkkoaineisto (7 h)", ["063215"], ["## $a 070000"]),
        ("1 verkkoaineisto (7 h)", ["7 h"], ["## $a 070000"]),
    ],
)
def test_a_playing_time_keeps_its_seconds_where_it_is_the_one_of_300(
    through: Through, extent: str, times: list[str], expected: list[str]
) -> None:
    said = " ".join(f"$a {time}" for time in times)
    assert through(f"300 ## $a {extent}", f"306 ## {said}", leader="00000nim a2200000 i 4500")["306"] == expected


def test_equal_numbers_of_several_systems_each_come_back(through: Through) -> None:
    lines = {"015": "## $a 31 $2 skl", "016": "7# $a 31 $2 DE-101", "028": "02 $a 31 $b Silva", "035": "## $a (X)31"}
    fields = through(*(f"{tag} {field}" for tag, field in lines.items()), FIN)
    assert {tag: fields[tag] for tag in lines} == {tag: [field] for tag, field in lines.items()}


def test_a_title_in_another_script_is_880_and_no_variant_title(through: Through) -> None:
    fields = through(
        "880 10 $6 245-01/(N $a В небесах : $b повесть.", title="245 10 $6 880-01 $a V nebesah : $b povest."
    )
    assert fields["245"] == ["00 $6 880-01 $a V nebesah : $b povest."]
    assert fields["880"] == ["10 $6 245-01/(N $a В небесах : $b повесть."]
    assert "246" not in fields


def test_a_part_keeps_the_word_before_its_number(through: Through) -> None:
    assert through(title="245 10 $a Nimi. $n Osa 2, $p Jatko / $c Aku Aho.")["245"] == [
        "00 $a Nimi. $n Osa 2, $p Jatko / $c Aku Aho."
    ]


@pytest.mark.parametrize(("status", "multipart"), [("c", "b"), ("n", " "), ("p", "c")])
def test_the_leader_keeps_what_a_library_said_of_its_record(through: Through, status: str, multipart: str) -> None:
    leader = through(leader=f"00123{status}tm a2200045 i{multipart}4500")["LDR"][0]
    assert leader == f"00000{status}tm a2200000 i{multipart}4500"


def test_a_field_that_the_record_contradicts_is_not_written(through: Through) -> None:
    fields = through("490 1# $a Sarja ; $v 3", "830 #0 $a Aivan toinen nimi ; $v 3", "246 14 $a Nimi.")
    assert fields["490"] == ["1# $a Sarja ; $v 3"]
    assert "246" not in fields  # the title itself


def test_words_with_a_name_stay_with_it(through: Through) -> None:
    fields = through("100 0# $a Elisabet $b II, $c Iso-Britannian kuningatar, $d 1926-2022, $e kirjoittaja.", FIN)
    assert fields["100"] == ["0# $a Elisabet II, $c Iso-Britannian kuningatar, $d 1926-2022, $e kirjoittaja. $4 aut"]
    fields = through("100 1# $a Tolkien, J. R. R. $q (John Ronald Reuel), $d 1892-1973", FIN)
    assert fields["100"][0].startswith("1# $a Tolkien, J. R. R., $q (John Ronald Reuel), $d 1892-1973,")


def test_two_libraries_codings_of_one_book_do_not_mix() -> None:
    def record(source: str, level: str, *fields: dict[str, str]) -> CatalogueRecord:
        values = {"source": source, "source_id": "1", "titles": [{"text": "Nimi"}], "medium": "print"}
        return CatalogueRecord.model_validate(
            values | {"cataloguing": {"level": level, "rules": "rda", "fields": fields}}
        )

    full = record("b", " ", {"tag": "007", "value": "ta"}, {"tag": "008", "value": "x"})
    brief = record("a", "7", {"tag": "007", "value": "tu"}, {"tag": "046", "value": "y"})
    merged = merge_edition([full, brief]).description
    assert merged.cataloguing.fields == full.cataloguing.fields


def test_a_note_keeps_its_parts_through_a_merge(marc: Callable[..., dict[str, list[str]]]) -> None:
    whole = {
        "tag": "505",
        "indicators": "00",
        "subfields": [["g", "1."], ["t", "Alku"], ["u", "https://example.org/s"]],
    }
    texts = {"notes": [{"kind": "contents", "language": "fin", "text": "1. Alku"}]}
    shared = {"source_id": "1", "titles": [{"text": "Nimi"}], "medium": "ebook", "texts": texts}
    library = shared | {"source": "b", "cataloguing": {"level": " ", "rules": "rda", "fields": [whole]}}
    other = shared | {"source": "a", "cataloguing": {"level": "7", "rules": "rda"}}
    merged = merge_edition([CatalogueRecord.model_validate(each) for each in (library, other)]).description
    fields = marc(**{name: getattr(merged, name) for name in ("texts", "cataloguing")})
    assert fields["505"] == ["00 $g 1. $t Alku $u https://example.org/s"]


NAMED = (
    "600 10 $a Nero, $c Emperor of Rome $x Fiction.",
    "600 14 $a Kaarle $b XII, $c Ruotsin kuningas, $d 1682-1718.",
    "600 34 $a Järviset (suku)",
    "610 14 $a Suomi. $b Eduskunta.",
    "610 20 $a Bank of Finland.",
    "610 27 $a Suomen Pankki $2 finaf $0 http://urn.fi/URN:NBN:fi:au:finaf:000012345",
    "611 24 $a Olympialaiset $d (1952 : $c Helsinki)",
    "611 27 $a Olympialaiset $d (1952) $2 finaf",
    "630 07 $a Raamattu $2 yso/fin",
)


def test_names_as_subjects_come_back_as_a_library_wrote_them(through: Through) -> None:
    """Of no kind a topic is made, nor a place of a date."""
    written = through(*NAMED, "650 #4 $a Pankit")
    found = [f"{tag} {field}" for tag in ("600", "610", "611", "630") for field in written.get(tag, [])]
    assert sorted(found) == sorted(NAMED)
    assert written["650"] == ["#4 $a Pankit"]
