"""Texts as groups of forms."""

from __future__ import annotations

import pytest

from index.groups import View, group_words, grouped


def groups(text: str, view: View = "fi") -> list[list[str]]:
    return [group.split("|") for group in grouped(text, view).split()]


def test_each_word_is_a_group_that_begins_with_the_word_itself() -> None:
    found = groups("Lasten kädet")
    assert [group[0] for group in found] == ["lasten", "kädet"]
    assert "käsi" in found[1]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("EU:n C++ ja Bordeaux'n", "eu cplusplus ja bordeaux"),
        ("Égalité, ÅLAND; Sääksmäki", "egalite åland sääksmäki"),
        ("Vuosi 1,5 ja 2.0", "vuosi 1,5 ja 2.0"),
        ("J.R.R. Tolkien", "jrr tolkien j r r"),
        ("J. R. R. Tolkien", "j r r tolkien jrr"),
        ("", ""),
        ("– ! –", ""),
    ],
)
def test_words_are_those_of_the_query_side(text: str, words: str) -> None:
    assert " ".join(group_words([grouped(text, "fi")])) == words


def test_what_a_hyphen_joins_is_also_one_word() -> None:
    first, second = groups("Suomi-kuva")
    assert "suomikuva" in first
    assert "kuva" in second


def test_forms_are_found_before_accents_are_dropped() -> None:
    (found,) = groups("idé", "sv")
    assert {"ide", "ideer", "ideerna"} <= set(found)


def test_names_are_not_taken_apart() -> None:
    assert "mäki" not in grouped("Harjumäki", "fi", "names").split("|")
