"""Codes of ONIX: EDItEUR's lists as they were received, English names out of them, Finnish and Swedish ones of ours."""

from __future__ import annotations

import pytest

from catalogue.vocabularies.onix_codes import is_onix_code, onix_code_names, onix_codes, onix_list_names
from catalogue.vocabularies.tables import read_toml

OWN = read_toml("onix_codes.toml")
SHARED = OWN.pop("same")
LISTS = OWN.pop("lists")


@pytest.mark.parametrize(
    ("number", "code", "release", "known"),
    [
        (175, "E101", "3.0", True),
        (175, "B206", "3.1", True),  # a pop-up book
        (175, "Z999", "3.1", False),
        (150, "DG", "3.0", False),  # a form of 2.1 alone
        (7, "DG", "2.1", True),
        (7, "DG", "3.1", False),  # 3.x has no list 7
        (78, "E101", "2.1", False),  # 2.1 tells it in EpubType
        (17, "E07", "2.1", True),
        (196, "40", "3.1", True),
        (150, "", "3.1", False),
        (9999, "01", "3.1", False),
    ],
)
def test_a_code_is_of_a_list_or_is_not(number: int, code: str, release: str, known: bool) -> None:
    assert is_onix_code(number, code, release) is known  # type: ignore[arg-type]  # a table of releases


@pytest.mark.parametrize(
    ("number", "code", "fi", "sv", "en"),
    [
        (150, "AJ", "ladattava äänitiedosto", "nedladdningsbar ljudfil", "Downloadable audio file"),
        (64, "07", "loppuunmyyty", "utgången", "Out of print"),
        (144, "06", "Readium LCP", "Readium LCP", "Readium LCP DRM"),
        (7, "DG", "sähköinen teksti", "elektronisk text", "Electronic book text"),
        (196, "52", "Koko sisältö on luettavissa ilman näköä", "Hela innehållet kan läsas utan syn",
         "All non-decorative content supports reading without sight"),
        (143, "14", "Ei välkkyvää sisältöä", "Inget blinkande innehåll", "No flashing hazard warning necessary"),
        (175, "B221", None, None, "Picture book"),
        (150, "XX", None, None, None),
        (9999, "01", None, None, None),
    ],
)  # fmt: skip
def test_codes_have_names(number: int, code: str, fi: str | None, sv: str | None, en: str | None) -> None:
    names = onix_code_names(number, code)
    assert (names.fi, names.sv, names.en) == (fi, sv, en)


@pytest.mark.parametrize("number", sorted(map(int, LISTS)))
def test_a_list_has_a_name_in_every_language(number: int) -> None:
    names = onix_list_names(number)
    assert names.fi
    assert names.sv
    assert names.en


@pytest.mark.parametrize("number", sorted(OWN, key=int))
def test_our_names_are_of_codes_that_are_in_the_list(number: str) -> None:
    borrowers = [int(each) for each, home in SHARED.items() if home == int(number)]
    listed = frozenset().union(*(onix_codes(each, "2.1") for each in (int(number), *borrowers)))
    assert set(OWN[number]) <= listed
    assert all(len(names) == 2 and all(names) for names in OWN[number].values())


def test_issues_are_those_that_are_told() -> None:
    assert (
        sum(len(onix_codes(number)) for number in range(1, 1000))
        == read_toml("data/versions.toml")["onix-3.1"]["count"]
    )
