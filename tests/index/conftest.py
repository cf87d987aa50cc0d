"""Works and editions to make documents of, and an empty catalogue on the real server."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from itertools import count
from typing import Any

import pytest

from catalogue.merged import MergedRecord
from catalogue.record import Contributor, Description, Languages, Title
from index.documents import work_document
from index.search_index import SearchIndex

Document = dict[str, Any]
_numbers = count(1)


def _description(title: str = "Sinuhe egyptiläinen", language: str = "fin", **more: Any) -> Description:
    """A published e-book with one main title and Mika Waltari for its author, but for what is given."""
    values: dict[str, Any] = {
        "medium": "ebook",
        "formats": ("epub",),
        "languages": Languages(text=(language,)),
        "titles": (Title(text=title, language=language),),
        "contributors": (Contributor(name="Mika Waltari", name_inverted="Waltari, Mika", roles=("aut",)),),
    }
    return Description(**{**values, **more})


def _merged(about: Description, *members: str, level: str = "edition", **more: Any) -> MergedRecord:
    """A merged record of the description."""
    values = {"members": members or ("test:1",), "provenance": (), "rules_version": "1", **more}
    return MergedRecord(level=level, description=about, **values)


def _document(key: str, rev: int, *editions: Description, **more: Any) -> Document:
    """The document of a work whose editions are these; their first one describes the work too."""
    nested = [(f"e{key}{n}", _merged(about)) for n, about in enumerate(editions)]
    return work_document(key, rev, _merged(editions[0], level="work"), nested, **more)


@pytest.fixture(scope="session")
def describe() -> Callable[..., Description]:
    return _description


@pytest.fixture(scope="session")
def merged() -> Callable[..., MergedRecord]:
    return _merged


@pytest.fixture(scope="session")
def document() -> Callable[..., Document]:
    return _document


@pytest.fixture(scope="session")
def filled(search_server: str, prefix: Callable[[str], str]) -> Iterator[Callable[..., SearchIndex]]:
    """Makes a catalogue of its own on the real server, with these documents, visible at once."""
    with ExitStack() as opened:

        def fill(*documents: Document) -> SearchIndex:
            index = opened.enter_context(SearchIndex(search_server, prefix=prefix(f"test{next(_numbers)}")))
            index.ensure()
            report = index.bulk([(d["id"], d["rev"], d) for d in documents], refresh=True)
            assert not report.refused
            return index

        yield fill


@pytest.fixture
def search_index(filled: Callable[..., SearchIndex]) -> SearchIndex:
    """An empty catalogue of the test's own."""
    return filled()
