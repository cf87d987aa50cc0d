"""Names of persons: direct and inverted form, life dates of a heading."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalogue.names import direct_name, inverted_name, split_life_dates

WORD = st.text("abcdefghijåäöABCÅÄÖ-", min_size=1, max_size=8)


@pytest.mark.parametrize(
    ("inverted", "direct"),
    [
        ("Waltari, Mika", "Mika Waltari"),
        ("Runeberg, Johan Ludvig", "Johan Ludvig Runeberg"),
        ("Agricola", "Agricola"),
        ("Waltari,", "Waltari"),
        ("Aspnäs, Torsten, jr", "Torsten Aspnäs, jr"),
        ("Martin Luther King, Jr.", "Martin Luther King, Jr."),
    ],
)
def test_direct_form(inverted: str, direct: str) -> None:
    assert direct_name(inverted) == direct


@pytest.mark.parametrize(
    ("direct", "inverted"),
    [
        ("Mika Waltari", "Waltari, Mika"),
        ("Johan Ludvig Runeberg", "Runeberg, Johan Ludvig"),
        ("Agricola", "Agricola"),
        ("Eva von Schantz", "von Schantz, Eva"),
        ("Carl af Forsell", "af Forsell, Carl"),
        ("Simone de Beauvoir", "de Beauvoir, Simone"),
        ("Martin Luther King, Jr.", "King, Martin Luther, Jr."),
        ("Kurt Vonnegut Jr.", "Vonnegut, Kurt, Jr."),
        ("Torsten Aspnäs d. y.", "Aspnäs, Torsten, d. y."),
        ("William Gates, III", "Gates, William, III"),
        ("Wells Junior", "Junior, Wells"),
    ],
)
def test_inverted_form(direct: str, inverted: str) -> None:
    assert inverted_name(direct) == inverted


@given(WORD, WORD)
def test_inverting_comes_back(given_name: str, family: str) -> None:
    assert direct_name(inverted_name(f"{given_name} {family}")) == f"{given_name} {family}"


@pytest.mark.parametrize(
    ("heading", "expected"),
    [
        ("Waltari, Mika, 1908-1979", ("Waltari, Mika", "1908-1979")),
        ("Waltari, Mika, 1908–1979.", ("Waltari, Mika", "1908-1979")),
        ("Oksanen, Sofi, 1977-", ("Oksanen, Sofi", "1977-")),
        ("Rajala, Pertti (1954-)", ("Rajala, Pertti", "1954-")),
        ("Rajala, Pertti, s. 1954", ("Rajala, Pertti", "1954-")),
        ("Lindgren, Astrid, född 1907", ("Lindgren, Astrid", "1907-")),
        ("Kivi, Aleksis, k. 1872", ("Kivi, Aleksis", "-1872")),
        ("Orwell, George, 1984", ("Orwell, George, 1984", None)),
        ("Studio 1908", ("Studio 1908", None)),
        ("Waltari, Mika", ("Waltari, Mika", None)),
    ],
)
def test_life_dates_are_split_from_the_heading(heading: str, expected: tuple[str, str | None]) -> None:
    assert split_life_dates(heading) == expected
