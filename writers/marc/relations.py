"""Linking fields 765-787; 776 of the other formats, 773 of an issue's serial."""

from __future__ import annotations

from catalogue.identifiers import isbn13, issn
from catalogue.record import CataloguedField, Identifier, Relation
from writers.marc.kept import copy, says
from writers.marc.numbers import hyphenated, is_linked
from writers.marc.sheet import Sheet, Subfield
from writers.marc.tables import table

_FIELDS: dict[str, str] = table("codes")["relations"]
_FORMATS: dict[str, object] = table("words")["format"]
_LINKING = frozenset(table("codes")["linking"]["tags"])
_NUMBERED = {"isbn": "z", "issn": "x"}


def write_relations(sheet: Sheet) -> None:
    """One field for each relation that a library's catalogue shows; ISBNs of other formats that none names yet."""
    _known_formats(sheet)
    catalogued = {isbn for other in sheet.control.others for isbn in other.isbns}
    named = _as_catalogued(sheet, catalogued)
    if sheet.description.issue is not None and all(field.tag != "773" for field in named):
        _host(sheet)
    for relation in sheet.description.relations:
        if relation.value in catalogued or any(_names(field, relation) for field in named):
            continue
        tag = _FIELDS.get(relation.kind, "787" if relation.title else "")
        if tag and not (tag == "773" and sheet.description.issue is not None):
            _linking(sheet, tag, relation)
    known = catalogued | {relation.value for relation in sheet.description.relations if _FIELDS.get(relation.kind)}
    for each in sheet.description.identifiers:
        said = any(each.value in digits(field) for field in named)
        if each.scheme in _NUMBERED and is_linked(each) and each.value not in known and not said:
            _other_publication(sheet, each)


def _as_catalogued(sheet: Sheet, others: set[str]) -> list[CataloguedField]:
    """Linking fields as a library has them, written where the record still has such a relation; those written."""
    fields = [field for field in sheet.description.cataloguing.fields if field.tag in _LINKING]
    relations = sheet.description.relations
    named = [f for f in fields if any(_names(f, each) for each in relations) and not others & digits(f)]
    for field in named:
        copy(sheet, field)
    return named


def _names(field: CataloguedField, relation: Relation) -> bool:
    """Whether a field is about the publication of a relation: by its number, else by its title."""
    if relation.value:
        bare = relation.value
        return bare in digits(field) or any(bare in value for code, value in field.subfields if code in "wo")
    return says(field, "atsnp" if field.tag[0] == "7" and field.tag < "760" else "ts", relation.title)


def digits(field: CataloguedField) -> set[str]:
    """ISBN-13 and ISSN of a linking field, as our record has them."""
    found = {valid for code, value in field.subfields if code == "z" and (valid := isbn13(value.partition("(")[0]))}
    return found | {valid for code, value in field.subfields if code == "x" and (valid := issn(value.strip(" .,")))}


def _host(sheet: Sheet) -> None:
    """773 of an issue: the serial's title and ISSN, and where in it the issue stands."""
    issue, main = sheet.description.issue, sheet.description.title()
    if issue is None:
        return
    host = next((r.title for r in sheet.description.relations if r.kind == "part_of" and r.title), None)
    number, date = issue.number or "", issue.date or ""
    told = date if not number.endswith(date) else ""  # 5/2024 tells the year
    place = ", ".join(part for part in (number, told) if part)
    title = host or (main.text if main else None)
    sheet.add("773", "0 ", ("t", title), ("x", issue.serial_issn), ("g", place or None))


def _known_formats(sheet: Sheet) -> None:
    """776 of the editions that stand beside this one in the catalogue: the medium, the title, every ISBN."""
    for other in sheet.control.others:
        kind = other.medium if other.medium in _FORMATS else "alternative_format"
        numbers: list[Subfield] = [("z", hyphenated(isbn)) for isbn in other.isbns]
        sheet.add("776", "08", ("i", sheet.word("format", kind)), ("t", other.title), *numbers)


def _linking(sheet: Sheet, tag: str, relation: Relation) -> None:
    rows: list[Subfield] = []
    label = tag == "776" or tag not in ("773", "780", "785")
    if tag == "776":
        kind = relation.kind if relation.kind in _FORMATS else "alternative_format"
        rows.append(("i", sheet.word("format", kind)))
    rows += [("t", relation.title), _number(relation.scheme, relation.value)]
    second = "0" if tag in ("780", "785") else "8" if label and tag == "776" else " "
    sheet.add(tag, f"0{second}", *rows)


def _number(scheme: str | None, value: str | None) -> Subfield:
    if not value or not scheme:
        return ("o", value)
    if scheme in _NUMBERED:
        return (_NUMBERED[scheme], hyphenated(value) if scheme == "isbn" else value)
    name = "OCoLC" if scheme == "oclc" else scheme.removeprefix("proprietary:")
    return ("w", f"({name}){value}") if scheme == "oclc" or scheme.startswith("proprietary:") else ("o", value)


def _other_publication(sheet: Sheet, identifier: Identifier) -> None:
    number = _number(identifier.scheme, identifier.value)
    if identifier.role == "related":
        sheet.add("787", "0 ", number)
        return
    sheet.add("776", "08", ("i", sheet.word("format", "alternative_format")), number)
