from __future__ import annotations

import pytest

from catalogue.errors import UsageError
from desk.passwords import check_password, hash_password, weakness

GOOD = "korkea aita, 7 koiraa"


@pytest.mark.parametrize(
    "password",
    [
        "elevenchars",
        "x" * 1001,
        "aaaaaaaaaaaaaaa",
        "abababababababab",
        "salasana1234!",
        "SalasanaSalasana",
        "123password456",
        "qwertyuiopasdf",
        "1234567890qwerty",
        "098765432109",
        "q1w2e3r4t5y6",
        "ainomäkelä2026",
        "aino.makelaaino.makela",
        "kirjasto-2026-kirjasto",
    ],
)
def test_what_is_tried_first_is_too_weak(password: str) -> None:
    assert weakness(password, "aino.makela", "ainomäkelä") is not None
    with pytest.raises(UsageError):
        hash_password(password, "aino.makela", "ainomäkelä")


@pytest.mark.parametrize(
    "password",
    [GOOD, "12 characters", "ainolla on 7 kissaa", "x1!" * 4 + "yz", "correct horse battery", "å" * 9 + "bcde"],
)
def test_length_is_enough_where_nobody_would_guess(password: str) -> None:
    assert weakness(password, "aino") is None


def test_a_password_fits_its_own_hash_alone() -> None:
    hashed = hash_password(GOOD, "aino")
    assert hashed.startswith("$argon2id$")
    assert check_password(GOOD, hashed) == (True, None)
    assert check_password(GOOD + " ", hashed) == (False, None)


def test_nobody_s_password_never_fits_not_even_an_empty_one() -> None:
    assert check_password("", None) == (False, None)
    assert check_password(GOOD, None) == (False, None)


def test_a_hash_of_weaker_parameters_is_made_anew() -> None:
    from pwdlib import PasswordHash
    from pwdlib.hashers.argon2 import Argon2Hasher

    old = PasswordHash((Argon2Hasher(time_cost=1, memory_cost=1024),)).hash(GOOD)
    fits, anew = check_password(GOOD, old)
    assert fits
    assert anew is not None
    assert check_password(GOOD, anew) == (True, None)
