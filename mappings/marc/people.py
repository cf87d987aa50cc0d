"""Contributors: 100-111 and 700-711 with their roles; names of 511 where they are certain."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from catalogue.folding import fold
from catalogue.names import direct_name, inverted_name, split_life_dates
from catalogue.record import AuthorityId
from catalogue.vocabularies import relator
from mappings.marc.credits import credited_roles, narrators, role_said
from mappings.marc.draft import Draft, Subfields, Values, first, flat
from mappings.marc.punctuation import trim
from mappings.marc.tables import table

_AUTHORITIES: dict[str, str] = table("marc")["authorities"]
_CREATOR = {"text": "aut", "spoken": "aut", "music": "cmp", "notated": "cmp", "map": "ctg"}
_BESIDE_NAME = frozenset("cq")  # words and fuller forms that our record does not hold
_OF_BODY = frozenset("bcdgnq")  # units of a body, number, date and place of a meeting: one name in our record
_INVERTED = re.compile(r"[^\W\d_][\w'’ -]*, [^\W\d_a-zåäöæøé][^,\d]*")  # Ek, Åsa; not Sofia, drottning
_ID = re.compile(r"^\(([^)]+)\)\s*(\S+)$")


class _Party(NamedTuple):
    """What a field says of one name. Read once for equal fields, so nothing in it may be changed."""

    folded: str
    found: Values | None
    relation: Values | None
    unknown: tuple[tuple[str, str], ...]  # roles we have no code for: place and word


def person(draft: Draft, tag: str, indicators: str, subfields: Subfields) -> None:
    """100 and 700. A 700 with a title names a related work, not someone who took part."""
    _take(draft, _person(tag, indicators[:1], flat(subfields)), (tag, indicators, subfields))


def body(draft: Draft, tag: str, indicators: str, subfields: Subfields) -> None:
    """110, 111, 710 and 711: an organisation or a meeting with its number, date and place."""
    _take(draft, _body(tag, flat(subfields)), (tag, indicators, subfields))


def loose_name(draft: Draft, tag: str, indicators: str, subfields: Subfields) -> None:
    """720: a name from no authority file; a person's where the first indicator is 1 or the name is inverted."""
    if indicators[:1] == "1" or ", " in first(subfields, "a"):
        person(draft, tag, indicators, subfields)
    else:
        body(draft, tag, indicators, subfields)


def _take(draft: Draft, party: _Party, field: tuple[str, str, Subfields]) -> None:
    folded, found, relation, unknown = party
    tag, indicators, subfields = field
    beside = _OF_BODY if tag[1:] in ("10", "11") else _BESIDE_NAME
    if relation is not None or unknown or any(code in beside for code, _ in subfields):
        draft.kept.append(field)
    if found is not None:
        draft.contributors.append((folded, found.copy()))
    elif relation is not None:
        draft.relations.append(relation | {"kind": "has_part"} if indicators[1:2] == "2" else relation)
    for locus, word in unknown:
        draft.report("code.unknown", locus, code=word, list="MARC relators")


@lru_cache(maxsize=256)
def _person(tag: str, form: str, written: tuple[str, ...]) -> _Party:
    found: Values = {"kind": "person"}
    name = numeration = ""
    unknown: list[tuple[str, str]] = []
    for code, value in zip(written[::2], written[1::2], strict=True):
        if code == "a":
            name = name or trim(value)
        elif code == "t" and tag == "700":
            return _Party("", None, _related_work(name, written), tuple(unknown))
        elif code == "b":
            numeration = trim(value)
        else:
            _detail(found, f"{tag}${code}", value, unknown)
    if not name:
        return _Party("", None, None, tuple(unknown))
    _person_name(found, name, numeration, form)
    return _Party(fold(found["name"]), _whole(tag, found), None, _untold(found, unknown))


@lru_cache(maxsize=512)
def _body(tag: str, written: tuple[str, ...]) -> _Party:
    found: Values = {"kind": "body"}
    name = ""
    unknown: list[tuple[str, str]] = []
    unit, role = ("e", "j") if tag.endswith("11") else ("b", "e")
    for code, value in zip(written[::2], written[1::2], strict=True):
        if code == "a":
            name = name or trim(value)
        elif code == "t" and tag[0] == "7":
            return _Party("", None, _related_work(name, written), tuple(unknown))
        elif code == unit:
            name = f"{name}. {trim(value)}"
        elif code in (role, "0", "1", "4", "6"):
            _detail(found, f"{tag}${'e' if code == role else code}", value, unknown)
    if not name:
        return _Party("", None, None, tuple(unknown))
    found["name"] = name = f"{name}{_held(tag, written)}"
    return _Party(fold(name), _whole(tag, found), None, _untold(found, unknown))


def _untold(found: Values, unknown: list[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    """Words for roles that are not known; beside a code in $4 they only say it in another language (Verfasser)."""
    coded = found.pop("coded", False)
    return tuple((locus, word) for locus, word in unknown if not coded or locus.endswith("4"))


def _held(tag: str, written: tuple[str, ...]) -> str:
    """Of a meeting its number, date and place, without which all of a row are one: `` (3 : 2019 : Turku)``."""
    if not tag.endswith("11"):
        return ""
    pairs = zip(written[::2], written[1::2], strict=True)
    said = [text for code, value in pairs if code in "ndc" and (text := trim(trim(value).strip("()")))]
    return f" ({' : '.join(said)})" if said else ""


def settle_contributors(draft: Draft) -> list[Values]:
    """Each name once, in order, with the roles of all its fields; roles that 245 $c states are added."""
    if not draft.contributors and draft.content != "spoken":
        return []
    merged: dict[str, Values] = {}
    for folded, found in draft.contributors:
        if folded in merged:
            same = merged.setdefault(_identity(folded, found, merged[folded]), found)
            if same is not found:
                _add_facts(same, found)
        else:
            merged[folded] = found
    people = list(merged.values())
    _read_credits(draft, people)
    for number, found in enumerate(people, 1):
        found["sequence"] = number
        if not found["roles"] and found.pop("main", False):
            found["roles"] = _default_role(draft, found)
        found.pop("main", None)
        found.pop("said", None)
        script = draft.script_names.get(found.pop("link", "")) if "link" in found else None
        if script and script != found["name"]:
            found["variants"] = (direct_name(script) if found["kind"] == "person" else script,)
    return people


def _default_role(draft: Draft, found: Values) -> list[str]:
    if found["kind"] == "body":
        return ["cre"]
    return [_CREATOR[draft.content]] if draft.content in _CREATOR else []


def _identity(folded: str, found: Values, known: Values) -> str:
    """Names fold together where their dates do not speak against it."""
    dates = found.get("dates")
    if dates and known.get("dates") and known["dates"] != dates:
        return f"{folded} {dates}"
    return folded


def _add_facts(same: Values, found: Values) -> None:
    same["roles"] = [*same["roles"], *(role for role in found["roles"] if role not in same["roles"])]
    if not same.get("dates") and found.get("dates"):
        same["dates"] = found["dates"]
    ids = same.get("ids", [])
    same["ids"] = ids + [known for known in found.get("ids", []) if known not in ids]


def _read_credits(draft: Draft, people: list[Values]) -> None:
    said = draft.responsibility
    for found in people if said else ():
        if not found["roles"] and "said" not in found and found["kind"] == "person":
            roles = credited_roles(said or "", found["name"])
            if roles and not (found.get("main") and roles == ["nrt"]):
                found["roles"] = roles
    if draft.content != "spoken":
        return
    readers = [name for kind, text, _ in draft.notes if kind == "performers" for name in narrators(text)]
    for name in readers or (narrators(said) if said else []):
        known = next((found for found in people if fold(found["name"]) == fold(name)), None)
        if known is None:
            inverted = inverted_name(name)
            people.append({"kind": "person", "name": name, "name_inverted": inverted, "roles": ["nrt"]})
        elif "nrt" not in known["roles"]:
            known["roles"] = [*known["roles"], *(_default_role(draft, known) if known.get("main") else []), "nrt"]
            known["roles"] = list(dict.fromkeys(known["roles"]))


def _person_name(found: Values, name: str, numeration: str, form: str) -> None:
    if not found.get("dates") and name[-1:].isdigit():
        name, found["dates"] = split_life_dates(name)
    if "," not in name or (form == "0" and not _INVERTED.fullmatch(name)):
        found["name"] = f"{name} {numeration}".strip()
        return
    found["name_inverted"] = name
    found["name"] = direct_name(name)


def _detail(found: Values, locus: str, value: str, unknown: list[tuple[str, str]]) -> None:
    code = locus[-1]
    if code in "e4":
        found["said"] = True  # by a word of its own, known to us or not: nothing is read out of 245 $c
        words = _add_roles(value, found.setdefault("roles", []))
        unknown += [(locus, word) for word in words]
        found["coded"] = found.get("coded", False) or (code == "4" and not words)
    elif code == "6":
        found["link"] = f"{locus[:3]}-{value[4:6]}"
    elif code == "d":
        found["dates"] = trim(value).strip("() ") or None
    elif code in "01" and (known := authority_id(value)):
        ids = found.setdefault("ids", [])
        ids += [known] if known not in ids else []


def _whole(tag: str, found: Values) -> Values:
    found.setdefault("roles", [])
    if tag[0] == "1":
        found["main"] = True
    return found


def _add_roles(value: str, roles: list[str]) -> list[str]:
    """Add the roles of one subfield; the words that name none are given back."""
    unknown = []
    role = _relator(value)
    words = [value] if role or "," not in value else [word for word in value.split(",") if word.strip(" .,:;")]
    for word in words:
        role = role or _relator(word)
        if role is None:
            unknown.append(word.strip())
        elif role not in roles:
            roles.append(role)
        role = None
    return unknown


@lru_cache(maxsize=2048)
def _relator(word: str) -> str | None:
    return relator(word) or relator(trim(word)) or relator(trim(word).strip("()[]")) or role_said(word)


@lru_cache(maxsize=512)
def authority_id(value: str) -> AuthorityId | None:
    """The id and its scheme out of what $0 or $1 says: an agency in brackets, an address; None for other things."""
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


def _related_work(name: str, written: tuple[str, ...]) -> Values:
    pairs = zip(written[::2], written[1::2], strict=True)
    title = ". ".join(trim(value) for code, value in pairs if code in "tnp")
    return {"kind": "related", "title": f"{name}: {title}" if name else title}
