"""Contributors: every person once, in the best form of the name, with the roles of all sources."""

from __future__ import annotations

from collections.abc import Sequence

from catalogue.folding import is_all_caps
from catalogue.record import AuthorityId, Contributor
from merging.claims import Claim, Kept, Outcome, Settled, losers, ranked, sources_of
from merging.persons import name_key, same_persons
from merging.rules import FieldRule
from merging.sameness import agrees


def contributors(claims: Sequence[Claim], row: FieldRule, settled: Settled) -> Outcome:
    """Persons and bodies in the order of the source heard first. The name is the form with an authority id.

    Without an id it is the library's. Roles, ids and life dates are united.
    """
    return Outcome([_united(group, row) for group in same_persons(ranked(claims, row))])


def _united(group: list[Claim], row: FieldRule) -> Kept:
    if len(group) == 1 and row.unspecific.isdisjoint(group[0].value.roles):
        return Kept(group[0].value, group[0].sources)
    formed = sorted(group, key=lambda c: (is_all_caps(c.value.name), not c.value.ids))  # stable: ranked stays
    first: Contributor = formed[0].value
    key = name_key(first)
    same = [c.value for c in formed if name_key(c.value) == key]
    values = [c.value for c in formed]
    value = first.model_copy(
        update={
            "name_inverted": next((v.name_inverted for v in same if v.name_inverted), None),
            "roles": _roles(values, row),
            "ids": _ids(values),
            "sequence": next((c.value.sequence for c in group if c.value.sequence is not None), None),
            "dates": next((v.dates for v in values if v.dates), None),
        }
    )
    uncovered = [c for c in group if not _covered(value, c.value)]
    return Kept(value, sources_of(group), losers(uncovered))


def _roles(values: list[Contributor], row: FieldRule) -> tuple[str, ...]:
    """All roles, each once; an unspecific one only where there is no other."""
    roles = dict.fromkeys(role for v in values for role in v.roles)
    return tuple(r for r in roles if r not in row.unspecific) or tuple(roles)


def _ids(values: list[Contributor]) -> tuple[AuthorityId, ...]:
    """One id of each scheme: of the form heard first."""
    found: dict[str, AuthorityId] = {}
    for value in values:
        for identifier in value.ids:
            found.setdefault(identifier.scheme, identifier)
    return tuple(found.values())


def _covered(value: Contributor, claim: Contributor) -> bool:
    """Whether a merged contributor says all that a claim does; the order of the name's parts is manner."""
    if name_key(value) != name_key(claim):
        return False
    return agrees(value, claim.model_copy(update={"name": value.name, "name_inverted": value.name_inverted}))


def shared_contributors(claims: Sequence[Claim], row: FieldRule, settled: Settled) -> Outcome:
    """The contributors of a work: main roles of any edition, other roles only where every edition has them."""
    editions = {claim.witness for claim in claims}
    outcome = Outcome()
    for group in same_persons(ranked(claims, row)):
        kept = _united(group, row)
        common = set.intersection(*(_roles_in(group, edition) for edition in editions))
        roles = tuple(r for r in kept.value.roles if r in row.main or r in common)
        if roles or not kept.value.roles:
            if roles != kept.value.roles:
                kept.value = kept.value.model_copy(update={"roles": roles})
            kept.lost = []
            outcome.kept.append(kept)
    return outcome


def _roles_in(group: list[Claim], edition: object) -> set[str]:
    return {role for c in group if c.witness is edition for role in c.value.roles}
