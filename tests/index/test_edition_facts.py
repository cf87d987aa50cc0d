"""Nested editions: whole days of availability, first years, narrators."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from catalogue.merged import MergedRecord
from catalogue.record import Availability, Contributor, Description, Publication, PublicationDates
from index.edition_facts import edition_facts, first_day, first_year, last_day


@pytest.mark.parametrize(
    ("date", "first", "last"),
    [
        ("2024", "2024-01-01", "2024-12-31"),
        ("2024-02", "2024-02-01", "2024-02-29"),
        ("2024-05-03", "2024-05-03", "2024-05-03"),
        ("2024-05-03T21:00:00Z", "2024-05-03", "2024-05-03"),
        ("2024-13", None, None),
        ("soon", None, None),
        (None, None, None),
    ],
)
def test_a_partial_date_of_availability_is_a_whole_period(date: str | None, first: str, last: str) -> None:
    assert (first_day(date), last_day(date)) == (first, last)


def test_the_first_year_is_published_or_announced_before_copyright(describe: Callable[..., Description]) -> None:
    def of(**dates: Any) -> Description:
        return describe(publication=Publication(dates=PublicationDates(**dates)))

    assert first_year([of(published="2012-05", copyright="1945"), of(announced="2010")]) == 2010
    assert first_year([of(copyright="1945"), of()]) == 1945
    assert first_year([of()]) is None


def test_only_editions_of_published_media_are_public(
    describe: Callable[..., Description], merged: Callable[..., MergedRecord]
) -> None:
    about = describe(
        medium="audiobook",
        contributors=(Contributor(name="A", roles=("aut",)), Contributor(name="L", roles=("nrt",))),
        availability=Availability(until="2030"),
    )
    facts = edition_facts("e1", merged(about, "b:2", "a:1"), ("audiobook",))
    assert facts["published"]
    assert facts["narrator"] == ["L"]
    assert facts["available_until"] == "2030-12-31"
    assert facts["sources"] == ["a:1", "b:2"]
    assert not edition_facts("e1", merged(about), ("ebook",))["published"]
