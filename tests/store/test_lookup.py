from __future__ import annotations

import pytest

from store import lookup
from store.database import Store

WORKS = {
    "w1": {"sinuhe", "egyptiläinen", "mika", "waltari", "9789524994019", "otava:fi.1", "fi.1"},
    "w2": {"sinuhesta", "kertova", "opas", "waltarista", "03551237", "helmet:000123", "000123"},
    "w3": {"covid", "19", "åbo", "sinuhe"},
    "w4": {"abo"},
}


@pytest.fixture
def known(store: Store) -> Store:
    with store.write() as connection:
        lookup.keep_terms(connection, WORKS)
    return store


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("sinuhe", ["w1", "w3", "w2"]),  # whole words first
        ("Sinuhe, EGYPTILÄINEN!", ["w1"]),
        ("waltari sinu", ["w1"]),
        ("sinu waltari", []),  # only the last word may be begun
        ("sinuhe walt", ["w1"]),
        ("Åbo", ["w3"]),
        ("abo", ["w4"]),
        ("covid-19", ["w3"]),
        ("978-952-499-401-9", ["w1"]),
        ("952-499-401-1", ["w1"]),
        ("isbn 978 952 499 401 9", ["w1"]),
        ("0355-1237", ["w2"]),
        ("fi.1", ["w1"]),
        ("OTAVA:fi.1", ["w1"]),
        ("000123", ["w2"]),
        ("sinuhe fi.1", ["w1"]),
        ("xyzzy", []),
        ("sinuhe xyzzy", []),
        ("", []),
        (" : % _ ", []),
        ("nul\0", []),
        ("\ud800", []),
        ("w1", []),  # not minted
    ],
)
def test_works_are_found_by_words_and_numbers(known: Store, text: str, expected: list[str]) -> None:
    with known.read() as connection:
        assert lookup.find_works(connection, text) == (expected, len(expected))


def test_results_come_in_pages(known: Store) -> None:
    with known.read() as connection:
        assert lookup.find_works(connection, "sinuhe", 2) == (["w1", "w3"], 3)
        assert lookup.find_works(connection, "sinuhe", 2, 2) == (["w2"], 3)


def test_terms_of_a_work_are_replaced_and_forgotten(known: Store) -> None:
    with known.write() as connection:
        lookup.keep_terms(connection, {"w3": {"sinuhe", "tartu"}})
        assert lookup.find_works(connection, "åbo")[0] == []
        assert lookup.find_works(connection, "tartu")[0] == ["w3"]
        lookup.forget(connection, ["w3"])
        assert lookup.find_works(connection, "tartu")[0] == []
        lookup.forget_all(connection)
        assert lookup.find_works(connection, "sinuhe")[0] == []
