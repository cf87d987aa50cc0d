"""Swedish paradigms: which forms belong to a lemma, and how it links in a compound."""

from __future__ import annotations

from collections.abc import Iterable

from index.lexicon.hand_lists import HandLists
from index.lexicon.word_lists import FormsByLemma, LemmasByForm

_LINK_WITH_S = ("ning", "ling", "het", "skap", "tion", "sion", "else", "dom", "itet")
_PLURAL, _INFLECTED = ("ar", "er", "or"), ("n", "t", "r", "na")


def paradigms(listed: FormsByLemma, hand: HandLists) -> FormsByLemma:
    """Each lemma's forms. A genitive shows the form without -s, a definite plural the plural: händernas, händer.

    So a plural gets back to its noun where the list gives it to another word (händer to hända).
    """
    found: FormsByLemma = {}
    for lemma, forms in listed.items():
        if lemma in hand.function_words:
            continue
        own = {f for f in forms if f not in hand.function_forms and (f == lemma or f[0] == lemma[0])}
        own |= {f[:-1] for f in own if f.endswith("s") and len(f) > 3 and f != lemma and not lemma.endswith("s")}
        own |= {f[:-2] for f in own if f.endswith("rna") and len(f) - 2 >= len(lemma)}  # barna is no plural of a bar
        found[lemma] = own
    return found


def add_lost_forms(paradigms: FormsByLemma, lemmas: LemmasByForm) -> None:
    """Forms that the list gives to another lemma alone: definite plurals of nouns (drömmarna to drömmare), genitives of
    definite and plural forms (kattens to katten)."""
    for lemma, forms in paradigms.items():
        plural = ("or",) if lemma.endswith("a") else _PLURAL  # lindar is of a lind, or of the verb linda
        _enter(lemma, (form + "na" for form in forms if form.endswith(plural) and form != lemma), forms, lemmas)
        inflected = [form for form in forms if form != lemma and form.endswith(_INFLECTED)]
        _enter(lemma, (form + "s" for form in inflected), forms, lemmas)


def _enter(lemma: str, found: Iterable[str], forms: set[str], lemmas: LemmasByForm) -> None:
    """Give the lemma those forms that the list has at all."""
    for form in [each for each in found if each in lemmas]:
        forms.add(form)
        lemmas[form].add(lemma)


def indexed_forms(lemma: str, forms: set[str]) -> set[str]:
    """The forms that texts have: what stands only in compounds (kärr of kärra, sked of skede) is another word's."""
    return forms - _only_in_compounds(lemma)


def _only_in_compounds(lemma: str) -> set[str]:
    if lemma[-1] not in "ae":
        return set()
    bare = lemma[:-1]
    return {bare, bare + "s", bare + "e", bare + "es"} - {lemma, lemma + "s"}


def drop_foreign_forms(paradigms: FormsByLemma, lemmas: LemmasByForm) -> None:
    """Leave what a noun in -a or -e has only in compounds to the word that it is: steg is no form of stege."""
    for lemma, forms in paradigms.items():
        plurals = {lemma[:-1] + "or"} | ({lemma[:-1] + "ar"} if lemma.endswith("e") else set())
        if not forms.isdisjoint(plurals):
            for form in _only_in_compounds(lemma) & forms:
                if len(lemmas.get(form, ())) > 1:
                    lemmas[form].discard(lemma)


def is_only_verb(lemma: str, forms: set[str]) -> bool:
    """Has a present participle but no endings of a noun."""
    participle = not forms.isdisjoint({lemma + "nde", lemma[:-1] + "ande"})
    return (
        lemma.endswith("a") and participle and forms.isdisjoint({lemma + "n", lemma[:-1] + "or", lemma[:-1] + "orna"})
    )


def linking_forms(lemma: str, forms: set[str], hand: HandLists) -> set[str]:
    """How a word stands as the first part of a compound: skola as skol, arbete as arbets, kyrka as kyrko."""
    if is_only_verb(lemma, forms):
        return {lemma[:-1]} if len(lemma) > 3 and lemma[:-1] in forms else set()
    linking = {lemma} if lemma.endswith("s") else {lemma, lemma + "s"}
    if len(lemma) > 5 and lemma.endswith(_LINK_WITH_S):
        linking = {lemma + "s"}
    elif lemma + "t" in forms and lemma + "a" in forms:  # adjectives never link with -s
        linking.discard(lemma + "s")
    if lemma.endswith("are") and len(lemma) > 5:
        linking.add(lemma[:-1])
    if lemma[-1] in "ae" and len(lemma) > 3:
        bare = lemma[:-1]
        changed = {bare, bare + "o", bare + "u", bare + "e"} | ({bare + "s"} if lemma.endswith("e") else set())
        linking |= changed & forms
    return linking - hand.never_linking
