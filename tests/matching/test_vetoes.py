"""Every veto, in both directions: what it forbids, and what it leaves alone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from catalogue.record import Contributor, Languages, Part, Title
from matching.explain import explain
from matching.facts import SetFacts
from matching.features import Features
from matching.vetoes import EDITION_VETOES, WORK_VETOES

Featured = Callable[..., Features]
ONIX = {"rules": "onix"}
COPY: dict[str, Any] = {"medium": "print", "pages": 312}

FORBIDDEN: list[tuple[str, dict[str, Any], dict[str, Any]]] = [
    ("medium", {"medium": "print"}, {"medium": "ebook"}),
    ("medium", {"medium": "audiobook"}, {"medium": "ebook"}),
    ("language", {"language": "fin"}, {"language": "swe"}),
    ("volume", {"volume": "1"}, {"volume": "2"}),
    ("volume", {"volume": "Osa I"}, {"volume": "del 2"}),
    ("volume", {"title": "Tuulimetsä, osa 2"}, {"title": "Tuulimetsä. Osa III"}),
    ("volume", {"title": "Drakarnas öar. Första delen"}, {"title": "Drakarnas öar. Andra delen"}),
    ("volume", {"title": "The Lamp, part two"}, {"title": "The Lamp, part three"}),
    ("volume", {"title": "Toinen osa", "volume": "2"}, {"title": "Kolmas osa", "volume": "3"}),
    ("volume", {"series": [("Komisario Ranta", "1")]}, {"series": [("Komisario Ranta", "2")]}),
    ("volume", {"title": "Komisario Ranta 1: Yö"}, {"title": "Yö", "series": [("Komisario Ranta", "2")]}),
    ("title_number", {"title": "Kolme sisarta saarella"}, {"title": "Neljä sisarta saarella"}),
    ("title_number", {"title": "Två systrar på en ö"}, {"title": "Fyra systrar på en ö"}),
    ("title_number", {"title": "Vuosi 1917 Turussa"}, {"title": "Vuosi 1918 Turussa"}),
    ("title_number", {"title": "Kalenteri 2020 tammikuu"}, {"title": "Kalenteri 2020 helmikuu"}),
    ("narrator", {"narrator": "Lahti, Olli"}, {"narrator": "Berg, Anna"}),
    ("abridged", {"abridged": True}, {"abridged": False}),
    ("abridged", {"title": "Saari (lyhennetty)"}, {"title": "Saari", "abridged": False}),
    ("abridged", {"title": "Ön (förkortad)"}, {"title": "Ön", "abridged": False}),
    ("daisy", {"medium": "audiobook", "formats": ("daisy",)}, {"medium": "audiobook", "formats": ("mp3",)}),
    ("daisy", {"medium": "audiobook", "formats": ("daisy",)}, {"medium": "audiobook", **ONIX}),
    ("carrier", {"medium": "audiobook", "formats": ("cd",)}, {"medium": "audiobook", "formats": ("mp3",)}),
    ("edition_number", {"edition": 1}, {"edition": 2}),
    ("medium", {"medium": "print"}, {"medium": "microform", "year": "1999"}),
    ("language", {**COPY, "language": "fin"}, {**COPY, "language": "swe", "pages": 280}),
    ("language", {**COPY, "isbns": ["9789524970013"]}, {**COPY, "language": "swe"}),
    ("edition_number", {**COPY, "edition": 1}, {**COPY, "edition": 2, "year": "2023"}),
    ("set_or_part", {"title": "Tuulimetsä 1-3"}, {"title": "Tuulimetsä", "volume": "2"}),
    ("set_or_part", {"title": "Tuulimetsä : yhteisnide"}, {"title": "Tuulimetsä 1"}),
    ("serial", {"level": "serial"}, {"level": "monograph"}),
    ("component", {"level": "component"}, {"level": "monograph"}),
]

ALLOWED: list[tuple[str, dict[str, Any], dict[str, Any]]] = [
    ("medium", {"medium": "other"}, {"medium": "ebook"}),
    ("language", {"language": ()}, {"language": "swe"}),
    ("language", {"language": ("fin", "swe")}, {"language": "swe"}),
    ("language", {"language": ("mul",)}, {"language": "swe"}),
    ("volume", {"volume": "2"}, {"volume": "osa II"}),
    ("volume", {"volume": "toinen osa"}, {"title": "Hiljaisten vesien saari", "volume": "andra delen"}),
    ("volume", {"volume": "2"}, {}),
    ("volume", {"title": "Tuulimetsä 2"}, {"title": "Tuulimetsä", "part": Part(number="2")}),
    ("volume", {"series": [("Keltainen kirjasto", "210")]}, {"series": [("Komisario Ranta", "2")]}),
    ("volume", {"series": [("Keltainen kirjasto", "vol. XII")]}, {"series": [("Keltainen kirjasto", "12")]}),
    ("title_number", {"title": "Neljä sisarta saarella"}, {"title": "De fyra systrarna på ön"}),
    ("title_number", {"title": "Nineteen eighty-four"}, {"title": "1984"}),
    ("title_number", {"title": "Kolme sisarta"}, {"title": "Sisaret"}),
    ("narrator", {"narrator": "Lahti, Olli"}, {"narrator": "Lahti, O."}),
    ("narrator", {"narrator": "Lahti, Olli"}, {}),
    ("abridged", {"abridged": True}, {}),
    ("daisy", {"medium": "audiobook", "formats": ("daisy",)}, {"medium": "audiobook"}),
    ("carrier", {"medium": "ebook", "formats": ("epub",)}, {"medium": "ebook"}),
    ("edition_number", {"edition": 2}, {}),
    ("set_or_part", {"title": "Talvisota 1939-1940"}, {"title": "Talvisota", "volume": "1"}),
    ("serial", {"level": "serial"}, {"level": "serial"}),
    ("volume", {"series": [("Skriftserie", "701-702")]}, {"series": [("Skriftserie", "701")]}),
    ("medium", {"medium": "print"}, {"medium": "microform"}),
    ("language", {**COPY, "language": "fin"}, {**COPY, "language": "eng"}),
    ("edition_number", {**COPY, "edition": 4}, {**COPY, "edition": 5}),
]


@pytest.mark.parametrize(("name", "left", "right"), FORBIDDEN)
def test_what_a_veto_forbids(featured: Featured, name: str, left: dict[str, Any], right: dict[str, Any]) -> None:
    scored = explain(featured("a:1", **left), featured("b:1", **right), "edition")
    assert name in scored.vetoes
    assert scored.verdict == "different"
    assert explain(featured("b:1", **right), featured("a:1", **left), "edition").vetoes == scored.vetoes


@pytest.mark.parametrize(("name", "left", "right"), ALLOWED)
def test_what_a_veto_leaves_alone(featured: Featured, name: str, left: dict[str, Any], right: dict[str, Any]) -> None:
    assert name not in explain(featured("a:1", **left), featured("b:1", **right), "edition").vetoes


ONE, OTHER = "9789524970013", "9789524970020"


@pytest.mark.parametrize(
    ("keys", "formats", "forbidden"),
    [
        (("a:1", "a:2"), ((), ()), True),
        (("a:1", "a:2"), (("epub",), ("epub",)), True),
        (("a:1", "a:2"), (("epub",), ("pdf",)), False),
        (("a:1", "b:2"), ((), ()), False),
    ],
)
def test_two_products_of_one_sender_are_two_editions_unless_epub_and_pdf(
    featured: Featured, keys: tuple[str, str], formats: tuple[tuple[str, ...], ...], forbidden: bool
) -> None:
    sides = [
        featured(key, isbns=[value], formats=form, **ONIX)
        for key, value, form in zip(keys, (ONE, OTHER), formats, strict=True)
    ]
    assert ("sender_isbn" in explain(sides[0], sides[1], "edition").vetoes) is forbidden


@pytest.mark.parametrize(
    ("left", "right", "vetoes"),
    [
        ({"author": "Salo, Eeva"}, {"author": "Berg, Anna"}, ("author",)),
        ({"author": "Jansson, Tove"}, {"author": "Jansson, Lars"}, ("author",)),
        ({"author": "Salo, Eeva"}, {"author": "Salo, E."}, ()),
        ({"author": "Tolstoi, Leo"}, {"author": "Tolstoj, Leo"}, ()),
        ({"author": "Wright, Georg Henrik von"}, {"author": "von Wright, Georg Henrik"}, ()),
        ({"author": "Salo, Eeva"}, {"author": ""}, ()),
        ({"author": "Salo, Eeva", "isbns": [ONE]}, {"author": "Berg, Anna", "isbns": [ONE]}, ()),
        ({"volume": "1"}, {"volume": "2"}, ("volume",)),
        ({"language": "fin", "title": "Kolme sisarta"}, {"language": "swe", "title": "Fyra systrar"}, ()),
        ({"medium": "print", "language": "fin"}, {"medium": "audiobook", "language": "swe"}, ()),
    ],
)
def test_what_keeps_works_apart(
    featured: Featured, left: dict[str, Any], right: dict[str, Any], vetoes: tuple[str, ...]
) -> None:
    assert explain(featured("a:1", **left), featured("b:1", **right), "work").vetoes == vetoes


def test_a_declared_language_is_no_veto_where_the_sender_declares_one_for_everything(featured: Featured) -> None:
    left, right = featured("a:1", language="fin"), featured("b:1", language="swe")
    untrue = SetFacts(one_language=("a",))
    assert "language" not in explain(left, right, "edition", facts=untrue).vetoes
    detected = featured("a:1", languages=Languages(text=("fin",), reason="detected"))
    assert "language" in explain(detected, right, "edition", facts=untrue).vetoes


def test_letters_with_dots_and_rings_are_letters(featured: Featured) -> None:
    scored = explain(featured("a:1", title="Saa"), featured("b:1", title="Sää"), "edition")
    assert next(f.level for f in scored.findings if f.comparison == "title") != "same"


def test_every_rule_explains_itself_and_keeps_its_name() -> None:
    for name, rule in (EDITION_VETOES | WORK_VETOES).items():
        assert rule.__doc__
        assert rule.__name__.startswith(name)


def test_a_part_title_is_the_title_wherever_the_source_puts_it(featured: Featured) -> None:
    whole = featured("a:1", title="Komisario Ranta 3: Yön ääret")
    titles = (Title(text="Komisario Ranta"), Title(kind="part", text="Yön ääret", number="3"))
    parted = featured("b:1", titles=titles, part=Part(number="3", title="Yön ääret"))
    assert (whole.title.main, whole.numbering.volume) == (parted.title.main, parted.numbering.volume)


def _report(featured: Featured, key: str, subtitle: str, **more: Any) -> Features:
    body = Contributor(name="Tilastokeskus", kind="body", roles=("aut",))
    titles = (Title(text="Tiivistelmä"), Title(kind="subtitle", text=subtitle))
    return featured(key, titles=titles, contributors=(body,), **more)


def test_one_senders_reports_of_one_body_are_apart_where_their_titles_are(featured: Featured) -> None:
    left, right = _report(featured, "a:1", "metsien hakkuut"), _report(featured, "a:2", "koulujen ruokailu")
    assert "sender_titles" in explain(left, right, "work").vetoes


@pytest.mark.parametrize(
    ("key", "subtitle", "more"),
    [("b:1", "koulujen ruokailu", {}), ("a:2", "metsien hakkuut", {}), ("a:2", "skolmaten", {"language": "swe"})],
)
def test_reports_of_one_body_may_be_one_work(featured: Featured, key: str, subtitle: str, more: dict[str, Any]) -> None:
    left = _report(featured, "a:1", "metsien hakkuut")
    assert "sender_titles" not in explain(left, _report(featured, key, subtitle, **more), "work").vetoes
