"""Finnish possessive suffixes: from a form with one to the case forms it may be made of."""

from __future__ import annotations

import re
from collections.abc import Iterator

from index.lexicon.word_lists import FormsByLemma, LemmasByForm

_SUFFIX = re.compile(r"(.{2,}[aeiouyäö])(?:ni|si|ns[aä]|mme|nne)")
_THIRD_PERSON = re.compile(r"(.{2,}(?:[aä]|lle|kse|ine))([aäe])n")  # taloaan, talossaan, talolleen, talokseen
_CASE_BEFORE_E = ("lle", "kse", "ine")
_OWNED = 8  # forms that a list has of a lemma whose further ones may have possessives


def case_forms(word: str) -> Iterator[str]:
    """What is left without a possessive suffix, as case forms have it; a form of no word may be among them.

    Before a suffix a case loses its n or t (taloni: talo, talon, talot), the translative has -kse (taloksemme); the
    stem is that of the essive (kenkäni of kenkänä, käteni of kätenä, kuninkaamme of kuninkaana).
    """
    if found := _SUFFIX.fullmatch(word):
        yield from _completed(found[1])
    if (found := _THIRD_PERSON.fullmatch(word)) and found[1].endswith(found[2]):
        yield from _completed(found[1])


def _completed(bare: str) -> Iterator[str]:
    if bare.endswith("kse"):
        yield bare[:-1] + "i"
    if bare.endswith("ine"):  # the comitative has no form without a suffix: ystävineen is of ystävinä
        yield from (bare[:-1] + "a", bare[:-1] + "ä")
    if not bare.endswith(_CASE_BEFORE_E) or bare.endswith("lle"):
        yield bare
    yield from (bare + "n", bare + "na", bare + "nä", bare + "t")


def drop_possessed(lemmas: LemmasByForm, listed: FormsByLemma) -> None:
    """Take those lemmas out of a list that are forms of other lemmas: isäni, for it has isääni beside it.

    All their forms have a possessive. A demoni is none: it has a demonin too.
    """
    for lemma in sorted(listed):
        forms = listed[lemma]
        own = _SUFFIX.fullmatch(lemma) and (len(forms) > 1 or not lemma.endswith("nne"))  # liikenne is a noun
        if own and all(_is_possessed(form) for form in forms) and _has_owner(lemma, lemmas, listed):
            del listed[lemma]
            for form in forms:
                lemmas[form].discard(lemma)
                if not lemmas[form]:
                    del lemmas[form]


def _is_possessed(form: str) -> bool:
    return bool(_SUFFIX.fullmatch(form) or _THIRD_PERSON.fullmatch(form))


def _has_owner(word: str, lemmas: LemmasByForm, listed: FormsByLemma) -> bool:
    owners = (lemma for form in case_forms(word) for lemma in lemmas.get(form, ()))
    return any(owner != word and len(listed.get(owner, ())) > _OWNED for owner in owners)
