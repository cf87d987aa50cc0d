"""MARC 21 → catalogue record: one pass over the fields into a draft, then one validation."""

from __future__ import annotations

from functools import lru_cache
from itertools import starmap
from typing import Any

from catalogue.dates import partial_date
from catalogue.parsed import MarcContent, ParsedRecord
from catalogue.record import CatalogueRecord, Classification
from catalogue.vocabularies import language
from mappings.mapped import Mapped
from mappings.marc.classes import settle_audience
from mappings.marc.draft import Draft, as_blanks, first
from mappings.marc.extent import settle_extent
from mappings.marc.fields import HANDLERS
from mappings.marc.form import formats, level, settle_form
from mappings.marc.issues import settle_issue
from mappings.marc.kept import settle_kept
from mappings.marc.languages import settle_languages
from mappings.marc.notes import described, settle_texts
from mappings.marc.people import settle_contributors
from mappings.marc.publication import settle_edition, settle_publication
from mappings.marc.series import settle_series
from mappings.marc.standard_numbers import settle_numbers
from mappings.marc.subjects import unique_topics
from mappings.marc.tables import table
from mappings.marc.titles import settle_titles

_RULES: dict[str, str] = table("marc")["rules"]


def map_marc(parsed: ParsedRecord, source: str, fallback_id: str) -> Mapped:
    """The catalogue record of a MARC 21 bibliographic record.

    Its id is 001, else the first own ISBN, else `fallback_id` with the defect ``record.no_id``. LDR/05 d gives a
    deleted record, with whatever else it holds. A live record without any title is no record: ``record.no_title``.
    """
    draft = _read(parsed)
    values = _values(draft)
    deleted = draft.leader[5] == "d"
    source_id = _own_id(draft, values, fallback_id)
    record = None
    if values["titles"] or deleted:
        values["source"], values["source_id"] = source, source_id
        values["status"] = "deleted" if deleted else "live"
        record = CatalogueRecord.model_validate(values)
    else:
        _report_no_title(draft, parsed.content)
    if not draft.defects:
        return Mapped(record)
    found = (defect.about(source=source, source_id=source_id, index=parsed.index) for defect in draft.defects)
    return Mapped(record, tuple(found))


def _report_no_title(draft: Draft, content: MarcContent) -> None:
    """UNIMARC, whose title stands in 200, is told apart from a record that has none."""
    _, fields = content
    is_unimarc = any(field[0] == "200" and len(field) == 3 and first(field[2], "a") for field in fields)
    draft.report(*(("record.unimarc", "200") if is_unimarc else ("record.no_title", "245")))


def _read(parsed: ParsedRecord) -> Draft:
    leader, fields = parsed.content
    draft = Draft(leader)
    handlers = HANDLERS
    for field in fields:
        if len(field) == 3:
            tag, indicators, subfields = field
            if tag in handlers:
                handlers[tag](draft, tag, indicators, subfields)
        elif len(field) == 2 and field[0] not in handlers:
            _control(draft, field[0], field[1])
    return draft


def _control(draft: Draft, tag: str, value: str) -> None:
    if tag == "007":
        draft.physical.append(as_blanks(value))
    elif tag == "008":
        draft.fixed = draft.fixed or as_blanks(value)
    elif tag == "006":
        draft.modified.append(as_blanks(value))
    else:
        draft.controls.setdefault(tag, value)


def _values(draft: Draft) -> dict[str, Any]:
    settle_form(draft)
    numbers = settle_numbers(draft)
    languages = settle_languages(draft)
    titles = settle_titles(draft, list(languages.text))
    issue = settle_issue(draft, titles)
    settle_audience(draft)
    topics = unique_topics(draft.topics)
    return {
        "message": _message(draft),
        "level": "issue" if issue else level(draft),
        "medium": draft.medium,
        "formats": formats(draft, numbers.qualifiers),
        "identifiers": numbers.identifiers,
        "titles": titles,
        "responsibility": draft.responsibility,
        "series": settle_series(draft),
        "contributors": settle_contributors(draft),
        "languages": languages,
        "edition_statement": settle_edition(draft),
        "part": draft.part,
        "issue": issue,
        "publication": settle_publication(draft),
        "extent": settle_extent(draft),
        "topics": {
            "subjects": topics,
            "genres": unique_topics(draft.genres),
            "classification": list(starmap(_class, dict.fromkeys(draft.classification))),
            "audience": draft.audience,
        },
        "accessibility": draft.accessibility,
        "texts": {
            "descriptions": settle_texts(described(draft, languages.text)),
            "notes": settle_texts(draft.notes),
            "links": draft.links,
        },
        "relations": draft.relations,
        "cataloguing": {
            "level": draft.leader[17],
            "rules": draft.rules or _RULES.get(draft.leader[18]),
            "language": language(draft.source_language) if draft.source_language else None,
            "agency": _agency(draft) or None,
            "fields": settle_kept(draft),
        },
    }


def _own_id(draft: Draft, values: dict[str, Any], fallback_id: str) -> str:
    own = " ".join(draft.controls.get("001", "").split())
    if own:
        return own
    isbn = next(
        (
            i["value"]
            for i in values["identifiers"]
            if i["scheme"] == "isbn" and i["role"] == "own" and i.get("valid", 1)
        ),
        None,
    )
    used: str = isbn or fallback_id
    draft.report("record.no_id", "001", used=used)
    return used


def _message(draft: Draft) -> dict[str, Any]:
    notification = "delete" if draft.leader[5] == "d" else "advance" if draft.leader[17] == "8" else "confirmed"
    return {"notification": notification, "sent_at": _sent_at(draft)}


def _sent_at(draft: Draft) -> str | None:
    """005 in ISO 8601. MARC states no zone: it is taken as it stands."""
    text = draft.controls.get("005", "").strip()
    if not text:
        return None
    day, time = _day(text[:8]), text[8:14].ljust(6, "0")
    if day is None or not time.isdigit() or time[:2] > "23" or time[2:4] > "59":
        draft.report("date.impossible", "005", value=text)
        return None
    return f"{day}T{time[:2]}:{time[2:4]}:{min(time[4:], '59')}Z"


@lru_cache(maxsize=2048)
def _day(digits: str) -> str | None:
    return partial_date(digits[:4], digits[4:6], digits[6:]) if len(digits) == 8 and digits.isdigit() else None


def _agency(draft: Draft) -> str:
    return draft.agencies[0] if draft.agencies else draft.controls.get("003", "").strip()


@lru_cache(maxsize=128)
def _class(scheme: str, code: str) -> Classification:
    return Classification(scheme=scheme, code=code)
