"""Concepts of YSO, SLM, SEKO and MUSA: by URI, and by label where a label means one thing only."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Literal

from catalogue.record import Labels
from catalogue.vocabularies.rows import Index, Rows
from catalogue.vocabularies.tables import own_rows, own_table, own_versions, read_rows, read_table

LabelLanguage = Literal["fi", "sv", "en"]

PINNED = ("yso", "slm", "seko", "musa")
MATCHES = "matches"  # own table: an address in another vocabulary → the concept here that says it means the same
_COLUMNS: dict[LabelLanguage, tuple[int, int]] = {
    "fi": (1, 4),
    "sv": (2, 5),
    "en": (3, 3),
}  # preferred, alternative labels
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
_LABEL_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
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
        self._rows = Rows()
        for scheme in schemes:
            if scheme in PINNED:
                self._rows.add(scheme, read_table(scheme))
            self._rows.add(scheme, own_table(scheme))
        self._keys = Index()
        for number, row in self._rows.of():
            self._keys.add(_pinned_key(row), number)
        self._keys.sort()
        self._outdone = frozenset(self._earlier())
        self._matches = dict(row.split("\t", 1) for row in own_rows(MATCHES))
        self._places: dict[str, Index] = {}
        self._indexes: dict[tuple[LabelLanguage, frozenset[str]], _LabelIndex] = {}

    def __len__(self) -> int:
        return len(self._rows) - len(self._outdone)

    def by_uri(self, uri: str) -> Concept | None:
        """The concept of a URI, however it is written (http or https, a bare URN, a Finto page), else None."""
        return self._concept(self._number_of(uri))

    def alternatives(self, uri: str) -> dict[LabelLanguage, tuple[str, ...]]:
        """The alternative labels of the concept of a URI, in each language that has some."""
        number = self._number_of(uri)
        columns = self._rows[number][1].split("\t") if number is not None else []
        given = {each: columns[places[1]] for each, places in _COLUMNS.items() if columns and places[0] != places[1]}
        return {each: tuple(labels.split("|")) for each, labels in given.items() if labels}

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
            number
            for each in ((language,) if language else ("fi", "sv", "en"))
            if (number := self._index(each, wanted).find(text)) is not None
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
        column = _COLUMNS[language][0]
        index = self._places.get(language)
        if index is None:
            index = self._places[language] = Index()
            for number, row in self._current_rows({"yso"}):
                if (name := _place_name(row, column)) and _is_place(_pinned_key(row)):
                    index.add(name, number)
            index.sort()
        key = _label_key(text)
        found = [number for number in index.rows(key) if _place_name(self._rows[number][1], column) == key]
        return self._concept(found[0]) if len(found) == 1 else None

    def current(self, concept: Concept) -> Concept:
        """The concept itself, or the pinned one that replaced it."""
        seen = {concept.uri}
        while concept.replaced_by and (heir := self.by_uri(concept.replaced_by)) and heir.uri not in seen:
            seen.add(heir.uri)
            concept = heir
        return concept

    def _concept(self, number: int | None) -> Concept | None:
        if number is None:
            return None
        scheme, row = self._rows[number]
        uri, fi, sv, en, _, _, replaced_by = row.split("\t")
        labels = Labels(fi=fi or None, sv=sv or None, en=en or None)
        return Concept(uri, scheme, labels, replaced_by or None, scheme == "yso" and _is_place(uri))

    def _number_of(self, uri: str) -> int | None:
        """The row of a URI, else of what is known to mean the same."""
        key = _uri_key(uri)
        number = self._number(key)
        return self._number(self._matches.get(key, key)) if number is None else number

    def _number(self, key: str) -> int | None:
        """The row of a key: of several the last, which was taken in."""
        return next(iter(self._of_key(key)[-1:]), None)

    def _of_key(self, key: str) -> list[int]:
        return [number for number in self._keys.rows(key) if _pinned_key(self._rows[number][1]) == key]

    def _earlier(self) -> Iterator[int]:
        """Rows in whose place others were taken in."""
        for number in self._keys.meetings():
            yield from self._of_key(_pinned_key(self._rows[number][1]))[:-1]

    def _current_rows(self, schemes: Container[str]) -> Iterator[tuple[int, str]]:
        return (each for each in self._rows.of(schemes) if each[0] not in self._outdone)

    def _index(self, language: LabelLanguage, schemes: frozenset[str]) -> _LabelIndex:
        index = self._indexes.get((language, schemes))
        if index is None:
            index = _LabelIndex(language, self._rows, self._current_rows(schemes))
            self._indexes[language, schemes] = index
        return index


class _LabelIndex:
    """Labels of one language → number of the one concept that has it."""

    def __init__(self, language: LabelLanguage, rows: Rows, wanted: Iterable[tuple[int, str]]) -> None:
        self._rows = rows
        self._preferred, alternative = _COLUMNS[language]
        self._alternative = alternative if alternative != self._preferred else None
        self._preferred_labels, self._other_labels, self._qualified = Index(), Index(), Index()
        for number, row in wanted:
            columns = row.split("\t")
            if label := columns[self._preferred]:
                self._preferred_labels.add(_label_key(label), number)
                if label.endswith(")") and not _is_place(columns[0]):
                    self._qualified.add(_unqualified(label), number)
            for other in self._others(columns):
                self._other_labels.add(other, number)
        for index in (self._preferred_labels, self._other_labels, self._qualified):
            index.sort()

    def is_qualified(self, text: str) -> bool:
        """Whether a concept is called this with something in brackets after it."""
        key = _label_key(text)
        return any(_unqualified(columns[self._preferred]) == key for _, columns in self._columns(self._qualified, key))

    def find(self, text: str) -> int | None:
        """As written, then folded, then among alternatives: of concepts in force, then of those that others replaced.

        None also where several concepts have it.
        """
        label = " ".join(text.split())
        key = _label_key(label)
        preferred = self._columns(self._preferred_labels, key)
        others = [each for each in self._columns(self._other_labels, key) if key in self._others(each[1])]
        for is_replaced in (False, True):
            names = {n: columns[self._preferred] for n, columns in preferred if bool(columns[-1]) is is_replaced}
            found = [number for number, name in names.items() if name == label]
            found = found or [number for number, name in names.items() if _label_key(name) == key]
            found = found or [number for number, columns in others if bool(columns[-1]) is is_replaced]
            if found:
                return found[0] if len(found) == 1 else None
        return None

    def _columns(self, index: Index, key: str) -> list[tuple[int, list[str]]]:
        """The rows that may have a label."""
        return [(number, self._rows[number][1].split("\t")) for number in dict.fromkeys(index.rows(key))]

    def _others(self, columns: list[str]) -> list[str]:
        """The alternative labels of a row, folded."""
        if self._alternative is None or not columns[self._alternative]:
            return []
        return [_label_key(label) for label in columns[self._alternative].split("|")]


def _place_name(row: str, column: int) -> str:
    """The name of a place without what it lies in, folded; nothing where it is written without."""
    return _unqualified(row.split("\t", column + 1)[column])


def _unqualified(label: str) -> str:
    """A label without what stands in brackets at its end, folded; nothing where nothing does."""
    return _label_key(label.partition(" (")[0]) if label.endswith(")") else ""


def _is_place(uri: str) -> bool:
    number = uri.rpartition("/p")[2]
    return number.isdigit() and int(number) >= _FIRST_PLACE


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


@cache
def label_words(language: LabelLanguage) -> tuple[str, ...]:
    """The words of all pinned labels but those of places, in lower case, each once: what subjects are named by."""
    preferred, alternative = _COLUMNS[language]
    found: dict[str, None] = {}
    for scheme in PINNED:
        for row in read_rows(scheme):
            columns = row.split("\t")
            if not _is_place(columns[0]):
                text = f"{columns[preferred]} {columns[alternative]}".lower()
                found |= dict.fromkeys(_LABEL_WORD.findall(text))
    return tuple(found)


def scheme_of(uri: str) -> str | None:
    """The vocabulary an address belongs to, of those we know how to read; None for any other."""
    key = _uri_key(uri)
    return next((name for name, home in _HOMES.items() if key.startswith(home.removeprefix("www."))), None)


def uri_key(uri: str) -> str:
    """What addresses of one concept have in common, however they are written."""
    return _uri_key(uri)
