"""Accessibility in MARC: 341 (in schema.org's words) and 532 (in sentences)."""

from __future__ import annotations

from catalogue.accessibility import access_of, said_of
from writers.marc.kept import copy_once
from writers.marc.punctuation import stop
from writers.marc.sheet import Sheet

_PLACES = {"textual": "b", "visual": "c", "auditory": "d", "tactile": "e"}


def write_accessibility(sheet: Sheet, *, is_online: bool) -> None:
    """341 for each mode of access with its features, 532 for each statement in words.

    Without any statement a publisher's e-publication has its mode of access in 341; a library's record stays as it is.
    """
    facts = sheet.description.accessibility
    if any(fact.source == "341" or fact.code for fact in facts) or (is_online and not sheet.is_library_record):
        access = access_of(sheet.description)
        for mode in access.modes:
            features = [(_PLACES[kind], feature) for kind, feature in access.features_of(mode)]
            sheet.add("341", "0 " if features else "  ", ("a", mode), *features, ("2", "sapdv"))
    for first, text in said_of(sheet.description, sheet.language):
        if not copy_once(sheet, "532", "a", text):
            sheet.add("532", f"{first} ", ("a", stop(text)))
