"""Faults of configuration files in words: file, key, value seen, what is allowed."""

from __future__ import annotations

from pydantic import ValidationError
from pydantic_core import ErrorDetails


def describe_faults(error: ValidationError, file: str) -> list[str]:
    """One line per fault of a configuration file."""
    return [_line(fault, file) for fault in error.errors()]


def _line(fault: ErrorDetails, file: str) -> str:
    key = ".".join(str(part) for part in fault["loc"])
    if fault["type"] == "extra_forbidden":
        return f"{file}: unknown key {key}"
    if fault["type"] == "missing":
        return f"{file}: {key} is missing"
    seen = "" if isinstance(fault["input"], dict) else f" (found {fault['input']!r})"
    return f"{file}: {key}: {fault['msg']}{seen}"
