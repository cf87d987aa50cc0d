"""Unlinked headings by source, with the number of records that use them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from jobs.gaps import vocabulary_gaps
from store.database import Store

SUBJECT = (
    "<Subject><SubjectSchemeIdentifier>20</SubjectSchemeIdentifier>"
    "<SubjectHeadingText>{}</SubjectHeadingText></Subject>"
)


def test_gaps_are_counted_by_source_and_the_most_frequent_comes_first(
    store: Store, deliver: Any, book: Callable[..., str]
) -> None:
    def with_keywords(ref: str, *words: str) -> str:
        return book(ref, subject="".join(map(SUBJECT.format, words)))

    deliver(
        "kaarna",
        with_keywords("1", "hömppähärveli", "kissa"),
        with_keywords("2", "Hömppähärveli", "hömppähärveli", "toinen outo sana"),
        with_keywords("3", "hömppähärveli"),
    )
    deliver("norrsken", with_keywords("1", "hömppähärveli"))
    assert vocabulary_gaps(store) == [
        {"source": "kaarna", "text": "hömppähärveli", "records": 3},
        {"source": "kaarna", "text": "toinen outo sana", "records": 1},
        {"source": "norrsken", "text": "hömppähärveli", "records": 1},
    ]
