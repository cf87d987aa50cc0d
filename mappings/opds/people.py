"""Contributors by role, publisher and imprint: a name, an object with a name, or a list of either."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from catalogue.names import direct_name, inverted_name, is_particle, split_suffix
from catalogue.vocabularies import relator
from mappings.marc.people import authority_id
from mappings.onix.contributors import notes_about, stands_for_nobody
from mappings.opds.reading import Reading, Values, listed, plain, spoken, table

_SEVERAL = re.compile(r"\s*;\s*")


def read_people(reading: Reading, is_recording: bool) -> tuple[list[Values], list[Values]]:
    """Contributors in the order of their roles and places, one per name, and notes about those without a name."""
    people: dict[str, Values] = {}
    notes: list[Values] = []
    for member, standard in table()["roles"].items():
        for value, locus in listed(reading.metadata.get(member), f"metadata.{member}"):
            roles = _roles(reading, value, locus, (standard, is_recording))
            for name in names_in(value):
                unnamed = stands_for_nobody(name)
                if unnamed:
                    notes += notes_about(unnamed, roles)
                else:
                    _add(people, _person(name, value, roles))
    found = sorted(people.values(), key=lambda p: p["sequence"] if p["sequence"] is not None else len(people))
    return found, notes


def names_in(value: Any) -> list[str]:
    """The names a contributor is written with; a text may hold several."""
    return [name for each in _SEVERAL.split(name_of(value)) for name in _parted(each) if name]


def name_of(value: Any) -> str:
    """What a contributor is called, of several languages in the first; '' where nothing is said."""
    return next((text for _, text in spoken(value.get("name") if isinstance(value, dict) else value)), "")


def _parted(text: str) -> list[str]:
    """``Anna Holm, Bo Ek`` are two persons, ``Ek, Bo`` and ``von Wright, Georg Henrik`` one."""
    pieces = [piece.strip() for piece in text.split(",")]
    if len(pieces) > 1 and all(len(p.split()) > 1 for p in pieces) and not is_particle(pieces[0].split()[0]):
        return pieces
    return [text.strip()]


def _person(name: str, value: Any, roles: list[str]) -> Values:
    about = value if isinstance(value, dict) else {}
    sort_as = plain(about.get("sortAs"))
    bare, _ = split_suffix(name)
    is_inverted = bare.count(",") == 1
    inverted = sort_as if "," in sort_as else name if is_inverted else inverted_name(name)
    position = about.get("position")
    return {
        "name": direct_name(name) if is_inverted else name,
        "name_inverted": inverted,
        "kind": "person",
        "roles": roles,
        "ids": list(_ids(about)),
        "sequence": int(position) if isinstance(position, int | float) and 0 <= position < 10_000 else None,
    }


def _add(people: dict[str, Values], person: Values) -> None:
    """The same name twice is one contributor with the roles of both; without an order each keeps its turn."""
    known = people.setdefault(person["name"].casefold(), person)
    if known is not person:
        known["roles"] += [role for role in person["roles"] if role not in known["roles"]]
        known["ids"] += [each for each in person["ids"] if each not in known["ids"]]


def _roles(reading: Reading, value: Any, locus: str, about: tuple[str, bool]) -> list[str]:
    """MARC relators: of the member, or of ``role`` where the member is plain ``contributor``."""
    standard, is_recording = about
    found: list[str] = []
    given = value.get("role") if isinstance(value, dict) else None
    for role, place in listed(given, f"{locus}.role"):
        written = plain(role)
        code = relator(written) if written else None
        if written and code is None:
            reading.report("code.unknown", place, code=written, list="MARC relators")
        found += [code or written] if written else []
    if standard != "ctb":
        found = [standard, *found]
    elif not found:
        found = [standard]
    heard = table()["roles_in_a_recording"] if is_recording else {}
    return list(dict.fromkeys(heard.get(role, role) for role in found))


def _ids(about: dict[str, Any]) -> Iterator[Values]:
    for value, _ in (*listed(about.get("identifier"), ""), *listed(about.get("altIdentifier"), "")):
        written = plain(value.get("value") if isinstance(value, dict) else value)
        found = authority_id(written) if written else None
        if found is not None:
            yield found.model_dump()
