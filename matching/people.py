"""Names of people as matching sees them: ``family, given``, folded, without particles; and how two names relate."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from rapidfuzz.distance import JaroWinkler

from catalogue.folding import fold
from catalogue.names import inverted_name, is_inverted, split_life_dates
from catalogue.record import Contributor
from matching.words import words

NAME_LEVELS = ("same", "initials", "spelling", "family_only", "namesake", "different")
"""How two names relate, from one person to two: the order of `name_relation`'s answers."""

CONFLICTING = ("namesake", "different")

_PARENTHESES = re.compile(r"\([^)]*\)")
_NEAR = 0.88
_TRANSLITERATED = 0.75
_COMMON_WORDS = 0.6


def folded_name(contributor: Contributor) -> str:
    """``family, given`` of a person; a body's whole name, without a comma."""
    if contributor.kind == "body":
        return fold(contributor.name)
    inverted = contributor.name_inverted or contributor.name
    return _person(inverted)


@lru_cache(maxsize=65536)
def _person(name: str) -> str:
    plain, _ = split_life_dates(_PARENTHESES.sub("", name))
    inverted = plain if is_inverted(plain) else inverted_name(plain)
    family, _, given = inverted.partition(",")
    families, givens = fold(family).split(), fold(given).split()
    while len(families) > 1 and families[0] in words().particles:
        families.pop(0)
    while len(givens) > 1 and givens[-1] in words().particles:
        givens.pop()
    return f"{' '.join(families)}, {' '.join(givens)}".strip(", ")


def family_of(name: str) -> str:
    return name.partition(",")[0]


def given_of(name: str) -> str:
    return name.partition(", ")[2]


def first_author(contributors: Iterable[Contributor]) -> Contributor | None:
    """The first person or body with an author's role; else the first that has no role at all, else None."""
    ordered = sorted(enumerate(contributors), key=lambda pair: (pair[1].sequence or 999, pair[0]))
    authors = words().roles["author"]
    for _, contributor in ordered:
        if authors.intersection(contributor.roles):
            return contributor
    return next((c for _, c in ordered if not c.roles), None)


def with_role(contributors: Iterable[Contributor], role: str) -> tuple[str, ...]:
    """Folded names of those who have a role of ``words.toml`` [roles], sorted."""
    codes = words().roles[role]
    return tuple(sorted({folded_name(c) for c in contributors if codes.intersection(c.roles)} - {""}))


def name_relation(left: str, right: str) -> str:
    """How two folded names relate: one of `NAME_LEVELS`. Symmetric; both names non-empty."""
    if left == right:
        return "same"
    if sorted(left.replace(",", "").split()) == sorted(right.replace(",", "").split()):
        return "initials"  # the same words in another order: family and given name swapped
    given_left, given_right = given_of(left), given_of(right)
    if not given_left or not given_right:
        return _single_names(left, right)
    family = JaroWinkler.similarity(family_of(left), family_of(right))
    if family == 1.0:
        return _same_family(given_left, given_right)
    if left[0] != right[0] and len(family_of(left)) != len(family_of(right)):
        return "different"  # Åberg and Berg; but Wirtanen and Virtanen may be one
    if family >= _NEAR and _compatible(given_left, given_right):
        return "spelling"
    near_given = len(given_left) > 3 and JaroWinkler.similarity(given_left, given_right) >= _NEAR
    return "spelling" if near_given and family >= _TRANSLITERATED else "different"


def _single_names(left: str, right: str) -> str:
    """Two names of which one has no given name: a body, a mononym, or a family name alone."""
    if "," in left or "," in right:
        single, other = (left, right) if "," not in left else (right, left)
        near = max(JaroWinkler.similarity(single, part) for part in (family_of(other), given_of(other)))
        return "family_only" if near >= _NEAR else "different"
    ours, theirs = set(left.split()), set(right.split())
    common = len(ours & theirs) / min(len(ours), len(theirs))
    if common == 1.0:
        return "initials"
    return "spelling" if common >= _COMMON_WORDS or JaroWinkler.similarity(left, right) >= _NEAR else "different"


def _same_family(left: str, right: str) -> str:
    if _compatible(left, right):
        return "initials"
    common = {word for word in left.split() if len(word) > 2}.intersection(right.split())
    return "spelling" if common or JaroWinkler.similarity(left, right) >= _NEAR else "namesake"


def _compatible(left: str, right: str) -> bool:
    """Whether given names can be one person's: the first of one is that of the other, or abbreviates it."""
    first, second = left.split(maxsplit=1)[0], right.split(maxsplit=1)[0]
    return first.startswith(second) or second.startswith(first)
