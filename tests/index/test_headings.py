"""Titles and names: which language's analysis they get, and what each reader is shown."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from catalogue.record import Contributor, Description, Labels, Languages, Part, Title, Topic, Topics
from index.groups import group_words
from index.headings import display_titles, heading_texts, sort_keys

Describe = Callable[..., Description]

FIN, SWE = Title(text="Sinuhe egyptiläinen", language="fin"), Title(text="Sinuhe egyptiern", language="swe")
ENG, GER = Title(text="The Egyptian", language="eng", nonfiling=4), Title(text="Sinuhe der Ägypter", language="ger")
ORIGINAL = Title(kind="original", text="Sinuhe egyptiläinen", language="fin")


@pytest.mark.parametrize(
    ("titles", "shown"),
    [
        ((FIN, SWE, ENG), {"fi": "fin", "sv": "swe", "en": "eng"}),
        ((SWE, FIN), {"fi": "fin", "sv": "swe", "en": "fin"}),
        ((GER, SWE), {"fi": "ger", "sv": "swe", "en": "ger"}),
        ((GER, ORIGINAL), {"fi": "fin", "sv": "fin", "en": "fin"}),
    ],
)
def test_each_reader_sees_the_own_language_else_the_original_else_any(
    describe: Describe, titles: tuple[Title, ...], shown: dict[str, str]
) -> None:
    about = describe(titles=titles, languages=Languages(text=(), original=("fin",)))
    assert {reader: title["language"] for reader, title in display_titles([about]).items()} == shown


def test_the_subtitle_shown_is_of_the_same_language(describe: Describe) -> None:
    sub = Title(kind="subtitle", text="romaani", language="fin")
    titles = display_titles([describe(titles=(FIN, SWE, sub))])
    assert (titles["fi"]["subtitle"], titles["sv"]["subtitle"]) == ("romaani", None)


def test_a_title_without_a_language_has_that_of_the_only_text(describe: Describe) -> None:
    about = describe(titles=(Title(text="Hej"),), languages=Languages(text=("swe",)))
    assert display_titles([about])["fi"] == {"title": "Hej", "language": "swe", "subtitle": None}


@pytest.mark.parametrize(
    ("language", "views"), [("fin", "fi"), ("swe", "sv"), ("eng", "en"), ("ger", "fi sv en"), (None, "fi sv en")]
)
def test_a_title_gets_its_own_languages_analysis_or_all(describe: Describe, language: str | None, views: str) -> None:
    about = describe(titles=(Title(text="Werk", language=language),), languages=Languages(text=()))
    texts: dict[str, Any] = heading_texts([about], [])
    assert [view for view in ("fi", "sv", "en") if texts["x"]["title"][view]] == views.split()
    assert texts["title"]["std"] == ["Werk"]


def test_subjects_are_searched_by_every_label_and_words_without_a_concept_in_all(describe: Describe) -> None:
    topics = Topics(
        subjects=(Topic(uri="u", labels=Labels(fi="elokuvat", sv="filmer")), Topic(source_text="cinema")),
    )
    subject = heading_texts([describe(topics=topics)], [])["x"]["subject"]
    words = {view: list(group_words(texts)) for view, texts in subject.items()}
    assert words == {"fi": ["elokuvat", "cinema"], "sv": ["filmer", "cinema"], "en": ["cinema"]}
    assert "elokuva" in subject["fi"][0].split("|")


def test_titles_that_differ_in_case_or_stops_are_one_and_parts_are_searched(describe: Describe) -> None:
    same = (FIN, Title(text="SINUHE EGYPTILÄINEN.", language="fin"))
    texts = heading_texts([describe(titles=same, part=Part(number="2", title="Paluu"))], [])
    assert texts["title"]["std"] == ["Sinuhe egyptiläinen", "2 Paluu"]
    assert texts["title"]["exact"] == ["Sinuhe egyptiläinen"]


def test_an_exact_title_may_be_typed_with_its_subtitle(describe: Describe) -> None:
    sub = Title(kind="subtitle", text="romaani", language="fin")
    assert heading_texts([describe(titles=(FIN, sub))], [])["title"]["exact"] == [
        "Sinuhe egyptiläinen",
        "Sinuhe egyptiläinen romaani",
    ]


def test_a_genre_is_searched_by_its_other_names_too_which_are_not_shown(describe: Describe) -> None:
    soap = Topic(uri="http://urn.fi/URN:NBN:fi:au:slm:s1005", labels=Labels(fi="saippuaoopperat", sv="tvåloperor"))
    texts: dict[str, Any] = heading_texts([describe(topics=Topics(genres=(soap,)))], [])
    assert {"saippuaoopperat", "saippuasarjat"} <= set(group_words(texts["x"]["subject"]["fi"]))
    assert {"tvåloperor", "såpoperor"} <= set(group_words(texts["x"]["subject"]["sv"]))
    assert texts["subject"]["std"] == ["saippuaoopperat", "tvåloperor"]


def test_sort_keys_skip_articles_and_take_the_inverted_name(describe: Describe) -> None:
    about = describe(titles=(ENG, FIN), contributors=(Contributor(name="Åke Öst", name_inverted="Öst, Åke"),))
    keys = sort_keys([about])
    assert keys["title"] == {"fi": "sinuhe egyptil|inen", "sv": "egyptian", "en": "egyptian"}
    assert keys["author"] == "}st {ke"
    assert sort_keys([describe(contributors=())])["author"] is None


def test_what_hyphens_join_is_suggested_as_one_word_too(describe: Describe) -> None:
    texts = heading_texts([describe("Itä-Suomen järvet 1918-1920")], ["Maj-Lis Holmberg"])
    assert texts["suggest"] == [
        "Itä-Suomen järvet 1918-1920", "Maj-Lis Holmberg", "ItäSuomen järvet 1918-1920", "MajLis Holmberg",
    ]  # fmt: skip
