"""What is indexed for a word."""

from __future__ import annotations

import pytest

from index.lexicon.expanding import expander
from index.lexicon.hand_lists import Language


@pytest.mark.parametrize(
    ("language", "word", "forms"),
    [
        ("fi", "kädet", "käsi käden kättä"),
        ("fi", "kirjastoautot", "kirjasto auto kirjastoauto"),
        ("fi", "terveydenhuolto", "terveyden huolto terveys"),
        ("fi", "zorbulaari", "zorbulaarin zorbulaarissa"),
        ("fi", "canthin", "canth canthille"),
        ("fi", "topeliuksen", "topelius topeliusta"),
        ("sv", "hand", "händer händerna"),
        ("sv", "kyrkogård", "kyrka kyrko gård gården"),
        ("sv", "zorbul", "zorbuls"),
    ],
)
def test_a_word_brings_forms_of_its_lemma_and_of_its_parts(language: Language, word: str, forms: str) -> None:
    assert set(forms.split()) <= set(expander(language).forms(word))


@pytest.mark.parametrize(("language", "word"), [("fi", "ja"), ("sv", "och"), ("fi", "42"), ("sv", "x")])
def test_function_words_numbers_and_letters_stay_alone(language: Language, word: str) -> None:
    assert expander(language).forms(word) == (word,)


def test_a_name_is_inflected_and_not_taken_apart() -> None:
    assert "lehtosen" in expander("fi").inflections("lehtonen")
    assert "mäki" not in expander("fi").inflections("harjumäki")
    assert "harjumäkiin" in expander("fi").inflections("harjumäki") or "harjumäen" in expander("fi").inflections(
        "harjumäki"
    )


def test_the_word_comes_first_and_no_form_twice() -> None:
    forms = expander("fi").forms("taloissa")
    assert forms[0] == "taloissa"
    assert len(forms) == len(set(forms))
