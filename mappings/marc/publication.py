"""Publication: 260 and 264, 008 dates and country, 263; the edition statement of 250."""

from __future__ import annotations

import re
from functools import lru_cache

from catalogue.dates import partial_date, years_in
from catalogue.record import EditionStatement, Publication, PublicationDates
from catalogue.vocabularies import country
from mappings.marc.draft import Draft, Subfields, Values, every, first, flat
from mappings.marc.punctuation import balance, trim_statement, unbracket
from mappings.marc.tables import alternatives, table, words_to_codes

_WORDS = table("marc_words")
_PLACEHOLDERS = frozenset(_WORDS["placeholders"]["words"])
_NOUNS = alternatives(_WORDS["edition"]["nouns"])
_ORDINALS = words_to_codes(_WORDS["edition"]["ordinals"])
_MARKED = r"(\d{1,3})\s*(?:[.:]\s*(?:[aeos]|st|nd|rd|th)?|st|nd|rd|th|d)"
_NUMBER = re.compile(
    rf"(?:^\W*{_MARKED}(?=\W.*?(?<!\w)(?:{_NOUNS})(?!\w))"
    rf"|(?<!\w){_MARKED}[\s,]*(?:[^\W\d]+\.?,?\s+){{0,3}}?(?:{_NOUNS})(?!\w)"
    rf"|(?<!\w)(?:{_NOUNS})\.?\s+(\d{{1,3}})(?![\d/]))",
    re.IGNORECASE,
)
_BETWEEN = r"(?:[^\W\d]+\.?,?\s+)"
_ORDINAL = re.compile(  # after a comma it is the edition that is described: "toinen, korjattu ja laajennettu painos"
    rf"(?<!\w)({alternatives(list(_ORDINALS))})(?:\s+{_BETWEEN}{{0,2}}?|,\s*{_BETWEEN}{{0,4}}?)(?:{_NOUNS})(?!\w)",
    re.IGNORECASE,
)
_UNABRIDGED = re.compile(alternatives(_WORDS["abridged"]["no"]), re.IGNORECASE)
_ABRIDGED = re.compile(rf"(?<!\w)(?:{alternatives(_WORDS['abridged']['yes'])})(?!\w)", re.IGNORECASE)
_ABRIDGED_STEMS: list[str] = _WORDS["abridged"]["stems"]
_COPYRIGHT = re.compile(r"(?:©|℗|\bcop(?:yright)?\.?|(?<![^\W\d_])[cp])\s*(\d{4})(?!\d)", re.IGNORECASE)
_RANK = {"latest": 0, "1": 1, "": 2, "0": 3, "2": 4}
_DATED = {**_RANK, "latest": 3}  # a serial began with its earliest publisher
_OF_MAKER = {"e": "a", "f": "b", "g": "c"}
_NOT_PUBLISHED = frozenset("34")  # who printed it, and the copyright


def edition_field(draft: Draft, _tag: str, _: str, subfields: Subfields) -> None:
    """250."""
    text = " ".join(every(subfields, "ab")).strip()
    if text:
        draft.edition.append(trim_statement(unbracket(trim_statement(text))))


def publication_field(draft: Draft, tag: str, indicators: str, subfields: Subfields) -> None:
    """260, and 264 with what its second indicator means (1 published, 2 distributed, 3 printed, 4 copyright).

    Of several publishers of a serial the one that publishes it now (first indicator 3) comes first.
    """
    role = indicators[1:2] if tag == "264" else ""
    current = indicators[:1] == "3" and role in ("", " ", "1")
    draft.published.append(("latest" if current else role, flat(subfields)))
    if tag == "264":
        draft.kept.append((tag, indicators, subfields))
    else:
        _keep_260(draft, indicators[:1], subfields)


def _keep_260(draft: Draft, order: str, subfields: Subfields) -> None:
    """260 as 264: the publisher, and who made the copies ($e, $f, $g, in brackets) as a manufacturer."""
    maker = [(_OF_MAKER[code], value.strip("() ")) for code, value in subfields if code in _OF_MAKER]
    stated = [pair for pair in subfields if pair[0] not in _OF_MAKER]
    if stated:
        draft.kept.append(("264", f"{order}1", stated))
    if maker:
        draft.kept.append(("264", " 3", maker))


def projected_field(draft: Draft, _tag: str, _: str, subfields: Subfields) -> None:
    """263: the projected date, yymm, yyyymm or yyyymmdd."""
    digits = re.sub(r"\D", "", first(subfields, "a"))
    if len(digits) == 4 and not digits.startswith(("19", "20")):
        digits = f"20{digits}"
    date = partial_date(digits[:4], digits[4:6], digits[6:8]) if len(digits) in (4, 6, 8) else None
    if date is None and digits:
        draft.report("date.impossible", "263$a", value=first(subfields, "a"))
    draft.projected = date


def settle_edition(draft: Draft) -> EditionStatement:
    """The statement, the number in it, and whether the text is abridged; empty where nothing is said."""
    text = ", ".join(draft.edition) or None
    said = [said for kind, said, _ in draft.notes if kind == "general"]
    abridged = _abridged("\n".join((text or "", draft.responsibility or "", *said)))
    return _edition(text, abridged)


@lru_cache(maxsize=2048)
def _edition(text: str | None, abridged: bool | None) -> EditionStatement:
    return EditionStatement(number=edition_number(text) if text else None, text=text, abridged=abridged)


def _abridged(text: str) -> bool | None:
    lower = text.lower()
    if not any(map(lower.__contains__, _ABRIDGED_STEMS)):
        return None
    return False if _UNABRIDGED.search(lower) else True if _ABRIDGED.search(lower) else None


def edition_number(text: str) -> int | None:
    """The number of an edition or printing: ``2. tark. painos``, ``andra upplagan``, ``3rd ed.``; None without one."""
    found = _NUMBER.search(text)
    if found:
        number = int(next(group for group in found.groups() if group))
        return number or None
    word = _ORDINAL.search(text)
    return int(_ORDINALS[word[1].lower()]) if word else None


def settle_publication(draft: Draft) -> Publication:
    """Publisher and place as published, country, and the dates told apart."""
    projected = draft.projected if draft.leader[17] in "85" else None
    found, impossible = _publication(draft.fixed[6:18], projected, tuple(draft.published))
    for digits in impossible:
        draft.report("date.impossible", "008/07", value=digits)
    return found


@lru_cache(maxsize=256)
def _publication(
    fixed: str, projected: str | None, published: tuple[tuple[str, tuple[str, ...]], ...]
) -> tuple[Publication, tuple[str, ...]]:
    """The publication by 008/06-17, the date of 263 and the fields of 260 and 264; and years that cannot be."""
    found: Values = {"country": _country(fixed[9:12])}
    dated = [row for row in published if row[0] != "4"]
    ranked = sorted((row for row in dated if row[0] not in _NOT_PUBLISHED), key=lambda row: _RANK.get(row[0], 5))
    for _, written in ranked:
        for code, key in (("a", "place"), ("b", "publisher")):
            if key not in found and (value := _said(written, code)):
                found[key] = value
    dated.sort(key=lambda row: _DATED.get(row[0], 5))
    said = next((date for _, written in dated if (date := _first(written, "c"))), "")
    marked = next((_first(written, "c") for rank, written in published if rank == "4"), "")
    impossible: list[str] = []
    dates = _dates(fixed, said, marked, impossible)
    if projected:
        dates["announced"] = projected
    return Publication(**found, dates=PublicationDates(**dates)), tuple(impossible)


def _first(written: tuple[str, ...], wanted: str) -> str:
    return next((value for code, value in zip(written[::2], written[1::2], strict=True) if code == wanted), "")


def _said(written: tuple[str, ...], wanted: str) -> str | None:
    for code, value in zip(written[::2], written[1::2], strict=True):
        if code == wanted and (text := _stated(value)):
            return text
    return None


def _stated(value: str) -> str | None:
    """A place or publisher without brackets; None where the text says that it is not known."""
    text = balance(trim_statement(unbracket(value)))
    return text if text and text.lower().rstrip(".") not in _PLACEHOLDERS else None


def _years_said(text: str) -> tuple[str | None, str | None]:
    """The first year of 260/264 $c that is not marked as copyright, and the one that is."""
    marked = _COPYRIGHT.search(text)
    years = years_in(text[: marked.start()] if marked else text)
    return (str(years[0]) if years else None), (marked[1] if marked else None)


def _country(code: str) -> str | None:
    plain = code.strip().lower().strip("|")
    return country(plain) if plain else None


def _dates(fixed: str, said: str, marked: str, impossible: list[str]) -> Values:
    kind, one, two = fixed[:1], fixed[1:5], fixed[5:9]
    year = _year(one, impossible)
    spoken, copyright_year = _years_said(said)
    if marked:
        copyright_year = next(filter(None, reversed(_years_said(marked))), copyright_year)
    dates: Values = {"copyright": copyright_year}
    if kind == "q":
        year = spoken or (year if one == two else None)
    dates["published"] = year or spoken or copyright_year
    if kind == "e" and year:
        dates["published"] = partial_date(one, two[:2], two[2:]) or year
    elif kind == "t":
        dates["copyright"] = _year(two, impossible) or dates["copyright"]
    elif kind == "r":
        dates["original"] = _year(two, impossible)
    return dates


def _year(digits: str, impossible: list[str]) -> str | None:
    if not (len(digits) == 4 and digits.isascii() and digits.isdigit()) or digits == "9999":
        return None
    if not 1400 <= int(digits) <= 2100:
        impossible.append(digits)
        return None
    return digits
