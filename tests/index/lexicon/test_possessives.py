"""Finnish possessive suffixes: which case forms they leave, what the lexicon makes of them, and what is none."""

from __future__ import annotations

import pytest

from index.lexicon.lexicon import lexicon
from index.lexicon.possessives import case_forms, drop_possessed

SUFFIXES = ("ni", "si", "nsa", "mme", "nne")
# What stands before the suffix, in each case that takes one: singular and plural.
SINGULAR = [
    "talo",
    "taloa",
    "taloo",
    "talossa",
    "talosta",
    "talolla",
    "talolta",
    "talolle",
    "talona",
    "talokse",
    "talotta",
]
PLURAL = [
    "taloje",
    "taloja",
    "taloihi",
    "taloissa",
    "taloista",
    "taloilla",
    "taloilta",
    "taloille",
    "taloina",
    "taloikse",
]


@pytest.mark.parametrize("before", [*SINGULAR, *PLURAL, "taloitta", "taloine"])
def test_every_person_in_every_case_leads_to_the_noun(before: str) -> None:
    words = lexicon("fi")
    assert [words.lemmas(before + suffix) for suffix in SUFFIXES] == [["talo"]] * len(SUFFIXES)


@pytest.mark.parametrize("word", [
    "taloaan", "talossaan", "talostaan", "talollaan", "taloltaan", "talolleen", "talonaan", "talokseen", "talottaan",
    "talojaan", "taloissaan", "taloistaan", "taloillaan", "taloiltaan", "taloilleen", "taloinaan", "taloikseen",
    "taloineen",
])  # fmt: skip
def test_the_short_suffix_of_the_third_person_does_too(word: str) -> None:
    assert lexicon("fi").lemmas(word) == ["talo"]


@pytest.mark.parametrize(
    ("word", "lemma"),
    [
        ("poikani", "poika"),
        ("poikansa", "poika"),
        ("kenkämme", "kenkä"),
        ("kätensä", "käsi"),
        ("lampaani", "lammas"),
        ("kuninkaamme", "kuningas"),
        ("sydämessäni", "sydän"),
        ("perheeni", "perhe"),
        ("lapsillensa", "lapsi"),
        ("vaimostaan", "vaimo"),
        ("ystävineen", "ystävä"),
        ("isäni", "isä"),
        ("talossanikin", "talo"),
        ("elämäni", "elämä"),
    ],
)
def test_a_possessed_word_leads_to_its_noun(word: str, lemma: str) -> None:
    assert lemma in lexicon("fi").lemmas(word)


@pytest.mark.parametrize(
    ("word", "other"),
    [
        ("muni", "muna"),
        ("kani", "ka"),
        ("kansa", "kana"),
        ("sieni", "sie"),
        ("demoni", "demo"),
        ("meloni", "melo"),
        ("appelsiini", "appelsiina"),
        ("tilanne", "tila"),
        ("liikenne", "liike"),
        ("lapsi", "lapa"),
    ],
)
def test_a_word_that_only_ends_so_is_no_form_of_another(word: str, other: str) -> None:
    assert other not in lexicon("fi").lemmas(word)


def test_a_suffix_leaves_no_less_than_three_letters() -> None:
    assert list(case_forms("muni")) == []
    assert "talona" in list(case_forms("talonsa"))


def test_a_list_loses_the_lemmas_that_are_possessed_forms_of_others_alone() -> None:
    isa = {"isä", "isän", "isää", "isässä", "isästä", "isällä", "isänä", "isät", "isien"}
    listed = {"isä": isa, "isäni": {"isäni", "isääni"}, "demo": {"demo", "demona"}, "demoni": {"demoni", "demonin"}}
    lemmas = {form: {lemma} for lemma, forms in listed.items() for form in forms}
    drop_possessed(lemmas, listed)
    assert set(listed) == {"isä", "demo", "demoni"}
    assert "isääni" not in lemmas
