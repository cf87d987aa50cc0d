"""Names: 100, 110, 700 and 710 with role, code and authority; 511 of the readers."""

from __future__ import annotations

from catalogue.names import inverted_name
from catalogue.record import Contributor, Description
from catalogue.vocabularies import relator_names
from writers.marc.kept import copy_once, kept, says
from writers.marc.punctuation import comma, stop, trimmed
from writers.marc.sheet import Sheet, Subfield, in_language
from writers.marc.tables import table

_CODES = table("codes")
_BODIES = {"10": "ab", "11": "acden"}  # of a body with its units, and of a meeting: the subfields of its name
_OF_MANY = frozenset(("video",))
_ROLELESS = frozenset(("game", "software", "object", "mixed"))  # no role is taken for granted there, as aut of a text
_CREATORS = frozenset(_CODES["creators"]["roles"])


def main_entry(description: Description) -> Contributor | None:
    """Who stands in 1XX: the first creator of the work (RDA I.2.1). Films are works of many."""
    contributors = description.contributors
    if description.medium in _OF_MANY:
        return None
    creator = next((c for c in contributors if _CREATORS.intersection(c.roles)), None)
    first = contributors[0] if contributors and description.medium in _ROLELESS else None
    if creator is None and first is not None and first.kind == "person" and not first.roles:
        return first
    return creator


def write_names(sheet: Sheet) -> bool:
    """1XX and 7XX in the record's order; whether there is a 1XX."""
    contributors = sheet.description.contributors
    main = main_entry(sheet.description)
    for contributor in contributors:
        tag = "10" if contributor.kind == "body" else "00"
        _name(sheet, f"{'1' if contributor is main else '7'}{tag}", contributor)
    _readers(sheet)
    return main is not None


def _name(sheet: Sheet, tag: str, contributor: Contributor) -> None:
    if contributor.kind == "body" and _as_catalogued(sheet, tag[0], contributor.name):
        return
    heading, first = _heading(contributor)
    rows: list[Subfield] = [("a", heading), *_beside(sheet, heading, "cq"), ("d", contributor.dates)]
    rows += _beside(sheet, heading, "e") if not contributor.roles else []  # a word that is no role of ours
    rows += [("e", word) for role in contributor.roles if (word := _role(sheet, role))]
    kept = [(code, value) for code, value in rows if value]
    last = len(kept) - 1
    written: list[Subfield] = [(code, stop(v) if n == last else comma(v)) for n, (code, v) in enumerate(kept)]
    written += [("4", role) for role in contributor.roles]
    for known in contributor.ids:
        if known.scheme.startswith("proprietary"):
            continue  # no agency of $0
        code, start = _CODES["authorities"].get(known.scheme, ("0", f"({known.scheme.upper()})"))
        written.append((code, f"{start}{known.value}"))
    scripts = [sheet.link() for _ in contributor.variants]
    sheet.add(tag, f"{first} ", *(("6", f"880-{number}") for number in scripts[:1]), *written)
    for number, variant in zip(scripts, contributor.variants, strict=True):
        inverted = inverted_name(variant) if first == "1" else variant
        sheet.add("880", f"{first} ", ("6", f"{tag}-{number}"), ("a", inverted))


def _as_catalogued(sheet: Sheet, place: str, name: str) -> bool:
    """A body with its units, or a meeting with number, date and place, as a library has it in 1XX or 7XX."""
    return any(copy_once(sheet, f"{place}{ending}", codes, name) for ending, codes in _BODIES.items())


def _beside(sheet: Sheet, heading: str, codes: str) -> list[Subfield]:
    """What stands beside a name as a library has it: words with it ($c), its fuller form ($q), its role ($e)."""
    fields = (field for tag in ("100", "700", "110", "710", "111", "711") for field in kept(sheet, tag))
    named = (
        field for field in fields if says(field, "ab", heading) and all(code != "t" for code, _ in field.subfields)
    )
    found = next(named, None)
    return [(code, trimmed(value)) for code, value in found.subfields if code in codes] if found else []


def _heading(contributor: Contributor) -> tuple[str, str]:
    """The name as it is sorted, and the first indicator."""
    if contributor.kind == "body":
        return contributor.name, "2"
    name = contributor.name_inverted or contributor.name
    if "," not in name and contributor.name_inverted is None and _is_plain_name(contributor.name):
        return name, "0"
    return name, "1" if "," in name else "0"


def _is_plain_name(name: str) -> bool:
    return inverted_name(name) == name


def _role(sheet: Sheet, code: str) -> str | None:
    return in_language(relator_names(code), sheet.language)


def _readers(sheet: Sheet) -> None:
    """511 of an audiobook, where no note names the readers yet."""
    description = sheet.description
    if description.medium != "audiobook" or any(n.kind == "performers" for n in description.texts.notes):
        return
    readers = [c.name for c in description.contributors if "nrt" in c.roles]
    if readers:
        words = sheet.word("reader", "several" if len(readers) > 1 else "one")
        sheet.add("511", "0 ", ("a", stop(f"{words}{', '.join(readers)}")))
