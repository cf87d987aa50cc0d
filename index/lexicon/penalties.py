"""How unlikely a part of a compound is: short parts and parts of few compounds are."""

from __future__ import annotations

import math

from index.lexicon.hand_lists import HandLists

_IMPOSSIBLE = 99.0
_LONG = ((12, 1.0), (8, 0.3))  # letters of parts that are hardly there by chance


def penalty(part: str, family: int, hand: HandLists) -> float:
    """`family`: how many words of the list have this part at this end."""
    rare = max(0.0, 3 - 0.9 * math.log(family + 0.4))
    return _of_length(part, hand) + rare - next((less for letters, less in _LONG if len(part) >= letters), 0.0)


def _of_length(part: str, hand: HandLists) -> float:
    short = part in hand.short_parts
    match len(part):
        case 0 | 1:
            return _IMPOSSIBLE
        case 2:
            return 3.5 if short else _IMPOSSIBLE
        case 3:
            return 1.0 if short else 2.0
        case 4:
            return 0.5
        case _:
            return 0.0
