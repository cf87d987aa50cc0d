"""Words that look like compounds and are derivations."""

from __future__ import annotations

import re
from typing import Protocol

from index.lexicon.hand_lists import Language

_DEVERBAL = (("ring", "ra"), ("ringar", "ra"), ("ningen", "na"), ("ling", "la"), ("ning", "na"), ("are", "a"))
_OF_ADJECTIVE = (("list", "l"), ("lism", "l"), ("litet", "l"))
_CAPES = frozenset(("kap", "kaps", "kapet", "kapets", "kapen", "kapens"))
_QUALITY = re.compile(r"lek(?:en|ar|arna)?s?")
_OF_VERB = re.compile(r"t[uy][mv][aä]\w{0,4}|m[aä](?:[aä]n|ss[aä]|st[aä]|ll[aä]|tt[aä])|n(?:[uy]t|e[ei]\w{0,6})")
_OF_NOUN = re.compile(r"\w\w[uy](?:s(?:t[aä])?|ks\w+)")
_ADJECTIVE = re.compile(r"(.{2,})i(?:nen|s(?:t?en|t[aä]|i\w+|een|et|uu\w+|e(?:[sl]t[aä]|ss[aä]|ll[aä]|lle|ksi|n[aä])))")


class KnownWords(Protocol):
    """What the rules ask of a list of words."""

    def is_lemma(self, word: str) -> bool: ...

    def is_verb(self, word: str) -> bool: ...

    def is_form(self, word: str) -> bool: ...

    def may_end(self, lemma: str) -> bool:
        """Whether a lemma may be the last part of a compound."""


def is_derivation(language: Language, first: str, last: str, known: KnownWords) -> bool:
    """Whether `first` + `last` is made with an ending and is no compound: harvinais|uus, lag|ring, land|skap."""
    rules = (_is_finnish_noun, _is_finnish_form, _is_finnish_adjective) if language == "fi" else _SWEDISH
    return any(rule(first, last, known) for rule in rules)


def _is_finnish_noun(first: str, last: str, known: KnownWords) -> bool:
    """harvinais|uus; moni|nainen, for there is moninaisuus; kaivan|nainen, of kaivaa; suun|taus, of suunta."""
    if first.endswith("s") and last.startswith(("uu", "yy")):
        return True
    if last.startswith("nai"):
        return known.is_lemma(first + "naisuus") or (first[-1] == "n" and known.is_verb(first[:-1] + "a"))
    return _OF_NOUN.fullmatch(last) is not None and known.is_lemma(first + last[:2])


def _is_finnish_form(first: str, last: str, known: KnownWords) -> bool:
    """Infinitives, participles and nouns of a verb: kirjoitta|maan, perus|tuvaa, asu|neiden, kerros|tuma."""
    if not _OF_VERB.fullmatch(last):
        return False
    stem = first + last[:2] if last.startswith(("tu", "ty")) else first
    return known.is_verb(stem + "a") or known.is_verb(stem + "ä")


def _is_finnish_adjective(first: str, last: str, known: KnownWords) -> bool:
    """An adjective in -inen has the parts of its noun: materia|alinen has none, for materiaali has none."""
    found = _ADJECTIVE.fullmatch(last)
    return found is not None and known.is_lemma(f"{first}{found[1]}i") and not known.may_end(f"{found[1]}i")


def _is_swedish_noun(first: str, last: str, known: KnownWords) -> bool:
    """lag|ring of lagra, land|skap, erfar|enhet of erfaren, tjock|lek of an adjective."""
    if first.endswith("s") and last in _CAPES:
        return True
    if last.startswith("enhet") and (known.is_lemma(first + "en") or not (first[-1] == "s" or known.is_form(first))):
        return True
    if _QUALITY.fullmatch(last) and known.is_form(first + "t") and not known.is_form(first + "en"):
        return True
    return any(last.startswith(ending) and known.is_lemma(first + root) for ending, root in _DEVERBAL + _OF_ADJECTIVE)


_SWEDISH = (_is_swedish_noun,)
