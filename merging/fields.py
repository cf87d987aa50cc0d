"""The fields of a description as the survivorship table names them: dotted paths, lists as one field each."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from operator import attrgetter
from types import NoneType
from typing import Any, get_args

from catalogue.model import Model
from catalogue.record import Description


@dataclass(frozen=True, slots=True)
class Leaf:
    """One field: how to read it, whether it is a list, and the model of its items or value, if it has one."""

    path: str
    read: Callable[[Description], Any]
    many: bool
    model: type[Model] | None


@cache
def leaves() -> Mapping[str, Leaf]:
    """Every field of `Description`, in the order of the model, by the names of its JSON."""
    return {leaf.path: leaf for leaf in _leaves(Description, (), ())}


def _leaves(model: type[Model], names: tuple[str, ...], attributes: tuple[str, ...]) -> list[Leaf]:
    found: list[Leaf] = []
    for attribute, info in model.model_fields.items():
        path, where = (*names, info.alias or attribute), (*attributes, attribute)
        kinds = [info.annotation, *(a for a in get_args(info.annotation) if a is not Ellipsis)]
        inner = next((k for k in kinds if isinstance(k, type) and issubclass(k, Model)), None)
        many = getattr(info.annotation, "__origin__", None) is tuple
        if inner is not None and not many:
            found.extend(_leaves(inner, path, where))
        else:
            optional = any(NoneType in get_args(Description.model_fields[a].annotation) for a in where[:1])
            read = _through_optional(where) if optional and len(where) > 1 else attrgetter(".".join(where))
            found.append(Leaf(".".join(path), read, many, inner))
    return found


def _through_optional(where: tuple[str, ...]) -> Callable[[Description], Any]:
    first, rest = attrgetter(where[0]), attrgetter(".".join(where[1:]))

    def read(description: Description) -> Any:
        group = first(description)
        return None if group is None else rest(group)

    return read


def told(description: Description) -> list[tuple[Leaf, Any]]:
    """The fields a description says something in, with their values: neither null nor an empty list."""
    found: list[tuple[Leaf, Any]] = []
    _tell(description.__dict__, _plan(), found)
    return found


Plan = tuple[tuple[str, "Leaf | None", "Plan | None"], ...]


def _tell(values: Mapping[str, Any], plan: Plan, found: list[tuple[Leaf, Any]]) -> None:
    for name, leaf, inner in plan:
        value = values[name]
        if value is None:
            continue
        if inner is not None:
            _tell(value.__dict__, inner, found)
        elif leaf is not None and value != ():
            found.append((leaf, value))


@cache
def _plan(model: type[Model] = Description, path: str = "") -> Plan:
    """The attributes of a model: each a leaf, or a group with a plan of its own."""
    steps: list[tuple[str, Leaf | None, Plan | None]] = []
    for name, info in model.model_fields.items():
        own = f"{path}{info.alias or name}"
        leaf = leaves().get(own)
        inner = next((k for k in (info.annotation, *get_args(info.annotation)) if isinstance(k, type)), None)
        steps.append((name, leaf, None if leaf or inner is None else _plan(inner, f"{own}.")))
    return tuple(steps)


def tree(values: Mapping[str, Any]) -> dict[str, Any]:
    """Values by path as the nested dictionary `Description` is validated from."""
    root: dict[str, Any] = {}
    for path, value in values.items():
        place, name = root, path
        while "." in name:
            group, _, name = name.partition(".")
            place = place.setdefault(group, {})
        place[name] = value
    return root


def plain(value: Any) -> Any:
    """A value as the JSON of the command line shows it."""
    return value.model_dump(mode="json") if isinstance(value, Model) else value
