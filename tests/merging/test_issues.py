"""Issues of a magazine: one for each number or date, newest first, beside their serial."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from catalogue.record import (
    CatalogueRecord,
    Identifier,
    Issue,
    Languages,
    Publication,
    PublicationDates,
    Series,
    Title,
)
from merging.edition import merge_edition

Maker = Callable[..., CatalogueRecord]


@pytest.fixture
def issue(publisher: Maker) -> Maker:
    def make(key: str, number: str | None = None, date: str | None = None, **fields: Any) -> CatalogueRecord:
        own = Issue(number=number, date=date, serial_issn="0039-5552")
        title = f"Suomen Kuvalehti {number or ''}".strip()
        return publisher(
            key,
            **{
                "level": "issue",
                "medium": "emagazine",
                "issue": own,
                "title": title,
                "languages": Languages(text=("fin",)),
                "publication": Publication(publisher="Otavamedia", dates=PublicationDates(published=date)),
                **fields,
            },
        )

    return make


def test_issues_are_listed_newest_first_beside_the_serial(library: Maker, issue: Maker) -> None:
    serial = library("lib:1", level="serial", medium="emagazine", title="Suomen Kuvalehti")
    issues = [issue(f"pub:{n}", f"{n}/2024") for n in (9, 10, 1)] + [issue("pub:old", "52/2023")]
    merged = merge_edition([issues[0], serial, *issues[1:]])
    assert merged.description.titles == (Title(text="Suomen Kuvalehti"),)
    assert merged.description.level == "serial"
    assert [i.number for i in merged.issues] == ["10/2024", "9/2024", "1/2024", "52/2023"]
    assert merged.members == ("lib:1", "pub:1", "pub:10", "pub:9", "pub:old")


@pytest.mark.parametrize(
    ("left", "right", "count"),
    [
        (("5/2024", None), ("2024: 5", None), 1),
        (("5/2024", None), ("5", "2024-05-03"), 1),
        (("5/2024", "2024-05-03"), (None, "2024-05-03"), 1),
        (("5/2024", None), ("5/2023", None), 2),
        ((None, "2024-05-03"), (None, "2024-05-10"), 2),
    ],
)
def test_one_issue_is_one_number_or_date(
    issue: Maker, left: tuple[str, str], right: tuple[str, str], count: int
) -> None:
    merged = merge_edition([issue("pub:1", *left), issue("lib:1", *right)])
    assert len(merged.issues) == count


def test_a_serial_known_by_its_issues_alone_is_described_by_them(issue: Maker) -> None:
    merged = merge_edition([issue("pub:1", "1/2024"), issue("pub:2", "2/2024")])
    shown = merged.description
    assert (shown.level, shown.titles, shown.issue) == ("serial", (Title(text="Suomen Kuvalehti"),), None)
    assert shown.identifiers == (Identifier(scheme="issn", value="0039-5552"),)
    assert (shown.languages.text, shown.publication.publisher) == (("fin",), "Otavamedia")
    assert shown.publication.dates == PublicationDates()
    assert merged.conflicts == ()


def test_a_serial_takes_its_title_from_the_series_of_its_issues(issue: Maker) -> None:
    one = issue("pub:1", "1/2024", title="Teemanumero", series=(Series(title="Kuvalehti", issn="0039-5552"),))
    assert merge_edition([one]).description.titles == (Title(text="Kuvalehti"),)


@pytest.mark.parametrize(
    ("own", "published", "expected"),
    [
        ("2024", "2024-01-05", "2024-01-05"),
        ("2024-01", "2023-12-29", "2024-01"),
        (None, "2024-01-05", "2024-01-05"),
        ("2024-01-05", "2024", "2024-01-05"),
        ("2024", None, "2024"),
    ],
)
def test_an_issue_has_its_most_precise_date(
    issue: Maker, own: str | None, published: str | None, expected: str
) -> None:
    dates = Publication(dates=PublicationDates(published=published))
    (merged,) = merge_edition([issue("pub:1", "1/2024", own, publication=dates)]).issues
    assert merged.date == expected
