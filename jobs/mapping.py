"""Mapping with languages told: what the pure mapping reads, and what language its words are in."""

from __future__ import annotations

from dataclasses import replace

from catalogue.languages import NO_LANGUAGE, believable, table, with_languages, words_of
from catalogue.parsed import ParsedRecord
from catalogue.record import CatalogueRecord
from catalogue.vocabularies import two_letter
from jobs.detecting import detect
from mappings.loci import loci
from mappings.mapped import Mapped
from mappings.registry import map_record as map_alone


def map_record(parsed: ParsedRecord, source: str, fallback_id: str) -> Mapped:
    """As `mappings.registry.map_record`, with the languages of text and descriptions detected and chosen.

    Called for new and changed records alone. What the sender does with its other records is not looked at here:
    `jobs.senders` does that when a harvest has gone live.
    """
    mapped = map_alone(parsed, source, fallback_id)
    record = mapped.record
    if record is None or record.status == "deleted" or not _may_be_told(record):
        return mapped
    told, defects = with_languages(record, believable(detect(words_of(record)), record.languages.declared))
    if not defects:
        return mapped if told is record else replace(mapped, record=told)
    places = {
        "language.disagrees": next(iter(loci(parsed.dialect, parsed.content, "languages.text")), ""),
        "language.text_disagrees": next(iter(loci(parsed.dialect, parsed.content, "texts.descriptions")), ""),
    }
    about = (
        replace(defect, locus=places[defect.code]).about(source=source, source_id=record.source_id, index=parsed.index)
        for defect in defects
    )
    return Mapped(told, (*mapped.defects, *about))


def _may_be_told(record: CatalogueRecord) -> bool:
    """Not where only languages are declared that the detector does not know: it would take them for their kin."""
    declared = [code for code in record.languages.declared if code not in NO_LANGUAGE]
    known = table()["plausible"]
    return not declared or any((two_letter(code) or code) in known or code in table()["same"] for code in declared)
