"""Libraries' records as MARC 21: ISO 2709 from Lintula, catalogued in Finnish; MARCXML from Viken, in Swedish."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from xml.sax.saxutils import escape

from demo.records import Record
from demo.words import TABLES, rows

_WORDS: dict[str, dict[str, Any]] = TABLES["library"]
_PUBLISHERS = {source: rows(table) for source, table in TABLES["publishers"].items()}
_TOPICS = {scheme: rows(table) for scheme, table in TABLES["topics"].items()}
_ONLINE = ("epub", "pdf", "mp3")
_SPOKEN = ("mp3", "daisy")
_FORMATS = {"epub": "EPUB", "pdf": "PDF", "mp3": "MP3", "daisy": "Daisy"}
_CARRIERS = {"online": ("c", "cr"), "daisy": ("s", "sd"), "print": ("n", "nc")}

Field = tuple[str, str]  # tag; data, or indicators with subfields, each after U+001F

XML_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n<collection xmlns="http://www.loc.gov/MARC21/slim">\n'
XML_TAIL = "</collection>\n"


def iso2709(record: Record, source_id: str) -> bytes:
    """The record in ISO 2709, UTF-8."""
    return in_iso2709(_leader(record), _level(record), _fields(record, source_id))


def marcxml(record: Record, source_id: str) -> bytes:
    """The record as a MARCXML element."""
    return in_marcxml(_leader(record), _level(record), _fields(record, source_id))


def in_iso2709(kind: str, level: str, fields: Iterator[Field]) -> bytes:
    """Fields in ISO 2709, UTF-8; `kind` is the leader from 05 to 11, `level` its 17."""
    directory, data, start = [], [], 0
    for tag, text in fields:
        field = text.encode() + b"\x1e"
        directory.append(f"{tag}{len(field):04d}{start:05d}")
        data.append(field)
        start += len(field)
    base = 25 + 12 * len(directory)
    leader = f"{base + start + 1:05d}{kind}{base:05d}{level}i 4500"
    return f"{leader}{''.join(directory)}\x1e".encode() + b"".join(data) + b"\x1d"


def in_marcxml(kind: str, level: str, fields: Iterator[Field]) -> bytes:
    """Fields as a MARCXML element."""
    lines = [f"<record><leader>00000{kind}00000{level}i 4500</leader>"]
    for tag, text in fields:
        if tag < "010":
            lines.append(f'<controlfield tag="{tag}">{text}</controlfield>')
            continue
        indicators, *subfields = escape(text).split("\x1f")
        lines.append(f'<datafield tag="{tag}" ind1="{indicators[0]}" ind2="{indicators[1]}">')
        lines += [f'<subfield code="{part[0]}">{part[1:]}</subfield>' for part in subfields]
        lines.append("</datafield>")
    lines.append("</record>\n")
    return "".join(lines).encode()


def _leader(record: Record) -> str:
    return f"c{'i' if record.form in _SPOKEN else 'a'}m a22"


def _level(record: Record) -> str:
    return "7" if record.thin else " "


def _fields(record: Record, source_id: str) -> Iterator[Field]:
    words = _WORDS[record.source]
    yield "001", source_id
    yield "005", "20260215083000.0"
    if record.form in _ONLINE:
        yield "007", "cr |||||||||||"
    elif record.form == "daisy":
        yield "007", "sd fsngnn||||||"
    yield "008", _fixed(record)
    yield from _numbers(record, words)
    yield from _heading(record, words)
    yield "245", f"10{_title(record, words)}"
    if record.thin:
        if record.year:
            yield "264", f" 1\x1fc{record.year}."
        return
    yield from _described(record, words)
    yield from _topics(record, words)
    yield from _linked(record, words)


def _fixed(record: Record) -> str:
    online = "o" if record.form in _ONLINE else " "
    date = f"s{record.year}" if record.year else "nuuuu"
    head = f"260215{date}    fi "
    language = record.edition.language
    return (
        f"{head}nnn  {online}      f    {language} c"
        if record.form in _SPOKEN
        else (f"{head}     {online}     000|1 {language} c")
    )


def _numbers(record: Record, words: dict[str, Any]) -> Iterator[Field]:
    for isbn, form in ((record.isbn, record.form), *record.other_isbns):
        if isbn:
            note = f"\x1fq{words['qualifiers'][form]}" if form and not record.thin else ""
            yield "020", f"  \x1fa{isbn[:3]}-{isbn[3:6]}-{isbn[6:9]}-{isbn[9:12]}-{isbn[12]}{note}"
    yield "040", f"  \x1fa{words['agency']}\x1fb{words['code']}\x1ferda"
    original = record.edition.original
    code = "d" if record.form in _SPOKEN else "a"
    told = f"\x1fh{original[1]}" if original else ""
    yield "041", f"{'1' if original else '0'} \x1f{code}{record.edition.language}{told}"


def _heading(record: Record, words: dict[str, Any]) -> Iterator[Field]:
    yield "100", f"1 {_name(record.author, 'aut', words)}"
    original = record.edition.original
    if original and record.told_original and record.source == "vikens" and not record.thin:
        yield "240", f"10\x1fa{original[0]}"


def _name(name: str, role: str, words: dict[str, Any]) -> str:
    return f"\x1fa{name}{'' if name.endswith('.') else ','}\x1fe{words['roles'][role]}."


def _title(record: Record, words: dict[str, Any]) -> str:
    edition = record.edition
    pieces = [("a", record.title)]
    if edition.volume_only and edition.series:
        pieces.append(("n", f"{'Osa' if record.source == 'lintula' else 'Del'} {edition.series[1]}"))
    if record.subtitle is not None and not record.thin:
        pieces.append(("b", TABLES["subtitles"][edition.language][record.subtitle]))
    if not record.thin:
        family, _, given = edition.author.partition(", ")
        translated = f" ; {words['credit']} {_direct(edition.translator)}" if edition.translator else ""
        pieces.append(("c", f"{given} {family}{translated}"))
    marks = {"n": ".", "b": " :", "c": " /"}
    ends = [*(marks[code] for code, _ in pieces[1:]), "."]
    return "".join(f"\x1f{code}{text}{end}" for (code, text), end in zip(pieces, ends, strict=True))


def _direct(name: str) -> str:
    family, _, given = name.partition(", ")
    return f"{given} {family}"


def _described(record: Record, words: dict[str, Any]) -> Iterator[Field]:
    edition, form = record.edition, record.form
    if edition.edition:
        yield "250", f"  \x1fa{words['edition'].format(n=edition.edition)}"
    if edition.abridged:
        yield "250", f"  \x1fa{words['abridged']}"
    year = f"\x1fc{record.year}." if record.year else ""
    yield "264", f" 1\x1fa{words['place']} :\x1fb{publisher_of(record)},{year}"
    if form in _SPOKEN:
        inside = words["duration"].format(hours=record.size // 60, minutes=record.size % 60)
    else:
        inside = words["pages"].format(n=record.size)
    carried = "online" if form in _ONLINE else form
    extent = inside if form == "print" else f"{words['extents'][carried]} ({inside})"
    media, carrier = words["carriers"][carried].split("|")
    content, content_code = ("spoken", "spw") if form in _SPOKEN else ("text", "txt")
    yield "300", f"  \x1fa{extent}"
    yield "336", f"  \x1fa{words['content'][content]}\x1fb{content_code}\x1f2rdacontent"
    yield "337", f"  \x1fa{media}\x1fb{_CARRIERS[carried][0]}\x1f2rdamedia"
    yield "338", f"  \x1fa{carrier}\x1fb{_CARRIERS[carried][1]}\x1f2rdacarrier"
    if form in _FORMATS:
        yield "347", f"  \x1fb{_FORMATS[form]}"


def publisher_of(record: Record) -> str:
    """The publisher as the record's library writes it."""
    edition = record.edition
    named = _PUBLISHERS[
        "aanitorni" if record.form in _SPOKEN else "skargard" if edition.language == "swe" else "kaarna"
    ]
    return named[edition.publisher % len(named)][1 if record.source == "lintula" else 2]


def _topics(record: Record, words: dict[str, Any]) -> Iterator[Field]:
    edition = record.edition
    if record.series:
        yield "490", f"1 \x1fa{record.series[0]} ;\x1fv{record.series[1]}"
    if edition.original and record.told_original and record.source == "lintula":
        yield "500", f"  \x1fa{words['original']}: {edition.original[0]}."
    if record.narrator:
        yield "511", f"0 \x1fa{words['read_by']}: {_direct(record.narrator)}."
    if record.summary:
        yield "520", f"  \x1fa{TABLES['texts'][edition.language].format(what=edition.title)}"
    column, code = (1, "fin") if words["code"] == "fin" else (2, "swe")
    subject, genre = _TOPICS["yso"][edition.topics[0]], _TOPICS["slm"][edition.topics[1]]
    yield "650", f" 7\x1fa{subject[column]}\x1f2yso/{code}\x1f0http://www.yso.fi/onto/yso/{subject[0]}"
    yield "655", f" 7\x1fa{genre[column]}\x1f2slm/{code}\x1f0http://urn.fi/URN:NBN:fi:au:slm:{genre[0]}"


def _linked(record: Record, words: dict[str, Any]) -> Iterator[Field]:
    edition = record.edition
    for who, role in ((edition.translator, "trl"), (record.narrator, "nrt")):
        if who:
            yield "700", f"1 {_name(who, role, words)}"
    if edition.original and record.told_original:
        yield "765", f"08\x1fi{words['translation_of']}:\x1ft{edition.original[0]}\x1fz{edition.original_isbn}"
    if record.series:
        yield "830", f" 0\x1fa{record.series[0]} ;\x1fv{record.series[1]}"
