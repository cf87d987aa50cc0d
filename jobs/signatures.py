"""Reason signatures: cases that have the same one are alike, and can be worked through together.

A signature is English words and codes in parts behind ": ", made to be compared, linked to and translated part by part:
``match: isbn_title_conflict``, ``match: score: publisher different``, ``field: publication.publisher: Otava ↔ WSOY``.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from catalogue.decision import Case
from catalogue.folding import fold

LONGEST = 160
VALUED_FIELDS = ("publication.publisher",)
"""Fields whose values come from a short list, so that the same quarrel comes back with many records."""
MOST_VALUES = 2
AGAINST_BITS = -0.5
"""A finding that weighs at least so much against is named."""
CHANGED = "evidence changed"
UNDECIDED = "score"
"""The reason of a pair that no rule asks about: its weight lies between the thresholds."""


def signature(case: Case) -> str:
    """The reason signature of a case."""
    parts: Iterable[str] = (case.kind, *_reason(case))
    return ": ".join(part for part in parts if part)[:LONGEST]


def _reason(case: Case) -> list[str]:
    if case.kind == "field":
        return [case.field or case.reason, _values(case)]
    if case.reopened is not None or case.reason.startswith(CHANGED):
        return [CHANGED]
    return [case.reason, _against(case)] if case.reason == UNDECIDED else [case.reason]


def _values(case: Case) -> str:
    """Both values where few different ones are possible."""
    if case.field not in VALUED_FIELDS:
        return ""
    written = {fold(text): text for candidate in case.candidates if (text := _text(candidate))}
    return " ↔ ".join(sorted(written.values())) if len(written) == MOST_VALUES else ""


def _text(candidate: Any) -> str:
    value = candidate.get("value") if isinstance(candidate, dict) else candidate
    return value if isinstance(value, str) else ""


def _against(case: Case) -> str:
    """What speaks against, in the order of the comparisons' names."""
    return ", ".join(
        sorted(f"{f.comparison} {f.level}" for f in case.findings if _speaks_against(f.comparison, f.bits))
    )


def _speaks_against(comparison: str, bits: float) -> bool:
    return comparison != "prior" and bits <= AGAINST_BITS
