"""Whole documents: public and other editions, issues of a magazine, tombstones, and only fields of the layout."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from catalogue.merged import MergedIssue, MergedRecord
from catalogue.record import (
    AccessibilityFact,
    Audience,
    Description,
    Labels,
    Languages,
    Link,
    Publication,
    Series,
    Texts,
    Topic,
    Topics,
)
from catalogue.record import PublicationDates as Dates
from index.analysis import mappings
from index.documents import tombstone, work_document

Describe = Callable[..., Description]


def _unknown(document: dict[str, Any], layout: dict[str, Any], path: str = "") -> list[str]:
    """Fields of a document that the layout lacks."""
    found: list[str] = []
    for key, value in document.items():
        field = layout["properties"].get(key)
        if field is None:
            found.append(path + key)
        elif "properties" in field:
            for part in value if isinstance(value, list) else [value]:
                found += _unknown(part, field, f"{path}{key}.")
    return found


def test_a_document_has_only_fields_of_the_layout(
    describe: Describe, merged: Callable[..., MergedRecord], document: Callable[..., dict[str, Any]]
) -> None:
    made = document("w11", 3, describe(), published_at=datetime(2026, 1, 2, tzinfo=UTC))
    assert _unknown(made, mappings()) == []
    assert _unknown(tombstone("w11", 4, "w22"), mappings()) == []
    assert made["published_at"] == "2026-01-02T00:00:00+00:00"


def test_filters_and_facets_hold_for_public_editions_only(
    describe: Describe, document: Callable[..., dict[str, Any]]
) -> None:
    def of(medium: str, year: str, publisher: str, language: str) -> Description:
        about = Publication(publisher=publisher, dates=Dates(published=year))
        return describe(medium=medium, publication=about, languages=Languages(text=(language,)), formats=(medium,))

    made = document("w11", 3, of("ebook", "2012", "WSOY", "fin"), of("print", "1945", "Otava", "swe"))
    assert (made["media"], made["languages"], made["formats"]) == (["ebook"], ["fin"], ["ebook"])
    assert (made["year"], made["years"]) == (2012, [2012])
    assert made["facet"]["publisher"] == ["WSOY"]
    assert [e["published"] for e in made["editions"]] == [True, False]
    wider = document("w11", 3, of("print", "1945", "Otava", "swe"), publish_media=("print",))
    assert wider["media"] == ["print"]


def test_facets_are_by_uri_with_labels_beside(describe: Describe, document: Callable[..., dict[str, Any]]) -> None:
    about = describe(
        topics=Topics(
            subjects=(
                Topic(uri="http://yso/p1", labels=Labels(fi="elokuvat", sv="filmer")),
                Topic(source_text="cinema"),
            ),
            genres=(Topic(uri="http://slm/s1", source_text="romaani"),),
            audience=(Audience(scheme="onix28", code="02"),),
        ),
        series=(Series(title="Keltainen kirjasto"),),
        accessibility=(AccessibilityFact(code="13"), AccessibilityFact(text="words only")),
        texts=Texts(links=(Link(kind="sample", url="http://s"), Link(kind="cover", url="http://c"))),
    )
    made = document("w11", 3, about)
    assert made["facet"]["subject"] == ["cinema", "http://yso/p1"]
    assert made["facet"]["genre"] == ["http://slm/s1"]
    assert made["facet"]["audience"] == ["onix28:02"]
    assert made["facet"]["collection"] == ["Keltainen kirjasto"]
    assert made["facet"]["accessibility"] == ["13"]
    assert made["display"]["cover"] == "http://c"
    assert made["display"]["labels"] == {
        "http://yso/p1": {"fi": "elokuvat", "sv": "filmer"},
        "http://slm/s1": {"und": "romaani"},
    }


@pytest.mark.parametrize(
    ("older", "newer"),
    [
        (("12/2023", "2023-12"), ("2/2024", "2024-02")),
        (("9/2024", None), ("10/2024", None)),
        ((None, "2024-09-05"), (None, "2024-10-03")),
        (("52", "2023"), ("1", "2024")),
    ],
)
@pytest.mark.parametrize("order", [1, -1])
def test_a_magazine_shows_its_newest_issue_and_how_many_there_are(
    describe: Describe, merged: Callable[..., MergedRecord], older: Any, newer: Any, order: int
) -> None:
    told = enumerate((older, newer))
    issues = [MergedIssue(number=number, date=date, members=(f"a:{n}",)) for n, (number, date) in told][::order]
    about = describe(medium="emagazine", level="serial")
    made = work_document("w11", 1, merged(about), [("e1", merged(about, issues=tuple(issues)))])
    assert (made["issue_count"], made["newest_issue"]) == (2, newer[0] or newer[1])


def test_a_tombstone_says_where_the_work_went() -> None:
    assert tombstone("w11", 9, "w22")["merged_into"] == "w22"
    assert tombstone("w11", 9)["deleted"]
