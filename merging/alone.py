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
    "topics": lambda topic: topic.uri,
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


def untouched(claims: Sequence[Claim], row: FieldRule) -> Outcome | None:
    """The outcome where the row's rule would keep every claim as it is, else None (which may be so all the same)."""
    if not claims:
        return None
    if claims[0].witness is not claims[-1].witness:
        return _agreed(claims) if row.rule in _ONE_VALUE else None
    if claims[0].witness.yields:
        return None
    if len(claims) == 1:
        selective = row.rule in _SELECTIVE and (row.kinds or row.unspecific)
        return None if selective else Outcome([Kept(claims[0].value, claims[0].sources)])
    key = _KEYS.get(row.rule)
    if key is None:
        return None
    keys = {key(claim.value) for claim in claims}
    if None in keys or len(keys) < len(claims):
        return None
    return Outcome([Kept(claim.value, claim.sources) for claim in claims])


def _agreed(claims: Sequence[Claim]) -> Outcome | None:
    """The one value that all of them say. A witness that yields may have to be silent, so the rule decides then."""
    value = claims[0].value
    for claim in claims:
        if claim.witness.yields or not same_value(claim.value, value):
            return None
    return Outcome([Kept(value, sources_of(claims))])
