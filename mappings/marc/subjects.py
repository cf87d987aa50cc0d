"""Subjects and genres: 600-655, linked to the pinned concepts by address, else by label."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from catalogue.record import Labels, Topic
from catalogue.vocabularies import Concept, concepts
from catalogue.vocabularies.concepts import LabelLanguage
from mappings.marc.draft import Draft, Subfields
from mappings.marc.punctuation import trim
from mappings.marc.tables import table

_TABLE = table("marc")["subjects"]
_INDICATOR: dict[str, str] = _TABLE["indicator"]
_OLD: dict[str, LabelLanguage] = _TABLE["old"]
_LINKED: dict[str, bool] = _TABLE["linked"]
_LANGUAGES: dict[str, LabelLanguage] = _TABLE["languages"]
_DIVISIONS = frozenset("vxyz")
_NAME_TAGS = frozenset(("600", "610", "611", "630"))
_NOT_TEXT = frozenset("0123456789eijuw")
_HOMES = {"650": ("yso", "musa", "seko"), "655": ("slm", "yso"), "653": ("yso", "slm")}  # in this order; else YSO


class _Linked(NamedTuple):
    topics: tuple[Topic, ...]
    unlinked: tuple[str, ...]


def subject(draft: Draft, tag: str, indicators: str, subfields: Subfields) -> None:
    """600-651: subjects."""
    draft.topics.extend(_read(draft, tag, indicators[1:2], subfields))


def genre(draft: Draft, tag: str, indicators: str, subfields: Subfields) -> None:
    """655: genre and form."""
    for code, value in subfields:
        if code == "a":
            draft.genre_words.append(value)
    draft.genres.extend(_read(draft, tag, indicators[1:2], subfields))


def keyword(draft: Draft, tag: str, indicators: str, subfields: Subfields) -> None:
    """653: free keywords, each $a one; what is a label of one concept becomes that concept."""
    kept = draft.genres if indicators[1:2] == "6" else draft.topics
    language = _LANGUAGES.get(draft.source_language or draft.fixed[35:38])
    for code, value in subfields:
        if code == "a" and (text := trim(value)):
            kept.append(_keyword(text, language))


def unique_topics(found: list[Topic]) -> tuple[Topic, ...]:
    """One concept once, with the labels of all its headings; one heading once."""
    if len(found) < 2:
        return tuple(found)
    kept: dict[tuple[str, str], Topic] = {}
    for topic in found:
        key = (topic.uri, "") if topic.uri else (topic.scheme or "", (topic.source_text or "").lower())
        known = kept.get(key)
        kept[key] = topic if known is None else _together(known, topic)
    return tuple(kept.values())


def _together(known: Topic, topic: Topic) -> Topic:
    one, other = known.labels, topic.labels
    if one == other or other == Labels():
        return known
    labels = Labels(fi=one.fi or other.fi, sv=one.sv or other.sv, en=one.en or other.en)
    return known if labels == one else known.model_copy(update={"labels": labels})


def _read(draft: Draft, tag: str, indicator: str, subfields: Subfields) -> tuple[Topic, ...]:
    stated = address = ""
    parts: list[str] = []
    for code, value in subfields:
        if code == "2":
            stated = stated or value
        elif code == "0":
            address = address or value
        elif code in _DIVISIONS or (not parts and code not in _NOT_TEXT):
            parts.append(value)
        elif code not in _NOT_TEXT:
            parts[-1] = f"{parts[-1]} {value}"
    scheme = stated.strip().lower() if stated else _INDICATOR.get(indicator, "local")
    linked = _link(tag, scheme, address, tuple(parts))
    for text in linked.unlinked:
        draft.report("topic.unlinked", f"{tag}$a", text=text)
    return linked.topics


@lru_cache(maxsize=65536)
def _link(tag: str, stated: str, address: str, parts: tuple[str, ...]) -> _Linked:
    """The topics of a heading; equal headings are read once."""
    scheme, _, ending = stated.partition("/")
    language = _LANGUAGES.get(ending)
    texts = [text for part in parts if (text := trim(part))]
    if not texts:
        return _Linked((), ())
    uri = _uri(address)
    if uri:
        return _Linked((_by_uri(uri, scheme, language, "--".join(texts)),), ())
    if tag in _NAME_TAGS:
        return _Linked((Topic(scheme="name" if scheme == "local" else scheme, source_text="--".join(texts)),), ())
    if scheme in _OLD:
        return _by_labels(tag, scheme, _OLD[scheme], texts)
    if scheme in _LINKED:
        return _by_labels(tag, scheme, language, ["--".join(texts)])
    return _Linked((Topic(scheme=scheme, source_text="--".join(texts)),), ())


def _uri(address: str) -> str:
    if address.startswith("(OCoLC)fst"):
        return f"http://id.worldcat.org/fast/{address[10:].lstrip('0')}"
    at = address.find("http")
    if at >= 0 or address.lower().startswith("urn:"):
        return address[max(at, 0) :].strip()
    return ""


def _by_uri(uri: str, scheme: str, language: LabelLanguage | None, text: str) -> Topic:
    concept = concepts().by_uri(uri)
    if concept is not None:
        return _topic(concept, text)
    labels = Labels(**{language: text}) if language else Labels()
    return Topic(uri=uri, scheme=scheme, labels=labels, source_text=text)


def _by_labels(tag: str, scheme: str, language: LabelLanguage | None, texts: list[str]) -> _Linked:
    """Each part of a chain by its own label; what no pinned vocabulary knows keeps its scheme and words."""
    topics: list[Topic] = []
    unlinked: list[str] = []
    for text in texts:
        concept = _labelled(text, language, tag, scheme)
        if concept is None:
            unlinked.append(text)
            topics.append(Topic(scheme=scheme, source_text=text))
        else:
            topics.append(_topic(concept, text))
    return _Linked(tuple(topics), tuple(unlinked))


def _labelled(text: str, language: LabelLanguage | None, tag: str, scheme: str) -> Concept | None:
    homes = (scheme,) if scheme in ("slm", "seko") else _HOMES.get(tag, ("yso",))
    for home in homes:
        concept = concepts().by_label(text, language, (home,))
        if concept is not None:
            return concept
    return None


def _topic(concept: Concept, text: str | None) -> Topic:
    current = concepts().current(concept)
    return Topic(uri=current.uri, scheme=current.scheme, labels=current.labels, source_text=text)


@lru_cache(maxsize=8192)
def _keyword(text: str, language: LabelLanguage | None) -> Topic:
    concept = _labelled(text, language, "653", "keyword") if language else None
    return Topic(scheme="keyword", source_text=text) if concept is None else _topic(concept, text)
