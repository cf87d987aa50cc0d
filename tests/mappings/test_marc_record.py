"""MARC records, field by field, to catalogue records: one small record for each rule."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from catalogue.parsed import ParsedRecord
from catalogue.record import CatalogueRecord
from mappings.mapped import Mapped
from mappings.marc.record import map_marc

PRINT = "00000nam a2200000 i 4500"
SOUND = "00000nim a2200000 i 4500"
SERIAL = "00000nas a2200000 i 4500"
ONLINE_FIXED = "180101s2018    fi |||| o     |0| 0|fin| "
PRINT_FIXED = "180101s2018    fi ||||       |0| 0|fin| "
Record = Callable[..., CatalogueRecord]
Mapper = Callable[..., Mapped]
Field = Callable[[str], list[Any]]


def titles(found: CatalogueRecord) -> list[tuple[str, str]]:
    return [(title.kind, title.text) for title in found.titles]


def test_the_parts_of_245(record: Record) -> None:
    found = record("245 14 $aThe songs of the West.$nVol. 3,$pGene Autry :$bbest of /$cby Roy Rogers.")
    assert titles(found) == [("main", "The songs of the West"), ("subtitle", "best of"), ("part", "Gene Autry")]
    assert (found.titles[0].nonfiling, found.titles[0].number) == (4, "3")
    assert (found.part.number, found.part.title, found.responsibility) == ("3", "Gene Autry", "by Roy Rogers")


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        (
            ["245 00 $aNeuvosto :$bkertomus =$bRådet : berättelse"],
            [("subtitle", "kertomus"), ("parallel", "Rådet : berättelse")],
        ),
        (["245 00 $aNeuvosto =$bRådet"], [("parallel", "Rådet")]),
        (["240 10 $aA brief history of time,$lsuomi"], [("original", "A brief history of time")]),
        (["240 10 $aRomaanit.$kValikoima"], []),
        (["240 10 $aVerk"], []),
        (["130 0_ $aAvengers (elokuva : 2018)"], [("original", "Avengers")]),
        (["246 31 $aVerksamhetsberättelse"], [("parallel", "Verksamhetsberättelse")]),
        (["246 3_ $aSju nycklarna"], [("alternative", "Sju nycklarna")]),
        (["246 1_ $iOriginaltitel:$aDer Zauberberg"], [("original", "Der Zauberberg")]),
        (["765 0_ $tFänrik Ståls sägner"], [("original", "Fänrik Ståls sägner")]),
        (["880 00 $6245-01$aКомета :$bсказка"], [("parallel", "Комета : сказка")]),
    ],
)
def test_titles_beside_the_main_one(record: Record, fields: list[str], expected: list[tuple[str, str]]) -> None:
    assert titles(record(*fields))[1:] == expected


def test_a_material_designation_in_the_title_is_no_title(record: Record) -> None:
    assert titles(record("245 00 $aOndskan [Ljudupptagning]", leader=SOUND)) == [("main", "Ondskan")]


def test_without_245_the_next_best_title_names_the_record(field: Field) -> None:
    content = [PRINT, [field("001 9"), field("246 31 $aVerksamhetsberättelse")]]
    found = map_marc(ParsedRecord("marc21", content, 1), "koe", "f1").record
    assert found is not None
    assert titles(found) == [("main", "Verksamhetsberättelse")]


@pytest.mark.parametrize(
    ("fields", "series"),
    [
        (["490 1_ $aKauhea sarja ;$v5", "830 _0 $aKauhea sarja ;$v5."], [("Kauhea sarja", "5", None)]),
        (["490 0_ $aActa,$x0065-1060 ;$v84"], [("Acta", "84", "0065-1060")]),
        (["490 0_ $aPerveen Mistry ;$vosa 2"], [("Perveen Mistry", "2", None)]),
        (["490 0_ $aEPA ; 520/1-74-004"], [("EPA", "520/1-74-004", None)]),
        (["490 1_ $aMumin", "800 1_ $aJansson, Tove.$tMuminböckerna ;$v3"], [("Muminböckerna", "3", None)]),
    ],
)
def test_series(record: Record, fields: list[str], series: list[tuple[str, str | None, str | None]]) -> None:
    assert [(s.title, s.number, s.issn) for s in record(*fields).series] == series


@pytest.mark.parametrize(
    ("fields", "contributors"),
    [
        (["100 1_ $aWaltari, Mika,$d1908-1979."], [("Mika Waltari", ("aut",))]),
        (["700 1_ $aLaitinen, Aku,$elukija."], [("Aku Laitinen", ("nrt",))]),
        (["700 1_ $aJärvinen, Laila,$eöversättare."], [("Laila Järvinen", ("trl",))]),
        (["700 1_ $aGuillou, Jan$4aut$4nrt"], [("Jan Guillou", ("aut", "nrt"))]),
        (["700 1_ $aBerg, Bo,$ekuvittaja,$ekääntäjä."], [("Bo Berg", ("ill", "trl"))]),
        (["700 1_ $aAgricola, Mikael.$tAbckiria"], []),
        (
            ["700 1_ $aPenttilä, Aarni,$d1899-1971", "700 1_ $aPenttilä, Aarni$etoimittaja"],
            [("Aarni Penttilä", ("edt",))],
        ),
        (["110 1_ $aSverige.$bLantmäteriverket"], [("Sverige. Lantmäteriverket", ("cre",))]),
        (["245 00 $aX /$csuomentanut Ann Ek", "700 1_ $aEk, Ann"], [("Ann Ek", ("trl",))]),
    ],
)
def test_contributors_and_their_roles(
    record: Record, fields: list[str], contributors: list[tuple[str, tuple[str, ...]]]
) -> None:
    assert [(c.name, c.roles) for c in record(*fields).contributors] == contributors


def test_a_narrator_of_a_note_joins_the_person_of_that_name(record: Record) -> None:
    found = record("100 1_ $aGuillou, Jan", "511 1_ $aInläsare: Jan Guillou", leader=SOUND)
    assert [(c.name, c.roles) for c in found.contributors] == [("Jan Guillou", ("aut", "nrt"))]


def test_a_narrator_named_only_in_a_note_is_a_contributor(record: Record) -> None:
    found = record("511 0_ $aLukija: Aku Laitinen.", leader=SOUND)
    assert [(c.name, c.name_inverted, c.roles) for c in found.contributors] == [
        ("Aku Laitinen", "Laitinen, Aku", ("nrt",))
    ]


@pytest.mark.parametrize(
    ("fields", "leader", "text", "original"),
    [
        (["041 1_ $afin$heng"], PRINT, ("fin",), ("eng",)),
        (["041 0_ $afin$aswe"], PRINT, ("fin", "swe"), ()),
        (["041 0_ $aengfre"], PRINT, ("eng", "fre"), ()),
        (["041 __ $dswe"], SOUND, ("swe",), ()),
        (["041 07 $asv$2iso639-1"], PRINT, ("swe",), ()),
        ([], PRINT, ("fin",), ()),
        (["041 0_ $asmn$amul"], PRINT, ("smn",), ()),
    ],
)
def test_languages(
    record: Record, fields: list[str], leader: str, text: tuple[str, ...], original: tuple[str, ...]
) -> None:
    found = record(*fields, leader=leader).languages
    assert (found.text, found.original, found.declared) == (text, original, text)


def test_a_shifted_008_names_no_other_language(mapped: Mapper) -> None:
    """The ``sw`` of ``|sw`` is the beginning of swe, not Swahili."""
    found = mapped(fixed="180101s2018    fi ||||        |0| 0|swe| ")
    assert found.record is not None
    assert found.record.languages.declared == ()
    assert [(d.code, d.locus, d.params["code"]) for d in found.defects if d.code == "language.unknown"] == [
        ("language.unknown", "008/35", "|sw")
    ]


@pytest.mark.parametrize(
    ("fields", "fixed", "expected"),
    [
        (["264 _1 $a[Helsinki] :$bOtava,$c[2018]"], PRINT_FIXED, ("Helsinki", "Otava", "2018", None)),
        (
            ["260 __ $aStockholm :$bPiratförlaget,$ccop. 2002"],
            PRINT_FIXED,
            ("Stockholm", "Piratförlaget", "2018", "2002"),
        ),
        (["264 _1 $a[S.l.] :$b[s.n.],$c2015", "264 _4 $c©2014"], "", (None, None, "2015", "2014")),
        (["264 _2 $aTurku :$bJakaja", "264 _1 $aOulu :$bTekijä"], PRINT_FIXED, ("Oulu", "Tekijä", "2018", None)),
        (["264 _1 $a[Utgivningsort okänd] :$bFörlag"], "", (None, "Förlag", None, None)),
    ],
)
def test_publication(record: Record, fields: list[str], fixed: str, expected: tuple[str | None, ...]) -> None:
    found = record(*fields, fixed=fixed).publication
    assert (found.place, found.publisher, found.dates.published, found.dates.copyright) == expected


def test_country_reprint_and_impossible_year(record: Record, mapped: Callable[..., Mapped]) -> None:
    found = record(fixed="080207r20071543fi " + PRINT_FIXED[18:]).publication
    assert (found.country, found.dates.published, found.dates.original) == ("FI", "2007", "1543")
    assert [d.code for d in mapped(fixed="080207s2999    fi " + PRINT_FIXED[18:]).defects] == ["date.impossible"]


def test_an_edition_statement_stands_without_brackets(record: Record) -> None:
    assert record("250 __ $a[Ny utg.].").edition_statement.text == "Ny utg."


@pytest.mark.parametrize(
    ("fields", "abridged"),
    [
        (["250 __ $aLyhennetty laitos"], True),
        (["250 __ $aFörkortad utgåva"], True),
        (["500 __ $aAbridged."], True),
        (["250 __ $aLyhentämätön laitos"], False),
        (["250 __ $aOförkortad"], False),
        (["500 __ $aUnabridged."], False),
        (["250 __ $a2. painos"], None),
    ],
)
def test_abridgement(record: Record, fields: list[str], abridged: bool | None) -> None:
    assert record(*fields).edition_statement.abridged is abridged


@pytest.mark.parametrize("heading", ["650 _7 $ahistoria$zSuomi$2ysa", "650 _7 $ahistoria$zFinland$2allars"])
def test_parts_of_an_old_heading_become_concepts_with_both_labels(record: Record, heading: str) -> None:
    subjects = record(heading).topics.subjects
    assert [(t.scheme, t.labels.fi, t.labels.sv) for t in subjects] == [
        ("yso", "historia", "historia"),
        ("yso", "Suomi", "Finland"),
    ]


def test_one_concept_in_two_languages_is_one_topic(record: Record) -> None:
    found = record(
        "650 _7 $amustat aukot$2yso/fin$0http://www.yso.fi/onto/yso/p18360",
        "650 _7 $asvarta hål$2yso/swe$0http://www.yso.fi/onto/yso/p18360",
    )
    assert [(t.labels.fi, t.labels.sv) for t in found.topics.subjects] == [("mustat aukot", "svarta hål")]


def test_headings_of_other_lists_keep_scheme_and_words(record: Record) -> None:
    found = record(
        "650 _0 $aMotion picture music$vExcerpts.",
        "650 _7 $aLedarskap$zSverige$2sao",
        "600 14 $aKivi, Aleksis,$d1834-1872.",
        "650 _7 $aeiolemassakaan$2ysa",
    ).topics.subjects
    assert [(t.scheme, t.source_text) for t in found] == [
        ("lcsh", "Motion picture music--Excerpts"),
        ("sao", "Ledarskap--Sverige"),
        ("person", "Kivi, Aleksis, 1834-1872"),
        ("ysa", "eiolemassakaan"),
    ]


def test_a_heading_that_no_vocabulary_knows_is_reported(mapped: Callable[..., Mapped]) -> None:
    assert [d.code for d in mapped("650 _7 $aeiolemassakaan$y1800-luku$2ysa").defects] == ["topic.unlinked"]


def test_genres_and_keywords(record: Record) -> None:
    found = record("655 _7 $aäänikirjat$2slm/fin", "653 __ $aihmissuhteet$aoma asia", "040 __ $aFI-KV$bfin").topics
    assert [(t.scheme, t.labels.sv) for t in found.genres] == [("slm", "ljudböcker")]
    assert [t.scheme for t in found.subjects] == ["yso", "keyword"]


def test_classification_keeps_known_schemes(record: Record) -> None:
    found = record(
        "080 __ $a809.454.1$x-02",
        "082 04 $a364.152/3$222",
        "084 __ $aYKL:99.1$2ykl",
        "084 __ $aHc.01$2kssb/8",
        "084 __ $a32",
    )
    assert [(c.scheme, c.code) for c in found.topics.classification] == [
        ("udc", "809.454.1-02"),
        ("dewey", "364.1523"),
        ("ykl", "99.1"),
        ("sab", "Hc.01"),
    ]


@pytest.mark.parametrize(
    ("written", "kept", "defects"),
    [
        ("L85.22", ["L85.22"], []),
        ("LA 84.2", ["LA 84.2"], []),
        ("romaanit", [], [("code.unknown", "084$a", "romaanit")]),
    ],
)
def test_a_class_of_ykl_keeps_its_department_and_other_words_are_told(
    mapped: Callable[..., Mapped], written: str, kept: list[str], defects: list[tuple[str, str, str]]
) -> None:
    found = mapped(f"084 __ $a{written}$2ykl")
    assert found.record is not None
    assert [c.code for c in found.record.topics.classification] == kept
    assert [(d.code, d.locus, d.params["code"]) for d in found.defects if d.code == "code.unknown"] == defects


def test_texts_notes_and_links(record: Record) -> None:
    found = record(
        "040 __ $aFI-BTJ$bfin$erda",
        "520 __ $aKertomus ystävyydestä ja merestä.",
        "520 8_ $aTiivistelmä venäjäksi.",
        "505 0_ $aAlku -- Loppu",
        "856 40 $uhttp://urn.fi/URN:ISBN:978-951-0-39486-1",
        "856 42 $3Omslagsbild$uhttps://example.org/a",
        "856 42 $uhttps://example.org/b$yLukunäyte",
        "856 40 $uei osoite",
    ).texts
    assert [(t.kind, t.language, t.text) for t in found.descriptions] == [
        ("description", "fin", "Kertomus ystävyydestä ja merestä.")
    ]
    assert [t.kind for t in found.notes] == ["summary_language", "contents"]
    assert [t.kind for t in found.links] == ["content", "cover", "sample"]


def test_relations_accessibility_and_cataloguing(record: Record) -> None:
    found = record(
        "040 __ $aFI-BTJ$bfin$erda$dFI-NL",
        "341 0_ $atextual$btext-to-speech$2sapdv",
        "532 1_ $aTaulukot luettavissa.",
        "780 00 $tVanha lehti$x0357-7937",
    )
    assert [(f.text, f.source) for f in found.accessibility] == [
        ("textual: text-to-speech", "341"),
        ("Taulukot luettavissa.", "532"),
    ]
    assert [(r.kind, r.scheme, r.value) for r in found.relations] == [("replaces", "issn", "0357-7937")]
    kept = found.cataloguing
    assert (kept.level, kept.rules, kept.language, kept.agency) == (" ", "rda", "fin", "FI-BTJ")


def test_a_deleted_record_needs_no_title(field: Field) -> None:
    content = ["00000dam a2200000 i 4500", [field("001 42"), field("005 20240131120000.0")]]
    found = map_marc(ParsedRecord("marc21", content, 1), "koe", "f1").record
    assert found is not None
    assert (found.source_id, found.status, found.message.notification) == ("42", "deleted", "delete")
    assert found.message.sent_at == "2024-01-31T12:00:00Z"


def test_a_prepublication_record_is_an_advance_notice(record: Record) -> None:
    found = record("263 __ $a20200413", leader="00000nam a22000008i 4500")
    assert (found.message.notification, found.publication.dates.announced) == ("advance", "2020-04-13")


@pytest.mark.parametrize(
    ("fields", "source_id"),
    [(["245 00 $aNimi", "020 __ $a978-951-0-39486-1"], "9789510394861"), (["245 00 $aNimi"], "f1")],
)
def test_a_record_without_001_is_called_by_its_isbn_or_the_fallback(
    field: Field, fields: list[str], source_id: str
) -> None:
    found = map_marc(ParsedRecord("marc21", [PRINT, [*map(field, fields)]], 3), "koe", "f1")
    assert found.record is not None
    assert found.record.source_id == source_id
    assert [(d.code, d.index, d.params["used"]) for d in found.defects] == [("record.no_id", 3, source_id)]


def test_a_live_record_without_any_title_is_refused(field: Field) -> None:
    found = map_marc(ParsedRecord("marc21", [PRINT, [field("001 1")]], 1), "koe", "f1")
    assert found.record is None
    assert [(d.code, d.severity) for d in found.defects] == [("record.no_title", "error")]


@pytest.mark.parametrize("content", [["", []], ["x", [["245", "", []]]], [PRINT, [["245", "0", [["a", ""]]]]]])
def test_an_empty_record_is_a_defect_and_no_exception(content: list[Any]) -> None:
    assert map_marc(ParsedRecord("marc21", content, 1), "koe", "f1").record is None


def test_blanks_written_as_carets_are_blanks(record: Record) -> None:
    found = record("245 00 $aNimi", leader="00000nam^a22000004i^4500", fixed="180101s2018^^^^fi^^^^^^o^^^^^^^^^^^fin^|")
    assert (found.publication.country, found.languages.text, found.medium) == ("FI", ("fin",), "ebook")
