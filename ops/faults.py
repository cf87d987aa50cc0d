"""Faults of configuration files in words: file, key, value seen, what is allowed."""

from __future__ import annotations

import re

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from catalogue.sentence import Sentence

_CREDENTIALS = re.compile(r"//[^/?#\s]*@")


def describe_faults(error: ValidationError, file: str) -> list[Sentence]:
    """One line per fault of a configuration file."""
    return [_line(fault, file) for fault in error.errors()]


def _line(fault: ErrorDetails, file: str) -> Sentence:
    key = ".".join(str(part) for part in fault["loc"])
    if fault["type"] == "extra_forbidden":
        return Sentence("{file}: unknown key {key}", file=file, key=key)
    if fault["type"] == "missing":
        return Sentence("{file}: {key} is missing", file=file, key=key)
    why = fault["msg"]
    if isinstance(fault["input"], dict):
        return Sentence("{file}: {key}: {why}", file=file, key=key, why=why)
    return Sentence("{file}: {key}: {why} (found {seen})", file=file, key=key, why=why, seen=_shown(fault["input"]))


def _shown(value: object) -> str:
    """What was found, without the credentials of an address."""
    return _CREDENTIALS.sub("//***@", repr(value))
