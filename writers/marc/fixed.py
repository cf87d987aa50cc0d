"""Leader, 006 and 008: what stands at fixed places."""

from __future__ import annotations

from catalogue.record import Description
from catalogue.vocabularies import marc_country
from writers.marc.catalogued import as_catalogued, library_leader
from writers.marc.form import Form
from writers.marc.kept import kept
from writers.marc.sheet import Sheet
from writers.marc.tables import table

_FORMS = table("forms")
_CODES = table("codes")
_BOOKS = frozenset("at")
_SOUND = frozenset("cdij")
_VISUAL = frozenset("gkor")
_FILE_OF = {"i": "h", "j": "h", "g": "c", "a": "d", "c": "c", "k": "c", "e": "c"}  # 006/09 of what is online
_STATUS = frozenset("acnp")  # LDR/05 of a record that lives
_LONG_RULES = {"aacr2": "a"}


def leader(sheet: Sheet, form: Form) -> str:
    """24 characters; lengths are filled in where the record is written as ISO 2709."""
    description, said = sheet.description, library_leader(sheet.description)
    status = "d" if sheet.control.is_deleted else said[5] if said[5] in _STATUS else "n"
    kind = said[6] if _FORMS["within"].get(said[6]) == form.kind else form.kind
    rules = _LONG_RULES.get(description.cataloguing.rules or "", "i")  # what we write has ISBD punctuation
    multipart = "a" if description.level == "set" else said[19] if said[19] in "bc" else " "
    archival = "a" if said[8] == "a" else " "
    return f"00000{status}{kind}{form.level}{archival}a2200000{_encoding_level(sheet)}{rules}{multipart}4500"


def _encoding_level(sheet: Sheet) -> str:
    """LDR/17: as the library said; a publisher's description is 8 before publication, else 2 (not examined)."""
    said = sheet.description.cataloguing.level
    if said and len(said) == 1:
        return said
    return "8" if sheet.control.advance else "2"


def write_fixed(sheet: Sheet, form: Form) -> None:
    """006 as a library has it, and of what is online; 008 with what a library coded and our record does not hold."""
    _additional(sheet, form)
    said = next((field.value for field in kept(sheet, "008") if field.value), None)
    entered = sheet.control.day[2:].replace("-", "")
    place = (marc_country(sheet.description.publication.country or "") or "xx").ljust(3)
    head = f"{entered}{dates(sheet.description, form)}{place}"
    made = f"{head}{_material(sheet.description, form)}{fixed_language(sheet.description)}||"
    sheet.say("008", as_catalogued(made, said, form, sheet.description) if said else made)


def _additional(sheet: Sheet, form: Form) -> None:
    catalogued = [field.value for field in kept(sheet, "006") if field.value]
    made = f"m|||||o||{_FILE_OF[form.kind]}||||||||" if form.is_online and form.kind != "m" else ""
    for value in catalogued:
        is_file = made and value[0] == "m" and value[6] not in "oqs"
        sheet.say("006", f"{value[:6]}o{value[7:]}" if is_file else value)
    if made and all(value[0] != "m" for value in catalogued):
        sheet.say("006", made)


def dates(description: Description, form: Form) -> str:
    """008/06-14: type of date and two dates; MARC's order of precedence is r, e, s, t."""
    known = description.publication.dates
    date = known.published or known.announced or known.copyright
    year = (date or "")[:4]
    if form.is_continuing:
        return f"u{year or 'uuuu'}uuuu" if form.level != "b" else f"s{year or 'uuuu'}    "
    if not year:
        return "nuuuuuuuu"
    if known.original and known.original[:4] != year:
        return f"r{year}{known.original[:4]}"
    if date and len(date) > 4:
        return f"e{date.replace('-', ''):<8}"
    if known.copyright and known.published:
        return f"t{year}{known.copyright[:4]}"
    return f"s{year}    "


def fixed_language(description: Description) -> str:
    """008/35-37: the first language of the text, mul for many, fill characters where nobody says."""
    text = description.languages.text
    if len(text) > 6:
        return "mul"
    code = text[0] if text else "|||"
    return str(_CODES["narrow"].get(code, code))


def audience_code(description: Description) -> str:
    """008/22 from what the sources say of readers."""
    for audience in description.topics.audience:
        if audience.scheme == "marc":
            return audience.code
    for audience in description.topics.audience:
        if audience.scheme == "onix-audience" and audience.code in _FORMS["audience"]:
            return str(_FORMS["audience"][audience.code])
    by_class: dict[str, str] = _FORMS["audience_of_class"]
    classes = (row.code for row in description.topics.classification if row.scheme == "fi-kirja-ala")
    return next((by_class[code] for code in classes if code in by_class), "|")


def _material(description: Description, form: Form) -> str:
    """008/18-34, by the kind of record."""
    places = ["|"] * 17
    if form.is_continuing:
        places[3] = _FORMS["kind"].get(description.medium, "|")  # 21
        places[5] = form.item  # 23
        return "".join(places)
    if form.kind != "e":
        places[4] = audience_code(description)  # 22
    at = 29 if form.kind in _VISUAL or form.kind == "e" else 23
    places[at - 18] = form.item
    if form.kind in _BOOKS:
        places[33 - 18] = _literary_form(description)
    elif form.kind == "m":
        places[26 - 18] = _FORMS["kind"].get(description.medium, "|")
    elif form.kind in _VISUAL:
        places[33 - 18] = _FORMS["kind"].get(description.medium, "|")
    return "".join(places)


def _literary_form(description: Description) -> str:
    """008/33 out of the class of the Finnish public libraries; unknown where there is none."""
    for row in description.topics.classification:
        if row.scheme == "ykl":
            return next((form for start, form in _FORMS["literary"].items() if row.code.startswith(start)), "|")
    return "|"
