"""Subjects and genres: 600-655, linked to the pinned concepts by address, else by label."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from catalogue.record import Labels, Topic
from catalogue.vocabularies import Concept
from catalogue.vocabularies.concepts import LabelLanguage
from catalogue.vocabularies.headings import (
    GENRES,
    Place,
    chain_parts,
    find_chain,
    find_heading,
    is_linked,
    is_period,
    vocabulary_language,
)
from mappings.marc.draft import Draft, Subfields, flat
from mappings.marc.punctuation import trim
from mappings.marc.tables import table

_TABLE = table("marc")["subjects"]
_INDICATOR: dict[str, str] = _TABLE["indicator"]
_LANGUAGES: dict[str, LabelLanguage] = _TABLE["languages"]
_NATIONAL = ("fi", "sv")  # words in other languages are no gaps
_DIVISIONS = frozenset("vxyz")
_NAMES = {"600": "person", "610": "body", "611": "meeting", "630": "title"}  # schemes of names that no list vouches for
_OTHER_TAGS = frozenset(("647", "648", "651"))  # of a heading that is no topic
_CODED = frozenset("bcdgvyz")  # subfields that "--" between words does not tell
_NOT_TEXT = frozenset("0123456789eijuw")
_PLACES: dict[str, Place] = {"650": "subject", "655": "genre", "653": "index_term"}  # else the names of places
_RECORDINGS = frozenset("cdjg")  # LDR/06: music and film, whose subjects in the old lists mostly say what they are


Keyed = tuple[str, Topic]
"""A topic with what makes it one: its address, else its scheme and words."""


class _Linked(NamedTuple):
    topics: tuple[Keyed, ...]
    unlinked: tuple[str, ...]
    doubted: tuple[tuple[str, str], ...] = ()  # words and the label of the address beside them, of another concept


def subject(draft: Draft, tag: str, indicators: str, subfields: Subfields) -> None:
    """600-651: subjects. Names are kept as they are: words do not tell a body from a topic, nor dates from places."""
    if tag in _NAMES:
        draft.kept.append((tag, indicators, subfields))
    found = _read(draft, tag, indicators, subfields)
    if tag == "650" and draft.leader[6] in _RECORDINGS:
        draft.genres.extend(keyed for keyed in found if keyed[1].scheme in GENRES)
        found = tuple(keyed for keyed in found if keyed[1].scheme not in GENRES)
    draft.topics += found


def genre(draft: Draft, tag: str, indicators: str, subfields: Subfields) -> None:
    """655: genre and form."""
    for code, value in subfields:
        if code == "a":
            draft.genre_words.append(value)
    draft.genres += _read(draft, tag, indicators, subfields)


def keyword(draft: Draft, tag: str, indicators: str, subfields: Subfields) -> None:
    """653: free keywords, each $a one; what is a label of one concept becomes that concept."""
    kept = draft.genres if indicators[1:2] == "6" else draft.topics
    for code, value in subfields:
        if code == "a" and (text := trim(value)):
            language = _language(draft)
            keyed = _keyword(tag, text, language, "keyword")
            kept.append(keyed)
            if keyed[1].uri is None and language in _NATIONAL and not is_period(text):
                draft.report("topic.unlinked", f"{tag}$a", text=text)


def _language(draft: Draft) -> LabelLanguage | None:
    """The language a cataloguer's own words are in: that of cataloguing, else of the text."""
    return _LANGUAGES.get(draft.source_language or draft.fixed[35:38])


def unique_topics(found: list[Keyed]) -> tuple[Topic, ...]:
    """One concept once, with the labels of all its headings; one heading once."""
    kept = dict(found)
    if len(kept) < len(found):
        kept = {}
        for key, topic in found:
            known = kept.get(key)
            kept[key] = topic if known is None else _together(known, topic)
    return tuple(kept.values())


def _keyed(topic: Topic) -> Keyed:
    return (topic.uri or f"{topic.scheme} {(topic.source_text or '').lower()}", topic)


def _together(known: Topic, topic: Topic) -> Topic:
    one, other = known.labels, topic.labels
    if one == other or other == Labels():
        return known
    labels = Labels(fi=one.fi or other.fi, sv=one.sv or other.sv, en=one.en or other.en)
    return known if labels == one else known.model_copy(update={"labels": labels})


def _read(draft: Draft, tag: str, indicators: str, subfields: Subfields) -> tuple[Keyed, ...]:
    place = _PLACES.get(tag, "place")
    if place == "subject" and draft.leader[6] in _RECORDINGS:
        place = "recording"
    written = flat(subfields)
    topics, unlinked, doubted = _heading(tag, (place, indicators[1:2]), _language(draft), written)
    if tag not in _NAMES and _says_more(tag, written, topics):
        draft.kept.append((tag, indicators, subfields))
    for text in unlinked:
        draft.report("topic.unlinked", f"{tag}$a", text=text)
    for text, label in doubted:
        draft.report("topic.disagree", f"{tag}$0", text=text, label=label)
    return topics


def _says_more(tag: str, written: tuple[str, ...], topics: tuple[Keyed, ...]) -> bool:
    """Whether a heading of no bilingual list says by its tag or codes what its words alone do not (651, $v, $z)."""
    if len(topics) != 1 or topics[0][1].labels.fi or topics[0][1].labels.sv:
        return False
    return tag in _OTHER_TAGS or not _CODED.isdisjoint(written[::2])


@lru_cache(maxsize=2048)
def _heading(tag: str, where: tuple[Place, str], language: LabelLanguage | None, written: tuple[str, ...]) -> _Linked:
    """The topics of a heading; equal headings are read once. `language` is that of words which no list vouches for."""
    stated = address = ""
    parts: list[str] = []
    for code, value in zip(written[::2], written[1::2], strict=True):
        if code == "2":
            stated = stated or value
        elif code == "0":
            address = address or value
        elif code in _DIVISIONS or (not parts and code not in _NOT_TEXT):
            parts.append(value)
        elif code not in _NOT_TEXT:
            parts[-1] = f"{parts[-1]} {value}"
    scheme = stated.strip().lower() if stated else _INDICATOR.get(where[1], "local")
    if scheme == "local" and len(parts) == 1 and tag not in _NAMES:
        text = trim(parts[0])
        return _Linked((_keyword(tag, text, language, "local"),) if text else (), ())
    return _link(tag, (where[0], scheme), address, parts)


def _link(tag: str, where: tuple[Place, str], address: str, parts: list[str]) -> _Linked:
    place, stated = where
    scheme, _, ending = stated.partition("/")
    language = _LANGUAGES.get(ending)
    texts = [text.replace(", (", " (") for part in parts if (text := trim(part))]
    if not texts:
        return _Linked((), ())
    uri, old = _uri(address), vocabulary_language(scheme)
    if uri and (not old or find_heading(scheme, uri, "subject")):  # addresses of the old lists lead nowhere: words do
        topic = _by_uri(uri, scheme, language, "--".join(texts))
        return _Linked((_keyed(topic),), (), _doubts(topic, scheme, language, texts))
    if tag in _NAMES:
        scheme = _NAMES[tag] if scheme == "local" else scheme
        return _Linked((_keyed(Topic(scheme=scheme, source_text="--".join(texts))),), ())
    if is_linked(scheme):  # chains are taken apart
        parts = [part for text in texts for part in chain_parts(text)]
        return _by_labels(place if old else _PLACES.get(tag, "place"), scheme, language, parts)
    return _Linked((_keyed(Topic(scheme=scheme, source_text="--".join(texts))),), ())


def _uri(address: str) -> str:
    if address.startswith("(OCoLC)fst"):
        return f"http://id.worldcat.org/fast/{address[10:].lstrip('0')}"
    at = address.find("http")
    if at >= 0 or address.lower().startswith("urn:"):
        return address[max(at, 0) :].strip()
    return ""


def _by_uri(uri: str, scheme: str, language: LabelLanguage | None, text: str) -> Topic:
    concept = find_heading(scheme, uri, "subject")
    if concept is not None:
        return _topic(concept, text)
    twin = find_heading(scheme, text, "place", (language,)) if language and is_linked(scheme) else None
    labels = twin.labels if twin else Labels(**{language: text}) if language else Labels()
    return Topic(uri=uri, scheme=scheme, labels=labels, source_text=text)


def _doubts(topic: Topic, scheme: str, language: LabelLanguage | None, texts: list[str]) -> tuple[tuple[str, str], ...]:
    """The words of a heading whose address is another concept's than the one that they name in the same list."""
    labels = topic.labels
    if len(texts) != 1 or not is_linked(scheme) or labels == Labels():
        return ()
    named = find_heading(scheme, texts[0], "subject", (language,))
    if named is None or named.uri == topic.uri or named.labels == labels:
        return ()
    return ((texts[0], labels.fi or labels.sv or labels.en or ""),)


def _by_labels(place: Place, scheme: str, language: LabelLanguage | None, texts: list[str]) -> _Linked:
    """Each part of a chain by its own label; what no pinned vocabulary knows keeps its scheme and words."""
    topics: list[Topic] = []
    unlinked: list[str] = []
    for text, concept in zip(texts, find_chain(scheme, texts, place, (language,)), strict=True):
        if concept is None:
            topics.append(Topic(scheme=scheme, source_text=text))
            if not is_period(text):  # centuries and years have no concepts
                unlinked.append(text)
        else:
            topics.append(_topic(concept, text))
    return _Linked(tuple(_keyed(topic) for topic in topics), tuple(unlinked))


def _topic(concept: Concept, text: str | None) -> Topic:
    return Topic(uri=concept.uri, scheme=concept.scheme, labels=concept.labels, source_text=text)


@lru_cache(maxsize=8192)
def _keyword(tag: str, text: str, language: LabelLanguage | None, scheme: str) -> Keyed:
    concept = find_heading(scheme, text, _PLACES.get(tag, "place"), (language,)) if language else None
    kind = "place" if tag == "651" and scheme == "local" else scheme
    return _keyed(Topic(scheme=kind, source_text=text) if concept is None else _topic(concept, text))
