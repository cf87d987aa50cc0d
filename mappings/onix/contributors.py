"""Contributors (ONIX lists 17, 18, 19, 44): persons, bodies, and notes for those who have no name."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cache, lru_cache

from catalogue.folding import fold
from catalogue.names import direct_name, inverted_name, is_inverted, split_life_dates
from catalogue.parsed import OnixNode
from mappings.onix.identifiers import name_identifiers
from mappings.onix.reading import Reading, Values, counted, nodes_of, text_of, texts_of
from mappings.onix.tables import by_code, codes, table

_PLACE = re.compile(r"[0-9]{1,9}")
_TRANSLITERATED = "05"
_SEVERAL = re.compile(r" (?:ja|och|and|&) ")  # several names in one element


def read_contributors(reading: Reading, is_recording: bool) -> tuple[list[Values], list[Values]]:
    """Contributors in the order of their sequence numbers, those without behind them, one per name; and notes about
    unnamed ones."""
    people: dict[tuple[str, str], Values] = {}
    notes: list[Values] = []
    for node, locus in counted(reading.descriptive, "Contributor", "DescriptiveDetail/"):
        roles = _roles(reading, node, locus, is_recording)
        name = _name(reading, node, locus)
        unnamed = _unnamed(reading, node, locus, name)
        if unnamed:
            notes.extend(notes_about(unnamed, roles, _real_name(node)))
        elif name:
            details = {"roles": roles, "ids": name_identifiers(reading, node, locus), "sequence": _sequence(node)}
            if "AlternativeName" in node:
                details["variants"] = _variants(reading, node, locus)
            _add(people, name | details | _life_dates(node, name))
    for body in _conferences(reading):
        _add(people, body)
    return sorted(people.values(), key=lambda p: (p["sequence"] is None, p["sequence"] or 0)), notes


def _conferences(reading: Reading) -> Iterator[Values]:
    """Meetings with number, date and place, as MARC 711 names them: ``Bokens dagar (3 : 2019 : Åbo)``."""
    for node, locus in counted(reading.descriptive, "Conference", "DescriptiveDetail/"):
        name = reading.text(node, "ConferenceName", locus)
        held = [reading.text(node, f"Conference{part}", locus) for part in ("Number", "Date", "Place")]
        said = " : ".join(part for part in held if part)
        if name:
            whole = f"{name} ({said})" if said else name
            yield {"name": whole, "kind": "body", "roles": [], "ids": [], "sequence": None, "dates": None}


def _add(people: dict[tuple[str, str], Values], person: Values) -> None:
    """The same name twice is one contributor with the roles of both."""
    known = people.setdefault((person["kind"], person["name"].casefold()), person)
    if known is not person:
        known["roles"] = [*known["roles"], *(r for r in person["roles"] if r not in known["roles"])]
        known["ids"] = [*known["ids"], *(i for i in person["ids"] if i not in known["ids"])]
        known["dates"] = known["dates"] or person["dates"]


def _sequence(node: OnixNode) -> int | None:
    number = text_of(node, "SequenceNumber")
    return int(number) if _PLACE.fullmatch(number) else None


def _roles(reading: Reading, node: OnixNode, locus: str, is_recording: bool) -> list[str]:
    """MARC relators; a code that is not in list 17 stays as it is."""
    relators: list[str] = []
    for code in texts_of(node, "ContributorRole"):
        if is_recording and code in codes("contributors", "in_a_recording", "nrt"):
            found = ["nrt"]
        elif code in table("contributors")["several"]:
            found = table("contributors")["several"][code]
        elif code in by_code("contributors", "role"):
            found = [by_code("contributors", "role")[code]]
        else:
            reading.unknown(code, 17, f"{locus}/ContributorRole")
            found = [code]
        relators.extend(r for r in found if r not in relators)
    return relators


def _name(reading: Reading, node: OnixNode, locus: str) -> Values | None:
    """``name``, ``name_inverted``, ``kind`` and life dates written in the name; None where there is none."""

    def part(tag: str) -> str:
        return reading.text(node, tag, locus) if tag in node else ""

    body = part("CorporateName") or direct_body(part("CorporateNameInverted"))
    inverted, dates = split_life_dates(part("PersonNameInverted"))
    direct = part("PersonName").removeprefix(f"{part('TitlesBeforeNames')} ")  # "prof.", "Dr": no part of the name
    if not inverted and not direct:
        inverted, direct = _from_parts(part)
    if direct and not inverted:
        direct, dates = split_life_dates(direct)
        inverted, direct = _both_forms(_from_parts(part)[0], direct)
    if inverted:
        if "," in inverted and ", " not in inverted:
            inverted = inverted.replace(",", ", ")
        return {"name": direct or direct_name(inverted), "name_inverted": inverted, "kind": "person", "dates": dates}
    if body:
        return {"name": body, "kind": "body", "dates": None}
    return None


def _both_forms(inverted: str, direct: str) -> tuple[str, str]:
    """Inverted and direct name of a PersonName, in which senders write inverted names and lists of names too."""
    if "," in direct and _SEVERAL.search(direct):
        return inverted or direct, direct
    if direct.count(",") != 1 or not is_inverted(direct):
        return inverted or inverted_name(direct), direct
    return inverted or direct, direct_name(direct) if inverted in ("", direct) else direct


def direct_body(inverted: str) -> str:
    """A body's inverted name in the order it is read."""
    return direct_name(inverted) if inverted else ""


def _from_parts(part: Callable[[str], str]) -> tuple[str, str]:
    """Inverted and direct name of the structured parts. PrefixToKey ("von") is not sorted by."""
    key = " ".join(p for p in (part("KeyNames"), part("NamesAfterKey")) if p)
    before = " ".join(p for p in (part("NamesBeforeKey"), part("PrefixToKey")) if p)
    suffix = part("SuffixToKey")
    if not key:
        return before, before
    inverted = ", ".join(p for p in (key, before, suffix) if p)
    return inverted, " ".join(p for p in (before, key, suffix) if p)


def _variants(reading: Reading, node: OnixNode, locus: str) -> list[str]:
    """The name in other scripts (list 18 code 05). Who is behind a pseudonym stays in the parsed record."""
    found = []
    for each, place in counted(node, "AlternativeName", f"{locus}/"):
        kind = text_of(each, "NameType")
        reading.check(kind, 18, f"{place}/NameType")
        if kind == _TRANSLITERATED and (name := _name(reading, each, place)):
            found.append(name["name"])
    return found


def _life_dates(node: OnixNode, name: Values) -> Values:
    years = {}
    for each in nodes_of(node, "ContributorDate"):
        word = by_code("contributors", "date").get(text_of(each, "ContributorDateRole"))
        if word:
            years[word] = text_of(each, "Date")[:4]
    if years.get("birth", "").isdigit():
        return {"dates": f"{years['birth']}-{years.get('death', '')}"}
    return {"dates": name["dates"]}


@cache
def _unnamed_names() -> dict[str, str]:
    return {fold(n): word for word, names in table("contributors")["unnamed"]["names"].items() for n in names}


def _unnamed(reading: Reading, node: OnixNode, locus: str, name: Values | None) -> str | None:
    """The word for what stands in the place of a name, or None for a name."""
    code = text_of(node, "UnnamedPersons")
    if code:
        word = by_code("contributors", "unnamed", "codes").get(code)
        if word is None:
            reading.unknown(code, 19, f"{locus}/UnnamedPersons")
            word = "unknown"
        if name is None or word in ("voice", "cloned_voice", "ai"):
            return word
    if name is None:
        return None
    inverted = name.get("name_inverted")
    return stands_for_nobody(name["name"]) or (stands_for_nobody(inverted) if inverted else None)


@lru_cache(maxsize=4096)
def stands_for_nobody(name: str) -> str | None:
    """The word for what is written in the place of a name (anonymous, various, a synthetic voice), else None."""
    return _unnamed_names().get(fold(name))


def _real_name(node: OnixNode) -> str:
    """Whose voice was cloned: the alternative name of a synthesised reader."""
    for each in nodes_of(node, "AlternativeName"):
        if text_of(each, "PersonName"):
            return text_of(each, "PersonName")
    return ""


def notes_about(word: str, roles: list[str], real_name: str = "") -> list[Values]:
    """What is told of a contributor without a name, in three languages."""
    if word == "none":
        return []
    texts = table("contributors")["note"]
    role = texts["role"].get(roles[0] if roles else "", texts["role"]["other"])
    behind = f" ({real_name})" if real_name else ""
    return [
        {"kind": "contributor", "language": code, "text": f"{role[key]}: {texts['unnamed'][word][key]}{behind}"}
        for key, code in (("fi", "fin"), ("sv", "swe"), ("en", "eng"))
    ]
