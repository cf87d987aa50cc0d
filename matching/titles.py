"""A record's titles taken apart: main title, subtitle, volume number, series it sits in, numbers it names.

Sources put the same facts in different places: ``Harry Potter 3 : Azkabanin vanki``, a part title with a number,
or a title with a series. All become the same main title, volume and series here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from catalogue.dates import years_in
from catalogue.folding import fold
from catalogue.record import CatalogueRecord, TitleKind
from matching.words import number_of, numbers_in, words

_SEGMENTS = re.compile(r"\s+[:;=]\s*|:\s+|\s+[-–—]\s+|\s+/\s*|\s*/$")
_PARENTHESES = re.compile(r"[(\[]([^()\[\]]*)[)\]]")
_RANGE = re.compile(r"\b\d{1,2}\s*[-–]\s*\d{1,2}[\s/.]*$")
_NUMBERS_RANGE = re.compile(r"\d\s*[-–/]\s*\d")
_YEAR = re.compile(r"(?:1[5-9]|20)\d\d")
_LARGEST_BARE_VOLUME = 99


@dataclass(slots=True)
class TitleReading:
    """What the titles of one record say. Texts are folded; `volume` is "" where unknown."""

    main: str = ""
    subtitle: str = ""
    full: str = ""
    volume: str = ""
    is_set: bool = False
    abridged: bool = False
    series: list[tuple[str, str]] = field(default_factory=list)
    other: tuple[str, ...] = ()
    original: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()


def read_titles(record: CatalogueRecord) -> TitleReading:
    """The reading of a record's titles, series and part."""
    reading = TitleReading()
    reading.volume, reading.is_set = volume_of(record.part.number or "")
    reading.series = [s for s in map(_series, _series_texts(record)) if s[0]]
    segments = _main_segments(record, reading)
    _take_year(reading, segments)
    head = segments[0] if segments else []
    rest = [word for segment in segments[1:] for word in segment if word in words().months or _is_dating(segment)]
    reading.numbers = numbers_in(head + rest)
    reading.full = " ".join(word for segment in segments for word in segment)
    _place_parts(record, reading, segments)
    main_words = reading.main.split()
    if len(main_words) > 1 and main_words[0] in words().articles:
        reading.main = " ".join(main_words[1:])
    reading.other = _others(record, ("parallel", "alternative", "key", "former"))
    reading.original = _others(record, ("original",))
    return reading


def volume_of(text: str) -> tuple[str, bool]:
    """The volume number in a designation and whether it is a range of volumes: ``("Osa II") → ("2", False)``.

    A month counts as one: ``("Maj 2021") → ("month 5.2021", False)``.
    """
    if not text:
        return "", False
    if _RANGE.search(text):
        return "", True
    said = [t for t in fold(text).split() if t not in words().volume]
    tokens = [t for t in said if t not in words().volume_letters] or said
    if len(tokens) > 1 and tokens[0] in words().leading_letters:
        tokens = tokens[1:]
    numbers = list(filter(None, map(_numbered, tokens)))
    return ".".join(numbers) or (tokens[0] if len(tokens) == 1 else ""), False


def _numbered(token: str) -> str:
    """What a word of a designation numbers: its value, a month, a single letter; else nothing."""
    if token in words().months:
        return f"month {words().months[token]}"
    number = number_of(token, last=True, after_volume_word=True)
    return str(number) if number is not None else token if len(token) == 1 else ""


def _take_year(reading: TitleReading, segments: list[list[str]]) -> None:
    """A year that numbers a part goes to the title, where other sources have it: ``Skattelagar. 2020``."""
    if segments and _YEAR.fullmatch(reading.volume):
        if reading.volume not in segments[0]:
            segments[0].append(reading.volume)
        reading.volume = ""


def _is_dating(segment: list[str]) -> bool:
    """Whether a piece of a title is nothing but a year, or a month and a year."""
    return all(word in words().months or _YEAR.fullmatch(word) for word in segment)


def _series_texts(record: CatalogueRecord) -> list[tuple[str, str]]:
    listed = [(s.title, s.number or "") for s in record.series]
    return listed + [(t.text, t.number or "") for t in record.titles if t.kind == "series"]


def _series(entry: tuple[str, str]) -> tuple[str, str]:
    title, number = entry
    tokens, inside = _without_volume(fold(title).split())
    volume = volume_of(number)[0] or inside
    listed = "," in number or "&" in number or bool(_NUMBERS_RANGE.search(number))
    names_none = listed or bool(years_in(volume))
    return _without_article(tokens), "" if names_none else volume


def _main_segments(record: CatalogueRecord, reading: TitleReading) -> list[list[str]]:
    """Folded words of the main title and subtitles, volume designations taken out of them."""
    main = record.title("main")
    texts = [main.text] if main else []
    texts += [t.text for t in record.titles if t.kind == "subtitle"]
    if main and main.number and not reading.volume:
        reading.volume, ranged = volume_of(main.number)
        reading.is_set |= ranged
    segments: list[list[str]] = []
    for text in texts:
        single = _RANGE.sub("", text)
        reading.is_set |= single != text
        plain = _PARENTHESES.sub(lambda found: _said_beside(found[1], reading), single)
        for piece in _SEGMENTS.split(plain):
            tokens, volume = _designation(fold(piece).split(), first=not segments)
            reading.volume = reading.volume or ("" if reading.is_set else volume)
            if tokens and " ".join(tokens) not in words().qualifiers:
                segments.append(tokens)
    _note_set_and_abridgement(reading, texts)
    return segments


def _said_beside(text: str, reading: TitleReading) -> str:
    """What parentheses hold: a form, an abridgement, a series with a number; else it stays in the title."""
    folded = fold(text)
    if folded in words().qualifiers:
        return ""
    if words().abridged.intersection(folded.split()):
        reading.abridged = True
        return ""
    name, number = _without_volume(folded.split())
    if number:
        reading.series.append((_without_article(name), number))
        return ""
    return f" {text} "


def _note_set_and_abridgement(reading: TitleReading, texts: list[str]) -> None:
    said = f" {fold(' '.join(texts))} "
    reading.is_set |= any(f" {word} " in said for word in words().set_words)
    reading.abridged |= bool(words().abridged.intersection(said.split()))


def _designation(tokens: list[str], *, first: bool) -> tuple[list[str], str]:
    """Words without the volume designation at either end. A first segment keeps at least one word."""
    if len(tokens) > 1 and tokens[0] in words().volume:
        number = number_of(tokens[1], last=True, after_volume_word=True)
        if number is not None and (len(tokens) > 2 or not first):
            return tokens[2:], str(number)
    if not first and len(tokens) == 1 and tokens[0].isdecimal() and len(tokens[0]) < 4:
        return [], str(int(tokens[0]))
    if not first and len(tokens) == 2 and tokens[1] in words().volume and (number := number_of(tokens[0])) is not None:
        return [], str(number)
    return _without_volume(tokens)


def _without_volume(tokens: list[str]) -> tuple[list[str], str]:
    """``sota ja rauha osa 2`` → ``sota ja rauha``, ``2``; also ``toinen osa`` and a bare small figure at the end."""
    if len(tokens) < 2:
        return tokens, ""
    before, last = tokens[-2], tokens[-1]
    if before in words().volume and (number := number_of(last, last=True, after_volume_word=True)) is not None:
        return (tokens[:-2], str(number)) if len(tokens) > 2 else (tokens, "")
    if last in words().volume and len(tokens) > 2 and (number := number_of(before)) is not None:
        return tokens[:-2], str(number)
    is_first = last == "i" and before not in words().light  # "Tuulimetsä I", not "The King and I"
    bare = None if last in words().numbers else number_of(last, last=True, after_volume_word=is_first)
    return (tokens[:-1], str(bare)) if bare is not None and bare <= _LARGEST_BARE_VOLUME else (tokens, "")


def _place_parts(record: CatalogueRecord, reading: TitleReading, segments: list[list[str]]) -> None:
    """Main title and subtitle, with a series name that stands as title moved to the series."""
    texts = [" ".join(s) for s in segments]
    part = _part_title(record, reading)
    main = texts[0] if texts else part
    rest = texts[1:]
    listed = {name for name, _ in reading.series}
    if part and part != main:
        reading.full = f"{reading.full} {part}".strip()
        reading.series.append((_without_article(main.split()), reading.volume))
        main, rest = part, [*rest, main]
    elif rest and (_without_article(main.split()) in listed or _volume_in_head(record)):
        reading.series.append((_without_article(main.split()), reading.volume))
        main, rest = rest[0], [*rest[1:], main]
    reading.main, reading.subtitle = main, " ".join(rest)
    if not reading.volume and not reading.is_set:  # a book that is called as its series, and numbered in it
        of_series = _without_article(main.split())
        reading.volume = next((number for name, number in reading.series if name == of_series and number), "")


def _part_title(record: CatalogueRecord, reading: TitleReading) -> str:
    """The title of the part; a volume designation in it goes to the reading."""
    named = record.part.title or next((t.text for t in record.titles if t.kind == "part"), "")
    tokens, volume = _designation(fold(named).split(), first=False)
    reading.volume = reading.volume or volume
    return " ".join(tokens)


def _volume_in_head(record: CatalogueRecord) -> bool:
    """Whether the first piece of the main title ends in a volume number: then it names the series."""
    main = record.title("main")
    pieces = _SEGMENTS.split(main.text) if main else []
    return bool(pieces) and bool(_without_volume(fold(pieces[0]).split())[1])


def _without_article(tokens: list[str]) -> str:
    return " ".join(tokens[1:] if len(tokens) > 1 and tokens[0] in words().articles else tokens)


def _others(record: CatalogueRecord, kinds: tuple[TitleKind, ...]) -> tuple[str, ...]:
    """Folded main parts of the other titles of these kinds, sorted."""
    found = set()
    for title in record.titles:
        if title.kind in kinds:
            head = next((p for p in _SEGMENTS.split(title.text) if p.strip()), "")
            found.add(_without_article(_without_volume(fold(head).split())[0]))
    return tuple(sorted(found - {""}))
