"""The short way for what no rule would change: most clusters are one record, and most records repeat nothing."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from typing import Any

from merging.claims import Claim, Kept, Outcome
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


def untouched(claims: Sequence[Claim], row: FieldRule) -> Outcome | None:
    """The outcome where the row's rule would keep every claim as it is, else None (which may be so all the same)."""
    if not claims or claims[0].witness is not claims[-1].witness or claims[0].witness.yields:
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
