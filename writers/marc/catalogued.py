"""008 of a library's description: its codes where our record says nothing else, ours where it knows better."""

from __future__ import annotations

from catalogue.record import Description
from catalogue.vocabularies import country, language
from writers.marc.form import Form

_LAYOUTS = {kind: group for group in ("at", "m", "ef", "cdij", "gkor", "p") for kind in group}
_SAME_ITEM = {"o": "os", "q": "qs", " ": " rdf", "a": "abc"}
_NO_LEADER = " " * 24


def library_leader(description: Description) -> str:
    """The leader of the library's description, blanks where there is none."""
    leaders = (field.value for field in description.cataloguing.fields if field.tag == "LDR")
    return next(leaders, None) or _NO_LEADER


def as_catalogued(made: str, said: str, form: Form, description: Description) -> str:
    """40 characters: `said`, the library's 008, corrected by `made`, ours, where the two speak of different things.

    Laid out for another kind of material (008/18-34), the library's codes mean something else: ours stand.
    """
    dates = said[6:15] if _same_dates(made[6:15], said[6:15]) else made[6:15]
    place = said[15:18] if (country(said[15:18].strip()) or None) == description.publication.country else made[15:18]
    spoken = said[35:38] if _same_language(said[35:38], description) else made[35:38]
    material = _material(made, said, form) if _layout(library_leader(description)) == _own(form) else made[18:35]
    entered = said[:6] if said[:6].isdigit() else made[:6]
    return f"{entered}{dates}{place}{material}{spoken}{said[38:]}"


def _layout(leader: str) -> str:
    """Which of the seven layouts 008/18-34 has."""
    return "s" if leader[6] == "a" and leader[7] in "bis" else _LAYOUTS.get(leader[6], "")


def _own(form: Form) -> str:
    return "s" if form.is_continuing else _LAYOUTS[form.kind]


def _same_dates(made: str, said: str) -> bool:
    """Whether a library's type and dates tell the year of the record, and no less than ours."""
    if made[0] == "e" and said[0] != "e":
        return False
    year = made[1:5]
    if said[0] == "q" and year.isdigit():
        return said[1:5] <= year <= said[5:9]
    return year in (said[1:5], "uuuu") or (made[0] == "n" and said[0] in "nb")


def _same_language(said: str, description: Description) -> bool:
    text = description.languages.text
    return language(said) in text[:1] or (said == "mul" and len(text) > 1) or (not text and said in ("zxx", "und"))


def _material(made: str, said: str, form: Form) -> str:
    """008/18-34: a library's codes; ours of the form of the item and where it attempted none."""
    item = 29 if form.kind in "efgkor" else 23
    rows = []
    for at in range(18, 35):
        own, theirs = made[at], said[at]
        corrected = at == item and form.kind in "aceijkgeprt" and own != "|" and not _is_same_item(own, theirs)
        rows.append(own if theirs == "|" or corrected else theirs)
    return "".join(rows)


def _is_same_item(own: str, theirs: str) -> bool:
    """Forms of item that do not speak against each other: electronic is online or on a carrier, print may be large."""
    return theirs in _SAME_ITEM.get(own, own)
