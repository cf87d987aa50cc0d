"""Concepts of YSO, SLM, SEKO and MUSA: by URI, and by label where a label means one thing only."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Literal

from catalogue.record import Labels
from catalogue.vocabularies.tables import own_rows, own_versions, read_rows

LabelLanguage = Literal["fi", "sv", "en"]

PINNED = ("yso", "slm", "seko", "musa")
MATCHES = "matches"  # own table: an address in another vocabulary → the concept here that says it means the same
_COLUMNS = {"fi": (1, 4), "sv": (2, 5), "en": (3, 3)}  # preferred, alternative labels
_PAGE = re.compile(r"finto\.fi/(yso|slm|seko|musa|kauno|ysa|allars)/(?:\w\w/page|page)/([a-zA-Z]?\d+)$")
_HOMES = {
    "kauno": "www.yso.fi/onto/kauno/",
    "ysa": "www.yso.fi/onto/ysa/",
    "allars": "www.yso.fi/onto/allars/",
    "yso": "www.yso.fi/onto/yso/",
    "musa": "www.yso.fi/onto/musa/",
    "slm": "urn.fi/urn:nbn:fi:au:slm:",
    "seko": "urn.fi/urn:nbn:fi:au:seko:",
}
_FIRST_PLACE = 94000  # YSO numbers from here on are YSO Places (yso-paikat), in the same namespace


@dataclass(frozen=True, slots=True)
class Concept:
    """A concept with its preferred labels. `replaced_by` is the URI of the concept that took its place."""

    uri: str
    scheme: str  # yso, slm, seko, musa
    labels: Labels
    replaced_by: str | None = None
    is_place: bool = False


class Concepts:
    """The pinned concepts. Label indexes are built on first use, one per language and set of schemes."""

    def __init__(self, schemes: Iterable[str]) -> None:
        self._rows: dict[str, tuple[str, str]] = {}
        for scheme in schemes:
            for row in (*(read_rows(scheme) if scheme in PINNED else ()), *own_rows(scheme)):
                self._rows[_pinned_key(row)] = (scheme, row)
        self._matches = dict(row.split("\t", 1) for row in own_rows(MATCHES))
        self._places: dict[str, dict[str, str | None]] = {}
        self._indexes: dict[tuple[str, frozenset[str]], _LabelIndex] = {}

    def __len__(self) -> int:
        return len(self._rows)

    def by_uri(self, uri: str) -> Concept | None:
        """The concept of a URI, however it is written (http or https, a bare URN, a Finto page), else None."""
        key = _uri_key(uri)
        return self._concept(key if key in self._rows else self._matches.get(key, key))

    def by_label(
        self, text: str, language: LabelLanguage | None = None, schemes: Iterable[str] | None = None
    ) -> Concept | None:
        """The one concept a label names exactly; None where none or several do.

        Letters of the same case are tried first ("kemi" is chemistry, "Kemi" a town), then case and spaces are
        folded. Preferred labels come before alternative ones, and all of concepts in force before those of concepts
        that were replaced. `language` None searches all three.
        """
        wanted = frozenset(schemes) if schemes is not None else frozenset(PINNED)
        found = {
            key
            for each in ((language,) if language else ("fi", "sv", "en"))
            if (key := self._index(each, wanted).find(text)) is not None
        }
        return self._concept(found.pop()) if len(found) == 1 else None

    def has_namesake(self, text: str, language: LabelLanguage | None, scheme: str) -> bool:
        """Whether a word also names another concept, told apart in brackets: ``sångare`` and ``sångare (fåglar)``.

        Places are not asked: a town comes before the villages of its name.
        """
        spoken: tuple[LabelLanguage, ...] = (language,) if language else ("fi", "sv", "en")
        return any(self._index(each, frozenset((scheme,))).is_qualified(text) for each in spoken)

    def by_place_name(self, text: str, language: LabelLanguage) -> Concept | None:
        """The one place of YSO that is written with what it lies in: ``Hetta`` is ``Hetta (Enontekiö)``."""
        index = self._places.get(language)
        if index is None:
            index = self._places[language] = {}
            column = _COLUMNS[language][0]
            for key, (scheme, row) in self._rows.items():
                label = row.split("\t", column + 1)[column]
                if scheme == "yso" and label.endswith(")") and _is_place(key):
                    _add(index, _label_key(label.partition(" (")[0]), key)
        place = index.get(_label_key(text))
        return self._concept(place) if place else None

    def current(self, concept: Concept) -> Concept:
        """The concept itself, or the pinned one that replaced it."""
        seen = {concept.uri}
        while concept.replaced_by and (heir := self.by_uri(concept.replaced_by)) and heir.uri not in seen:
            seen.add(heir.uri)
            concept = heir
        return concept

    def _concept(self, key: str) -> Concept | None:
        kept = self._rows.get(key)
        if kept is None:
            return None
        scheme, row = kept
        uri, fi, sv, en, _, _, replaced_by = row.split("\t")
        labels = Labels(fi=fi or None, sv=sv or None, en=en or None)
        return Concept(uri, scheme, labels, replaced_by or None, scheme == "yso" and _is_place(uri))

    def _index(self, language: str, schemes: frozenset[str]) -> _LabelIndex:
        index = self._indexes.get((language, schemes))
        if index is None:
            index = _LabelIndex(language, ((k, row) for k, (scheme, row) in self._rows.items() if scheme in schemes))
            self._indexes[language, schemes] = index
        return index


class _LabelIndex:
    """Labels of one language → key of the one concept; None marks a label of several."""

    def __init__(self, language: str, rows: Iterable[tuple[str, str]]) -> None:
        preferred, alternative = _COLUMNS[language]
        # as written, folded, alternative folded: of concepts in force, then of those that others took the place of
        self._steps: tuple[dict[str, str | None], ...] = ({}, {}, {}, {}, {}, {})
        self._qualified: set[str] = set()
        for key, row in rows:
            columns = row.split("\t")
            as_written, folded, other = self._steps[3:] if columns[-1] else self._steps[:3]
            if label := columns[preferred]:
                _add(as_written, label, key)
                _add(folded, _label_key(label), key)
                if label.endswith(")") and not _is_place(key):
                    self._qualified.add(_label_key(label.partition(" (")[0]))
            if alternative != preferred and columns[alternative]:
                for label in columns[alternative].split("|"):
                    _add(other, _label_key(label), key)

    def is_qualified(self, text: str) -> bool:
        """Whether a concept is called this with something in brackets after it."""
        return _label_key(text) in self._qualified

    def find(self, text: str) -> str | None:
        label = " ".join(text.split())
        folded = _label_key(label)
        for index, key in zip(self._steps, (label, folded, folded) * 2, strict=True):
            if key in index:
                return index[key]
        return None


def _is_place(uri: str) -> bool:
    number = uri.rpartition("/p")[2]
    return number.isdigit() and int(number) >= _FIRST_PLACE


def _add(index: dict[str, str | None], label: str, key: str) -> None:
    if index.setdefault(label, key) != key:
        index[label] = None


def _label_key(label: str) -> str:
    return " ".join(label.lower().split())


def _pinned_key(row: str) -> str:
    """What `_uri_key` makes of a row's URI, by a short way: pinned URIs are all written in full with http."""
    return row[: row.index("\t")].lower().replace("http://", "").replace("www.", "")


def _uri_key(uri: str) -> str:
    plain = uri.strip().lower().removeprefix("https://").removeprefix("http://").removeprefix("www.").rstrip("/")
    page = _PAGE.search(plain)
    if page:
        return _HOMES[page[1]].removeprefix("www.") + page[2]
    return f"urn.fi/{plain}" if plain.startswith("urn:nbn:fi:au:") else plain


@cache
def concepts() -> Concepts:
    """All pinned concepts, and those taken in beside them (which come before them), loaded once."""
    return Concepts((*PINNED, *(name for name in own_versions() if name not in PINNED)))


def scheme_of(uri: str) -> str | None:
    """The vocabulary an address belongs to, of those we know how to read; None for any other."""
    key = _uri_key(uri)
    return next((name for name, home in _HOMES.items() if key.startswith(home.removeprefix("www."))), None)


def uri_key(uri: str) -> str:
    """What addresses of one concept have in common, however they are written."""
    return _uri_key(uri)
