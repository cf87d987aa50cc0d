"""Readings of words: lemmas and parts of compounds, in the shipped lexicon."""

from __future__ import annotations

import pytest

from index.lexicon.hand_lists import Language
from index.lexicon.lexicon import lexicon

APART = [
    ("fi", "kirjastoauto", "kirjasto|auto"),
    ("fi", "perusterveydenhuolto", "perus|terveyden|huolto"),
    ("fi", "kädentaidot", "käden|taito"),
    ("fi", "yhteisöissä", "yhteisö"),
    ("fi", "kirkkojärvi", "kirkko|järvi"),
    ("fi", "suomi-kuva", "suomi|kuva"),
    ("fi", "harvinaisuus", "harvinaisuus"),
    ("sv", "kyrkogårdsvård", "kyrko|gårds|vård"),
    ("sv", "barnböcker", "barn|bok"),
    ("sv", "arbetsplatser", "arbets|plats"),
    ("sv", "lagring", "lagring"),
    ("sv", "landskap", "landskap"),
    ("sv", "skrivmaskin", "skriv|maskin"),
    ("sv", "bostadslån", "bostads|lån"),
    ("sv", "luftfartslag", "luft|farts|lag"),
    ("sv", "arbetaridrott", "arbetar|idrott"),
    ("sv", "måttenhet", "mått|enhet"),
    ("sv", "riksdagsval", "riks|dags|val"),
    ("sv", "kommunalvalet", "kommunal|val"),
    ("sv", "munspelare", "mun|spelare"),
    ("fi", "antirasismi", "anti|rasismi"),
]


@pytest.mark.parametrize(("language", "word", "parts"), APART)
def test_a_compound_is_read_in_its_parts_and_a_derivation_whole(language: Language, word: str, parts: str) -> None:
    surfaces = {"|".join(part.surface for part in reading.parts) for reading in lexicon(language).analyse(word)}
    assert parts in surfaces


@pytest.mark.parametrize(
    ("language", "word"),
    [
        ("fi", "kerrostumissa"),
        ("fi", "perustuvaa"),
        ("fi", "kirjoittamaan"),
        ("fi", "materiaalisen"),
        ("fi", "kokonaisuus"),
        ("fi", "moninaisia"),
        ("fi", "kaivannaisia"),
        ("fi", "suuntauksen"),
        ("fi", "asuneiden"),
        ("fi", "rikosyytteiden"),
        ("sv", "kontrast"),
        ("sv", "erfarenheter"),
        ("sv", "förmögenhet"),
        ("sv", "tjockleken"),
        ("sv", "beskrivningar"),
        ("sv", "realist"),
        ("sv", "pankreassjukdomar"),
    ],
)
def test_an_ending_or_a_chance_likeness_is_no_part(language: Language, word: str) -> None:
    assert not [reading for reading in lexicon(language).analyse(word) if len(reading.parts) > 1]


@pytest.mark.parametrize(
    ("language", "form", "lemma"),
    [
        ("fi", "öitä", "yö"),
        ("fi", "kättä", "käsi"),
        ("fi", "pellot", "pelto"),
        ("fi", "talossakin", "talo"),
        ("sv", "händernas", "hand"),
        ("sv", "böckerna", "bok"),
        ("sv", "döttrar", "dotter"),
        ("sv", "fåglarnas", "fågel"),
        ("sv", "kattens", "katt"),
        ("sv", "ländernas", "land"),
        ("sv", "fiskarna", "fisk"),
        ("sv", "drömmarnas", "dröm"),
    ],
)
def test_a_form_leads_to_its_lemma(language: Language, form: str, lemma: str) -> None:
    assert lemma in lexicon(language).lemmas(form)


def test_an_unknown_word_has_no_reading() -> None:
    assert lexicon("fi").analyse("xyzzyq") == ()
    assert lexicon("sv").analyse("xyzzyq") == ()


def test_a_plural_of_a_noun_is_none_of_a_verb() -> None:
    assert "linda" not in lexicon("sv").lemmas("lindarna")


def test_a_barn_is_no_bar() -> None:
    assert "bar" not in lexicon("sv").forms("barn")


@pytest.mark.parametrize(("form", "noun"), [("steg", "stege"), ("hål", "håla"), ("plank", "planka"), ("låg", "låga")])
def test_what_a_swedish_noun_has_in_compounds_alone_is_another_word(form: str, noun: str) -> None:
    assert noun not in lexicon("sv").lemmas(form)
    assert form in lexicon("sv").lemmas(form)
