"""A text as the index wants it: for each word a group ``form|form|form``, all at one position, folded."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from functools import cache, lru_cache
from pathlib import Path
from typing import Literal

from catalogue.folding import fold_letters
from index.lexicon.expanding import expander

LAYOUT = Path(__file__).parent / "layout"
View = Literal["fi", "sv"]
Kind = Literal["words", "names"]
# Words that tokenizing would reduce to their letter, and the typographic forms of the apostrophe.
WHOLE_WORDS = {
    "c++": "cplusplus", "C++": "cplusplus", "c#": "csharp", "C#": "csharp", "f#": "fsharp", "F#": "fsharp",
    "’": "'", "ʼ": "'", "‘": "'",
}  # fmt: skip
_CACHED = 200_000
_CACHED_TEXTS = 30_000  # subjects and names come again
_REPLACEABLE = frozenset(found[-1] for found in WHOLE_WORDS)
_LETTER, _SIGN = r"[^\W\d_]", r"[^\W_]"
# What the standard tokenizer takes for one word.
_WORD = re.compile(rf"\w+(?:(?:(?<={_LETTER})[.:'·](?={_LETTER})|(?<=\d)[.,;'](?=\d))\w+)*")
_DOTTED = re.compile(rf"\b{_LETTER}\.(?:{_LETTER}\.)+")


@lru_cache(_CACHED_TEXTS)
def grouped(text: str, view: View, kind: Kind = "words") -> str:
    """The text's words in their order, each with its further forms; of names no parts of compounds.

    ``Lasten kädet`` → ``lasten|lapsi|lapsen|… kädet|käsi|käden|…``. Words joined by hyphens are also written as one,
    and so are initials.
    """
    plain = _plain(text)
    words = list(_WORD.finditer(plain))
    groups = [_group(word.group(), view, kind) for word in words]
    for first, last in _hyphenated(plain, words):
        before = fold_letters("".join(word.group() for word in words[first:last]))
        joined = "|".join(before + form for form in groups[last].split("|"))
        groups[first] = f"{groups[first]}|{joined}"
    return " ".join([*groups, *_initials(text, [word.group() for word in words])])


def group_words(groups: Iterable[str]) -> Iterator[str]:
    """The words that a grouped text was made of, folded."""
    for group in groups:
        for forms in group.split():
            yield forms.partition("|")[0]


def plain_words(text: str) -> list[str]:
    """The words of a text as they are looked up: in lower case, without inner marks, not folded."""
    return _WORD.findall(_plain(text))


def _plain(text: str) -> str:
    return _inner_marks().sub("", _replaced(text)).lower()


@lru_cache(_CACHED)
def _group(word: str, view: View, kind: Kind) -> str:
    words = expander(view)
    forms = words.forms(word) if kind == "words" else words.inflections(word)
    return "|".join(dict.fromkeys(fold_letters(form) for form in forms))


def _replaced(text: str) -> str:
    if not _REPLACEABLE.isdisjoint(text):
        for found, written in WHOLE_WORDS.items():
            text = text.replace(found, written)
    return text


def _hyphenated(text: str, words: list[re.Match[str]]) -> Iterator[tuple[int, int]]:
    """First and last word of each chain that hyphens join."""
    first = 0
    for at in range(1, len(words) + 1):
        joined = at < len(words) and text[words[at - 1].end() : words[at].start()] == "-"
        if not joined:
            if at - 1 > first:
                yield first, at - 1
            first = at


def _initials(text: str, words: list[str]) -> Iterator[str]:
    """``J. R. R.`` is also found as jrr, ``J.R.R.`` also as three letters."""
    for dotted in _DOTTED.findall(text):
        yield from fold_letters(dotted).split(".")[:-1]
    run = ""
    for word in [*words, ""]:
        if len(word) == 1 and word.isalpha():
            run += word
            continue
        if len(run) > 1:
            yield fold_letters(run)
        run = ""


@cache
def _inner_marks() -> re.Pattern[str]:
    """The char filter of that name, which the query side runs on the server."""
    pattern: str = json.loads((LAYOUT / "analysis.json").read_text("utf-8"))["char_filter"]["inner_marks"]["pattern"]
    ours = pattern.replace(r"[\p{L}\p{N}]", _SIGN).replace(r"\p{L}", _LETTER)
    return re.compile(ours, re.IGNORECASE)
