"""What an index is told of its catalogue's words."""

from __future__ import annotations

from typing import Any

from index.groups import grouped
from index.vocabulary import Vocabulary


def vocabulary(*titles: str) -> Vocabulary:
    made = Vocabulary()
    for title in titles:
        document: dict[str, Any] = {"x": {"title": {"fi": [grouped(title, "fi")], "sv": []}}}
        made.add(document)
    return made


def test_forms_with_a_short_stem_that_other_words_have_are_protected() -> None:
    keywords, _ = vocabulary("Elämän virta").settings("fi")
    assert {"virta", "virran", "virrat"} <= set(keywords.split(","))
    assert "virsi" not in keywords.split(",")  # nothing in this catalogue is of that word


def test_a_form_that_is_stemmed_to_a_protected_one_is_protected_too() -> None:
    keywords, _ = vocabulary("Majakka luodolla").settings("fi")
    assert {"luoto", "luotto"} <= set(keywords.split(","))


def test_a_form_of_a_simple_word_has_no_rule() -> None:
    _, rules = vocabulary("Koivu rannalla", "Rantakoivu").settings("fi")
    assert not [rule for rule in rules.split(",") if rule.startswith("ranta =>")]


def test_a_compound_that_subjects_are_named_by_stands_for_its_parts_where_these_are_used() -> None:
    _, rules = vocabulary("Kirjasto ja auto").settings("fi")
    assert "kirjastoauto => kirjasto auto" in rules.split(",")
    assert "kirjastoauto => kirjastoauto" in rules.split(",")
    assert "kirjastoauto" not in vocabulary("Kirjasto").settings("fi")[1]


def test_a_tombstone_adds_nothing_and_an_empty_catalogue_needs_nothing() -> None:
    made = Vocabulary()
    made.add({"id": "w1", "deleted": True})
    assert made.settings("fi") == ("", "")
    assert made.settings("sv") == ("", "")
