"""Fields a library wrote that our record has no place for, written back; and those that say more than ours."""

from __future__ import annotations

import re

from catalogue.folding import fold
from catalogue.record import CataloguedField
from writers.marc.sheet import Sheet, Subfield
from writers.marc.tables import table

_MADE = frozenset(table("codes")["made"]["tags"])  # of these the writers of their blocks decide
_TERMS = table("terms")
_GROUPS = {"336": "content", "337": "media", "338": "carrier"}
_LINK = re.compile(r"(\d{3})-00")
_QUALIFIER = re.compile(r"\s*\([^()]*\)[\s.]*$")  # of a uniform title
_APART = frozenset(("385", "521"))  # each subfield $a is one of ours, as it is of numbers
_TITLES = frozenset(("245", "246", "240", "130"))


def kept(sheet: Sheet, tag: str) -> list[CataloguedField]:
    """The fields of a tag as the best catalogued source has them."""
    return [field for field in sheet.description.cataloguing.fields if field.tag == tag]


def write_kept(sheet: Sheet) -> None:
    """Everything kept that no other block writes, then 880 of fields in another script."""
    for field in sheet.description.cataloguing.fields:
        if field.tag not in _MADE:
            copy(sheet, field)
    for field in kept(sheet, "880"):
        _script(sheet, field)


def copy(sheet: Sheet, field: CataloguedField) -> None:
    """A field as it was written."""
    sheet.add(field.tag, field.indicators, *field.subfields)


def copy_once(sheet: Sheet, tag: str, codes: str, text: str, *, source: str | None = None) -> bool:
    """Write the kept field of a tag that is of a text, unless that is done already; whether there is one.

    It is of the text if its subfields together say it and no more, punctuation aside; of numbers, one subfield. With
    a `source` its $2 has to name that, in whatever edition.
    """
    found = [field for field in kept(sheet, tag) if fold(text) in _said(field, codes) and _is_of(field, source)]
    waiting = next((field for field in found if not is_written(sheet, field)), None)
    if waiting is not None:
        copy(sheet, waiting)
    return waiting is not None or (
        (tag < "100" or tag in _APART) and bool(found)
    )  # a field of numbers may hold several


def _is_of(field: CataloguedField, source: str | None) -> bool:
    return source is None or any(c == "2" and v.lower().partition("/")[0] == source for c, v in field.subfields)


def _said(field: CataloguedField, codes: str) -> set[str]:
    values = [value for code, value in field.subfields if code in codes]
    if field.tag in ("082", "083"):
        values = [value.replace("/", "") for value in values]  # marks of segmentation
    apart = field.tag < "100" or field.tag in _APART
    said = {fold(value) for value in (*(values if apart else ()), " ".join(values))}
    return said | {fold(_QUALIFIER.sub("", value)) for value in values[:1] if field.tag in ("130", "240")}


def is_written(sheet: Sheet, field: CataloguedField) -> bool:
    """Whether a kept field is among those written already."""
    return [field.tag, field.indicators, [list(pair) for pair in field.subfields]] in sheet.fields


def says(field: CataloguedField, codes: str, text: str | None) -> bool:
    """Whether some subfields of a field hold a text, whatever the punctuation; nothing is held by all."""
    return not text or fold(text) in fold(" ".join(value for code, value in field.subfields if code in codes))


def write_types(sheet: Sheet, tag: str, codes: list[str]) -> None:
    """336-338 as a library has them where `codes`, what the record is, are among them; else one field for each code.

    Known terms are in the language of cataloguing. Without `codes` nothing speaks against the library's fields.
    """
    group = _GROUPS[tag]
    terms: dict[str, dict[str, str]] = _TERMS[group]
    rows = [(field, _type_code(field, terms)) for field in kept(sheet, tag)]
    if set(codes) <= {found for _, found in rows}:
        for field, found in rows:
            sheet.add(tag, field.indicators, *_type(field, found, terms.get(found, {}).get(sheet.language)))
        return
    for code in codes:
        sheet.add(tag, "  ", ("a", terms[code][sheet.language]), ("b", code), ("2", f"rda{group}"))


def _type(field: CataloguedField, code: str, term: str | None) -> list[Subfield]:
    """One type: its term, unless the library words it otherwise; its code and its list where they are missing."""
    known = _TERMS[_GROUPS[field.tag]].get(code, {}).values()
    rows: list[Subfield] = [(c, term if c == "a" and v in known else v) for c, v in field.subfields]
    said = {c for c, _ in rows}
    rows += [("b", code)] if code and "b" not in said else []
    rows += [("2", f"rda{_GROUPS[field.tag]}")] if "2" not in said else []
    return rows


def _type_code(field: CataloguedField, terms: dict[str, dict[str, str]]) -> str:
    said = dict(reversed(field.subfields))
    term = said.get("a", "").lower()
    return said.get("b") or next((code for code, words in terms.items() if term in words.values()), "")


def _script(sheet: Sheet, field: CataloguedField) -> None:
    """880 beside the field it repeats, linked where there is one such field only, else unlinked (occurrence 00)."""
    link = field.subfields[0][1]
    tag = link[:3]
    partners = [own for own in sheet.fields if own[0] == tag and all(code != "6" for code, _ in own[2])]
    if len(partners) == 1:
        number = sheet.link()
        partners[0][2].insert(0, ["6", f"880-{number}"])
        link = _LINK.sub(rf"\1-{number}", link)
    sheet.add("880", field.indicators, ("6", link), *field.subfields[1:])


def is_in_script(sheet: Sheet, text: str) -> bool:
    """Whether a title is that of an 880, which is written there."""
    return any(field.subfields[0][1][:3] in _TITLES and says(field, "ab", text) for field in kept(sheet, "880"))
