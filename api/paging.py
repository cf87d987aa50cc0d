"""Pages of lists that are held whole: a cursor names the last item of the page before."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from typing import TypeVar

from api.problems import Fault, Problem
from ops.messages import _

Item = TypeVar("Item")
NOT_A_CURSOR = _("it is the `next` of an earlier answer, and this is none, or leads nowhere any more")


def page_of(
    items: Sequence[Item], keys: Sequence[str], limit: int, after: str | None
) -> tuple[Sequence[Item], str | None]:
    """The items behind the one that a cursor names, and the cursor of the next page (None at the end).

    `keys` name the items, and stay when others come and go. Raises Problem for a cursor that is none of theirs.
    """
    begin = 0
    if after is not None:
        places = {_cursor(key): place for place, key in enumerate(keys)}
        if after not in places:
            raise bad_cursor()
        begin = places[after] + 1
    following = begin + limit
    return items[begin:following], _cursor(keys[following - 1]) if following < len(items) else None


def bad_cursor() -> Problem:
    """The problem of an `after` that we did not give."""
    return Problem("bad-request", faults=[Fault("after", NOT_A_CURSOR)])


def _cursor(key: str) -> str:
    return base64.urlsafe_b64encode(key.encode()).decode().rstrip("=")
