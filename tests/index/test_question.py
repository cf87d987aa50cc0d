"""What a reader may ask, as template parameters."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from catalogue.errors import UsageError
from index.cursor import Cursor, read_cursor, write_cursor
from index.question import MOST_HITS, Question


def test_an_empty_query_and_absent_filters_restrict_nothing() -> None:
    assert Question("  ", as_of=date(2026, 1, 2)).parameters() == {"lang": "fi", "size": 10, "as_of": "2026-01-02"}


def test_filters_paging_facets_and_sorting() -> None:
    question = Question(
        " sinuhe   waltari ", "sv",
        {"language": ["fi", "swe", "suomi"], "medium": ["ebook"], "year": ["2001-2010"], "lendable": ["yes"]},
        limit=5, sort="title", as_of=date(2026, 1, 2),
    )  # fmt: skip
    assert question.parameters(["x", 1], facets=True) == {
        "lang": "sv", "size": 5, "as_of": "2026-01-02", "q": "sinuhe waltari",
        "language": {"any": ["fin", "swe", "fin"]}, "medium": {"any": ["ebook"]}, "year": {"gte": 2001, "lte": 2010},
        "lendable_only": True, "paging": {"after": ["x", 1]}, "facets": {"size": 15}, "by_title": True,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("text", "years"),
    [("1979", {"gte": 1979, "lte": 1979}), ("2019-", {"gte": 2019}), ("-1999", {"lte": 1999})],
)
def test_years_may_be_open(text: str, years: dict[str, int]) -> None:
    assert Question("", filters={"year": [text]}).parameters()["year"] == years


@pytest.mark.parametrize("question", [
    Question("", filters={"colour": ["red"]}), Question("", filters={"year": ["-"]}),
    Question("", filters={"year": ["last year"]}), Question("", sort="price"),
])  # fmt: skip
def test_what_cannot_be_meant_is_a_usage_error(question: Question) -> None:
    with pytest.raises(UsageError):
        question.parameters()


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        (datetime(2026, 1, 1, 21, 59, tzinfo=UTC), "2026-01-01"),
        (datetime(2026, 1, 1, 22, 1, tzinfo=UTC), "2026-01-02"),
        (datetime(2026, 6, 30, 21, 30, tzinfo=UTC), "2026-07-01"),
        (datetime(2026, 6, 30, 21, 30), "2026-07-01"),
        (date(2026, 6, 30), "2026-06-30"),
    ],
)
def test_a_day_begins_at_midnight_in_helsinki(moment: date, day: str) -> None:
    assert Question("", as_of=moment).parameters()["as_of"] == day


def test_a_page_has_a_largest_size() -> None:
    assert Question("", limit=10**6).parameters()["size"] == MOST_HITS
    assert Question("", limit=0).parameters()["size"] == 1


def test_a_cursor_is_read_back_and_nothing_else_is() -> None:
    cursor = Cursor("catalogue-search-v1", [1.5, "w11"], 10)
    assert read_cursor(write_cursor(cursor)) == cursor
    for text in ("", "x", "ä", "W10", "WzEsMl0", write_cursor(cursor)[:-3]):
        with pytest.raises(UsageError):
            read_cursor(text)
