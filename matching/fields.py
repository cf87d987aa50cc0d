"""Fields of many features at once: each distinct value a single time, and which record has which.

Records of one catalogue say the same things over and over. What is worked out of a value is worked out once, and the
features are walked through once, because looking into so many objects costs more than what is done with them.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Any

import numpy as np
import numpy.typing as npt

from matching.features import Features

_AT_ONCE = 50_000  # records read before their values are put aside: bounds memory


_SHARED = ("form", "numbering")  # parts of features of which equal ones are one


Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Field:
    """Record i has ``values[codes[i]]``. Values are distinct, in the order they were met."""

    codes: npt.NDArray[np.int32]
    values: list[Any]


def read_fields(features: Sequence[Features], names: Sequence[str]) -> dict[str, Field]:
    """Fields by name: ``title.main``, ``people.author`` …; at least two names."""
    found: dict[str, Field] = {}
    left = list(names)
    for part in _SHARED:
        if inside := [name for name in left if name.startswith(f"{part}.")]:
            found |= _through(part, features, inside)
            left = [name for name in left if name not in found]
    found |= _read(features, left)
    return {name: found[name] for name in names}


def _read(things: Sequence[Any], names: Sequence[str]) -> dict[str, Field]:
    look = attrgetter(*names) if len(names) > 1 else _alone(names)
    pools: list[dict[Hashable, int]] = [{} for _ in names]
    codes = np.zeros((len(names), len(things)), np.int32)
    for start in range(0, len(things), _AT_ONCE):
        rows = map(look, things[start : start + _AT_ONCE])
        for column, pool, values in zip(codes, pools, zip(*rows, strict=True), strict=True):
            found = [pool.setdefault(value, len(pool)) for value in values]
            column[start : start + len(found)] = found
    return {name: Field(column, list(pool)) for name, column, pool in zip(names, codes, pools, strict=True)}


def _alone(names: Sequence[str]) -> Callable[[Any], tuple[Any, ...]]:
    """The one attribute, or none, as a row."""
    looks = [attrgetter(name) for name in names]
    return lambda thing: tuple(look(thing) for look in looks)


def _through(part: str, features: Sequence[Features], names: Sequence[str]) -> dict[str, Field]:
    """Fields of a part that many records share: each part that is there is looked into once, whoever has it."""
    parts = [*map(attrgetter(part), features)]
    known = dict(zip(map(id, parts), parts, strict=True))
    place = {name: n for n, name in enumerate(known)}
    codes = np.fromiter(map(place.__getitem__, map(id, parts)), np.int32, len(parts))
    inside = _read([*known.values()], [name.removeprefix(f"{part}.") for name in names])
    return {f"{part}.{name}": Field(field.codes[codes], field.values) for name, field in inside.items()}


def distinct(codes: Ints) -> Ints:
    """Each number once, ascending: `numpy.unique` gathers them in a hash table, and takes 30 times as long."""
    ascending = np.sort(codes)
    found: Ints = ascending[np.append(True, ascending[1:] != ascending[:-1])[: len(codes)]]
    return found


def combined(parts: Sequence[Field]) -> Field:
    """The distinct combinations of some fields' values, as tuples."""
    field = Field(parts[0].codes, [(value,) for value in parts[0].values])
    for part in parts[1:]:
        size = max(1, len(part.values))
        found, inverse = np.unique(field.codes.astype(np.int64) * size + part.codes, return_inverse=True)
        firsts, seconds = (found // size).tolist(), (found % size).tolist()
        values = [(*field.values[a], part.values[b]) for a, b in zip(firsts, seconds, strict=True)]
        field = Field(inverse.astype(np.int32), values)
    return field
