"""The language of a description: declared, detected, chosen with the reason. Detection itself is done elsewhere.

What is declared stands, unless nothing is or the sender declares the same for everything (`is_constant`): then what
the words show stands before it. The reasons: ``declared``, ``header_default`` (the message declares for all its
records), ``detected``, ``declared_by_rote`` (by a sender of the latter kind, and nothing shows otherwise).
"""

from __future__ import annotations

import html
import re
import tomllib
from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from typing import Any, NamedTuple

from catalogue.defect import Defect
from catalogue.record import CatalogueRecord, Description, Languages, Text

DECLARED, DETECTED, BY_ROTE, HEADER_DEFAULT = "declared", "detected", "declared_by_rote", "header_default"
NO_LANGUAGE = frozenset({"und", "zxx", "mul", "mis"})
ENGLISH = "eng"
_UNDETERMINED = frozenset({"und", "mis"})
_MARKUP = re.compile(r"<[^>]*>")


class Words(NamedTuple):
    """What of a record is looked at: its title, and the descriptions that are long enough."""

    title: str
    texts: tuple[str, ...]


class Found(NamedTuple):
    """ISO 639-2/B of title and descriptions; None where nobody can be sure. `texts` is as long as `Words.texts`."""

    title: str | None = None
    texts: tuple[str | None, ...] = ()


@cache
def table() -> dict[str, Any]:
    """``languages.toml``."""
    return tomllib.loads(resources.files("catalogue").joinpath("languages.toml").read_text("utf-8"))


def words_of(record: Description) -> Words:
    """The words in which the language shows, without those for the form: names and numbers are left to the detector."""
    title = " ".join(t.text for t in record.titles if t.kind in ("main", "subtitle"))
    title = " ".join(_form_words().sub(" ", title).split())
    most: int = table()["text"]["most_letters"]
    return Words(title[:most], tuple(plain_words(text.text) for text in record.texts.descriptions))


@cache
def _form_words() -> re.Pattern[str]:
    words = sorted((word for words in table()["form"].values() for word in words), key=len, reverse=True)
    return re.compile(rf"(?<![\w-])(?:{'|'.join(map(re.escape, words))})(?![\w-])", re.IGNORECASE)


def plain_words(text: str) -> str:
    """A text without its markup, or '' where it is too short to show a language of its own."""
    bare = " ".join(html.unescape(_MARKUP.sub(" ", text)).split()) if "<" in text or "&" in text else text
    limits = table()["text"]
    return bare[: limits["most_letters"]] if len(bare) >= limits["least_letters"] else ""


def with_languages(record: CatalogueRecord, found: Found) -> tuple[CatalogueRecord, tuple[Defect, ...]]:
    """The record with its detected and chosen languages and those of its descriptions, and what disagrees."""
    detected = _together(found, record)
    languages = chosen(record.languages.model_copy(update={"detected": detected}), is_constant=False)
    defects = list(_disagreements(languages))
    texts = tuple(_text(*pair, defects) for pair in zip(record.texts.descriptions, found.texts, strict=False))
    update: dict[str, Any] = {}
    if languages != record.languages:
        update["languages"] = languages
    if texts != record.texts.descriptions:
        update["texts"] = record.texts.model_copy(update={"descriptions": texts})
    return record.model_copy(update=update) if update else record, tuple(defects)


def believable(found: Found, declared: Collection[str]) -> Found:
    """What was found, without the kin of a language that is declared and may be romanised here (Czech for Russian)."""
    known = [code for code in declared if code not in NO_LANGUAGE]
    if not known or not set(known) <= set(table()["romanised"]["languages"]):
        return found
    kept = {*known, *table()["romanised"]["home"]}
    return Found(
        found.title if found.title in kept else None,
        tuple(code if code in kept else None for code in found.texts),
    )


def chosen(languages: Languages, *, is_constant: bool) -> Languages:
    """The languages with `text` and `reason` as they follow from what was declared and detected."""
    known = tuple(code for code in languages.declared if code not in NO_LANGUAGE)
    detected, reason = languages.detected, languages.reason
    if not known:
        says_nothing = _UNDETERMINED.issuperset(languages.declared)
        return _settled(languages, (detected,), DETECTED) if detected and says_nothing else languages
    if detected and not agree(detected, known) and is_constant:
        return _settled(languages, (detected,), DETECTED)
    return _settled(languages, known, _why(reason, is_constant))


def _why(reason: str | None, is_constant: bool) -> str:
    if reason == HEADER_DEFAULT:
        return HEADER_DEFAULT
    return BY_ROTE if is_constant else DECLARED


def _settled(languages: Languages, text: tuple[str, ...], reason: str | None) -> Languages:
    if (text, reason) == (languages.text, languages.reason):
        return languages
    return languages.model_copy(update={"text": text, "reason": reason})


def agree(code: str, declared: Iterable[str]) -> bool:
    """Whether a language is among those declared, or one of them says it more or less exactly."""
    same: dict[str, list[str]] = table()["same"]
    return any(code == other or other in same.get(code, []) or code in same.get(other, []) for other in declared)


def _together(found: Found, record: CatalogueRecord) -> str | None:
    """What title and descriptions show.

    A title in English is none too certain, unless the record says the same: the description comes before it. But a
    book is often described in another language than its own: a library does it in its language of cataloguing.
    """
    texts = Counter(code for code in found.texts if code)
    title, text = found.title, texts.most_common(1)[0][0] if texts else None
    is_evidence = text is not None and (text != record.cataloguing.language or agree(text, record.languages.declared))
    if title is None:
        return text if is_evidence else None
    if title == ENGLISH and is_evidence and not agree(title, record.languages.declared):
        return text
    return title


def _disagreements(languages: Languages) -> Iterable[Defect]:
    known = [code for code in languages.declared if code not in NO_LANGUAGE]
    if languages.detected and known and not agree(languages.detected, known):
        yield Defect(
            "language.disagrees",
            "",
            {"declared": ", ".join(known), "detected": languages.detected, "used": ", ".join(languages.text)},
        )


def _text(text: Text, found: str | None, defects: list[Defect]) -> Text:
    """A description with its language: so many words show it better than a word about them does."""
    if found is None or text.language == found:
        return text
    if text.language and text.language not in NO_LANGUAGE:
        if agree(found, [text.language]):
            return text
        defects.append(Defect("language.text_disagrees", "", {"declared": text.language, "detected": found}))
    return text.model_copy(update={"language": found})


@dataclass(slots=True)
class Habit:
    """What a sender declares, counted over its records."""

    declared: Counter[tuple[str, ...]] = field(default_factory=Counter)
    contradicted: Counter[str] = field(default_factory=Counter)  # by the language detected
    told: int = 0  # records whose words show a language

    def count(self, declared: Collection[str], detected: str | None) -> None:
        """One record. Those that declare nothing say nothing about their sender."""
        known = tuple(code for code in declared if code not in NO_LANGUAGE)
        if not known:
            return
        self.declared[known] += 1
        self.told += detected is not None
        if detected and not agree(detected, known):
            self.contradicted[detected] += 1

    def is_constant(self) -> bool:
        """Whether one language is declared for everything though the words are in several.

        Records whose words show nothing say nothing either way: shares are of the others.
        """
        limits, total = table()["constant"], self.declared.total()
        if total < limits["least_records"] or self.told < limits["least_told"]:
            return False
        if max(self.declared.values()) < limits["share"] * total:
            return False
        every = self.contradicted.total()
        others = every - self.contradicted[ENGLISH]
        least = limits["least_contradicted"]
        by_others = others >= max(least, limits["contradicted"] * self.told)
        return bool(by_others or every >= max(least, limits["by_english"] * self.told))
