"""Telling the language of words, off line, with py3langid. The one place that knows the detector."""

from __future__ import annotations

import math
from functools import cache, lru_cache
from typing import Any

from catalogue.languages import Found, Words, table
from catalogue.vocabularies import language

VERSION = "py3langid 0.4"


def detect(words: Words) -> Found:
    """The languages of a record's title and descriptions, None each where the words do not tell."""
    return Found(language_of(words.title), tuple(language_of(text) if text else None for text in words.texts))


def language_of(text: str) -> str | None:
    """ISO 639-2/B of a text; None where it is too short or two languages are about as likely."""
    settings = table()
    is_word = " " not in text.strip()
    if len(text) < (settings["alone"] if is_word else settings)["least_letters"]:
        return None
    code, margin = guess(text)
    return _bibliographic(code) if margin >= _least_margin(code, is_word) else None


def _least_margin(code: str, is_word: bool) -> float:
    """How much likelier than the next a language must be to be told; more than 1 where it never is."""
    settings = table()
    if is_word:
        alone = settings["alone"]
        return float(alone["least_margin"]) if code in alone["languages"] else math.inf
    return float(settings["least_margin" if code in settings["home"] else "other_margin"])


def guess(text: str) -> tuple[str, float]:
    """The likeliest of the plausible languages (ISO 639-1) and how much likelier it is than the next, 0 to 1."""
    settings = table()
    home, start = frozenset(settings["home"]), settings["head_start"]
    weighed = [(score * (start if code in home else 1), code) for code, score in _model().rank(text.lower())]
    total = sum(score for score, _ in weighed)
    (first, code), (second, _) = sorted(weighed, reverse=True)[:2]
    return code, (first - second) / total


@cache
def _model() -> Any:
    """The detector with the plausible languages alone: 4.6 MB out of its wheel, read once.

    It is made anew of those, so that it does not hold on to the table of all the others (28 MB).
    """
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    model = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    model.set_languages(table()["plausible"])
    chosen = (model.nb_ptc, model.nb_pc, model.nb_classes)
    return LanguageIdentifier(*chosen, model.tk_nextmove, model.tk_output, norm_probs=True, tk_row=model.tk_row)


@lru_cache(maxsize=128)
def _bibliographic(code: str) -> str | None:
    return language(code)
