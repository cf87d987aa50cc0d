"""Our description → a MARC 21 record: leader and fields in the shape the MARC parsers give."""

from __future__ import annotations

from catalogue.parsed import MarcContent, MarcField
from catalogue.record import Description
from writers.marc.accessibility import write_accessibility
from writers.marc.fixed import leader, write_fixed
from writers.marc.form import form_of, write_form
from writers.marc.kept import write_kept
from writers.marc.names import write_names
from writers.marc.notes import write_conversion, write_links, write_notes
from writers.marc.numbers import write_numbers
from writers.marc.publication import write_languages, write_publication, write_series, write_source
from writers.marc.relations import write_relations
from writers.marc.sheet import Control, Sheet, cataloguing_language
from writers.marc.subjects import write_audience, write_classification, write_topics
from writers.marc.titles import write_titles

_NAMES = frozenset(("700", "710"))  # stay in the order of the record


def to_marc(description: Description, control: Control) -> MarcContent:
    """The MARC 21 record of a description, by RDA and ISBD, its terms and notes in the language of cataloguing.

    ``[leader, [field, …]]``, fields sorted by tag; lengths in the leader are zeros until it is written as ISO 2709.
    """
    sheet = Sheet(description, control, cataloguing_language(description))
    form = form_of(description)
    sheet.say("001", control.id)
    if control.changed_at:
        digits = "".join(c for c in control.changed_at if c.isdigit())[:14].ljust(14, "0")
        sheet.say("005", f"{digits}.0")
    write_form(sheet, form)
    write_fixed(sheet, form)
    write_numbers(sheet)
    write_source(sheet)
    write_languages(sheet)
    write_classification(sheet)
    write_titles(sheet, has_creator=write_names(sheet))
    write_publication(sheet)
    write_series(sheet)
    write_notes(sheet)
    write_audience(sheet)
    write_accessibility(sheet, is_online=form.is_online)
    write_topics(sheet)
    write_relations(sheet)
    write_links(sheet)
    write_kept(sheet)
    write_conversion(sheet)
    return [leader(sheet, form), sorted(sheet.fields, key=_place)]


def _place(field: MarcField) -> str:
    return "700" if field[0] in _NAMES else str(field[0])
