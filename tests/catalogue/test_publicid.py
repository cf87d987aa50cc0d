"""Public ids: minted numbers with a check character."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from catalogue.publicid import DIGITS, PublicKind, decode, encode, is_mintable

KINDS: st.SearchStrategy[PublicKind] = st.sampled_from(["w", "e"])
NUMBERS = st.integers(1, 10**12).filter(is_mintable)


@given(KINDS, NUMBERS)
def test_an_id_comes_back_however_it_is_typed(kind: PublicKind, number: int) -> None:
    text = encode(kind, number)
    assert decode(text) == (kind, number)
    assert decode(f" {text.upper()} ") == (kind, number)
    assert decode(text[:3] + "-" + text[3:]) == (kind, number)


@given(KINDS, NUMBERS, st.data())
def test_one_wrong_character_is_noticed(kind: PublicKind, number: int, data: st.DataObject) -> None:
    text = encode(kind, number)
    place = data.draw(st.integers(1, len(text) - 1))
    wrong = data.draw(st.sampled_from(DIGITS))
    assume(wrong != text[place])
    with pytest.raises(ValueError, match="check character"):
        decode(text[:place] + wrong + text[place + 1 :])


def test_numbers_whose_check_would_be_a_symbol_are_not_minted() -> None:
    assert [n for n in range(30, 40) if not is_mintable(n)] == [32, 33, 34, 35, 36]
    with pytest.raises(ValueError, match="not a mintable number: 32"):
        encode("w", 32)


def test_look_alike_letters_are_read_as_digits() -> None:
    assert decode("wli") == decode("w11") == ("w", 1)


@pytest.mark.parametrize("text", ["", "w", "w1", "x11", "w1u", "w1!", "kaarna:1", "e 11"])
def test_other_texts_are_no_public_ids(text: str) -> None:
    with pytest.raises(ValueError, match=r"not a public id|check character"):
        decode(text)
