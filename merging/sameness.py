"""When two values say the same: folding, company words, form words, contained texts, years, counts."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from rapidfuzz import fuzz

from catalogue.folding import fold
from catalogue.model import Model
from merging.rules import FieldRule, Words

_MANNER = frozenset({"as_given", "sequence", "nonfiling", "qualifier"})
"""Fields that say how a source wrote a value, not what it said."""


@lru_cache(maxsize=20_000)
def text_key(text: str) -> str:
    """The folded text; a text of signs only is its own key."""
    return fold(text) or text.strip().lower()


def company_key(name: str, words: Words) -> str:
    """A publisher's name without the words of its legal form and trade; never empty."""
    folded = text_key(name)
    return " ".join(w for w in folded.split() if w not in words.company) or folded


def without_form(key: str, words: Words) -> str:
    """A folded title without a form phrase at its end ("(e-kirja)"); never empty."""
    tokens = key.split()
    for phrase in words.form:
        if len(tokens) > len(phrase) and tuple(tokens[-len(phrase) :]) == phrase:
            return " ".join(tokens[: -len(phrase)])
    return key


def value_key(value: Any, row: FieldRule) -> Any:
    """What makes two values of a scalar field one value."""
    if not isinstance(value, str):
        return value
    if row.dates:
        return value[:4]
    return company_key(value, row.words) if row.company_words else text_key(value)


def contains(longer: str, shorter: str) -> bool:
    """Whether a key holds another as a run of whole words, and more."""
    return len(longer) > len(shorter) and f" {shorter} " in f" {longer} "


def agrees(kept: Any, value: Any) -> bool:
    """Whether everything a value says is said by the kept one, after folding; less precise dates agree."""
    if kept == value:
        return type(kept) is type(value)
    if isinstance(kept, str) and isinstance(value, str):
        return text_key(kept) == text_key(value) or (kept.startswith(f"{value}-") and value.isdigit())
    if isinstance(value, Model):
        return isinstance(kept, type(value)) and all(
            agrees(getattr(kept, name), part)
            for name, part in value
            if name not in _MANNER and part is not None and part != ()
        )
    if isinstance(value, tuple):
        return isinstance(kept, tuple) and all(any(agrees(k, v) for k in kept) for v in value)
    return False


def really_differ(left: Any, right: Any, row: FieldRule) -> bool:
    """Whether a person should be asked about two keys of a deciding field (`FieldRule.compare`)."""
    if row.compare == "year":
        return abs(_number(left) - _number(right)) > row.tolerance
    if row.compare == "count":
        low, high = sorted((_number(left), _number(right)))
        return low < high * row.ratio
    if row.compare == "text":
        if contains(str(left), str(right)) or contains(str(right), str(left)):
            return False
        return similarity(str(left), str(right)) < row.near
    return True


def similarity(left: str, right: str) -> float:
    """How alike two keys are, whatever the order of their words: 0 to 1."""
    return fuzz.token_sort_ratio(left, right) / 100


def _number(key: Any) -> int:
    return int(key) if isinstance(key, int) or str(key).isdigit() else 0
