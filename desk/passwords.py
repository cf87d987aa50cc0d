"""Passwords: what makes one too weak, and argon2id hashes, made anew where the parameters grew."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import resources

from pwdlib import PasswordHash

from catalogue.errors import UsageError
from catalogue.sentence import Sentence

LEAST = 12
MOST = 1000
DIFFERENT = 5
"""Characters of which a password must have so many different ones."""


def weakness(password: str, *names: str) -> Sentence | None:
    """Why a password is too weak; None where it will do.

    `names`: what the account is called, which everybody tries too. No rules about kinds of characters: they make
    passwords harder to keep in mind and no harder to guess (NIST SP 800-63B).
    """
    if len(password) < LEAST:
        return Sentence("A password needs at least 12 characters.")
    if len(password) > MOST:
        return Sentence("A password has at most 1000 characters.")
    if len(set(password)) < DIFFERENT:
        return Sentence("A password needs at least five different characters.")
    lower = password.lower()
    if any(_is_about(lower, name.lower()) for name in names):
        return Sentence("A password must not be the user name.")
    if any(_is_about(lower, word) for word in _table()["words"]) or _is_stretch(lower):
        return Sentence("This is one of the passwords that everybody tries first. Choose another.")
    return None


def hash_password(password: str, *names: str) -> str:
    """The hash to keep. Raises UsageError with the `weakness` of a password that is too weak."""
    fault = weakness(password, *names)
    if fault:
        raise UsageError(fault)
    return _hasher().hash(password)


def check_password(password: str, hashed: str | None) -> tuple[bool, str | None]:
    """Whether a password fits its hash, and the hash to keep instead where the parameters grew.

    `hashed` None (nobody, disabled, without a password) never fits, and takes as long to say so.
    """
    fits, anew = _hasher().verify_and_update(password, hashed or _nobodys())
    return (fits, anew) if hashed else (False, None)


@cache
def _hasher() -> PasswordHash:
    return PasswordHash.recommended()


@cache
def _nobodys() -> str:
    """A hash that no password fits: an unknown name takes as long as a known one."""
    return _hasher().hash("")


@cache
def _table() -> dict[str, list[str]]:
    return tomllib.loads(resources.files("desk").joinpath("passwords.toml").read_text("utf-8"))


def _is_about(password: str, word: str) -> bool:
    """Whether a password is a word, once or more often, with nothing around it but digits and signs."""
    bare = "".join(letter for letter in password.replace(word, "") if letter.isalpha()) if word else password
    return bool(word) and word in password and not bare


def _is_stretch(password: str) -> bool:
    """Whether a password is a stretch of a row of keys, or the first half of one twice."""
    half = password[: len(password) // 2]
    candidate = half if half * 2 == password else password
    return any(candidate in row or candidate[::-1] in row for row in _table()["rows"])
