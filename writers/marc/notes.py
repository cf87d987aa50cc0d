"""Notes and descriptions (5XX), links (856), and what was done to make the record (884)."""

from __future__ import annotations

import html
import re

from catalogue.record import Link, Text
from writers.marc.kept import copy, copy_once, is_written, kept
from writers.marc.punctuation import stop
from writers.marc.sheet import Sheet
from writers.marc.tables import table

_CODES = table("codes")
_MARKUP = re.compile(
    r"</?(?:p|br|em|strong|b|i|u|ul|ol|li|dl|dt|dd|div|span|a|h\d|sub|sup|blockquote|cite)\b[^>]*>", re.I
)
_BREAK = re.compile(r"</?(?:p|br|ul|ol|li|dl|dt|dd|div|h\d|blockquote)\b[^>]*>", re.I)
_IN_THREE_LANGUAGES = frozenset(("contributor",))  # notes of our own making: one of them is in the record's language
_WORDS = "abcdefghijklmnopqrstvyz3"  # subfields of 5XX that are read as one text
_SUMMARY = "ab"
_NOTE_TAGS = frozenset(tag for tag, _ in _CODES["notes"].values() if tag.startswith("5"))
PROCESS = "Lyhde"


def plain_text(text: str) -> str:
    """A text without markup, its paragraphs joined by spaces: a MARC field is one line."""
    if _MARKUP.search(text):
        text = html.unescape(_MARKUP.sub("", _BREAK.sub(" ", text)))
    return " ".join(text.split())


def write_notes(sheet: Sheet) -> None:
    """5XX of notes and 520 of descriptions; a kind without a field of its own is a general note."""
    texts = sheet.description.texts
    for text in texts.notes:
        if text.kind in _IN_THREE_LANGUAGES and text.language not in (None, sheet.language_code):
            continue
        tag, first = _CODES["notes"].get(text.kind, ("500", " "))
        if tag == "511" and sheet.description.medium == "video":
            first = "1"
        if not any(copy_once(sheet, each, _SUMMARY if each == "520" else _WORDS, text.text) for each in _fields(tag)):
            sheet.add(tag, f"{first} ", ("a", stop(plain_text(text.text))))
    for text in _distinct(texts.descriptions):
        if not copy_once(sheet, "520", _SUMMARY, text.text):
            sheet.add("520", f"{_CODES['summaries'].get(text.kind, ' ')} ", ("a", stop(plain_text(text.text))))
    _addresses(sheet)
    _abridged(sheet)
    if "streaming" in sheet.description.formats:
        sheet.add("538", "  ", ("a", sheet.word("access", "streaming")))


def _fields(tag: str) -> tuple[str, ...]:
    """The fields in which a library may have a note that goes to this one."""
    return ("255", "507") if tag == "507" else (tag,)


def _addresses(sheet: Sheet) -> None:
    """5XX that hold an address or a code and no words: they are no note of ours."""
    for field in sheet.description.cataloguing.fields:
        if field.tag in _NOTE_TAGS and not any(code in _WORDS for code, _ in field.subfields) and field.subfields:
            copy(sheet, field)


def _distinct(found: tuple[Text, ...]) -> list[Text]:
    kept: dict[str, Text] = {}
    for text in found:
        kept.setdefault(plain_text(text.text), text)
    return list(kept.values())


def _abridged(sheet: Sheet) -> None:
    """500, where no statement says in words whether the text is abridged."""
    said = sheet.description.edition_statement
    places = [said.text or "", sheet.description.responsibility or ""]
    places += [note.text for note in sheet.description.texts.notes]
    stems = ("lyhen", "kort", "abridged", "sammandrag")
    if said.abridged is None or any(stem in " ".join(places).lower() for stem in stems):
        return
    sheet.add("500", "  ", ("a", sheet.word("abridged", "yes" if said.abridged else "no")))


def write_links(sheet: Sheet) -> None:
    """856: the publication itself (second indicator 0), and what belongs to it (2) with a word in $3."""
    for link in sheet.description.texts.links:
        if _link_as_catalogued(sheet, link):
            continue
        second = "0" if link.kind == "content" else "2"
        about = sheet.word("link", link.kind) if link.kind in ("cover", "sample") else None
        sheet.add("856", f"{_access(link)}{second}", ("3", about), ("u", "".join(link.url.split())))


def _link_as_catalogued(sheet: Sheet, link: Link) -> bool:
    """856 with a library's words about the address."""
    bare = link.url.removeprefix("http://")
    for field in kept(sheet, "856"):
        if any(code == "u" and value.strip() in (link.url, bare) for code, value in field.subfields):
            if not is_written(sheet, field):
                copy(sheet, field)
            return True
    return False


def _access(link: Link) -> str:
    if link.url.lower().startswith("http"):
        return "4"
    return "1" if link.url.lower().startswith("ftp") else " "


def write_conversion(sheet: Sheet) -> None:
    """884: one field for each record the description was made of."""
    day = sheet.control.day.replace("-", "")
    for source in sheet.control.sources:
        sheet.add("884", "  ", ("a", PROCESS), ("g", day), ("k", source))
