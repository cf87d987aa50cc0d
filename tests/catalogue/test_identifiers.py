"""ISBN, ISSN and GTIN: normal forms, check digits, and what stands for "none"."""

from __future__ import annotations

import pytest
import stdnum.ean
import stdnum.isbn
import stdnum.issn
from hypothesis import assume, given
from hypothesis import strategies as st

from catalogue.identifiers import (
    is_gtin,
    is_isbn13,
    is_placeholder,
    isbn10,
    isbn13,
    isbn_text,
    issn,
    with_check_digit,
)

NINE = st.text("0123456789", min_size=9, max_size=9)
LOOKS_LIKE_A_NUMBER = st.text("0123456789Xx- ", max_size=18)


@pytest.mark.parametrize(
    ("given_form", "expected"),
    [
        ("951-0-10088-9", "9789510100882"),
        ("9789510100882", "9789510100882"),
        ("978 951 0 10088 2", "9789510100882"),
        ("978\u2010951\u20110\u201310088\u20142", "9789510100882"),
        ("ISBN 978-951-0-10088-2", "9789510100882"),
        ("ISBN-13: 978-951-0-10088-2", "9789510100882"),
        ("urn:isbn:9789510100882", "9789510100882"),
        ("URN:ISBN:978-951-0-10088-2", "9789510100882"),
        ("080442957X", "9780804429573"),
        ("0-8044-2957-x", "9780804429573"),
        ("9789510100883", None),
        ("951-0-10088-8", None),
        ("9772434561006", None),  # a GTIN of a magazine
        ("X804429570", None),
        ("951-0-10088-9 (sidottu)", None),
        ("", None),
        ("\u0661\u0662\u0663\u0664\u0665\u0666\u0667\u0668\u0669\u0660", None),  # digits, but not ours
    ],
)
def test_isbn_in_any_notation_becomes_thirteen_digits(given_form: str, expected: str | None) -> None:
    assert isbn13(given_form) == expected


@given(NINE)
def test_isbn_10_and_13_lead_to_each_other(body: str) -> None:
    long = with_check_digit("978" + body)
    short = isbn10(long)
    assert short is not None
    assert isbn13(short) == long
    assert stdnum.isbn.to_isbn13(short) == long


@given(LOOKS_LIKE_A_NUMBER)
def test_isbn_agrees_with_the_oracle(text: str) -> None:
    assume(len(isbn_text(text)) != 9)  # the oracle knows the nine-digit SBN of before 1970, we do not
    bare = stdnum.isbn.compact(text)  # with a separator at the end the oracle keeps the old check digit
    expected = stdnum.isbn.to_isbn13(bare) if stdnum.isbn.is_valid(text) else None
    assert isbn13(text) == expected


@given(st.text(max_size=30))
def test_no_text_makes_an_identifier_fail(text: str) -> None:
    for read in (isbn13, isbn10, issn, isbn_text, is_isbn13, is_gtin, is_placeholder):
        read(text)


def test_a_979_isbn_has_no_ten_digit_twin() -> None:
    assert isbn10("9791032305690") is None


@given(st.integers(7, 13).flatmap(lambda n: st.text("0123456789", min_size=n, max_size=n)))
def test_gtin_agrees_with_the_oracle(digits: str) -> None:
    assert is_gtin(digits) == (len(digits) in (8, 12, 13, 14) and stdnum.ean.is_valid(digits.zfill(14)))


@pytest.mark.parametrize(
    ("given_form", "expected"),
    [
        ("0024-6778", "0024-6778"),
        ("00246778", "0024-6778"),
        ("ISSN 0024-6778", "0024-6778"),
        ("issn: 0024-6778", "0024-6778"),
        ("1236-4959 ;", None),
        ("2434-561X", "2434-561X"),
        ("2434-561x", "2434-561X"),
        ("0024-6779", None),
        ("0024-67789", None),
        ("urn:issn:0024-6778", "0024-6778"),
    ],
)
def test_issn_in_any_notation(given_form: str, expected: str | None) -> None:
    assert issn(given_form) == expected


@given(st.text("0123456789", min_size=7, max_size=7))
def test_issn_agrees_with_the_oracle(body: str) -> None:
    whole = body + stdnum.issn.calc_check_digit(body)
    assert issn(whole) == f"{whole[:4]}-{whole[4:]}"


@pytest.mark.parametrize("value", ["", "  ", "-", "0", "0000000000", "9999999999999", "N/A", "none", "TBA", "000-0"])
def test_placeholders_stand_for_no_identifier(value: str) -> None:
    assert is_placeholder(value)


@pytest.mark.parametrize("value", ["9789510100882", "0000-0019", "10.1234/abc", "A0627267", "99"])
def test_real_values_are_no_placeholders(value: str) -> None:
    assert not is_placeholder(value)
