"""Sort keys: the order of a Finnish and a Swedish shelf."""

from __future__ import annotations

import pytest

from index.sortkeys import KEY_LIMIT, sort_key


def test_letters_follow_the_finnish_and_swedish_alphabet() -> None:
    shelf = ["1984", "Aalto", "Zorro", "Åbo", "Ähtäri", "Öinen"]
    shelf_as_found = shelf[::-1]
    assert sorted(shelf_as_found, key=sort_key) == shelf


def test_numbers_are_in_order_of_size() -> None:
    shelf = ["Osa 2", "Osa 10", "Osa 100", "Osa kolme"]
    shelf_as_found = shelf[::-1]
    assert sorted(shelf_as_found, key=sort_key) == shelf


@pytest.mark.parametrize(
    ("text", "nonfiling", "same_as"),
    [
        ("The road", 4, "Road"),
        ("”Hei!” sanoi hän", 0, "hei sanoi hän"),
        ("Émile", 0, "Emile"),
        ("Müller", 0, "Muller"),
        ("007", 0, "7"),
        ("Den", 4, "den"),
    ],
)
def test_case_accents_punctuation_and_articles_do_not_count(text: str, nonfiling: int, same_as: str) -> None:
    assert sort_key(text, nonfiling) == sort_key(same_as)


def test_a_key_has_a_limit_and_may_be_empty() -> None:
    assert len(sort_key("a" * 1000)) == KEY_LIMIT
    assert sort_key("…") == ""
