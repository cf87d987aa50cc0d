"""Dates: partial, in many shapes, sometimes impossible."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalogue.dates import is_partial_date, onix_date, partial_date, sent_time, years_in


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        (("2021",), "2021"),
        (("2021", "5"), "2021-05"),
        (("2021", "05", "3"), "2021-05-03"),
        (("2021", "00", "00"), "2021"),
        (("2021", "05", "00"), "2021-05"),
        (("2021", "13"), None),
        (("2021", "02", "29"), None),
        (("2020", "02", "29"), "2020-02-29"),
        (("0000",), None),
        (("abcd",), None),
    ],
)
def test_partial_date(parts: tuple[str, ...], expected: str | None) -> None:
    assert partial_date(*parts) == expected


@pytest.mark.parametrize(
    ("value", "dateformat", "expected"),
    [
        ("20210503", "00", "2021-05-03"),
        ("202105", "01", "2021-05"),
        ("2021", "05", "2021"),
        ("2021", "00", "2021"),
        ("2021-05-03", None, "2021-05-03"),
        ("20210503T0800", "13", "2021-05-03"),
        ("20210503T080000Z", "14", "2021-05-03"),
        ("20210503T080000+0300", "14", "2021-05-03"),
        ("20211301", "00", None),
        ("00000000", "00", None),
        ("TBA", None, None),
        ("spring 2021", "12", "2021"),
        ("kevät", "12", None),
        ("6.5.2024", "00", "2024-05-06"),
        ("31.11.2024", None, None),
        ("spring 2021", None, None),  # a text must say that it is one
        ("202118", "02", "2021"),  # week 18
        ("20212", "03", "2021"),  # second quarter
        ("20213", "04", "2021"),  # summer
        ("20210503", "03", "2021-05-03"),
        ("2021050320210601", "06", "2021-05-03"),
        ("202105202106", "07", "2021-05"),
        ("202118202120", "08", "2021"),
        ("2021220213", "09", "2021"),
        ("2021320214", "10", "2021"),
        ("20212022", "11", "2021"),
        ("14420921", "20", None),  # a Hijri year is none of ours
        ("２０２１", None, None),
        ("", None, None),
    ],
)
def test_onix_date_is_read_by_its_length(value: str, dateformat: str | None, expected: str | None) -> None:
    assert onix_date(value, dateformat) == expected


@given(st.dates(date(1, 1, 1), date(9999, 12, 31)))
def test_whole_dates_come_back(day: date) -> None:
    assert onix_date(day.isoformat().replace("-", "")) == day.isoformat()
    assert is_partial_date(day.isoformat())


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2021", True),
        ("2021-05", True),
        ("2021-5", False),
        ("2021-02-30", False),
        ("2021-05-03T10", False),
        ("", False),
    ],
)
def test_is_partial_date(text: str, expected: bool) -> None:
    assert is_partial_date(text) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[2019?]", (2019,)),
        ("cop. 2021", (2021,)),
        ("2019-2021", (2019, 2021)),
        ("c1899, tryckt 1901.", (1899, 1901)),
        ("12019", ()),
        ("1234", ()),
        ("", ()),
    ],
)
def test_years_in_what_cataloguers_write(text: str, expected: tuple[int, ...]) -> None:
    assert years_in(text) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("20210503", "2021-05-03T00:00:00Z"),
        ("20210503T0815", "2021-05-03T08:15:00Z"),
        ("20210503T081530", "2021-05-03T08:15:30Z"),
        ("20210503T081530Z", "2021-05-03T08:15:30Z"),
        ("20210503T0815Z", "2021-05-03T08:15:00Z"),
        ("20210503T081530+0300", "2021-05-03T05:15:30Z"),
        ("20210503T0815-0500", "2021-05-03T13:15:00Z"),
        ("2021-05-03T08:15:30+03:00", "2021-05-03T05:15:30Z"),
        ("2021-05-03T08:15:30.250Z", "2021-05-03T08:15:30Z"),
        ("20171121074144.0", "2017-11-21T07:41:44Z"),
        ("20170924124740.0", "2017-09-24T12:47:40Z"),
        ("09990503081530.0", "0999-05-03T08:15:30Z"),
        ("0001-01-01T00:00:00+02:00", None),
        ("20211340", None),
        ("20210503081561.0", None),
        ("٢٠٢١٠٥٠٣", None),
        ("yesterday", None),
        ("", None),
        (None, None),
    ],
)
def test_sent_times_sort(value: str | None, expected: str | None) -> None:
    assert sent_time(value) == expected


@given(st.text(max_size=24))
def test_no_text_makes_a_date_fail(text: str) -> None:
    onix_date(text)
    sent_time(text)
    years_in(text)
    is_partial_date(text)
    partial_date(text, text, text)
