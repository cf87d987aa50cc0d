"""Which function reads which field; a tag that is not here stays in the payload. `record` reads control fields."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from mappings.marc import (
    classes,
    extent,
    form,
    kept,
    languages,
    notes,
    people,
    publication,
    relations,
    series,
    subjects,
    titles,
)
from mappings.marc import standard_numbers as numbers
from mappings.marc.draft import Draft, Handler, Subfields, flat
from mappings.marc.tables import table


class _Source(NamedTuple):
    """What 040 says; None where it does not, and a language of "" where it names none."""

    language: str | None
    rules: str | None
    agencies: list[str]


def _cataloguing_source(draft: Draft, tag: str, indicators: str, subfields: Subfields) -> None:
    """040: who catalogued, in which language, by which rules."""
    kept.keep_if_more(draft, tag, indicators, subfields)
    said = _source(flat(subfields))
    draft.agencies = said.agencies
    if said.language is not None:
        draft.source_language = said.language or None
    if draft.rules is None:
        draft.rules = said.rules


@lru_cache(maxsize=768)
def _source(written: tuple[str, ...]) -> _Source:
    agencies: dict[str, str] = {}
    language = rules = None
    for code, value in zip(written[::2], written[1::2], strict=True):
        if code in "ad":
            agencies[code] = value.strip()
        elif code == "b":
            language = value.strip().lower()
        elif code == "e" and rules is None:
            rules = value.strip().lower() or None
    return _Source(language, rules, [agency for code in "ad" if (agency := agencies.get(code))])


HANDLERS: dict[str, Handler] = {
    **dict.fromkeys(table("marc")["kept"]["tags"], kept.kept_field),
    "015": numbers.national_number,
    "016": numbers.national_number,
    "020": numbers.isbn_field,
    "022": numbers.issn_field,
    "024": numbers.other_number,
    "028": numbers.publisher_number,
    "035": numbers.control_number,
    "040": _cataloguing_source,
    "041": languages.language_field,
    **dict.fromkeys(("050", "060", "080", "086"), classes.numbered_class),
    **dict.fromkeys(("082", "083"), classes.dewey),
    **dict.fromkeys(("072", "084"), classes.other_class),
    **dict.fromkeys(("100", "700"), people.person),
    **dict.fromkeys(("110", "111", "710", "711"), people.body),
    "720": people.loose_name,
    **dict.fromkeys(("130", "240"), titles.uniform_title),
    "222": titles.key_title,
    "242": titles.translated_title,
    "245": titles.title_field,
    "246": titles.varying_title,
    "247": titles.former_title,
    "250": publication.edition_field,
    **dict.fromkeys(("260", "264"), publication.publication_field),
    "263": publication.projected_field,
    "300": extent.extent_field,
    "306": extent.duration_field,
    **dict.fromkeys(("336", "337", "338", "347"), form.type_field),
    **dict.fromkeys(("341", "532"), notes.accessibility_content),
    "385": classes.audience_term,
    **dict.fromkeys(("440", "490"), series.series_field),
    **dict.fromkeys(table("marc")["notes"], notes.note),
    "520": notes.summary,
    "521": classes.audience_note,
    **dict.fromkeys(("600", "610", "611", "630", "647", "648", "650", "651"), subjects.subject),
    "653": subjects.keyword,
    "655": subjects.genre,
    **dict.fromkeys(("730", "740"), relations.loose_title),
    **dict.fromkeys(table("marc")["relations"], relations.linking_field),
    "773": relations.host_field,
    **dict.fromkeys(("800", "810", "811", "830"), series.traced_series),
    "856": notes.link,
    "863": notes.coded_holdings,
    "880": titles.script_field,
}
