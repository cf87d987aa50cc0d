"""Finnish paradigms: which of a lemma's listed forms are its own case forms, and how it links in a compound."""

from __future__ import annotations

import re

from index.lexicon.hand_lists import HandLists
from index.lexicon.word_lists import FormsByLemma, ending_rule

_OF_NO_CASE = re.compile(
    r"(?:ni|nsa|nsä|mme|nne|[^k]si|ineen|ine|mpi|mpaa|mpää|mman|mmän|mmat|mmät|mpia|mpiä)$"
)  # possessives, comitatives, comparatives
_WITHOUT = re.compile(r"(?:tta|ttä)$")
_CLITIC = re.compile(r"(?:kin|kaan|kään|ko|kö)$")
_RARE = ("itta", "ittä", "kse", "maisillaan", "mäisillään")
_OF_VERBS_ALONE = ("isivat", "isivät", "taisiin", "täisiin", "taessa", "täessä")
_PASSIVE = re.compile(r"(?:taan|tään|daan|dään|llaan|llään|nnaan|nnään|rraan|rrään)$")
_OTHER_MOODS = re.compile(r"(?:isiv|nev|iv)..$")
_PLURAL_GENITIVE = re.compile(r"(?:jen|ien|iden|tten|sten|nten|lten|rten)$")
_BREAKS_HARMONY = ("merta", "verta")  # rightly so
_BACK = "sen sta set sia sten sessa sien siin sille"  # of adjectives in -nen
_FRONT = "sen stä set siä sten sessä sien siin sille"


def paradigms(listed: FormsByLemma, hand: HandLists) -> tuple[FormsByLemma, FormsByLemma]:
    """Paradigms of the nominals and of the verbs, out of each lemma's listed forms; function words have none."""
    nominals: FormsByLemma = {}
    verbs: FormsByLemma = {}
    for lemma, forms in listed.items():
        if lemma in hand.function_words:
            continue
        if is_verb(lemma, forms):
            verbs[lemma] = verb_forms(lemma, forms)
        else:
            nominals[lemma] = nominal_forms(lemma, forms)
    for lemma in sorted(hand.adjectives):
        front = lemma[-5:-3] in ("äi", "öi", "yi") or not re.search("[aou]", lemma)
        endings = (_FRONT if front else _BACK).split()
        nominals.setdefault(lemma, {lemma}).update(lemma[:-3] + ending for ending in endings)
    return nominals, verbs


def nominal_forms(lemma: str, forms: set[str]) -> set[str]:
    """Case forms: no possessives, clitics, comparatives, and no form that breaks vowel harmony, as lists have them."""
    return {lemma, *(form for form in forms if len(form) > 1 and form != lemma and _is_case_form(lemma, form, forms))}


def _is_case_form(lemma: str, form: str, forms: set[str]) -> bool:
    if _OF_NO_CASE.search(form) and not lemma.endswith("mpi"):
        return False
    if (_WITHOUT.search(form) and form[:-3] + "n" in forms) or form.endswith(_RARE):
        return False
    if _CLITIC.search(form) and _CLITIC.sub("", form) in forms:
        return False
    vowels = re.findall("[aouäöy]", lemma)
    foreign = "[aou]" if not vowels or vowels[-1] in "äöy" else "[äöy]"
    return not re.search(foreign, ending_rule(lemma, form)[1]) or form in _BREAKS_HARMONY


def is_verb(lemma: str, forms: set[str]) -> bool:
    """Whether a lemma has forms that only verbs have. (-malla and -mme would make verbs of ryhmä and voima.)"""
    return lemma[-1] in "aä" and any(form.endswith(_OF_VERBS_ALONE) for form in forms)


def verb_forms(lemma: str, forms: set[str]) -> set[str]:
    """The infinitive, third persons of the present and its passive."""
    kept = {lemma}
    for form in forms:
        if _PASSIVE.search(form):
            kept.add(form)
        elif form[-3:] in ("vat", "vät") and not _OTHER_MOODS.search(form):
            kept.add(form)
            kept |= {form[:-3], form[:-3] + form[-4]} & forms
    return kept


def linking_forms(lemma: str, forms: set[str]) -> set[str]:
    """How a nominal stands as the first part of a compound: itself, its genitives, -s for -nen."""
    linking = {lemma}
    for form in forms:
        stem = form[:-1]
        singular = (
            form.endswith("n") and len(form) > 3 and not forms.isdisjoint({stem + "t", stem + "ssa", stem + "ssä"})
        )
        if singular or _PLURAL_GENITIVE.search(form):
            linking.add(form)
    if lemma.endswith("nen"):
        linking.add(lemma[:-3] + "s")
    return linking
