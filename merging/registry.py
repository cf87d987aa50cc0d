"""The survivorship rules by the names the table uses."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from merging.claims import Claim, Outcome, Settled
from merging.contributors import contributors, shared_contributors
from merging.identifiers import identifiers
from merging.rules import FieldRule
from merging.series import series
from merging.standing import along, by_standing, earliest, first_of, most_specific
from merging.statements import statements
from merging.titles import titles
from merging.topics import topics
from merging.unions import by_language, most_specific_list, union

Rule = Callable[[Sequence[Claim], FieldRule, Settled], Outcome]
"""Claims of one field (at least one, any order), its row, and the outcomes of the fields above it in the table."""

RULES: Mapping[str, Rule] = {
    "best_source": by_standing,
    "prefer_library": by_standing,
    "prefer_publisher": by_standing,
    "prefer_confirmed_publisher": by_standing,
    "along": along,
    "most_specific": most_specific,
    "most_specific_list": most_specific_list,
    "list_of_best": most_specific_list,
    "earliest": earliest,
    "first_of": first_of,
    "union": union,
    "statements": statements,
    "by_language": by_language,
    "identifiers": identifiers,
    "titles": titles,
    "series": series,
    "contributors": contributors,
    "shared_contributors": shared_contributors,
    "topics": topics,
}
