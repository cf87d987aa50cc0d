"""Titles and names of a work: as text to be searched, as sort keys, and as what a reader is shown."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import chain
from typing import Any

from catalogue.folding import fold
from catalogue.record import Contributor, Description, Title, Topic
from catalogue.vocabularies import concepts
from index.groups import Kind, grouped
from index.sortkeys import sort_key

VIEWS = {"fin": "fi", "swe": "sv", "eng": "en"}  # text language → the reader's view whose analysis fits it
READERS = ("fi", "sv", "en")
MAIN_CONTRIBUTORS = 5
_HYPHEN = re.compile(r"(?<=[^\W\d_])-(?=[^\W\d_])")
Shown = tuple[Title, Description | None]  # a title, and the description it is of

_folded = lru_cache(50_000)(fold)  # names and subjects come again, and each heading is in several fields


def heading_texts(whole: Sequence[Description], names: Sequence[str]) -> dict[str, Any]:
    """The text fields of a document; `whole` is the work's description and then its editions'."""
    titles = list(dict.fromkeys(_all_titles(whole)))
    labels = list(dict.fromkeys(_all_labels(whole)))
    uris = dict.fromkeys(t.uri for d in whole for t in (*d.topics.subjects, *d.topics.genres) if t.uri)
    series = _distinct(s.title for d in whole for s in d.series)
    mains = _distinct(text for d in whole for text in _full_titles(d))
    return {
        "x": {
            "title": _by_view(titles),
            "author": _by_view(((name, None) for name in names), "names"),
            "subject": _by_view([*labels, *(other for uri in uris for other in _other_names(uri))]),
            "series": _by_view((text, None) for text in series),
        },
        "title": {"std": _distinct(text for text, _ in titles), "exact": mains},
        "author": {"std": list(names)},
        "subject": {"std": _distinct(text for text, _ in labels)},
        "series": {"std": series},
        "suggest": _distinct([*mains, *series, *names, *_joined([*mains, *series, *names])]),
    }


def contributor_names(whole: Sequence[Description]) -> list[str]:
    """Every name once, in the direct form."""
    return _distinct(c.name for d in whole for c in d.contributors)


def main_contributors(whole: Sequence[Description]) -> Sequence[Contributor]:
    """The first few contributors that the work's editions share, else those of its first edition."""
    return next((d.contributors for d in whole if d.contributors), ())[:MAIN_CONTRIBUTORS]


def display_titles(whole: Sequence[Description]) -> dict[str, dict[str, str | None]]:
    """For each reader's language the title shown, marked with its own language.

    The title in that language, else the original one, else whatever there is.
    """
    return {reader: _display(*shown) for reader, shown in titles_shown(whole).items()}


def sort_keys(whole: Sequence[Description]) -> dict[str, Any]:
    """Keys of the titles shown, and of the first main contributor's heading."""
    titles = {reader: title for reader, (title, _) in titles_shown(whole).items()}
    first = next(iter(main_contributors(whole)), None)
    return {
        "title": {reader: sort_key(t.text, t.nonfiling) for reader, t in titles.items()},
        "author": sort_key(first.name_inverted or first.name) if first else None,
    }


def titles_shown(whole: Sequence[Description]) -> dict[str, Shown]:
    """For each reader's language the title shown, an empty one where there is none."""
    mains = [(t, d) for d in whole for t in d.titles if t.kind == "main"]
    languages = [language_of(t, d) for t, d in mains]
    originals = ((t, d) for d in whole for t in d.titles if t.kind == "original")
    original = (shown for shown, code in zip(mains, languages, strict=True) if code in shown[1].languages.original)
    otherwise: Shown = next(chain(original, originals, mains), (Title(text=""), None))
    found: dict[str, Shown] = {}
    for shown, code in zip(mains, languages, strict=True):
        if code in VIEWS:
            found.setdefault(VIEWS[code], shown)
    return {reader: found.get(reader, otherwise) for reader in READERS}


def _display(title: Title, owner: Description | None) -> dict[str, str | None]:
    language = language_of(title, owner) if owner else None
    subtitle = owner and title.kind == "main" and _of_language(owner, "subtitle", language)
    return {"title": title.text, "language": language, "subtitle": subtitle or None}


def _of_language(description: Description, kind: str, language: str | None) -> str | None:
    found = (t.text for t in description.titles if t.kind == kind and language_of(t, description) == language)
    return next(found, None)


def language_of(title: Title, description: Description) -> str | None:
    """A title's language: its own, else the only one its kind can have."""
    if title.language:
        return title.language
    codes = description.languages.original if title.kind == "original" else description.languages.text
    return codes[0] if len(codes) == 1 and title.kind not in ("parallel", "alternative") else None


def _all_titles(whole: Sequence[Description]) -> Iterator[tuple[str, str | None]]:
    for description in whole:
        for title in description.titles:
            text = f"{title.text} {title.number}" if title.number else title.text
            yield text, language_of(title, description)
        part = " ".join(filter(None, (description.part.number, description.part.title)))
        if part:
            yield part, None


def _full_titles(description: Description) -> Iterator[str]:
    """Each main title, and the same with its subtitle, as a reader may type it."""
    for title in description.titles:
        if title.kind == "main":
            yield title.text
            subtitle = _of_language(description, "subtitle", language_of(title, description))
            if subtitle:
                yield f"{title.text} {subtitle}"


def _all_labels(whole: Sequence[Description]) -> Iterator[tuple[str, str | None]]:
    return (label for d in whole for t in (*d.topics.subjects, *d.topics.genres) for label in _topic_labels(t))


def _topic_labels(topic: Topic) -> Iterator[tuple[str, str | None]]:
    labels = topic.labels
    found = [(text, code) for text, code in ((labels.fi, "fin"), (labels.sv, "swe"), (labels.en, "eng")) if text]
    if found:
        yield from found
    elif topic.source_text:
        yield topic.source_text, None


@lru_cache(20_000)
def _other_names(uri: str) -> tuple[tuple[str, str], ...]:
    """What else a concept is called: searched, and neither shown nor preferred."""
    codes = {view: code for code, view in VIEWS.items()}
    return tuple((text, codes[view]) for view, texts in concepts().alternatives(uri).items() for text in texts)


def _by_view(texts: Iterable[tuple[str, str | None]], kind: Kind = "words") -> dict[str, list[str]]:
    """Texts with the forms of their language; one in an unknown or other language with those of all three."""
    views: dict[str, list[str]] = {reader: [] for reader in READERS}
    for text, code in texts:
        for reader in (VIEWS[code],) if code in VIEWS else READERS:
            views[reader].append(text)
    return {
        "fi": [grouped(text, "fi", kind) for text in _distinct(views["fi"])],
        "sv": [grouped(text, "sv", kind) for text in _distinct(views["sv"])],
        "en": _distinct(views["en"]),
    }


def _joined(texts: Iterable[str]) -> Iterator[str]:
    """What hyphens join, as one word: a reader may begin "itäsuom"."""
    return (_HYPHEN.sub("", text) for text in texts if _HYPHEN.search(text))


def _distinct(texts: Iterable[str]) -> list[str]:
    """The texts once each, in order; case, punctuation and spacing make no difference."""
    first: dict[str, str] = {}
    for text in dict.fromkeys(texts):  # editions repeat what their work says
        first.setdefault(_folded(text) or text, text)
    return list(first.values())
