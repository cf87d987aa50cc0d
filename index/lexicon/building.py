"""Builds the tables of a language from its word list."""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass

from index.lexicon import finnish, swedish
from index.lexicon.analogy import complete
from index.lexicon.hand_lists import LANGUAGES, HandLists, Language, hand_lists
from index.lexicon.possessives import drop_possessed
from index.lexicon.splitting import Split, Splitter, last_parts
from index.lexicon.word_lists import FormsByLemma, LemmasByForm, read_lemmas, read_word_list

_NOMINAL_FORMS = 4  # of a lemma that may be a part of a compound


@dataclass(frozen=True)
class Words:
    """All that is known of a language's words, before it is written down."""

    hand: HandLists
    lemmas: LemmasByForm
    nominals: FormsByLemma
    verbs: FormsByLemma
    parts: set[str]  # nominals that may be the last part of a compound
    functions: set[str]
    linking: dict[str, str]
    splits: dict[str, Split]
    firsts: dict[str, int]  # how many compounds begin with a linking form
    lasts: dict[str, int]  # and end in a lemma


def build_words(language: Language) -> Words:
    """From the word list to paradigms, linking forms and compounds. Minutes, and some gigabytes, for Finnish."""
    lemmas, listed = read_word_list(language)
    (other,) = set(LANGUAGES) - {language}
    return words_of(hand_lists(language), lemmas, listed, read_lemmas(other))


def words_of(
    hand: HandLists, lemmas: LemmasByForm, listed: FormsByLemma, abroad: Container[str] = frozenset()
) -> Words:
    """As `build_words`, from a list that is at hand, which is changed, and the lemmas of the other language."""
    for lemma, forms in hand.dropped_forms.items():
        listed.get(lemma, set()).difference_update(forms)
    if hand.language == "fi":
        drop_possessed(lemmas, listed)
    nominals, verbs = _paradigms(hand, listed)
    _enter_forms(hand, lemmas, nominals)
    if hand.language == "sv":
        swedish.drop_foreign_forms(nominals, lemmas)
    may_be_part = {lemma for lemma, forms in nominals.items() if len(forms) >= _NOMINAL_FORMS}
    may_be_part -= hand.never_part
    linking = _linking(hand, nominals, may_be_part)
    if hand.language == "sv":
        may_be_part = {lemma for lemma in may_be_part if not swedish.is_only_verb(lemma, nominals[lemma])}
    splitter = Splitter(
        hand, nominals, verbs, linking, last_parts(lemmas, may_be_part, hand), may_be_part, lemmas, abroad
    )
    splits = splitter.splits()
    if hand.language == "sv":  # only now: what a compound inflects like is told by what lists have of both
        swedish.add_lost_forms(nominals, lemmas)
    functions = set(hand.function_words & listed.keys())
    firsts = {form: splitter.family(form, lemma) for form, lemma in linking.items()}
    return Words(hand, lemmas, nominals, verbs, may_be_part, functions, linking, splits, firsts, splitter.lasts)


def _paradigms(hand: HandLists, listed: FormsByLemma) -> tuple[FormsByLemma, FormsByLemma]:
    verbs: FormsByLemma = {}
    if hand.language == "fi":
        nominals, verbs = finnish.paradigms(listed, hand)
    else:
        nominals = swedish.paradigms(listed, hand)
    for lemma, forms in hand.added_forms.items():
        nominals.setdefault(lemma, {lemma}).update(forms)
    if hand.language == "fi":
        complete(nominals)
        nominals = {lemma: finnish.nominal_forms(lemma, forms) for lemma, forms in nominals.items()}
    return nominals, verbs


def _enter_forms(hand: HandLists, lemmas: LemmasByForm, nominals: FormsByLemma) -> None:
    """Give every form all the lemmas whose paradigm has it; function words keep theirs to themselves."""
    for lemma, forms in nominals.items():
        for form in forms:
            lemmas.setdefault(form, set()).add(lemma)
    for form in hand.function_forms:
        lemmas.pop(form, None)
    if hand.language == "fi":
        for of in lemmas.values():
            if len(of) > 1:
                of -= {lemma for lemma in of if lemma in hand.function_words}


def _linking(hand: HandLists, nominals: FormsByLemma, may_be_part: set[str]) -> dict[str, str]:
    """Linking form → lemma; of several lemmas a longer one first, of short ones that with most forms."""
    found: dict[str, str] = {}
    ranked = sorted(may_be_part, key=lambda lemma: (-len(nominals[lemma]) if len(lemma) < 5 else -99, lemma))
    for lemma in ranked:
        if hand.is_too_short(lemma):
            continue
        forms = nominals[lemma]
        links = (
            finnish.linking_forms(lemma, forms) if hand.language == "fi" else swedish.linking_forms(lemma, forms, hand)
        )
        for form in links:
            if form not in found or form == lemma:
                found[form] = lemma
    found = {form: lemma for form, lemma in found.items() if not hand.is_too_short(form)} | hand.first_parts
    return {form: lemma for form, lemma in found.items() if form not in hand.never_first}
