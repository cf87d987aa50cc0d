"""Standard numbers: 015, 016, 020, 022, 024, 028, 035."""

from __future__ import annotations

import re

from stdnum import isbn as isbn_ranges

from catalogue.record import Description, Identifier
from writers.marc.form import format_name
from writers.marc.kept import copy_once, kept, says
from writers.marc.sheet import Sheet
from writers.marc.tables import table

_CODES = table("codes")
_PROPRIETARY = "proprietary:"
_ISBN_LABEL = re.compile(r"^\s*(?:urn:)?isbn(?:-1[03])?[:\s]*", re.I)  # before the number, as feeds give it
_ISSUED = {"music": "0", "audiobook": "0", "notated_music": "3", "video": "4", "game": "5"}  # 028 first indicator


def write_numbers(sheet: Sheet) -> None:
    """Every identifier of the publication itself; those of other formats without a word about it stand in 776."""
    for each in sheet.description.identifiers:
        if each.scheme == "isbn":
            _isbn(sheet, each)
        elif each.scheme == "issn":
            _issn(sheet, each)
        else:
            _other(sheet, each)


def is_linked(identifier: Identifier) -> bool:
    """Whether an ISBN or ISSN of another publication has its place in a linking field (776, 787), not in 020.

    In 020 are a set's volumes (``osa 1``) and, as $z, another format whose qualifier names it (``sidottu``).
    """
    return identifier.role in ("other_format", "related") and not identifier.qualifier


def hyphenated(value: str) -> str:
    """An ISBN with the hyphens of its agency's ranges; as it is where it lies in none."""
    return str(isbn_ranges.format(value)) if isbn_ranges.is_valid(value) else value


def _isbn(sheet: Sheet, identifier: Identifier) -> None:
    if is_linked(identifier):
        return
    cancelled = not identifier.valid or identifier.role in ("cancelled", "other_format")
    code = "z" if cancelled else "a"
    written = _ISBN_LABEL.sub("", identifier.as_given or "") or hyphenated(identifier.value)
    sheet.add("020", "  ", (code, written), ("q", _qualifier(sheet, identifier)))


def _qualifier(sheet: Sheet, identifier: Identifier) -> str | None:
    if identifier.qualifier:
        return identifier.qualifier
    if identifier.role == "set":
        return sheet.word("qualifier", "set")
    names = [name for f in sheet.description.formats if (name := format_name(f))]
    alone = len(own_numbers(sheet.description)) == 1 and identifier.role == "own" and identifier.valid
    return names[0] if alone and len(names) == 1 else None


def own_numbers(description: Description) -> list[Identifier]:
    """The publication's own valid ISBNs."""
    return [i for i in description.identifiers if i.scheme == "isbn" and i.role == "own" and i.valid]


def _issn(sheet: Sheet, identifier: Identifier) -> None:
    if identifier.role in ("other_format", "related"):
        return
    if copy_once(sheet, "022", "ayz", identifier.value):
        return
    code = "a" if identifier.role == "own" and identifier.valid else "y" if not identifier.valid else "z"
    sheet.add("022", "  ", (code, identifier.value))


def _other(sheet: Sheet, identifier: Identifier) -> None:
    code = "z" if identifier.role == "cancelled" or not identifier.valid else "a"
    scheme, value = identifier.scheme, identifier.value
    if scheme == "oclc":
        sheet.add("035", "  ", (code, f"(OCoLC){value}"))
    elif scheme in _CODES["number"]:
        sheet.add(
            "024", f"{_CODES['number'][scheme]} ", (code, identifier.as_given or value), ("q", identifier.qualifier)
        )
    elif scheme.startswith(_PROPRIETARY):
        _proprietary(sheet, scheme.removeprefix(_PROPRIETARY), identifier, code)
    elif scheme != "proprietary":
        sheet.add("024", "7 ", (code, value), ("q", identifier.qualifier), ("2", scheme))
    else:
        sheet.add("024", "8 ", (code, value), ("q", identifier.qualifier))


def _is_issuer(sheet: Sheet, name: str) -> bool:
    return " " in name and sheet.is_library_record


def _as_catalogued(sheet: Sheet, name: str, value: str) -> bool:
    """028 of this publisher, or 016 of this agency, as a library has it; 016 without $2 is Canada's."""
    is_publisher = name == "028" or any(says(field, "b", name) for field in kept(sheet, "028"))
    agency = None if name == "LAC" else name.lower()
    return (is_publisher and copy_once(sheet, "028", "a", value)) or copy_once(sheet, "016", "az", value, source=agency)


def _proprietary(sheet: Sheet, name: str, identifier: Identifier, code: str) -> None:
    value, qualifier = identifier.value, identifier.qualifier
    if _as_catalogued(sheet, name, value):
        return
    national: dict[str, str] = _CODES["national"]
    publication, medium = sheet.description.publication, sheet.description.medium
    if name in national:
        sheet.add("015", "  ", (code, value), ("2", national[name]))
    elif qualifier or name in (publication.publisher, publication.imprint, "028") or _is_issuer(sheet, name):
        sheet.add(
            "028",
            f"{_ISSUED.get(medium, '5')}0",
            ("a", value),
            ("b", name if name != "028" else None),
            ("q", qualifier),
        )
    elif " " in name:  # no agency of 035: the stock number of whoever sells it
        sheet.add("037", "  ", ("a", value), ("b", name))
    else:
        sheet.add("035", "  ", (code, f"({name}){value}"))
