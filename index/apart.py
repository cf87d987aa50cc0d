"""A query's compounds taken apart, for those that the index has no rule for."""

from __future__ import annotations

from collections.abc import Iterator

from index.groups import View, plain_words
from index.lexicon.hand_lists import LANGUAGES
from index.lexicon.lexicon import lexicon
from index.lexicon.subject_compounds import is_joined


def parts(query: str) -> dict[View, str]:
    """The query with each compound as the lemmas of its parts: ``sienikirjat`` → ``{"fi": "sieni kirja"}``.

    By the language that a compound is read in; none where the query has no compound of it.
    """
    return {view: found for view in LANGUAGES if (found := _apart(query, view))}


def _apart(query: str, view: View) -> str | None:
    words = plain_words(query)
    found = [" ".join(_parts(word, view)) for word in words]
    return " ".join(found) if found != words else None


def _parts(word: str, view: View) -> Iterator[str]:
    """The lemmas of a compound's parts; the word itself where it may be read whole."""
    readings = lexicon(view).analyse(word)
    if readings and all(is_joined(reading) for reading in readings):
        yield from (part.lemma for part in readings[0].parts)
    else:
        yield word
