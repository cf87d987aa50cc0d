"""Records as the tests of matching want them: a novel's e-book, changed in one respect at a time."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from catalogue.record import (
    CatalogueRecord,
    Cataloguing,
    Contributor,
    EditionStatement,
    Extent,
    Identifier,
    Languages,
    Part,
    Publication,
    PublicationDates,
    Series,
    Title,
)
from matching.features import Features, extract

Make = Callable[..., CatalogueRecord]


def isbn(value: str, role: Any = "own") -> Identifier:
    return Identifier(scheme="isbn", value=value, role=role)


def person(name: str, *roles: str) -> Contributor:
    family, _, given = name.partition(", ")
    return Contributor(name=f"{given} {family}".strip(), name_inverted=name, roles=roles or ("aut",))


_FIELDS: dict[str, Callable[[Any], dict[str, Any]]] = {
    "titles": lambda v: {"titles": v},
    "title": lambda v: {"titles": (Title(text=v),)},
    "author": lambda v: {"contributors": (person(v),) if v else ()},
    "contributors": lambda v: {"contributors": v},
    "language": lambda v: {"languages": Languages(text=(v,) if isinstance(v, str) else v)},
    "languages": lambda v: {"languages": v},
    "isbns": lambda v: {"identifiers": tuple(isbn(i) for i in v)},
    "identifiers": lambda v: {"identifiers": v},
    "year": lambda v: {"publication": Publication(publisher="Kaarna", dates=PublicationDates(published=v))},
    "publication": lambda v: {"publication": v},
    "pages": lambda v: {"extent": Extent(pages=v)},
    "minutes": lambda v: {"extent": Extent(duration_min=v)},
    "volume": lambda v: {"part": Part(number=v)},
    "part": lambda v: {"part": v},
    "series": lambda v: {"series": tuple(Series(title=t, number=n) for t, n in v)},
    "edition": lambda v: {"edition_statement": EditionStatement(number=v)},
    "abridged": lambda v: {"edition_statement": EditionStatement(abridged=v)},
    "rules": lambda v: {"cataloguing": Cataloguing(rules=v)},
    "narrator": lambda v: {"contributors": (person("Salo, Eeva"), person(v, "nrt"))},
}
_NOVEL: dict[str, Any] = {
    "title": "Hiljaisten vesien saari",
    "author": "Salo, Eeva",
    "language": "fin",
    "year": "2021",
    "medium": "ebook",
}


@pytest.fixture(scope="session")
def make() -> Make:
    """``make("library:1", title=…, medium=…)``: a record named so, otherwise an e-book of one Finnish novel."""

    def record(key: str, **changes: Any) -> CatalogueRecord:
        source, _, source_id = key.partition(":")
        fields: dict[str, Any] = {}
        for name, value in (_NOVEL | changes).items():
            fields |= _FIELDS[name](value) if name in _FIELDS else {name: value}
        return CatalogueRecord(source=source, source_id=source_id, **fields)

    return record


@pytest.fixture(scope="session")
def featured(make: Make) -> Callable[..., Features]:
    """The features of such a record."""
    return lambda key, **changes: extract(make(key, **changes))
