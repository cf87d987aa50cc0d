"""An ONIX product → catalogue record: one plain dict, validated once at the end."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from catalogue.dates import sent_time
from catalogue.parsed import ParsedRecord
from catalogue.record import CatalogueRecord
from mappings.mapped import Mapped
from mappings.onix.contributors import read_contributors
from mappings.onix.extents import read_extent
from mappings.onix.forms import binding, read_accessibility, read_form, read_trade
from mappings.onix.further import further_notes
from mappings.onix.identifiers import own_identifiers
from mappings.onix.languages import read_languages
from mappings.onix.publishing import read_edition, read_publication
from mappings.onix.reading import Reading, Values, text_of
from mappings.onix.relations import read_relations
from mappings.onix.serials import find_issue
from mappings.onix.subjects import audience_notes, read_topics
from mappings.onix.supply import read_availability
from mappings.onix.tables import by_code, codes
from mappings.onix.texts import read_texts
from mappings.onix.titles import read_titles

_RULES = "onix"  # how merging knows a publisher's description from a library's
_PREPUBLICATION = "8"  # MARC LDR/17
_sent_time = lru_cache(maxsize=256)(sent_time)  # one per message


def map_onix(parsed: ParsedRecord, source: str, fallback_id: str) -> Mapped:
    """The catalogue record of an ONIX 2.1, 3.0 or 3.1 product.

    Its id is the RecordReference, else its first valid ISBN, else `fallback_id` (defect ``record.no_id``). A product
    without any title is no record (``record.no_title``), unless it is a delete.
    """
    reading = Reading(parsed)
    identifiers = own_identifiers(reading)
    source_id = _source_id(reading, identifiers, fallback_id)
    message, status = _message(reading)
    description = _description(reading, identifiers, message)
    record = None
    if description["titles"] or status == "deleted":
        record = CatalogueRecord.model_validate(
            {"source": source, "source_id": source_id, "status": status, "message": message}
            | {part: value for part, value in description.items() if value}
        )
    else:
        reading.report("record.no_title", "DescriptiveDetail/TitleDetail")
    return Mapped(record, reading.defects(source, source_id, parsed.index))


def _source_id(reading: Reading, identifiers: list[Values], fallback_id: str) -> str:
    reference = text_of(reading.product, "RecordReference")
    if reference:
        return reference
    isbn = next((i["value"] for i in identifiers if i["scheme"] == "isbn" and i.get("valid", True)), None)
    used = str(isbn or fallback_id)
    reading.report("record.no_id", "RecordReference", used=used)
    return used


def _message(reading: Reading) -> tuple[Values, str]:
    """The message as the sender means it, and what that makes of the record."""
    code = text_of(reading.product, "NotificationType")
    notification = by_code("record", "notification").get(code, "confirmed")
    reading.check(code, 1, "NotificationType")
    publishing_status = text_of(reading.publishing, "PublishingStatus")
    reading.check(publishing_status, 64, "PublishingDetail/PublishingStatus")
    status = "live"
    if notification == "delete":
        status = "deleted"
    elif code in codes("record", "status", "test_notification"):
        reading.report("record.test", "NotificationType")
        status = "withdrawn"
    elif publishing_status in codes("record", "status", "withdrawn"):
        status = "withdrawn"
    message = {
        "notification": "confirmed" if notification == "test" else notification,
        "publishing_status": publishing_status or None,
        "sent_at": _sent_time(reading.product.get("@datestamp") or reading.header.sent_at),
    }
    return message, status


def _description(reading: Reading, identifiers: list[Values], message: Values) -> Values:
    form = read_form(reading)
    is_recording = form["medium"] == "audiobook"
    reading.check(text_of(reading.descriptive, "ProductComposition"), 2, "DescriptiveDetail/ProductComposition")
    titles, series = read_titles(reading)
    contributors, contributor_notes = read_contributors(reading, is_recording)
    languages = read_languages(reading, is_recording)
    relations = read_relations(reading, identifiers)
    texts = read_texts(reading)
    more = further_notes(reading, languages["text"], texts["notes"])
    texts["notes"] = [*texts["notes"], *contributor_notes, *audience_notes(reading), *more]
    _name_bindings(reading, identifiers, languages["text"])
    early = message["notification"] in ("early", "advance")
    return {
        "medium": form["medium"],
        "formats": form["formats"],
        **_level(reading, titles, series, (form, identifiers, contributors)),
        "identifiers": identifiers,
        "responsibility": _responsibility(reading),
        "contributors": contributors,
        "languages": languages,
        "edition_statement": read_edition(reading),
        "publication": _publication(reading, message, early),
        "extent": read_extent(reading, form["medium"], languages["text"]),
        "topics": read_topics(reading, languages["text"], form["medium"]),
        "accessibility": read_accessibility(reading),
        "texts": texts,
        "relations": relations,
        "availability": read_availability(reading),
        "cataloguing": {
            "rules": _RULES,
            "level": _PREPUBLICATION if early else None,
            "agency": text_of(reading.product, "RecordSourceName") or reading.header.sender,
        },
    }


def _name_bindings(reading: Reading, identifiers: list[Values], languages: Sequence[str]) -> None:
    """The own ISBN of a printed book says how it is bound, as 020 $q does in MARC."""
    bound = binding(reading, languages)
    for identifier in identifiers if bound else ():
        if identifier["scheme"] == "isbn" and identifier["role"] == "own":
            identifier.setdefault("qualifier", bound)


def _responsibility(reading: Reading) -> str | None:
    return reading.text(reading.descriptive, "ContributorStatement", "DescriptiveDetail") or None


def _publication(reading: Reading, message: Values, early: bool) -> Values:
    """A date that lies ahead of the message is announced, whatever the message calls itself."""
    status = message["publishing_status"]
    unpublished = status in codes("record", "status", "not_yet_published")
    announced = unpublished or (early and status not in codes("record", "status", "published"))
    publication = read_publication(reading, announced)
    dates = publication["dates"]
    if announced and not unpublished and dates["announced"] and message["sent_at"]:
        date = dates["announced"]
        if date < message["sent_at"][: len(date)]:
            dates["published"], dates["announced"] = date, None
    return publication


def _level(
    reading: Reading, titles: list[Values], series: list[Values], rest: tuple[Values, list[Values], list[Values]]
) -> Values:
    """``level``, and what depends on it: titles, series, part, issue; the medium of an electronic magazine."""
    form, identifiers, contributors = rest
    issn = next((i["value"] for i in identifiers if i["scheme"] == "issn" and i.get("valid", True)), None)
    periodical = read_trade(reading)
    found = find_issue(titles, series, issn, periodical or (form["online"] and not contributors))
    values: Values = {"level": "monograph"}
    if found:
        values = _issue(titles, series, found)
    elif periodical or issn:
        values["level"] = "serial"
    elif _is_set(reading):
        values["level"] = "set"
    if values["level"] in ("issue", "serial") and form["medium"] == "ebook":
        values["medium"] = "emagazine"
    main = next((t for t in titles if t["kind"] == "main"), None)
    theme = next((t["text"] for t in titles if t["kind"] == "part"), None)
    for title in titles:
        year = title.pop("year", None)
        title["number"] = title.get("number") or year
    number = main["number"] if main and not found else None
    return {"titles": titles, "series": series, "part": {"number": number, "title": theme}, **values}


def _issue(titles: list[Values], series: list[Values], found: Values) -> Values:
    """The main title becomes the serial's; the title as given stays beside it."""
    main = titles[0]
    if main["text"] != found["name"]:
        titles.append({"kind": "alternative", "text": main["text"], "language": main.get("language")})
    main.update(text=found["name"], number=None, year=None)
    main.pop("nonfiling", None)
    serial = main["text"].casefold()
    return {
        "level": "issue",
        "series": [s for s in series if s["title"].casefold() != serial],
        "issue": {"number": found["number"], "date": found["date"], "serial_issn": found["issn"]},
    }


def _is_set(reading: Reading) -> bool:
    """Several items in one product (list 2). Code 10 is no set: a book with its disc, an e-book in three formats."""
    return text_of(reading.descriptive, "ProductComposition") in codes("record", "composition", "set")
