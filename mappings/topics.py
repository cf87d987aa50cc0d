"""Subjects, genres, classification and audience of a sender's description, while they are collected."""

from __future__ import annotations

from typing import Any, Protocol

from catalogue.vocabularies.concepts import Concept, LabelLanguage
from catalogue.vocabularies.headings import (
    Languages,
    Place,
    chain_parts,
    find_chain,
    find_heading,
    is_genre,
    is_linked,
    is_period,
)

_LABELS: dict[str, LabelLanguage] = {"fin": "fi", "swe": "sv", "eng": "en"}
KEYWORD = "keyword"


class Reporting(Protocol):
    """Where defects go. The code of one is not called `code`, for that is also the name of a parameter defects have."""

    def report(self, defect: str, place: str, /, **params: str) -> None: ...


class Topics:
    """Nothing twice: a concept is known by its URI, a heading by its scheme and words."""

    def __init__(self, reporting: Reporting, text_languages: list[str]) -> None:
        self.reporting = reporting
        self.languages = lookup_languages(text_languages)
        self.parts: dict[str, dict[Any, dict[str, Any]]] = {
            part: {} for part in ("subjects", "genres", "classification", "audience")
        }

    def values(self) -> dict[str, Any]:
        """The part of the record, validated later."""
        return {part: list(found.values()) for part, found in self.parts.items()}

    def classify(self, scheme: str, code: str) -> None:
        """A notation of a classification."""
        self.parts["classification"].setdefault((scheme, code), {"scheme": scheme, "code": code})

    def audience(self, scheme: str, code: str, text: str | None = None) -> None:
        """A code of an audience scheme, or a range."""
        self.parts["audience"].setdefault((scheme, code), {"scheme": scheme, "code": code, "text": text})

    def find(self, scheme: str, text: str, part: str = "subjects") -> Concept | None:
        """The pinned concept of a heading, in the labels the record's languages allow."""
        if not is_linked(scheme):
            return None
        return find_heading(scheme, text, *self._where(scheme, part))

    def _where(self, scheme: str, part: str) -> tuple[Place, Languages]:
        """The kind of place a heading stands in, and the languages its words may be in."""
        languages = self.languages if scheme == KEYWORD else (*self.languages, None)
        return "keyword" if scheme == KEYWORD else "genre" if part == "genres" else "subject", languages

    def term(self, part: str, scheme: str, text: str, locus: str) -> None:
        """A heading of `part` (subjects, genres): linked where it is exactly one concept's, else its own words."""
        concept = self.find(scheme, text, part)
        if concept is not None:
            self.linked("subjects", concept, text)
            return
        if is_linked(scheme) and len(pieces := chain_parts(text)) > 1 and self._is_chain(scheme, pieces, part):
            self._chain(part, scheme, pieces, locus)
            return
        self._unlinked(part, scheme, text, locus)

    def _is_chain(self, scheme: str, pieces: list[str], part: str) -> bool:
        """Headings of a vocabulary are; a sender's free words only where every part is a concept."""
        return scheme != KEYWORD or all(self._found(scheme, pieces, part))

    def _found(self, scheme: str, pieces: list[str], part: str) -> list[Concept | None]:
        return find_chain(scheme, pieces, *self._where(scheme, part))

    def _chain(self, part: str, scheme: str, pieces: list[str], locus: str) -> None:
        for text, concept in zip(pieces, self._found(scheme, pieces, part), strict=True):
            if concept is None:
                self._unlinked(part, scheme, text, locus)
            else:
                self.linked("subjects", concept, text)

    def _unlinked(self, part: str, scheme: str, text: str, locus: str) -> None:
        is_gap = is_linked(scheme) and not is_period(text)
        if is_gap and (scheme != KEYWORD or self.languages[:1] in (("fi",), ("sv",))):
            self.reporting.report("topic.unlinked", locus, text=text)
        self.parts[part].setdefault((scheme, text.casefold()), {"scheme": scheme, "source_text": text})

    def linked(self, part: str, concept: Concept, text: str) -> None:
        """A concept that was found, with the words it was sent with."""
        kept = self.parts["genres" if is_genre(concept) else part]
        kept.setdefault(concept.uri, topic_of(concept, text))

    def concept(self, part: str, uri: str, scheme: str, text: str) -> None:
        """A concept of a vocabulary that is not pinned: its URI is kept with the words that came."""
        topic = {"uri": uri, "scheme": scheme, "source_text": text or None}
        self.parts[part].setdefault(uri, topic)


def topic_of(concept: Concept, text: str) -> dict[str, Any]:
    """A linked topic with the words it was found by."""
    return {"uri": concept.uri, "scheme": concept.scheme, "labels": concept.labels, "source_text": text}


def lookup_languages(text_languages: list[str]) -> Languages:
    """In which labels keywords are looked up: those of the text's languages, and of Finland's other one after them
    (a sender may declare one language for everything). Nothing for a book in French; all where nobody says."""
    if not text_languages:
        return (None,)
    found = [_LABELS[code] for code in text_languages if code in _LABELS]
    national = [each for each in found if each != "en"]
    return (*found, *(each for each in _FINLAND if national and each not in found))


_FINLAND: tuple[LabelLanguage, ...] = ("fi", "sv")
