"""Words of both languages: a cut that only one of them allows is by chance."""

from __future__ import annotations

import pytest

from index.lexicon.hand_lists import Language, hand_lists
from index.lexicon.loans import is_loan

FINNISH = {"kontrasti", "rasti", "statussymboli", "status", "symboli", "advokaatti"}
SWEDISH = {"distans", "dis", "antirasism", "rasism", "monitor", "antisionism", "sionism"}


@pytest.mark.parametrize(
    ("language", "word", "cut", "expected"),
    [
        ("sv", "kontrast", ("kont", "rast"), True),
        ("sv", "statussymbol", ("status", "symbol"), False),
        ("sv", "advokat", ("advo", "kat"), True),
        ("sv", "riksdagsval", ("riksdags", "val"), False),
        ("fi", "distanssi", ("dis", "tanssi"), True),
        ("fi", "antirasismi", ("anti", "rasismi"), False),
        ("fi", "antisionismi", ("anti", "sionismi"), False),
        ("fi", "monitori", ("moni", "tori"), True),
        ("fi", "kirjastoauto", ("kirjasto", "auto"), False),
    ],
)
def test_a_word_of_both_languages_is_whole_where_the_other_has_not_both_parts(
    language: Language, word: str, cut: tuple[str, str], expected: bool
) -> None:
    assert is_loan(hand_lists(language), word, cut, FINNISH if language == "sv" else SWEDISH) == expected
