"""Every ask, in both directions: what a person decides whatever the score, and what needs nobody."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from catalogue.record import Audience, Title, Topics
from matching.asks import EDITION_ASKS, WORK_ASKS
from matching.explain import explain
from matching.features import Features

Featured = Callable[..., Features]
ONE = {"isbns": ["9789524970013"]}
OTHER = {"isbns": ["9789524970020"]}
EASY: dict[str, Any] = {"topics": Topics(audience=(Audience(scheme="onix-edition", code="ETR"),))}
COPY: dict[str, Any] = {"medium": "print", "pages": 312}

ASKED: list[tuple[str, str, dict[str, Any], dict[str, Any]]] = [
    ("library_duplicate", "a:2", {}, {}),
    ("library_duplicate", "a:2", ONE, OTHER),
    ("title_words", "b:1", {"title": "Saaren talvinen yö"}, {"title": "Saaren kesäinen yö"}),
    ("title_words", "b:1", {"title": "Natt över skären"}, {"title": "Natt över staden"}),
    ("thin", "b:1", {"title": "Runoja", "author": ""}, {"title": "Runoja", "author": ""}),
    ("thin", "b:1", {"title": "Samlade dikter", "author": ""}, {"title": "Samlade dikter", "author": ""}),
    ("author_conflict", "b:1", {"author": "Salo, Eeva"}, {"author": "Berg, Anna"}),
    ("author_conflict", "b:1", {"author": "Åberg, Anna"}, {"author": "Åberg, Leo"}),
    ("isbn_author_conflict", "b:1", {**ONE, "author": "Salo, Eeva"}, {**ONE, "author": "Berg, Anna"}),
    ("isbn_title_conflict", "b:1", {**ONE, "title": "Kevään linnut"}, {**ONE, "title": "Sienimetsä ja muut"}),
    ("extent_ratio", "b:1", {"pages": 200}, {"pages": 170}),
    ("extent_ratio", "b:1", {"medium": "audiobook", "minutes": 600}, {"medium": "audiobook", "minutes": 300}),
    ("language_subset", "b:1", {"language": ("fin", "swe")}, {"language": ("fin",)}),
    ("abridged_unstated", "b:1", {"abridged": True}, {}),
    ("daisy_unstated", "b:1", {"medium": "audiobook", "formats": ("daisy",)}, {"medium": "audiobook"}),
    ("easy_unstated", "b:1", EASY, {}),
    ("easy_unstated", "b:1", {**EASY, **ONE}, OTHER),
    ("title_longer", "b:1", {"title": "Saaren yö", **ONE}, {"title": "Saaren yö palaa", **OTHER}),
    ("title_longer", "b:1", {"title": "Statistik övningsbok", **ONE}, {"title": "Statistik", **OTHER}),
    ("title_order", "b:1", {"title": "Suomi-ruotsi-sanakirja"}, {"title": "Ruotsi-suomi-sanakirja"}),
    ("title_order", "b:1", {"title": "Svensk-finsk ordbok", **ONE}, {"title": "Finsk-svensk ordbok", **OTHER}),
    ("code_slip", "b:1", {**COPY, "language": "fin"}, {**COPY, "language": "eng"}),
    ("code_slip", "b:1", {**COPY, "language": "swe"}, {**COPY, "language": "eng"}),
    ("code_slip", "b:1", {**COPY, "edition": 4}, {**COPY, "edition": 5}),
    ("code_slip", "b:1", {**COPY, "series": [("Skrifter", "8")]}, {**COPY, "series": [("Skrifter", "9")]}),
    ("code_slip", "b:1", COPY, {**COPY, "medium": "microform"}),
]  # fmt: skip

UNASKED: list[tuple[str, str, dict[str, Any], dict[str, Any]]] = [
    ("library_duplicate", "a:2", ONE, ONE),
    ("library_duplicate", "b:1", {}, {}),
    ("title_words", "b:1", {"title": "Saaren yö"}, {"title": "Saaren talvinen yö"}),
    ("title_words", "b:1", {"title": "Saaren talvinen yö"}, {"title": "Saaren talvimen yö"}),
    ("title_words", "b:1", {"title": "Saaren talvinen yö", **ONE}, {"title": "Saaren kesäinen yö", **ONE}),
    ("thin", "b:1", {"title": "Runoja"}, {"title": "Runoja"}),
    ("thin", "b:1", {"title": "Runoja", "author": "", **ONE}, {"title": "Runoja", "author": "", **ONE}),
    ("author_conflict", "b:1", {"author": "Salo, Eeva"}, {"author": "Salo, E."}),
    ("author_conflict", "b:1", {"author": "Salo, Eeva"}, {"author": ""}),
    ("author_conflict", "b:1", {**ONE, "author": "Salo, Eeva"}, {**ONE, "author": "Berg, Anna"}),
    ("isbn_author_conflict", "b:1", {**ONE, "author": "Salo, Eeva"}, {**ONE, "author": "Salo, E."}),
    ("isbn_title_conflict", "b:1", {**ONE, "title": "Kevään linnut"}, {**ONE, "title": "Kevään linnut : opas"}),
    ("extent_ratio", "b:1", {"pages": 200}, {"pages": 190}),
    ("extent_ratio", "b:1", {"pages": 200, **ONE}, {"pages": 150, **ONE}),
    ("language_subset", "b:1", {"language": ("fin", "swe")}, {"language": ("swe", "fin")}),
    ("abridged_unstated", "b:1", {"abridged": True}, {"abridged": True}),
    ("daisy_unstated", "b:1", {"medium": "audiobook", "formats": ("mp3",)}, {"medium": "audiobook"}),
    ("easy_unstated", "b:1", EASY, EASY),
    ("easy_unstated", "b:1", {**EASY, **ONE}, ONE),
    ("title_longer", "b:1", {"title": "Saaren yö", **ONE}, {"title": "Saaren yö palaa", **ONE}),
    ("title_longer", "b:1", {"title": "Saaren yö", **ONE}, {"title": "Saaren yö : romaani", **OTHER}),
    ("title_longer", "b:1", {"title": "Saaren yö"}, {"title": "Saaren yö palaa"}),  # labels: most are of one book
    ("title_order", "b:1", {"title": "Suomi-ruotsi-sanakirja"}, {"title": "Suomi ruotsi sanakirja"}),
    ("title_order", "b:1", {"title": "Svensk-finsk ordbok", **ONE}, {"title": "Finsk-svensk ordbok", **ONE}),
    ("code_slip", "b:1", COPY, COPY),
    ("code_slip", "b:1", {**COPY, **ONE, "language": "fin"}, {**COPY, **ONE, "language": "eng"}),
    ("code_slip", "b:1", {**COPY, "language": "fin"}, {**COPY, "language": "swe", "pages": 280}),
    ("code_slip", "b:1", {**COPY, "language": "fin"}, {**COPY, "language": "swe", "year": "2019"}),
    ("code_slip", "b:1", COPY, {**COPY, "medium": "ebook"}),
]


@pytest.mark.parametrize(("name", "key", "left", "right"), ASKED)
def test_what_a_person_is_asked(
    featured: Featured, name: str, key: str, left: dict[str, Any], right: dict[str, Any]
) -> None:
    scored = explain(featured("a:1", **left), featured(key, **right), "edition")
    assert name in scored.asks
    assert scored.verdict != "same"


@pytest.mark.parametrize(("name", "key", "left", "right"), UNASKED)
def test_what_needs_nobody(
    featured: Featured, name: str, key: str, left: dict[str, Any], right: dict[str, Any]
) -> None:
    assert name not in explain(featured("a:1", **left), featured(key, **right), "edition").asks


@pytest.mark.parametrize(
    ("left", "right", "verdict"),
    [
        ({}, {}, "same"),
        ({"isbns": ["9789524970013"]}, {"isbns": ["9789524970013"], "year": "2019"}, "same"),
        ({"title": "Kaikki mitä jäi"}, {"title": "Saaren viimeinen talvi"}, "different"),
        ({"title": "Runoja", "author": ""}, {"title": "Runoja", "author": ""}, "ask"),
        ({"title": "Kevään linnut", **ONE}, {"title": "Sienimetsä", "author": "Berg, Anna", **ONE}, "ask"),
    ],
)
def test_a_pair_comes_to_a_verdict(
    featured: Featured, left: dict[str, Any], right: dict[str, Any], verdict: str
) -> None:
    assert explain(featured("a:1", **left), featured("b:1", **right), "edition").verdict == verdict


def test_a_translation_may_have_other_words_than_its_original(featured: Featured) -> None:
    left = featured("a:1", title="Saaren yö", language="fin")
    right = featured("b:1", title="Öns natt", language="swe")
    assert "title_words" not in explain(left, right, "work").asks


@pytest.mark.parametrize(
    ("title", "left", "right", "asked"),
    [
        ("Matematiikka", "geometria", "algebra", True),
        ("Vinterkriget", "händelserna på Näset", "människorna på hemmafronten", True),
        ("World history", "the ancient empires", "the modern age", True),
        ("Matematiikka", "geometria", "", False),
        ("Matematiikka", "lukion geometria", "geometriaa", False),
        ("Hiljaisten vesien saari", "rakkaustarina", "jännityskertomus", False),  # the main title says enough
    ],
)
def test_subtitles_part_works_whose_main_titles_say_little(
    featured: Featured, title: str, left: str, right: str, asked: bool
) -> None:
    sides = [
        tuple(Title(text=text, kind=kind) for text, kind in ((title, "main"), (subtitle, "subtitle")) if text)
        for subtitle in (left, right)
    ]
    one, other = (featured(key, titles=titles) for key, titles in zip(("a:1", "b:1"), sides, strict=True))
    assert ("title_words" in explain(one, other, "work").asks) is asked
    linked = [featured(key, titles=titles, **ONE) for key, titles in zip(("a:1", "b:1"), sides, strict=True)]
    assert "title_words" not in explain(*linked, "work").asks


def test_records_of_many_origins_in_one_source_are_not_one_librarys(make: Callable[..., Any]) -> None:
    from matching.features import extract

    sides = [extract(make(key), mixed_origin=True) for key in ("a:1", "a:2")]
    assert explain(sides[0], sides[1], "edition").asks == ()


def test_every_ask_explains_itself() -> None:
    assert all(rule.__doc__ for rule in (EDITION_ASKS | WORK_ASKS).values())
