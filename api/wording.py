"""Faults of parameters in words of ours."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from api.problems import Fault
from ops.messages import _

_SAID = {
    "missing": _("it is missing"),
    "extra_forbidden": _("there is no such parameter"),
    "int_parsing": _("it is a whole number"),
    "int_parsing_size": _("the number is too large"),
    "bool_parsing": _("it is true or false"),
    "literal_error": _("it is one of {expected}"),
    "greater_than_equal": _("it is at least {ge}"),
    "less_than_equal": _("it is at most {le}"),
    "string_too_short": _("it has at least {min_length} characters"),
    "string_too_long": _("it has at most {max_length} characters"),
    "string_pattern_mismatch": _("it is of the form {pattern}"),
    "too_long": _("it is given at most {max_length} times"),
}
_OTHERWISE = _("its value is not allowed")
LONGEST_NAME = 100  # of a parameter that somebody invented


def faults(errors: Sequence[Any]) -> list[Fault]:
    """What validation found, each under the parameter's name."""
    return [Fault(_name(error), _SAID.get(error["type"], _OTHERWISE), _context(error)) for error in errors]


def _name(error: Any) -> str:
    """``("query", "medium", 0)`` → medium."""
    parts = [part for part in error["loc"][1:] if isinstance(part, str)]
    return (parts[-1] if parts else "")[:LONGEST_NAME]


def _context(error: Any) -> dict[str, str]:
    found = {key: str(value) for key, value in error.get("ctx", {}).items()}
    if "expected" in found:  # "'fi', 'sv' or 'en'" in pydantic's English
        found["expected"] = found["expected"].replace("'", "").replace(" or ", ", ")
    return found
