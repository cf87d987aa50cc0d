"""The short way for what no rule would change.

Most clusters are one record, most records repeat nothing, and most records of a cluster agree about most fields.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from typing import Any

from merging.claims import Claim, Kept, Outcome, same_value, sources_of
from merging.rules import FieldRule
from merging.unions import item_key

_KEYS: Mapping[str, Callable[[Any], Hashable]] = {
    "union": item_key,
    "statements": item_key,
    "list_of_best": item_key,
    "identifiers": lambda identifier: (identifier.scheme, identifier.value),
    "topics": lambda topic: topic.uri or None,
}
"""Rules that leave the items of one record as they are where these keys are there and differ."""

_SELECTIVE = frozenset({"contributors", "shared_contributors", "titles"})
"""Rules that may change even a single item."""

_ONE_VALUE = frozenset(
    {
        "best_source",
        "prefer_library",
        "prefer_publisher",
        "prefer_confirmed_publisher",
        "most_specific",
        "earliest",
        "first_of",
    }
)
"""Rules that choose one value: where all say the same it is that, and they are its sources."""

_ALIKE = frozenset({"union", "list_of_best", "identifiers", "topics"})
"""Rules that leave the list of all records as it is where each of them says just that list."""

_ALIKE_ALONE = _ALIKE | {"statements", "most_specific_list", "by_language", "series", "titles"}
"""Rules that do so where the list is of one item."""


def untouched(claims: Sequence[Claim], row: FieldRule) -> Outcome | None:
    """The outcome where the row's rule would keep every claim as it is, else None (which may be so all the same)."""
    if not claims:
        return None
    if claims[0].witness is not claims[-1].witness:
        return _agreed(claims) if row.rule in _ONE_VALUE else _agreed_list(claims, row)
    if claims[0].witness.yields or not _keeps_all(claims, row):
        return None
    return Outcome([Kept(claim.value, claim.sources) for claim in claims])


def _keeps_all(claims: Sequence[Claim], row: FieldRule) -> bool:
    """Whether the row's rule leaves the claims of one witness as they are."""
    if len(claims) == 1:
        return row.rule not in _SELECTIVE or not (row.kinds or row.unspecific)
    key = _KEYS.get(row.rule)
    if key is None:
        return False
    keys = {key(claim.value) for claim in claims}
    return None not in keys and len(keys) == len(claims)


def _agreed(claims: Sequence[Claim]) -> Outcome | None:
    """The one value that all of them say. A witness that yields may have to be silent, so the rule decides then."""
    value = claims[0].value
    for claim in claims:
        if claim.witness.yields or not same_value(claim.value, value):
            return None
    return Outcome([Kept(value, sources_of(claims))])


def _agreed_list(claims: Sequence[Claim], row: FieldRule) -> Outcome | None:
    """The one list that every witness says, item by item, its items of one standing; else the rule decides."""
    length = next(n for n, claim in enumerate(claims) if claim.witness is not claims[0].witness)
    if row.rule not in (_ALIKE_ALONE if length == 1 else _ALIKE) or len(claims) % length:
        return None
    for n, claim in enumerate(claims):
        place, witness = n % length, claim.witness
        if claim.position != place or claim.quality != witness.quality or witness.yields:
            return None
        if n >= length and not same_value(claim.value, claims[place].value):
            return None
    own = claims[:length]
    if not _keeps_all(own, row) or (length > 1 and any(claim.value in row.unspecific for claim in own)):
        return None
    return Outcome([Kept(claim.value, sources_of(claims[n::length])) for n, claim in enumerate(own)])
