"""Titles: 130, 222, 240, 242, 245, 246, 247."""

from __future__ import annotations

import unicodedata

from catalogue.record import Title
from catalogue.vocabularies import language_names
from writers.marc.kept import copy_once, is_in_script, kept, says
from writers.marc.punctuation import marked, stop
from writers.marc.sheet import Sheet, in_language
from writers.marc.tables import table

_ARTICLES: dict[str, list[str]] = table("codes")["articles"]
_LINKS = {"former": ("247", "10"), "key": ("222", " 0"), "parallel": ("246", "31"), "alternative": ("246", "3 ")}


def write_titles(sheet: Sheet, *, has_creator: bool) -> None:
    """245 and the titles around it. `has_creator`: the record has a 1XX of a name."""
    linked = {r.title for r in sheet.description.relations if r.kind == "translation_of"}  # 765 names them
    continuing = sheet.description.level == "serial"
    originals = [t for t in sheet.description.titles if t.kind == "original" and not (continuing and t.text in linked)]
    if originals:
        _original(sheet, originals[0], has_creator)
    _title_statement(sheet, has_creator or bool(originals))
    main = sheet.description.title()
    for title in sheet.description.titles:
        is_other = title.kind == "main" and main is not None and title.text != main.text  # of another language
        if title.kind in _LINKS or is_other:
            _around(sheet, title.model_copy(update={"kind": "parallel"}) if is_other else title)
    for title in originals[1:]:
        if copy_once(sheet, "246", "abnp", title.text):
            continue
        sheet.add("246", "1 ", ("i", sheet.word("original", "label")), ("a", title.text))


def nonfiling(title: Title, *, examined: bool = False) -> int:
    """Letters to skip in sorting: as the source says, else those of an article of the title's language.

    `examined`: a library has catalogued it, so that 0 means none. At most 9, the code is one digit.
    """
    if title.nonfiling or examined or not title.language:
        return min(title.nonfiling, 9)
    lower = unicodedata.normalize("NFC", title.text).lower()
    for article in _ARTICLES.get(title.language, ()):
        if article.endswith(("'", "’")):
            if lower.startswith(article):
                return len(article)
        elif lower.startswith(f"{article} ") and len(lower) > len(article) + 1:
            return len(article) + 1
    return 0


def _original(sheet: Sheet, title: Title, has_creator: bool) -> None:
    """240 beside a creator, else 130; $l is the language of this text, named in the language of cataloguing."""
    if copy_once(sheet, "240" if has_creator else "130", "anp", title.text):
        return
    text = sheet.description.languages.text
    name = in_language(language_names(text[0]), sheet.language) if len(text) == 1 else None
    name = name[:1].upper() + name[1:] if name else None
    spoken = sheet.description.languages.original
    skipped = nonfiling(title if title.language or not spoken else title.model_copy(update={"language": spoken[0]}))
    body = stop(title.text) if name else title.text
    if has_creator:
        sheet.add("240", f"1{skipped}", ("a", body), ("l", name))
    else:
        sheet.add("130", f"{skipped} ", ("a", body if name else stop(title.text)), ("l", stop(name)))


def _title_statement(sheet: Sheet, traced: bool) -> None:
    description = sheet.description
    main = description.title()
    if main is None or _as_catalogued(sheet, main, traced):
        return
    subtitles = [t.text for t in description.titles if t.kind == "subtitle"]
    sub, said = " : ".join(subtitles) or None, description.responsibility
    number, part = description.part.number or main.number, description.part.title
    rows: list[tuple[str, str | None]] = [("a", main.text)]
    if number:
        rows = [("a", stop(main.text)), ("n", number)]
    if part:
        before, ended = rows[-1]
        rows[-1] = (before, f"{ended}," if number else stop(ended))
        rows.append(("p", part))
    rows[-1] = (rows[-1][0], marked(rows[-1][1], ":" if sub else "/", when=sub or said))
    rows += [("b", marked(sub, "/", when=said)), ("c", said)]
    kept = [(code, value) for code, value in rows if value]
    if not kept:
        return
    kept[-1] = (kept[-1][0], stop(kept[-1][1]) or "")
    skipped = nonfiling(main, examined=sheet.is_library_record)
    sheet.add("245", f"{int(traced)}{skipped}", *kept)


def _as_catalogued(sheet: Sheet, main: Title, traced: bool) -> bool:
    """245 as a library has it, where that says more than ours (a part's label, dates) and still the same title."""
    part = sheet.description.part
    for field in kept(sheet, "245"):
        if says(field, "ab", main.text) and says(field, "n", part.number) and says(field, "p", part.title):
            sheet.add("245", f"{int(traced)}{field.indicators[1:2]}", *field.subfields)
            return True
    return False


def _around(sheet: Sheet, title: Title) -> None:
    if title.kind in ("parallel", "alternative") and is_in_script(sheet, title.text):
        return
    if title.kind == "alternative" and title.language and title.language not in sheet.description.languages.text:
        sheet.add("242", f"1{nonfiling(title)}", ("a", stop(title.text)), ("y", title.language))
        return
    tag, indicators = _LINKS[title.kind]
    tags = (tag, "130") if title.kind == "key" else (tag,)  # a serial may have its key title in both
    copied = [copy_once(sheet, each, "abnp", title.text) for each in tags]
    if not any(copied):
        sheet.add(tag, indicators, ("a", title.text))
