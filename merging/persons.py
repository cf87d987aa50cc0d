"""When two contributors are one: authority ids, name order, initials."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from catalogue.folding import fold
from catalogue.names import direct_name, split_life_dates
from catalogue.record import Contributor
from merging.claims import Claim


@lru_cache(maxsize=50_000)
def name_words(name: str) -> tuple[str, ...]:
    """The folded words of a name in direct order, without life dates: "Waltari, Mika, 1908-1979" → mika, waltari."""
    bare, _ = split_life_dates(name)
    return tuple(fold(direct_name(bare)).split())


def name_key(contributor: Contributor) -> str:
    """The words of a name whatever their order; a body's own words."""
    if contributor.kind == "body":
        return "body " + fold(contributor.name)
    return " ".join(sorted(name_words(contributor.name_inverted or contributor.name)))


def initials_match(left: Contributor, right: Contributor) -> bool:
    """Whether two persons' names differ in initials only: one family name, given names that do not contradict."""
    if left.kind == "body" or right.kind == "body":
        return False
    one, other = name_words(left.name_inverted or left.name), name_words(right.name_inverted or right.name)
    if len(one) < 2 or len(other) < 2 or one[-1] != other[-1]:
        return False
    if left.dates and right.dates and left.dates[:4] != right.dates[:4]:
        return False
    given = list(zip(one[:-1], other[:-1], strict=False))
    abbreviates = any(len(a) == 1 or len(b) == 1 for a, b in given) or len(one) != len(other)
    return abbreviates and all(a == b or (min(len(a), len(b)) == 1 and a[0] == b[0]) for a, b in given)


def same_persons(claims: Sequence[Claim]) -> list[list[Claim]]:
    """Claims (in ranked order) by person. One name in two ids of one record is two persons.

    An initialled name joins a fuller one where exactly one fits; where several do, it stays apart.
    """
    groups: list[list[Claim]] = []
    by_name: dict[str, list[int]] = {}
    for claim in claims:
        key = name_key(claim.value)
        home = next((n for n in by_name.get(key, ()) if not _two_in_one(claim, groups[n])), None)
        if home is None:
            by_name.setdefault(key, []).append(len(groups))
            groups.append([claim])
        else:
            groups[home].append(claim)
    if len(groups) == 1:
        return groups
    return _by_initials(_by_ids(groups))


def _two_in_one(claim: Claim, group: list[Claim]) -> bool:
    """Whether the claim's own record has this name under another id of the same scheme."""
    return any(c.witness is claim.witness and _ids_contradict(c.value, claim.value) for c in group)


def _ids_contradict(left: Contributor, right: Contributor) -> bool:
    ids = {i.scheme: i.value for i in left.ids}
    return any(ids.get(i.scheme, i.value) != i.value for i in right.ids)


def _by_ids(groups: list[list[Claim]]) -> list[list[Claim]]:
    """Groups that share an authority id, joined."""
    found: list[list[Claim]] = []
    owner: dict[tuple[str, str], list[Claim]] = {}
    for group in groups:
        ids = {(i.scheme, i.value) for c in group for i in c.value.ids}
        homes = {id(owner[i]): owner[i] for i in ids if i in owner}
        place = {id(g): n for n, g in enumerate(found)}
        if not homes:
            home = group
            found.append(home)
        else:
            home, *rest = sorted(homes.values(), key=lambda g: place[id(g)])
            home += group
            for other in rest:
                home += other
                found = [g for g in found if g is not other]
        owner.update({(i.scheme, i.value): home for c in home for i in c.value.ids})
    return found


def _by_initials(groups: list[list[Claim]]) -> list[list[Claim]]:
    """Initialled groups joined to the one group they fit."""
    families: dict[str, list[int]] = {}
    for m, group in enumerate(groups):
        families.setdefault(_family(group), []).append(m)
    fits = [
        [n for n in families[_family(group)] if n != m and _fit(group, groups[n])] for m, group in enumerate(groups)
    ]
    pairs = [(m, n[0]) for m, n in enumerate(fits) if len(n) == 1 and fits[n[0]] == [m] and m < n[0]]
    gone = {right for _, right in pairs}
    for left, right in pairs:
        groups[left].extend(groups[right])
    return [group for n, group in enumerate(groups) if n not in gone]


def _family(group: list[Claim]) -> str:
    """The word that names must share to fit: few have it, so that few are compared."""
    value = group[0].value
    return (name_words(value.name_inverted or value.name) or ("",))[-1]


def _fit(left: list[Claim], right: list[Claim]) -> bool:
    """Never within one record: it names its own persons apart."""
    apart = {c.witness for c in left} & {c.witness for c in right}
    return not apart and initials_match(left[0].value, right[0].value)
