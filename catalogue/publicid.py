"""Public ids: ``w`` (work) or ``e`` (edition), a minted number in Crockford base 32, and a check character."""

from __future__ import annotations

from typing import Literal

DIGITS = "0123456789abcdefghjkmnpqrstvwxyz"  # no i, l, o, u
_READ = {c: n for n, c in enumerate(DIGITS)} | {"o": 0, "i": 1, "l": 1}
_CHECKED = len(DIGITS)  # Crockford's check is modulo 37; numbers whose check is a symbol above 31 are not minted

PublicKind = Literal["w", "e"]


def is_mintable(number: int) -> bool:
    """Whether the check character of a number is a letter or digit, so that ids are safe in addresses."""
    return number > 0 and number % 37 < _CHECKED


def encode(kind: PublicKind, number: int) -> str:
    """``encode("w", 1) == "w11"``. Raises ValueError for a number that is not mintable."""
    if not is_mintable(number):
        raise ValueError(f"not a mintable number: {number}")
    digits, rest = "", number
    while rest:
        rest, digit = divmod(rest, 32)
        digits = DIGITS[digit] + digits
    return f"{kind}{digits}{DIGITS[number % 37]}"


def decode(text: str) -> tuple[PublicKind, int]:
    """Kind and number. Case, hyphens and the look-alikes i, l, o do not matter.

    Raises ValueError where the form or the check character is wrong.
    """
    plain = text.strip().lower().replace("-", "")
    kind, body = plain[:1], plain[1:]
    if kind not in ("w", "e") or len(body) < 2 or any(c not in _READ for c in body):
        raise ValueError(f"not a public id: {text!r}")
    number = 0
    for character in body[:-1]:
        number = number * 32 + _READ[character]
    if not is_mintable(number) or number % 37 != _READ[body[-1]]:
        raise ValueError(f"the check character of {text!r} is wrong")
    return ("w" if kind == "w" else "e"), number
