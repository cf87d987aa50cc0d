"""Fields of many features at once: each distinct value a single time, and which record has which.

Records of one catalogue say the same things over and over. What is worked out of a value is worked out once, and the
features are walked through once, because looking into so many objects costs more than what is done with them.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Any

import numpy as np
import numpy.typing as npt

from matching.features import Features

_AT_ONCE = 50_000  # records read before their values are put aside: bounds memory


@dataclass(frozen=True, slots=True)
class Field:
    """Record i has ``values[codes[i]]``. Values are distinct, in the order they were met."""

    codes: npt.NDArray[np.int32]
    values: list[Any]


def read_fields(features: Sequence[Features], names: Sequence[str]) -> dict[str, Field]:
    """Fields by name: ``title.main``, ``people.author`` …; at least two names."""
    look = attrgetter(*names)
    pools: list[dict[Hashable, int]] = [{} for _ in names]
    codes = np.zeros((len(names), len(features)), np.int32)
    for start in range(0, len(features), _AT_ONCE):
        rows = map(look, features[start : start + _AT_ONCE])
        for column, pool, values in zip(codes, pools, zip(*rows, strict=True), strict=True):
            found = [pool.setdefault(value, len(pool)) for value in values]
            column[start : start + len(found)] = found
    return {name: Field(column, list(pool)) for name, column, pool in zip(names, codes, pools, strict=True)}


def combined(parts: Sequence[Field]) -> Field:
    """The distinct combinations of some fields' values, as tuples."""
    field = Field(parts[0].codes, [(value,) for value in parts[0].values])
    for part in parts[1:]:
        size = max(1, len(part.values))
        distinct, inverse = np.unique(field.codes.astype(np.int64) * size + part.codes, return_inverse=True)
        firsts, seconds = (distinct // size).tolist(), (distinct % size).tolist()
        values = [(*field.values[a], part.values[b]) for a, b in zip(firsts, seconds, strict=True)]
        field = Field(inverse.astype(np.int32), values)
    return field
