"""Edition, publication and languages: 040, 041, 250, 263, 264, 490, 830."""

from __future__ import annotations

import re

from catalogue.folding import fold
from catalogue.record import CataloguedField, PublicationDates, Series
from writers.marc.kept import copy, kept, says
from writers.marc.punctuation import marked, stop
from writers.marc.sheet import Sheet
from writers.marc.tables import table

_NARROW: dict[str, str] = table("codes")["narrow"]
_HEARD = frozenset(("audiobook", "music", "video"))
_NO_RULES = frozenset(("onix", "isbd", "opds"))  # where a description comes from, or LDR/18 itself: no code of 040 $e


def write_source(sheet: Sheet) -> None:
    """040. A description that no library made is written by RDA."""
    about = sheet.description.cataloguing
    rules = about.rules if about.rules not in _NO_RULES else None
    if rules is None and not sheet.is_library_record:
        rules = "rda"
    more = [(c, v) for field in kept(sheet, "040") for c, v in field.subfields if c not in "ab"]
    rest = more if rules is None or ("e", rules) in more else [("e", rules), *more]
    sheet.add("040", "  ", ("a", about.agency), ("b", sheet.language_code), *rest)


def write_languages(sheet: Sheet) -> None:
    """041: $a of a text, $d of what is heard, $h of the original; the first indicator tells a translation."""
    languages = sheet.description.languages
    if not languages.text:
        return
    if _languages_as_catalogued(sheet):
        return
    code = "d" if sheet.description.medium in _HEARD else "a"
    named = [x for x in (*languages.text, *languages.original) if x in _NARROW]
    translated = bool(set(languages.original) - set(languages.text)) or _has_translator(sheet)
    first = "1" if translated else "0" if languages.original else " "
    rows = [(code, text) for text in languages.text] + [("h", text) for text in languages.original]
    sheet.add("041", f"{first}{'7' if named else ' '}", *rows, ("2", "iso639-3" if named else None))


def _languages_as_catalogued(sheet: Sheet) -> bool:
    """041 with its other languages ($b, $j …), where text and original are still those of the record."""
    fields, languages = kept(sheet, "041"), sheet.description.languages
    said = {(code, value) for field in fields for code, value in field.subfields}
    texts = {value for code, value in said if code in "ad"}
    originals = {value for code, value in said if code == "h"}
    if not texts >= set(languages.text) or not originals >= set(languages.original):
        return False
    for field in fields:
        copy(sheet, field)
    return bool(fields)


def _has_translator(sheet: Sheet) -> bool:
    return any("trl" in c.roles for c in sheet.description.contributors)


def write_publication(sheet: Sheet) -> None:
    """250, 263 and 264."""
    sheet.add("250", "  ", ("a", stop(edition_text(sheet))))
    publication = sheet.description.publication
    dates = publication.dates
    if dates.announced:
        sheet.add("263", "  ", ("a", dates.announced.replace("-", "")[:6].ljust(6, "-")))
    statements = kept(sheet, "264")
    if not _published_as_catalogued(sheet, statements):
        _published(sheet, _year(dates), _others(sheet, statements))
    if dates.copyright and dates.published and not _is_marked(statements, dates.copyright[:4]):
        mark = "℗" if sheet.description.medium in ("audiobook", "music") else "©"
        sheet.add("264", " 4", ("c", f"{mark}{dates.copyright[:4]}"))


def _published_as_catalogued(sheet: Sheet, statements: list[CataloguedField]) -> bool:
    """264 as a library has it: all of them, where publisher, place and year are still those of the record."""
    publication = sheet.description.publication
    named = [field for field in statements if field.indicators[1:2] != "4"]
    year = (_year(publication.dates) or "").strip("[]")
    facts = (("b", publication.publisher), ("b", publication.imprint), ("a", publication.place), ("c", year))
    if not named or not all(any(says(field, code, text) for field in named) for code, text in facts):
        return False
    for field in statements:
        copy(sheet, field)
    return True


def _is_marked(statements: list[CataloguedField], year: str) -> bool:
    """Whether a library's 264 says the copyright year already: in a field of its own, or as ``p 2017``."""
    years = (value for field in statements for code, value in field.subfields if code == "c")
    own = any(field.indicators[1:2] == "4" for field in statements)
    return own or any(re.search(rf"(?:\b[cp]|cop\.?|[©℗])\s?{year}", value) for value in years)


def _others(sheet: Sheet, statements: list[CataloguedField]) -> list[CataloguedField]:
    """Distributors, makers and copyright of a library's description beside a publisher of another source."""
    others = [field for field in statements if field.indicators[1:2] in "0234"]
    for field in others:
        copy(sheet, field)
    return others


def edition_text(sheet: Sheet) -> str | None:
    """The statement as the source words it, else its number in the language of cataloguing."""
    statement = sheet.description.edition_statement
    if statement.text or not statement.number:
        return statement.text
    ways: dict[str, str] = table("words")["edition"]["ordinal"][sheet.language]
    number = ways.get(str(statement.number), ways["other"]).format(n=statement.number)
    return sheet.word("edition", "numbered").format(n=number)


def _year(dates: PublicationDates) -> str | None:
    if dates.published:
        return dates.published[:4]
    if dates.announced:
        return dates.announced[:4]
    return f"[{dates.copyright[:4]}]" if dates.copyright else None


def _published(sheet: Sheet, year: str | None, others: list[CataloguedField]) -> None:
    """264 _1; a distributor or maker that stands for a publisher nobody names has its own field (`others`)."""
    publication = sheet.description.publication
    stated = [name for name in (publication.publisher, publication.imprint) if name]
    names = [name for name in stated if not any(says(field, "b", name) for field in others)]
    if len(names) == 2 and fold(names[0]) == fold(names[1]):
        del names[1]
    rows: list[tuple[str, str | None]] = [("a", publication.place), *(("b", name) for name in names), ("c", year)]
    kept = [(code, value) for code, value in rows if value]
    written: list[tuple[str, str | None]] = []
    for number, (code, value) in enumerate(kept):
        following = kept[number + 1][0] if number + 1 < len(kept) else ""
        written.append((code, _joined(value, following)))
    sheet.add("264", " 1", *written)


def _joined(value: str, following: str) -> str | None:
    if following == "b":
        return marked(value, ":", when=True)
    return f"{value}," if following == "c" else value if value.endswith("]") else stop(value)


def write_series(sheet: Sheet) -> None:
    """490: the series as stated, with ISSN and number."""
    series_as_catalogued = [f for tag in ("490", "800", "810", "811", "830") for f in kept(sheet, tag)]
    if all(any(_names(field, series) for field in series_as_catalogued) for series in sheet.description.series):
        for field in series_as_catalogued:
            copy(sheet, field)
        return
    for series in sheet.description.series:
        sheet.add("490", "0 ", *_series(series))


def _names(field: CataloguedField, series: Series) -> bool:
    return says(field, "atnp", series.title) and says(field, "v", series.number)


def _series(series: Series) -> list[tuple[str, str | None]]:
    if series.issn:
        issn = marked(series.issn, ";", when=series.number)
        return [("a", f"{series.title},"), ("x", issn), ("v", series.number)]
    return [("a", marked(series.title, ";", when=series.number)), ("v", series.number)]
