"""What codes of ONIX in our records are called in a reader's language."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from catalogue.record import Labels
from catalogue.vocabularies import onix_code_names
from mappings.onix.tables import by_code, table

_AUDIENCE_LISTS: Mapping[str, int] = {"onix-audience": 28, "onix-edition": 21}
_DRM = 144


def audience_names(scheme: str, code: str) -> Labels:
    """Names of an audience of lists 28 and 21; empty labels for another scheme's code."""
    number = _AUDIENCE_LISTS.get(scheme)
    return onix_code_names(number, code) if number else Labels()


def drm_names(word: str) -> Labels:
    """Names of a technical protection (list 144)."""
    return onix_code_names(_DRM, table("supply")["drm"].get(word, ""))


def relation_names(kind: str) -> Labels:
    """Names of a kind of relation (lists 51 and 164); empty labels where it is no kind of theirs."""
    return onix_code_names(*_relations().get(kind, (0, "")))


@cache
def _relations() -> Mapping[str, tuple[int, str]]:
    """Kind → the first code that is read as it."""
    found: dict[str, tuple[int, str]] = {}
    for section, number in (("product", 51), ("work", 164)):
        for code, kind in by_code("relations", section).items():
            found.setdefault(kind, (number, code))
    return found
