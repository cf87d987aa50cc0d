"""Building the pinned tables: Turtle as far as it is used, and the same bytes from the same input."""

from __future__ import annotations

from importlib import resources
from pathlib import Path

from catalogue.vocabularies.build import build
from catalogue.vocabularies.turtle import Triple, triples

SKOS = "http://www.w3.org/2004/02/skos/core#"
DOCUMENT = r'''
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix slm: <http://urn.fi/URN:NBN:fi:au:slm:> .
prefix other: <http://example.org/>
@base <https://id.kb.se/relator/> .

# a comment with "quotes" and <brackets>
slm:s1 a skos:Concept ;
    skos:prefLabel "romaanit"@fi,
        "romaner"@sv ; # fiction
    skos:note """Kolme "lainattua"
riviä."""@fi ;
    skos:definition "tab\tja \"lainaus\" \u00e5"@fi ;
    skos:created "2018-05-16"^^xsd:date ;
    skos:related [ a skos:Concept ; skos:prefLabel "skipped" ], other:x.y ;
    skos:broader slm:s2.

<abridger> skos:notation "abr" .
'''


def test_turtle_is_read_as_far_as_the_vocabularies_use_it() -> None:
    found = list(triples(DOCUMENT))
    one = "http://urn.fi/URN:NBN:fi:au:slm:s1"
    assert found == [
        Triple(one, "rdf:type", SKOS + "Concept", ""),
        Triple(one, SKOS + "prefLabel", "romaanit", "fi"),
        Triple(one, SKOS + "prefLabel", "romaner", "sv"),
        Triple(one, SKOS + "note", 'Kolme "lainattua"\nriviä.', "fi"),
        Triple(one, SKOS + "definition", 'tab\tja "lainaus" å', "fi"),
        Triple(one, SKOS + "created", "2018-05-16", ""),
        Triple(one, SKOS + "related", "http://example.org/x.y", ""),
        Triple(one, SKOS + "broader", "http://urn.fi/URN:NBN:fi:au:slm:s2", ""),
        Triple("https://id.kb.se/relator/abridger", SKOS + "notation", "abr", ""),
    ]


def files_of(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def test_the_same_vocabularies_give_the_pinned_bytes(test_data: Path, tmp_path: Path) -> None:
    build(test_data, tmp_path)
    pinned = resources.files("catalogue.vocabularies").joinpath("data")
    written = files_of(tmp_path)
    assert written == files_of(Path(str(pinned))) - {"editeur/NOTICE.md"}
    for name in written:
        assert (tmp_path / name).read_bytes() == pinned.joinpath(name).read_bytes(), name
