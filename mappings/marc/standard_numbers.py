"""Standard numbers: 015, 016, 020, 022, 024, 028, 035. Each value with its role and its validity."""

from __future__ import annotations

import re
from typing import NamedTuple

from catalogue.identifiers import is_gtin, is_placeholder, isbn13, isbn_text, issn
from mappings.marc.draft import Draft, Subfields, Values, every, first
from mappings.marc.form import level
from mappings.marc.kept import keep_if_more
from mappings.marc.punctuation import trim, trim_statement
from mappings.marc.tables import alternatives, table
from mappings.marc.words import FormWords, form_words

_ISBN_PARTS = re.compile(r"\s*(?:ISBN[-: ]*(?:1[03][-: ])?)?([\dXx][\dXx\-‐-― ]*[\dXx])?\s*[:;,]?\s*(.*)$", re.I | re.S)
_VOLUME = re.compile(rf"\(?(?:{alternatives(table('marc_words')['part']['labels'])})[\s.:]*\d", re.IGNORECASE)
_OCLC_NUMBER = re.compile(r"(?:ocm|ocn|on)?0*(\d+)")
_DOI_HOMES = re.compile(r"^(?:https?://(?:dx\.)?doi\.org/|doi:)\s*", re.I)
_SCHEMES_024 = {"0": "isrc", "1": "upc", "2": "ismn", "3": "gtin", "4": "sici"}
_OCLC = frozenset({"OCoLC", "OCLC"})


class Numbers(NamedTuple):
    """The identifiers of a record, and the qualifiers of its own ISBNs."""

    identifiers: list[Values]
    qualifiers: list[str]


def isbn_field(draft: Draft, _tag: str, _: str, subfields: Subfields) -> None:
    """020: kept until the form of the record is known, for the role depends on it."""
    draft.isbns.append(subfields)


def settle_numbers(draft: Draft) -> Numbers:
    """All identifiers once each, ISBNs first."""
    found: list[Values] = []
    for field in draft.isbns:
        _isbns_of(draft, field, found)
    qualifiers = [each["qualifier"] for each in found if each["role"] == "own" and "qualifier" in each]
    if len(found) + len(draft.identifiers) < 2:
        return Numbers(found or draft.identifiers, qualifiers)
    unique: dict[tuple[str, str, str], Values] = {}
    for each in (*found, *draft.identifiers):
        unique.setdefault((each["scheme"], each["value"], each.get("role", "own")), each)
    return Numbers(_without_echoes(list(unique.values())), qualifiers)


def _without_echoes(identifiers: list[Values]) -> list[Values]:
    """Without a GTIN that only repeats an ISBN, and without a second role of the same ISBN below its first."""
    own = {i["value"] for i in identifiers if i["scheme"] == "isbn" and i["role"] == "own"}
    if not own:
        return identifiers
    return [
        i
        for i in identifiers
        if not (i["value"] in own and (i["scheme"] == "gtin" or (i["scheme"] == "isbn" and i.get("role") != "own")))
    ]


def _isbns_of(draft: Draft, subfields: Subfields, found: list[Values]) -> None:
    qualifier = _qualifier(subfields)
    for code, value in subfields:
        if code not in "az" or not value.strip():
            continue
        match = _ISBN_PARTS.match(value)
        written, rest = (match[1] or "", match[2]) if match else ("", "")
        said = qualifier or trim_statement(rest.strip().strip("()").split(") (")[0].strip(" ():;"))
        if written:
            found.append(_isbn(draft, written, said, cancelled=code == "z"))
        elif not is_placeholder(value) and any(c.isdigit() for c in value):
            draft.report("isbn.form", "020$a", value=value.strip())


def _qualifier(subfields: Subfields) -> str:
    """All $q, without brackets; the full stop of an abbreviation (``nid.``, ``inb.``, ``pbk.``) is its own."""
    return ", ".join(text for q in every(subfields, "q") if (text := trim_statement(trim_statement(q).strip("()"))))


def _isbn(draft: Draft, written: str, qualifier: str, *, cancelled: bool) -> Values:
    value = isbn13(written)
    bare = isbn_text(written)
    role = _isbn_role(draft, qualifier, cancelled)
    found: Values = {"scheme": "isbn", "value": value or bare, "role": role}
    if value is None:
        found["valid"] = False
        if not cancelled:
            draft.report("isbn.checksum" if len(bare) in (10, 13) else "isbn.form", "020$a", value=written.strip())
    if written != value:
        found["as_given"] = written.strip()
    if qualifier:
        found["qualifier"] = qualifier
    return found


def _isbn_role(draft: Draft, qualifier: str, cancelled: bool) -> str:
    """Own, unless the qualifier speaks of another carrier, of the whole set, or in a set's record of one volume."""
    said = form_words(qualifier) if qualifier else None
    if said is not None and (said.carriers or said.contents) and _is_other_form(draft, said):
        return "other_format"
    if cancelled:
        return "cancelled"
    if qualifier and _VOLUME.match(qualifier) and level(draft) == "set":
        return "related"
    return "set" if said is not None and said.is_set else "own"


def _is_other_form(draft: Draft, said: FormWords) -> bool:
    if said.carriers and draft.carrier and draft.carrier not in said.carriers:
        return True
    if not said.contents or not draft.content or draft.content in said.contents:
        return False
    return {draft.content, *said.contents} >= {"text", "spoken"}


def issn_field(draft: Draft, tag: str, indicators: str, subfields: Subfields) -> None:
    """022: $a own, $y and $z incorrect or cancelled; with $l, the ISSN-L, it is kept as well."""
    keep_if_more(draft, tag, indicators, subfields)
    for code, value in subfields:
        if code in "ayz" and value.strip():
            _issn(draft, value, "own" if code == "a" else "cancelled")


def _issn(draft: Draft, value: str, role: str) -> None:
    written = value.strip().split(" ")[0].rstrip(".,:;=")
    valid = issn(written)
    if valid is None and role == "own":
        draft.report("issn.checksum", "022$a", value=value.strip())
    found: Values = {"scheme": "issn", "value": valid or written, "role": role, "valid": valid is not None}
    if valid != value:
        found["as_given"] = value
    draft.identifiers.append(found)


def other_number(draft: Draft, _tag: str, indicators: str, subfields: Subfields) -> None:
    """024 by its first indicator, or by $2 where that is 7."""
    stated = first(subfields, "2").strip().lower()
    scheme = _SCHEMES_024.get(indicators[:1], stated if stated else "")
    qualifier = _qualifier(subfields)
    for code, value in subfields:
        text = value.strip().rstrip(".")
        if code not in "az" or is_placeholder(text):
            continue
        found = _number_024(draft, scheme or "other", text)
        if found:
            found["role"] = "own" if code == "a" else "cancelled"
            if qualifier:
                found["qualifier"] = qualifier
            draft.identifiers.append(found)


def _number_024(draft: Draft, scheme: str, text: str) -> Values | None:
    bare = text.replace(" ", "").replace("-", "")
    if scheme in ("gtin", "upc", "ean", "gtin-13", "gtin-14"):
        if (scheme == "gtin" or len(bare) in (13, 14)) and (isbn := isbn13(bare)):
            return _isbn(draft, isbn, "", cancelled=False)
        valid = is_gtin(bare)
        return {"scheme": "gtin", "value": _gtin13(bare) if valid else bare, "valid": valid, "as_given": text}
    if scheme == "doi" or text.lower().startswith(("10.", "doi:", "https://doi.org/")):
        return {"scheme": "doi", "value": _DOI_HOMES.sub("", text).lower()}
    if scheme in ("urn", "uri") or text.lower().startswith("urn:"):
        at = text.lower().find("urn:")
        return {"scheme": "urn", "value": text[at:]} if at >= 0 else {"scheme": scheme, "value": text}
    if scheme == "other":
        return {"scheme": "proprietary:024", "value": text}
    return {"scheme": scheme, "value": bare if scheme in ("ismn", "isrc", "isan") else text}


def _gtin13(digits: str) -> str:
    """The 13-digit form that UPC-12 and GTIN-14 with leading zeros stand for; others as they are."""
    bare = digits.lstrip("0")
    return bare.zfill(13) if 8 < len(bare) <= 13 else digits


def national_number(draft: Draft, tag: str, indicators: str, subfields: Subfields) -> None:
    """015 and 016: the national bibliography's or agency's number; $z a cancelled one. 016 is kept as well."""
    if tag == "016":
        keep_if_more(draft, tag, indicators, subfields)
    agency = first(subfields, "2").strip() or ("nbn" if tag == "015" else "LAC")
    for code, written in subfields:
        if code in "az" and (value := written.strip().rstrip(".")):
            role = "own" if code == "a" else "cancelled"
            draft.identifiers.append({"scheme": f"proprietary:{agency}", "value": value, "role": role})


def control_number(draft: Draft, _tag: str, _: str, subfields: Subfields) -> None:
    """035: ``(AGENCY)number``; a number without its agency names nothing and is left in the payload."""
    for code, value in subfields:
        if code in "az" and (found := system_number(value)):
            found["role"] = "own" if code == "a" else "cancelled"
            draft.identifiers.append(found)


def system_number(text: str) -> Values | None:
    """An identifier out of ``(OCoLC)ocm0123`` or ``(FI-MELINDA)012``; None without an agency in brackets."""
    if not text.startswith("("):
        return None
    agency, _, number = text[1:].partition(")")
    if not agency or not number:
        return None
    agency, number = agency.strip(), number.strip()
    if agency in _OCLC:
        digits = _OCLC_NUMBER.match(number)
        return {"scheme": "oclc", "value": digits[1]} if digits else None
    return {"scheme": f"proprietary:{agency}", "value": number}


def publisher_number(draft: Draft, tag: str, indicators: str, subfields: Subfields) -> None:
    """028: the publisher's number, with the publisher's name as its scheme; its kind (first indicator) is kept."""
    number, publisher = first(subfields, "a").strip(), trim(first(subfields, "b"))
    if number:
        keep_if_more(draft, tag, indicators, subfields)
        found: Values = {"scheme": f"proprietary:{publisher or '028'}", "value": number}
        if qualifier := _qualifier(subfields):
            found["qualifier"] = qualifier
        draft.identifiers.append(found)
