"""Whole vocabularies out of SKOS files, in every shape they are offered in, and what headings become by them."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from pathlib import Path

import pytest

from catalogue.errors import UsageError
from catalogue.vocabularies import concepts
from catalogue.vocabularies.concepts import LabelLanguage
from catalogue.vocabularies.headings import find_heading, use_own
from catalogue.vocabularies.tables import own_versions
from jobs.vocabularies import update_vocabulary

NOW = "2026-01-01T00:00:00Z"
TURTLE = """
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix dct: <http://purl.org/dc/terms/> .
@prefix kauno: <http://www.yso.fi/onto/kauno/> .
<http://www.yso.fi/onto/kauno/> a skos:ConceptScheme ; dct:title "KAUNO"@fi ; dct:modified "2026-01-01" .
kauno:p1 a skos:Concept ; skos:prefLabel "kummitusjutut \\"x\\""@fi , "spökhistorier"@sv ;
  skos:note \"\"\"Loppuu pisteeseen.
Ja jatkuu.\"\"\"@fi ; skos:altLabel "aavetarinat"@fi .
kauno:p2 skos:prefLabel "vanha aihe"@fi ; dct:isReplacedBy kauno:p1 .
kauno:p1 skos:prefLabel "ghost stories"@en .
"""
TRIPLES = """
<http://www.yso.fi/onto/ysa/Y1> <http://www.w3.org/2004/02/skos/core#prefLabel> "Hetan kirkonkylä"@fi .
<http://www.yso.fi/onto/ysa/Y1> <http://www.w3.org/2004/02/skos/core#exactMatch> <http://www.yso.fi/onto/yso/p109767> .
<http://www.yso.fi/onto/ysa/Y2> <http://www.w3.org/2004/02/skos/core#prefLabel> "ajatus"@fi .
<http://www.yso.fi/onto/ysa/Y2> <http://www.w3.org/2004/02/skos/core#closeMatch> <http://www.yso.fi/onto/yso/p1> .
<http://www.yso.fi/onto/ysa/Y2> <http://www.w3.org/2004/02/skos/core#closeMatch> <http://www.yso.fi/onto/yso/p2> .
<http://www.yso.fi/onto/ysa/Y3> <http://www.w3.org/2004/02/skos/core#prefLabel> "orpo"@fi .
"""


@pytest.fixture(autouse=True)
def _pinned_alone_afterwards() -> Iterator[None]:
    yield
    use_own(None)


def take(folder: Path, name: str, data: str | bytes) -> None:
    file = folder / name
    file.write_bytes(data if isinstance(data, bytes) else data.encode())
    update_vocabulary(file, folder / "own", NOW)


@pytest.mark.parametrize("packed", [False, True])
def test_kauno_out_of_turtle(tmp_path: Path, packed: bool) -> None:
    before = find_heading("kauno", "spökhistorier", "genre", ("sv",))
    assert before is None or before.scheme == "slm"
    take(tmp_path, "kauno.ttl", gzip.compress(TURTLE.encode()) if packed else TURTLE)
    found = find_heading("kauno", "spökhistorier", "genre", ("sv",))
    assert found is not None
    assert (found.uri, found.scheme) == ("http://www.yso.fi/onto/kauno/p1", "kauno")
    assert (found.labels.fi, found.labels.en) == ('kummitusjutut "x"', "ghost stories")
    for text in ("aavetarinat", "Vanha aihe", "http://www.yso.fi/onto/kauno/p2"):
        assert find_heading("kauno", text, "genre", ("fi",)) == found
    about = own_versions()["kauno"]
    assert (about["title"], about["version"], about["concepts"], about["replaced"]) == ("KAUNO", "2026-01-01", 2, 1)


def test_headings_of_a_replaced_vocabulary_become_what_they_match(tmp_path: Path) -> None:
    assert find_heading("ysa", "Hetan kirkonkylä", "place") is None
    take(tmp_path, "ysa.nt", TRIPLES)
    found = find_heading("ysa", "Hetan kirkonkylä", "place")
    assert found is not None
    assert (found.labels.fi, found.labels.sv, found.is_place) == ("Hetta (Enontekiö)", "Hetta (Enontekis)", True)
    assert find_heading("ysa", "http://www.yso.fi/onto/ysa/Y1", "place") == found
    assert find_heading("ysa", "ajatus", "subject") is None or find_heading("ysa", "ajatus", "subject").scheme == "yso"
    assert find_heading("ysa", "orpo", "place") is None  # it leads nowhere


MOVED = """
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix dct: <http://purl.org/dc/terms/> .
@prefix yso: <http://www.yso.fi/onto/yso/> .
yso:p40000001 a skos:Concept ; skos:prefLabel "taivaankulkijat"@fi , "himlavandrare"@sv .
yso:p40000002 a skos:Concept ; skos:prefLabel "taivaankulkijat"@fi , "himlavandrare"@sv ;
  dct:isReplacedBy yso:p40000001 .
yso:p40000003 a skos:Concept ; skos:prefLabel "vanha kulkija"@fi , "gammal vandrare"@sv ;
  dct:isReplacedBy yso:p40000002 .
yso:p40000004 a skos:Concept ; skos:prefLabel "yövaeltaja"@fi ; dct:isReplacedBy yso:p40000001 .
yso:p40000005 a skos:Concept ; skos:prefLabel "kuunpalvoja"@fi ; skos:altLabel "yövaeltaja"@fi .
"""


def test_a_label_that_moved_means_the_concept_in_force(tmp_path: Path) -> None:
    take(tmp_path, "yso.ttl", MOVED)

    def number(text: str, language: LabelLanguage = "fi") -> str | None:
        found = find_heading("yso", text, "subject", (language,))
        return found.uri.rpartition("/")[2] if found else None

    assert number("taivaankulkijat") == number("himlavandrare", "sv") == "p40000001"
    assert number("vanha kulkija") == number("gammal vandrare", "sv") == "p40000001"
    assert number("yövaeltaja") == "p40000005"


def test_allars_and_newer_yso_as_they_are_offered(test_data: Path, tmp_path: Path) -> None:
    folder = test_data / "vocab-yso"
    allars = update_vocabulary(folder / "allars-skos-test.rdf", tmp_path, NOW)
    assert (allars.name, allars.concepts, allars.about.title) == ("allars", 5, "Allärs - Allmän tesaurus på svenska")
    assert allars.about.licence == "http://creativecommons.org/publicdomain/zero/1.0/"
    found = find_heading("allars", "agility", "subject")
    assert found is not None
    assert found.uri == "http://www.yso.fi/onto/yso/p8941"
    size = len(concepts())
    yso = update_vocabulary(folder / "yso-skos-test.rdf", tmp_path, NOW)
    assert (yso.name, yso.concepts > 20, yso.matches > 20) == ("yso", True, True)
    assert len(concepts()) >= size  # pinned concepts that the file does not hold stay
    lie = find_heading("yso", "http://www.yso.fi/onto/yso/p21384", "subject")
    assert lie is not None
    assert lie.uri == "http://www.yso.fi/onto/yso/p113"  # whose own place three took: nobody says which
    assert set(own_versions()) == {"allars", "yso"}


def test_the_pinned_turtle_files_are_read_by_the_same_way(test_data: Path, tmp_path: Path) -> None:
    found = update_vocabulary(test_data / "vocab-slm-seko-musa/slm-skos.ttl.gz", tmp_path, NOW)
    assert (found.name, found.concepts) == ("slm", 1271)


@pytest.mark.parametrize(
    "data",
    [
        "", "x", '{"@context": {}}', "<rdf:RDF", "<?xml version='1.0'?><a/>", b"\xff\xfe\x00",
        '<http://example.org/1> <http://www.w3.org/2004/02/skos/core#prefLabel> "x"@fi .',
        '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', TURTLE[:300],
    ],
)  # fmt: skip
def test_what_is_no_vocabulary_is_refused_and_changes_nothing(tmp_path: Path, data: str | bytes) -> None:
    with pytest.raises(UsageError):
        take(tmp_path, "x.ttl", data)
    assert own_versions() == {}


def test_memory_is_that_of_one_concept(tmp_path: Path) -> None:
    from parsers.skos import read_skos

    def peak(count: int) -> int:
        import tracemalloc

        file = tmp_path / "big.rdf"
        one = '<skos:Concept rdf:about="yso:p1"><skos:prefLabel xml:lang="fi">x</skos:prefLabel></skos:Concept>'
        rdf, skos = "http://www.w3.org/1999/02/22-rdf-syntax-ns#", "http://www.w3.org/2004/02/skos/core#"
        head = f'<rdf:RDF xmlns:rdf="{rdf}" xmlns:skos="{skos}">'
        file.write_text(head + one * count + "</rdf:RDF>")
        tracemalloc.start()
        with file.open("rb") as stream:
            assert sum(each.is_concept() for each in read_skos(stream)) == count
        found = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return found

    assert peak(4_000) < 2 * peak(400) + 100_000
