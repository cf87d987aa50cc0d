"""Identifiers: every number once, and for each number what it names."""

from __future__ import annotations

from collections.abc import Sequence

from catalogue.record import Identifier
from merging.claims import Claim, Kept, Outcome, Settled, losers, ranked, sources_of
from merging.rules import FieldRule
from merging.sameness import agrees
from merging.unions import grouped

_PUBLISHER = ("own", "other_format", "set", "cancelled", "related")
_LIBRARY = ("cancelled", "own", "set", "other_format", "related")


def identifiers(claims: Sequence[Claim], row: FieldRule, settled: Settled) -> Outcome:
    """Every number once. Where sources differ about its role, the publisher's word counts: it names its own products.

    Among libraries a cancelled number stays cancelled, and "own" stands above the roles of other publications.
    """
    return Outcome([_resolved(group) for group in grouped(ranked(claims, row), _number)])


def _number(claim: Claim) -> tuple[str, str]:
    return claim.value.scheme, claim.value.value


def _resolved(claims: list[Claim]) -> Kept:
    if len(claims) == 1:
        return Kept(claims[0].value, claims[0].sources)
    role = _role(claims)
    agreeing = [c for c in claims if c.value.role == role]
    first: Identifier = agreeing[0].value
    update = {
        "valid": any(c.value.valid for c in agreeing),
        "as_given": first.as_given or next((c.value.as_given for c in agreeing if c.value.as_given), None),
        "qualifier": first.qualifier or next((c.value.qualifier for c in agreeing if c.value.qualifier), None),
    }
    value = first.model_copy(update=update)
    return Kept(value, sources_of(agreeing), losers(c for c in claims if not agrees(value, c.value)))


def _role(claims: list[Claim]) -> str:
    said = {c.value.role for c in claims if c.quality == "cataloguer"}
    if said:
        return next(role for role in _PUBLISHER if role in said)
    publisher = {c.value.role for c in claims if c.quality.startswith("publisher")}
    if publisher:
        return next(role for role in _PUBLISHER if role in publisher)
    library = {c.value.role for c in claims}
    return next(role for role in _LIBRARY if role in library)
