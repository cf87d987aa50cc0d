"""The word lists that the tables are built from: each form with its lemma, as simplemma carries them."""

from __future__ import annotations

import re
from collections import defaultdict
from importlib.metadata import version

from index.lexicon.hand_lists import Language

LIST, PINNED = "simplemma", "2.0.0"
_WORD = re.compile(r"[a-zåäöšžéüáàèçñøæ]+(?:-[a-zåäöšžéüáàèçñøæ]+)*")
FormsByLemma = dict[str, set[str]]
LemmasByForm = dict[str, set[str]]


def read_word_list(language: Language) -> tuple[LemmasByForm, FormsByLemma]:
    """The list of a language both ways round: lower case, only letters and inner hyphens.

    Raises ModuleNotFoundError where simplemma is not installed, ValueError where it is another version.
    """
    from simplemma.strategies.dictionaries.dictionary_factory import DefaultDictionaryFactory

    if version(LIST) != PINNED:
        raise ValueError(f"the tables are built from {LIST} {PINNED}, found {version(LIST)}")
    lemmas: LemmasByForm = {}
    forms: FormsByLemma = defaultdict(set)
    for found, base in DefaultDictionaryFactory().get_dictionary(language).items():
        form, lemma = _text(found).lower(), _text(base).lower()
        if _WORD.fullmatch(form) and _WORD.fullmatch(lemma):
            lemmas.setdefault(form, set()).add(lemma)
            forms[lemma] |= {form, lemma}
    return lemmas, dict(forms)


def read_lemmas(language: Language) -> set[str]:
    """The lemmas of a list alone; raises as `read_word_list`."""
    return set(read_word_list(language)[1])


def _text(word: str | bytes) -> str:
    return word.decode() if isinstance(word, bytes) else word


def ending_rule(lemma: str, form: str) -> tuple[str, str]:
    """What a lemma loses and what the form has instead: ``("si", "den")`` for käsi, käden."""
    shared = 0
    for one, other in zip(lemma, form, strict=False):
        if one != other:
            break
        shared += 1
    return lemma[shared:], form[shared:]
