"""Where in a record a field is said: places a cataloguer can look up, out of the parsed content."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache
from importlib import resources
from typing import Any

_COUNTED = re.compile(r"\[\d+\]")


def loci(dialect: str, content: Any, field: str) -> tuple[str, ...]:
    """The places of a record that speak of a field (``245$a``, ``Publisher/PublisherName``), as far as it has them.

    `dialect` and `content` are those of a parsed record; `field` is a name of ``loci.toml``.
    """
    return loci_in(dialect, content)(field)


def loci_in(dialect: str, content: Any) -> Callable[[str], tuple[str, ...]]:
    """`loci` of one record for many fields: it is walked through once."""
    places = frozenset(_PLACES[_family(dialect)](content))

    def of(field: str) -> tuple[str, ...]:
        wanted = _table(dialect).get(field, ())
        return tuple(dict.fromkeys(found for place in wanted for found in _found(place, places)))

    return of


def field_of(dialect: str, locus: str) -> str | None:
    """The field a defect's place belongs to: the first of the table that names it, else None."""
    plain = _COUNTED.sub("", locus)
    return next((field for field, places in _table(dialect).items() if any(map(plain.endswith, places))), None)


def _found(place: str, places: frozenset[str]) -> list[str]:
    tag = place.partition("/")[0]
    if tag in places and tag != place:  # positions of a control field
        return [place]
    if place in places:
        return [place]
    return sorted(one for one in places if one.endswith(f"/{place}"))


def _marc_places(content: Sequence[Any]) -> frozenset[str]:
    places = {"LDR"}
    for tag, *rest in content[1]:
        places.add(tag)
        if len(rest) == 2:
            places.update(f"{tag}${code}" for code, _ in rest[1])
    return frozenset(places)


def _opds_places(value: Any, above: str = "") -> Iterator[str]:
    """JSON paths without the numbers of lists."""
    if isinstance(value, list):
        for each in value:
            yield from _opds_places(each, above)
    elif isinstance(value, Mapping):
        for name, each in value.items():
            path = f"{above}.{name}" if above else name
            yield path
            yield from _opds_places(each, path)


def _onix_places(node: Mapping[str, Any], above: str = "") -> Iterator[str]:
    for tag, occurrences in node.items():
        if tag.startswith(("@", "#")):
            continue
        path = f"{above}/{tag}" if above else tag
        yield path
        for one in occurrences:
            if isinstance(one, Mapping):
                yield from _onix_places(one, path)


_PLACES: dict[str, Callable[[Any], Iterable[str]]] = {
    "marc21": _marc_places, "onix": _onix_places, "opds": _opds_places,
}  # fmt: skip


def _family(dialect: str) -> str:
    return dialect.partition("-")[0]


@cache
def _table(dialect: str) -> Mapping[str, tuple[str, ...]]:
    tables = tomllib.loads(resources.files("mappings").joinpath("tables", "loci.toml").read_text("utf-8"))
    return {field: tuple(places) for field, places in tables[_family(dialect)].items()}
