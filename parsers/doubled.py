"""JSON objects that have a name more than once: nothing that stands there is lost, as it would be to a dictionary."""

from __future__ import annotations

from typing import Any


class Doubled(list[Any]):
    """All values of a name that an object has more than once, where they are no lists."""


class Joining:
    """For JSONDecoder's `object_pairs_hook`. `names`: those that came more than once since it was last emptied."""

    def __init__(self) -> None:
        self.names: list[str] = []

    def __call__(self, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        """The object; lists under one name become one list, other values `Doubled`."""
        found = dict(pairs)
        if len(found) == len(pairs):
            return found
        several: dict[str, list[Any]] = {}
        for name, value in pairs:
            several.setdefault(name, []).append(value)
        self.names += [name for name, values in several.items() if len(values) > 1]
        return {name: values[0] if len(values) == 1 else _together(values) for name, values in several.items()}


def _together(values: list[Any]) -> list[Any]:
    if all(isinstance(value, list) for value in values):
        return [each for value in values for each in value]
    return Doubled(values)
