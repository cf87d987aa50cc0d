"""Whether the words of a finding speak of agreement, of difference or of not knowing: the sign a reader hears first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

from catalogue.evidence import Finding

Sign = Literal["+", "−", "?"]
LEAST_BITS = 1.0
"""What weighs less says little: it stands in the table of weights alone."""
MOST_OF_A_SIGN = 4
MISSED = ("author", "year", "pages", "duration", "isbn", "narrator", "volume", "edition")
"""Comparisons that a reader misses where only one side tells."""
OF_THE_TITLE = ("title", "full_title", "title_words", "own_words")
"""They weigh the same titles: the short version has the one that differs most, else the first that agrees."""
AGREE = frozenset(
    [
        "same",
        "swapped",
        "other_form",
        "near",
        "close",
        "alike",
        "all",
        "most",
        "begins",
        "linked",
        "elsewhere",
        "initials",
        "spelling",
        "family_only",
        "first",
        "own",
        "related",
        "shared",
        "told",
    ]
)
DIFFER = frozenset(
    [
        "different",
        "differ",
        "differ_beside",
        "none",
        "none_elsewhere",
        "few",
        "weak",
        "similar",
        "unlike",
        "far",
        "apart",
        "namesake",
        "other_body",
        "both",
        "both_beside",
        "subset",
    ]
)
UNKNOWN = frozenset({"unknown", "one_sided"})
OTHERWISE: Mapping[str, Sign | None] = {
    "own_words.none": "+",  # that neither has one is agreement
    "year.near": "−",  # two or three years apart
    "year.next": "−",
    "year.shared": "−",
    "edition_text.alike": None,
}
"""Findings whose words say something else than their level does elsewhere; None: neither."""


def sign_of(comparison: str, level: str) -> Sign | None:
    """What the words of a finding say; None where they say neither, and the weight alone tells."""
    if (name := f"{comparison}.{level}") in OTHERWISE:
        return OTHERWISE[name]
    return "+" if level in AGREE else "−" if level in DIFFER else "?" if level in UNKNOWN else None


def signed(findings: Sequence[Finding]) -> tuple[tuple[Sign, Finding], ...]:
    """The short version: the heaviest that agree, then that differ, then what one side alone tells.

    A finding whose weight speaks against its words is left to the table, where both can be seen.
    """
    heard = sorted((f for f in findings if f.comparison != "prior"), key=lambda f: -abs(f.bits))
    loud = [(sign, f) for f in heard if (sign := _heard(f))]
    title = _of_the_title(loud)
    loud = [(sign, f) for sign, f in loud if f.comparison not in OF_THE_TITLE or f is title]
    missed: list[tuple[Sign, Finding]] = [("?", f) for f in findings if _is_missed(f)]
    agree, differ = ([(sign, f) for sign, f in loud if sign == wanted][:MOST_OF_A_SIGN] for wanted in ("+", "−"))
    return (*agree, *differ, *missed[:MOST_OF_A_SIGN])


def _of_the_title(loud: Sequence[tuple[Sign, Finding]]) -> Finding | None:
    told = [(sign, f) for sign, f in loud if f.comparison in OF_THE_TITLE]
    if not told or told[0][0] == "−":
        return told[0][1] if told else None
    return min((f for sign, f in told if sign == "+"), key=lambda f: OF_THE_TITLE.index(f.comparison))


def _heard(finding: Finding) -> Sign | None:
    """The sign of a finding that weighs enough, where weight and words agree; own words of one side say little."""
    if abs(finding.bits) < LEAST_BITS or f"{finding.comparison}.{finding.level}" == "own_words.one_side":
        return None
    weighs: Sign = "+" if finding.bits > 0 else "−"
    says = sign_of(finding.comparison, finding.level)
    return weighs if says in (weighs, None) else None


def _is_missed(finding: Finding) -> bool:
    told = bool(finding.left) != bool(finding.right)
    return told and finding.comparison in MISSED and finding.level in UNKNOWN
