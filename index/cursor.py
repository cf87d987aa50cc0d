"""The place in a list of hits where the next page begins, as a word that travels in an address."""

from __future__ import annotations

import base64
import binascii
from typing import Any, NamedTuple

import orjson

from catalogue.errors import UsageError
from catalogue.sentence import Sentence


class Cursor(NamedTuple):
    """`template` is the query that gave the page, `after` the sort values of its last hit, `seen` the hits so far."""

    template: str
    after: list[Any]
    seen: int


def write_cursor(cursor: Cursor) -> str:
    """The cursor as URL-safe text."""
    return base64.urlsafe_b64encode(orjson.dumps(list(cursor))).decode().rstrip("=")


def read_cursor(text: str) -> Cursor:
    """The cursor of a former answer's `next`. Raises UsageError for anything else."""
    try:
        template, after, seen = orjson.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    except (binascii.Error, ValueError, TypeError) as failure:
        raise not_a_cursor(text) from failure
    if not (isinstance(template, str) and isinstance(after, list) and isinstance(seen, int)):
        raise not_a_cursor(text)
    return Cursor(template, after, seen)


def not_a_cursor(text: str) -> UsageError:
    """The error for a text that is not a cursor of ours."""
    return UsageError(Sentence("not the `next` of an earlier answer: {given!r}", given=text))
