"""Folding rules and analysers; what the real server makes of words."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from elasticsearch import Elasticsearch

from catalogue.folding import fold_letters
from catalogue.record import Description
from index.analysis import analysis, analysis_version, fold_rules, mappings
from index.search_index import SearchIndex


@pytest.fixture(scope="module")
def empty(filled: Callable[..., SearchIndex]) -> SearchIndex:
    return filled()


@pytest.fixture(scope="module")
def told(
    filled: Callable[..., SearchIndex], describe: Callable[..., Description], document: Callable[..., dict[str, Any]]
) -> SearchIndex:
    """An index that knows its catalogue's words."""
    index = filled()
    titles = [
        ("Virsi ja virta", "fin"),
        ("Kirjaston auto", "fin"),
        ("Får och fårskinn", "swe"),
        ("En kyrkogård", "swe"),
    ]
    made = [document(f"w{n}", 1, describe(text, language)) for n, (text, language) in enumerate(titles)]
    index.rebuild((d["id"], 1, d) for d in made)
    return index


def test_the_fold_rules_do_what_folding_does_and_keep_our_letters() -> None:
    rules = dict(rule.split("=>") for rule in fold_rules())
    assert not {"å", "ä", "ö", "Å", "Ä", "Ö"} & set(rules)
    assert rules["a\u0308"] == "ä"
    assert rules["\u0301"] == ""
    single = {found: written for found, written in rules.items() if len(found) == 1 and found.isalpha()}
    assert len(single) > 500
    assert all(written == fold_letters(found) for found, written in single.items() if found != "ʼ")


def test_no_analyser_has_stop_words() -> None:
    assert "stop" not in str(analysis()["analyzer"])


def test_the_layout_is_strict_at_every_level() -> None:
    layout = mappings()
    assert layout["dynamic"] == layout["properties"]["editions"]["dynamic"] == "strict"


def test_the_version_names_the_analysis(monkeypatch: pytest.MonkeyPatch) -> None:
    before = analysis_version()
    analysis_version.cache_clear()
    with monkeypatch.context() as patch:
        patch.setattr("index.analysis.fold_rules", list)
        changed = analysis_version()
    analysis_version.cache_clear()
    assert changed != before
    assert analysis_version() == before


@pytest.mark.search_server
@pytest.mark.parametrize(
    ("analyser", "text", "terms"),
    [
        ("std", "Égalité, ÅLAND, Sääksmäki, sa\u0308a\u0308", "egalite åland sääksmäki sää"),
        ("std", "EU:n C++ ja Bordeaux'n L’amour", "eu cplusplus ja bordeaux l'amour"),
        ("std", "Se oli J.R.R. Tolkien", "se oli jrr tolkien"),
        ("std", "Så var det förr", "så var det förr"),
        ("fi_index", "kädet|käsi|käden taloissa|talo", "käde käsi talo"),
        ("sv_index", "böckerna|bok|böcker hästar|häst", "böck bok häst"),
        ("en_index", "The Horses", "the hors"),
        ("fi_query", "Taloissa", "talo"),
        ("sv_query", "Hästarna", "häst"),
        ("en_query", "Horses", "hors"),
        ("id_query", "urn:ISBN:978-951-0–39623 0", "9789510396230"),
        ("id_query", "ISSN 1234-567x", "1234567X"),
        ("id_query", "ISBN: 978-951-0-39623-0", "9789510396230"),
        ("id_query", "ISBN-13 9789510396230", "9789510396230"),
        ("id_query", "isbn-10: 951-0-39623-0", "9510396230"),
        ("id_query", "978—951—0—39623—0", "9789510396230"),
        ("id_query", "978.951.0.39623.0", "9789510396230"),
        ("id_query", "(978-951-0-39623-0)", "9789510396230"),
        ("id_query", "978-951-0-39623-0 (epub).", "9789510396230"),
        ("id_query", "“9789510396230”", "9789510396230"),
        ("id_query", "EAN 9789510396230", "9789510396230"),
        ("id_query", "e-ISSN 1234-567X", "1234567X"),
        ("id_query", "ISSN-L: 1234–567x", "1234567X"),
        ("id_query", "https://urn.fi/URN:NBN:fi-fe2019", "URN:NBN:FIFE2019"),
        ("id_query", "doi:10.1007/978.3-x", "10.1007/978.3X"),
        ("id_query", "ＩＳＳＮ　１２３４－５６７ｘ", "1234567X"),
        ("id_query", "ISBN 951 0 39623 X", "951039623X"),
        ("id_query", "951039623ｘ", "951039623X"),
        ("id_query", "１９８４", "1984"),
        ("std", "Orwell １９８４", "orwell 1984"),
        ("id_query", "(FIN11)000043470", "(FIN11)000043470"),
        ("suggest_index", "Sinu", "s si sin sinu"),
    ],
)
def test_words_become_these_terms(empty: SearchIndex, analyser: str, text: str, terms: str) -> None:
    with Elasticsearch(empty.url) as client:
        found = client.indices.analyze(index=empty.names.read, analyzer=analyser, text=text)
    assert " ".join(t["token"] for t in found["tokens"]) == terms


ISBN_AS_TYPED = [
    "９７８－９５１－０－３９６２３－０",
    "ＩＳＢＮ：９７８９５１０３９６２３０",
    "٩٧٨٩٥١٠٣٩٦٢٣٠",
    *(f"978{dash}951{dash}0{dash}39623{dash}0" for dash in "-‐‑‒–—―−﹣－ \t\u00a0\u2009\u202f\u3000\u00ad\u200b"),
    "\u200e978-951-0-39623-0\u202c",
    *(f"{before}978-951-0-39623-0" for before in (
        "ISBN:", "isbn", "ISBN : ", "ISBN13 ", "ISBN-13:", "ISBN–13: ", "ISBN (13): ", "ISBN-nro ", "ISBN-numero: ",
        "ISBN-nummer ", "ISBN number ", "ISBN no. ", "ISBN=", "ISBN# ", "#", "ISBN/EAN ", "ISBN-koodi: ", "ISBN-kod ",
        "EAN-kod: ", "EAN-koodi ", "ISBN (e-kirja): ", "ISBN (EPUB) ", "e-ISBN: ", "eISBN ", "URN:ISBN:", "ISBN\t",
        "https://urn.fi/URN:ISBN:",
    )),
    "ISBN 978.951.0.39623.0",
    "ISBN 978 951 0 39623 0 (nid.)",
    "[978-951-0-39623-0]",
]  # fmt: skip
ISBN10_AS_TYPED = [
    "951-0-39623-0",
    "９５１－０－３９６２３－０",
    "ISBN: 9510396230",
    "ISBN10: 951 0 39623 0",
    "ISBN (10): 951-0-39623-0",
    "ISBN 951-0-39623-0 (sid.)",
    *(f"ISBN{dash}10 951{dash}0{dash}39623{dash}0" for dash in "-‑– "),
]


@pytest.mark.search_server
@pytest.mark.parametrize(("typed", "number"), [(ISBN_AS_TYPED, "9789510396230"), (ISBN10_AS_TYPED, "9510396230")])
def test_an_isbn_is_one_number_however_it_is_typed(empty: SearchIndex, typed: list[str], number: str) -> None:
    with Elasticsearch(empty.url) as client:

        def term(text: str) -> str:
            found = client.indices.analyze(index=empty.names.read, analyzer="id_query", text=text)
            return " ".join(t["token"] for t in found["tokens"])

        assert {text: term(text) for text in typed} == dict.fromkeys(typed, number)


@pytest.mark.search_server
@pytest.mark.parametrize(
    ("analyser", "text", "terms"),
    [
        ("fi_query", "virren virran", "virren virran"),
        ("fi_index", "virren|virsi virrat", "virren virsi virrat"),
        ("fi_query", "kirjastoautolla", "kirjastoauto kirjasto auto"),
        ("sv_query", "kyrkogården", "kyrka kyrkogård gård"),
    ],
)
def test_an_index_keeps_words_of_its_catalogue_apart_and_takes_compounds_apart(
    told: SearchIndex, analyser: str, text: str, terms: str
) -> None:
    with Elasticsearch(told.url) as client:
        found = client.indices.analyze(index=told.names.read, analyzer=analyser, text=text)
    assert sorted(t["token"] for t in found["tokens"]) == sorted(terms.split())


@pytest.mark.search_server
def test_all_forms_of_a_word_have_one_position_however_many_they_are(empty: SearchIndex) -> None:
    group = "|".join(f"muoto{n}" for n in range(2000))
    with Elasticsearch(empty.url) as client:
        found = client.indices.analyze(index=empty.names.read, analyzer="fi_index", text=f"{group} talo")
    assert {t["position"] for t in found["tokens"]} == {0, 1}


@pytest.mark.search_server
def test_protected_words_and_compound_rules_need_no_other_server(empty: SearchIndex) -> None:
    settings = {
        "analysis": {
            "filter": {
                "kept": {"type": "keyword_marker", "keywords": ["virren"]},
                "fi": {"type": "stemmer", "language": "finnish"},
                "compounds": {"type": "synonym_graph", "synonyms": ["kirjastoauto, kirjastoautot => kirjasto auto"]},
            },
            "analyzer": {
                "query": {"tokenizer": "standard", "filter": ["lowercase", "kept", "fi", "compounds"]},
                "groups": {"tokenizer": "whitespace", "filter": ["alternatives", "lowercase", "fi"]},
            },
        }
    }
    settings["analysis"]["filter"]["alternatives"] = {
        "type": "pattern_capture",
        "preserve_original": False,
        "patterns": ["([^|]+)"],
    }
    name = f"{empty.names.prefix}-other"
    with Elasticsearch(empty.url) as client:
        client.indices.create(index=name, settings=settings)
        query = client.indices.analyze(index=name, analyzer="query", text="virren virrat kirjastoautot")["tokens"]
        groups = client.indices.analyze(index=name, analyzer="groups", text="käsi|käden|kättä talo|talon")["tokens"]
        client.indices.delete(index=name)
    assert [t["token"] for t in query] == ["virren", "vir", "kirjasto", "auto"]
    assert [t["position"] for t in groups] == [0, 0, 0, 1, 1]
