"""Linking fields 765-787: relations, the numbers of other formats, the original title, the host of an issue."""

from __future__ import annotations

from catalogue.identifiers import isbn13, isbn_text, issn
from mappings.marc.draft import Draft, Subfields, Values, every, first
from mappings.marc.kept import kept_field
from mappings.marc.punctuation import trim
from mappings.marc.standard_numbers import system_number
from mappings.marc.tables import table

_CHECKED = {"z": ("isbn", isbn13), "x": ("issn", issn)}
_KINDS: dict[str, str] = table("marc")["relations"]


def linking_field(draft: Draft, tag: str, indicators: str, subfields: Subfields) -> None:
    """One relation for each number the field gives, or one for the title alone; the field is kept as well."""
    kept_field(draft, tag, indicators, subfields)
    kind = _KINDS[tag]
    title = trim(first(subfields, "t") or first(subfields, "s")) or None
    numbers: list[Values] = []
    for code, value in subfields:
        if code in "zxw" and (found := _number(draft, tag, code, value)) and found not in numbers:
            numbers.append(found)
    for found in numbers:
        draft.relations.append({"kind": kind, "scheme": found["scheme"], "value": found["value"], "title": title})
    if not numbers and title:
        draft.relations.append({"kind": kind, "title": title})
    if tag == "776":
        draft.identifiers += [{**n, "role": "other_format"} for n in numbers if n["scheme"] in ("isbn", "issn")]
    elif tag == "765" and title:
        draft.titles.append({"kind": "original", "text": title})


def host_field(draft: Draft, tag: str, indicators: str, subfields: Subfields) -> None:
    """773: what a component or an issue is part of."""
    linking_field(draft, tag, indicators, subfields)
    draft.issue_host.append(
        {
            "issn": next((valid for value in every(subfields, "x") if (valid := issn(trim(value)))), None),
            "title": trim(first(subfields, "t")) or None,
            "place": " ".join(every(subfields, "g")),
        }
    )


def loose_title(draft: Draft, tag: str, indicators: str, subfields: Subfields) -> None:
    """730 and 740: another work; one that this publication holds where the second indicator is 2."""
    title = ". ".join(trim(value) for value in every(subfields, "anp"))
    if title:
        kept_field(draft, tag, indicators, subfields)
        draft.relations.append({"kind": "has_part" if indicators[1:2] == "2" else "related", "title": title})


def _number(draft: Draft, tag: str, code: str, value: str) -> Values | None:
    """ISBN of $z, ISSN of $x, record number of $w; one without its agency is of the record's own (003)."""
    if code in _CHECKED:
        scheme, check = _CHECKED[code]
        written = trim(value.partition("(")[0])
        valid = check(written)
        if valid is None and any(character.isdigit() for character in written):
            is_long = scheme == "issn" or len(isbn_text(written)) in (10, 13)
            draft.report(f"{scheme}.{'checksum' if is_long else 'form'}", f"{tag}${code}", value=written)
        return {"scheme": scheme, "value": valid} if valid else None
    own = draft.controls.get("003", "").strip()
    bare = value.strip()
    if own and bare.isascii() and bare.isalnum() and any(c.isdigit() for c in bare):
        return {"scheme": f"proprietary:{own}", "value": bare}
    return system_number(bare)
