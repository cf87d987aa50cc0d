"""Terms a record is looked up by: folded words, and identifiers and source ids each in one written form."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from catalogue.folding import fold
from catalogue.identifiers import isbn13, issn
from catalogue.keys import RecordKey, is_text
from catalogue.record import Description

LONGEST = 100
"""Letters of a term that are kept: no longer word was ever looked up."""
MOST_ASKED = 12
"""Terms of a question that are heeded, and words of one of them."""


def description_terms(description: Description) -> set[str]:
    """Words of every title and name, ISBNs as 13 digits, ISSNs as 8 characters, other identifiers as folded."""
    words = [title.text for title in description.titles]
    words += [contributor.name for contributor in description.contributors]
    found = {word[:LONGEST] for text in words for word in fold(text).split()}
    for identifier in description.identifiers:
        found.update(_identifier_terms(identifier.scheme, identifier.value))
    return found


def key_terms(keys: Iterable[str]) -> set[str]:
    """Record names: whole, and the source's own id alone."""
    found: set[str] = set()
    for key in keys:
        found |= {key.lower()[:LONGEST], RecordKey.parse(key).source_id.lower()[:LONGEST]}
    return found


class Asked(NamedTuple):
    """One word as typed. It is met by all of `words` (folded), or by `whole` where that is a term: a source's id."""

    words: tuple[str, ...]
    whole: str | None = None


def asked_terms(text: str) -> list[Asked]:
    """What a question looks for, in its order; the last word of all may be the beginning of one.

    An ISBN in any notation is its 13 digits, an ISSN its 8 characters.
    """
    if not is_text(text) or "\0" in text:
        return [Asked(("\ufffd",))]  # no record has it
    number = _number(text)
    if number:
        return [Asked((number,))]
    found = [asked for chunk in text.split()[:MOST_ASKED] if (asked := _asked(chunk))]
    return list(dict.fromkeys(found))


def _asked(chunk: str) -> Asked | None:
    number = _number(chunk)
    if number:
        return Asked((number,))
    words, lower = fold(chunk)[:LONGEST].split()[:MOST_ASKED], chunk.lower()[:LONGEST]
    return Asked(tuple(words), None if words == [lower] else lower) if words else None


def _number(text: str) -> str | None:
    if not any(letter.isdigit() for letter in text):
        return None
    found = isbn13(text) or issn(text)
    return found.replace("-", "").lower() if found else None


def _identifier_terms(scheme: str, value: str) -> set[str]:
    number = _number(value) if scheme in ("isbn", "issn") else None
    return {number} if number else {word[:LONGEST] for word in fold(value).split()}
