"""Which words of a title a query found it by: in any form, in compounds, joined by hyphens or apart."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from html import escape

from catalogue.folding import fold_letters
from index.groups import View
from index.lexicon.expanding import expander
from index.lexicon.hand_lists import LANGUAGES
from index.lexicon.lexicon import Reading, lexicon

_WORD = re.compile(r"[^\W_]+")
_ENDING = re.compile(r"[:'’][^\W\d_]+")  # EU:n, Wilde'n
# As the index reads a title: in its own language, in both where that is another or unknown.
_VIEWS: dict[str | None, tuple[View, ...]] = {"fin": ("fi",), "swe": ("sv",), "eng": ()}
_CACHED = 50_000
Span = tuple[int, int]


def marked(title: str, language: str | None, query: str) -> str | None:
    """The title as HTML with the query's words in ``<mark>``; None where it has none of them.

    `language` is the title's (ISO 639-2/B). A word is marked where it is one of the query's or shares a lemma with it:
    a stem in common is not enough. English words are marked as typed.
    """
    at, found = 0, ""
    for start, end in spans(title, language, query):
        found += f"{escape(title[at:start])}<mark>{escape(title[start:end])}</mark>"
        at = end
    return found + escape(title[at:]) if at else None


def spans(title: str, language: str | None, query: str) -> list[Span]:
    """Beginning and end of each word of the title that is to be marked, in order."""
    found = list(_WORD.finditer(title))
    words, joints = [word.group().lower() for word in found], _joints(title, found)
    asked = {word.lower() for word in _WORD.findall(_ENDING.sub("", query))}
    typed = {fold_letters(word) for word in asked}
    chosen = {at for at, word in enumerate(words) if fold_letters(word) in typed}
    for view in _VIEWS.get(language, LANGUAGES):
        chosen.update(at for word in asked for at in _meant(view, word, words, joints))
    return [found[at].span() for at in sorted(chosen)]


def _joints(title: str, words: list[re.Match[str]]) -> set[int]:
    """Numbers of the words that a hyphen joins to the one before."""
    return {at for at in range(1, len(words)) if title[words[at - 1].end() : words[at].start()] == "-"}


def _meant(view: View, asked: str, words: list[str], joints: set[int]) -> Iterator[int]:
    """Numbers of the words that one word of the query means: alike, else all the parts of a compound."""
    alike = [at for at, word in enumerate(words) if _is_alike(view, asked, word)]
    yield from alike
    for at in joints:
        before = words[at - 1]
        if asked.startswith(before) and len(asked) > len(before) and _is_alike(view, asked[len(before) :], words[at]):
            yield from (at - 1, at)
    if not alike:
        yield from _apart(view, asked, words)


def _apart(view: View, asked: str, words: list[str]) -> Iterator[int]:
    """Where every part of a compound stands by itself: kirjastoauto, "kirjaston autot"."""
    for reading in lexicon(view).analyse(asked):
        found = [{n for n, word in enumerate(words) if part.lemma in _lemmas(view, word)} for part in reading.parts]
        if len(found) > 1 and all(found):
            yield from set[int]().union(*found)


@lru_cache(_CACHED)
def _is_alike(view: View, asked: str, word: str) -> bool:
    """A form of the same lemma, or a compound with it; of unknown words a form as names have them."""
    wanted = {reading.lemma for reading in _readings(view, asked)}
    had = _lemmas(view, word)
    if wanted and had:
        return not wanted.isdisjoint(had)
    return asked in expander(view).inflections(word) or word in expander(view).inflections(asked)


def _lemmas(view: View, word: str) -> set[str]:
    """Lemmas of a word and of every run of parts of it."""
    return {lemma for reading in _readings(view, word) for lemma in (reading.lemma, *_runs(reading))}


def _readings(view: View, word: str) -> Iterable[Reading]:
    """Function words have none: they are only themselves."""
    words = lexicon(view)
    if word in words.hand.function_forms:
        return []
    found = ((reading, words.entry(reading.lemma)) for reading in words.analyse(word))
    return [reading for reading, entry in found if entry is None or entry.kind != "F"]


def _runs(reading: Reading) -> Iterator[str]:
    """perusterveydenhuolto: perus, perusterveys, terveys, terveydenhuolto, huolto."""
    parts = reading.parts
    for first in range(len(parts)):
        before = ""
        for part in parts[first:]:
            yield before + part.lemma
            before += part.surface
