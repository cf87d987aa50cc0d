"""Contributors: 100-111 and 700-711 with their roles; names of 511 where they are certain."""

from __future__ import annotations

import re
from functools import lru_cache

from catalogue.folding import fold
from catalogue.names import direct_name, inverted_name, split_life_dates
from catalogue.record import AuthorityId
from catalogue.vocabularies import relator
from mappings.marc.credits import credited_roles, narrators
from mappings.marc.draft import Draft, Subfields, Values
from mappings.marc.punctuation import trim
from mappings.marc.tables import table

_AUTHORITIES: dict[str, str] = table("marc")["authorities"]
_CREATOR = {"text": "aut", "spoken": "aut", "music": "cmp", "notated": "cmp", "map": "ctg"}
_ID = re.compile(r"^\(([^)]+)\)\s*(\S+)$")


def person(draft: Draft, tag: str, indicators: str, subfields: Subfields) -> None:
    """100 and 700. A 700 with a title names a related work, not someone who took part."""
    found: Values = {"kind": "person"}
    name = numeration = ""
    for code, value in subfields:
        if code == "a":
            name = name or trim(value)
        elif code == "t" and tag == "700":
            return _related_work(draft, name, subfields)
        elif code == "b":
            numeration = trim(value)
        else:
            _detail(draft, found, f"{tag}${code}", value)
    if name:
        _person_name(found, name, numeration, indicators)
        _keep(draft, tag, found)
    return None


def body(draft: Draft, tag: str, _: str, subfields: Subfields) -> None:
    """110, 111, 710 and 711: an organisation or a meeting."""
    found: Values = {"kind": "body"}
    name = ""
    unit, role = ("e", "j") if tag.endswith("11") else ("b", "e")
    for code, value in subfields:
        if code == "a":
            name = name or trim(value)
        elif code == "t" and tag[0] == "7":
            return _related_work(draft, name, subfields)
        elif code == unit:
            name = f"{name}. {trim(value)}"
        elif code in (role, "0", "1", "4"):
            _detail(draft, found, f"{tag}${'e' if code == role else code}", value)
    if name:
        found["name"] = name
        _keep(draft, tag, found)
    return None


def settle_contributors(draft: Draft) -> list[Values]:
    """Each name once, in order, with the roles of all its fields; roles that 245 $c states are added."""
    merged: dict[str, Values] = {}
    for found in draft.contributors:
        same = merged.setdefault(_identity(found, merged), found)
        if same is not found:
            _add_facts(same, found)
    people = list(merged.values())
    _read_credits(draft, people)
    for number, found in enumerate(people, 1):
        found["sequence"] = number
        if not found["roles"] and found.pop("main", False):
            found["roles"] = _default_role(draft, found)
        found.pop("main", None)
        found.pop("said", None)
    return people


def _default_role(draft: Draft, found: Values) -> list[str]:
    if found["kind"] == "body":
        return ["cre"]
    return [_CREATOR[draft.content]] if draft.content in _CREATOR else []


def _identity(found: Values, merged: dict[str, Values]) -> str:
    """Names fold together where their dates do not speak against it."""
    folded = _folded(found["name"])
    dates = found.get("dates")
    known = merged.get(folded)
    if known is not None and dates and known.get("dates") and known["dates"] != dates:
        return f"{folded} {dates}"
    return folded


@lru_cache(maxsize=16384)
def _folded(name: str) -> str:
    return fold(name)


def _add_facts(same: Values, found: Values) -> None:
    same["roles"] += [role for role in found["roles"] if role not in same["roles"]]
    if not same.get("dates") and found.get("dates"):
        same["dates"] = found["dates"]
    ids = same.get("ids", [])
    same["ids"] = ids + [known for known in found.get("ids", []) if known not in ids]


def _read_credits(draft: Draft, people: list[Values]) -> None:
    said = draft.responsibility
    unsaid = [found for found in people if not found["roles"] and "said" not in found and found["kind"] == "person"]
    if said and unsaid:
        for found in unsaid:
            roles = credited_roles(said, found["name"])
            if roles and not (found.get("main") and roles == ["nrt"]):
                found["roles"] = roles
    if draft.content != "spoken":
        return
    readers = [text for note in draft.notes if note["kind"] == "performers" for text in narrators(note["text"])]
    for name in readers or (narrators(said) if said else []):
        known = next((found for found in people if fold(found["name"]) == fold(name)), None)
        if known is None:
            inverted = inverted_name(name)
            people.append({"kind": "person", "name": name, "name_inverted": inverted, "roles": ["nrt"]})
        elif "nrt" not in known["roles"]:
            known["roles"] = [*known["roles"], *(_default_role(draft, known) if known.get("main") else []), "nrt"]
            known["roles"] = list(dict.fromkeys(known["roles"]))


def _person_name(found: Values, name: str, numeration: str, indicators: str) -> None:
    if not found.get("dates") and name[-1:].isdigit():
        name, found["dates"] = split_life_dates(name)
    if indicators[:1] == "0" or "," not in name:
        found["name"] = f"{name} {numeration}".strip()
        return
    found["name_inverted"] = name
    found["name"] = direct_name(name)


def _detail(draft: Draft, found: Values, locus: str, value: str) -> None:
    code = locus[-1]
    if code in "e4":
        found["said"] = True  # by a word of its own, known to us or not: nothing is read out of 245 $c
        _role(draft, locus, value, found.setdefault("roles", []))
    elif code == "d":
        found["dates"] = trim(value).strip("() ") or None
    elif code in "01" and (known := _authority(value)):
        found.setdefault("ids", []).append(known)


def _keep(draft: Draft, tag: str, found: Values) -> None:
    found.setdefault("roles", [])
    if tag[0] == "1":
        found["main"] = True
    draft.contributors.append(found)


def _role(draft: Draft, locus: str, value: str, roles: list[str]) -> None:
    role = _relator(value)
    words = [value] if role or "," not in value else [word for word in value.split(",") if word.strip(" .,:;")]
    for word in words:
        role = role or _relator(word)
        if role is None:
            draft.report("code.unknown", locus, code=word.strip(), list="MARC relators")
        elif role not in roles:
            roles.append(role)
        role = None


@lru_cache(maxsize=4096)
def _relator(word: str) -> str | None:
    return relator(word) or relator(trim(word)) or relator(trim(word).strip("()[]"))


@lru_cache(maxsize=8192)
def _authority(value: str) -> AuthorityId | None:
    text = value.strip()
    match = _ID.match(text)
    if match and not match[2].startswith("http"):
        scheme = _AUTHORITIES.get(f"({match[1]})".lower())
        return AuthorityId(scheme=scheme or match[1].lower(), value=match[2])
    text = match[2] if match else text
    for home, scheme in _AUTHORITIES.items():
        at = text.lower().find(home)
        if at >= 0 and not home.startswith("("):
            return AuthorityId(scheme=scheme, value=text[at + len(home) :].strip("/").split("#")[0])
    return None


def _related_work(draft: Draft, name: str, subfields: Subfields) -> None:
    title = ". ".join(trim(value) for code, value in subfields if code in "tnp")
    draft.relations.append({"kind": "related", "title": f"{name}: {title}" if name else title})
