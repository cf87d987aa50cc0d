"""ISBD punctuation between the elements of a field, and the full stop at its end."""

from __future__ import annotations

_ENDINGS = (".", "!", "?", "-")
_ABBREVIATED = 4  # characters of the longest abbreviation, with its stop
_CLOSED = ")]»”\"'"


def stop(text: str | None) -> str | None:
    """A text with the full stop that ends a field; none after ``.``, ``!``, ``?``, ``-`` or an address."""
    if (
        not text
        or text.endswith(_ENDINGS)
        or "://" in text.rpartition(" ")[2]
        or (text[-1] in _CLOSED and text[-2:-1] in _ENDINGS)
    ):
        return text
    return f"{text}."


def comma(text: str | None) -> str | None:
    """A text with the comma before the next element (name, dates, role)."""
    return f"{text}," if text and not text.endswith((",", "-")) else text


def marked(text: str | None, mark: str, *, when: bool | str | None) -> str | None:
    """A text with an ISBD mark behind it where another element follows."""
    return f"{text} {mark}" if text and when else text


def trimmed(text: str) -> str:
    """A part of a name without the comma or stop that ended it; the stop of an abbreviation (``Jr.``) is its own."""
    bare = text.rstrip(" ,")
    word = bare.rpartition(" ")[2]
    return bare[:-1] if bare.endswith(".") and len(word) > _ABBREVIATED else bare
