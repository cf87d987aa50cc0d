"""Facet values of a work: concepts by URI, whose labels come with the document, and codes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from catalogue.record import Description, Topic


def facets(whole: Sequence[Description], public: Sequence[Description]) -> dict[str, list[str]]:
    """What a work is about from all its descriptions, what it can be borrowed as from the public ones."""
    return {
        "subject": _sorted(topic_key(t) for d in whole for t in d.topics.subjects),
        "genre": _sorted(topic_key(t) for d in whole for t in d.topics.genres),
        "audience": _sorted(f"{a.scheme}:{a.code}" for d in whole for a in d.topics.audience),
        "collection": _sorted(s.title for d in whole for s in d.series),
        "language": _sorted(code for d in public for code in d.languages.text),
        "medium": _sorted(d.medium for d in public),
        "format": _sorted(f for d in public for f in d.formats),
        "publisher": _sorted(d.publication.publisher for d in public),
        "accessibility": _sorted(fact.code for d in public for fact in d.accessibility),
    }


def topic_key(topic: Topic) -> str | None:
    """What a topic is counted and filtered by: its URI, else its words."""
    labels = topic.labels
    return topic.uri or labels.fi or labels.sv or labels.en or topic.source_text


def display_labels(whole: Sequence[Description]) -> dict[str, dict[str, str]]:
    """The names of the work's concepts by URI, in each language that has one."""
    found: dict[str, dict[str, str]] = {}
    for topic in (t for d in whole for t in (*d.topics.subjects, *d.topics.genres)):
        if topic.uri and topic.uri not in found:
            found[topic.uri] = topic.labels.model_dump(exclude_none=True) or _source_words(topic)
    return found


def _source_words(topic: Topic) -> dict[str, Any]:
    return {"und": topic.source_text} if topic.source_text else {}


def _sorted(values: Iterable[str | None]) -> list[str]:
    return sorted({value for value in values if value})
