"""Damage stays where it is: the good records before and after it are read as if nothing had happened."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from catalogue.parsed import BadRecord, ParsedRecord
from parsers.registry import parse
from writers.encoding import to_iso2709, to_marcjson, to_marcxml

Damage = Callable[[bytes], bytes]


def iso(content: Any) -> bytes:
    written = to_iso2709(content)
    assert written is not None
    return written


def element(content: Any) -> bytes:
    return to_marcxml(content)


def line(content: Any) -> bytes:
    return json.dumps(to_marcjson(content), ensure_ascii=False).encode()


def pymarc_line(content: Any) -> bytes:
    fields = [
        {f[0]: f[1]}
        if len(f) == 2
        else {f[0]: {"ind1": f[1][0], "ind2": f[1][1], "subfields": [{c: v} for c, v in f[2]]}}
        for f in content[1]
    ]
    return json.dumps({"leader": content[0], "fields": fields}, ensure_ascii=False).encode()


def sierra_line(content: Any) -> bytes:
    fields = [{"fieldTag": "_", "content": content[0]}]
    fields += [
        {"marcTag": f[0], "content": f[1]}
        if len(f) == 2
        else {
            "marcTag": f[0],
            "ind1": f[1][0],
            "ind2": f[1][1],
            "subfields": [{"tag": c, "content": v} for c, v in f[2]],
        }
        for f in content[1]
    ]
    return json.dumps({"id": "9", "varFields": fields}, ensure_ascii=False).encode()


def aleph(content: Any) -> bytes:
    own = content[1][0][1].zfill(9)
    lines = [f"{own} LDR   L {content[0].replace(' ', '^')}"]
    for f in content[1]:
        text = f[1].replace(" ", "^") if len(f) == 2 else "".join(f"$${c}{v}" for c, v in f[2])
        lines.append(f"{own} {f[0]}{f[1] if len(f) == 3 else '  '} L {text}")
    return "\n".join(lines).encode()


def mrk(content: Any) -> bytes:
    lines = [f"=LDR  {content[0]}"]
    for f in content[1]:
        text = f[1].replace(" ", "\\") + (
            "".join(f"${c}{v.replace('$', '{dollar}')}" for c, v in f[2]) if f[2:] else ""
        )
        lines.append(f"={f[0]}  {text}")
    return "\n".join(lines).encode() + b"\n"


def swapped(old: bytes, new: bytes) -> Damage:
    """The first of some bytes replaced; a damage that finds nothing to damage is a fault of the test."""

    def damage(data: bytes) -> bytes:
        assert old in data
        return data.replace(old, new, 1)

    return damage


def at(place: int, new: bytes) -> Damage:
    return lambda data: data[:place] + new + data[place + len(new) :]


def half(data: bytes) -> bytes:
    return data[: len(data) // 2]


ENVELOPES: dict[str, tuple[Callable[[Any], bytes], bytes, bytes, bytes]] = {
    "iso2709": (iso, b"", b"", b""),
    "marcxml": (element, b"<collection>", b"\n", b"</collection>"),
    "marcxml with namespace": (
        element,
        b'<collection xmlns="http://www.loc.gov/MARC21/slim">',
        b"\n",
        b"</collection>",
    ),
    "json lines": (line, b"", b"\n", b"\n"),
    "json lines of pymarc": (pymarc_line, b"", b"\n", b"\n"),
    "json lines of sierra": (sierra_line, b"", b"\n", b"\n"),
    "json array": (line, b"[\n", b",\n", b"\n]"),
    "alephseq": (aleph, b"", b"\n", b"\n"),
    "mrk": (mrk, b"", b"\n", b"\n"),
}
FOREIGN = "Törmä – åäö".encode("cp1252")
KINDS: dict[str, dict[str, Damage]] = {
    "iso2709": {
        "a wrong length": at(0, b"00312"),
        "a length that is no number": at(0, b"ab de"),
        "a wrong base address": at(12, b"00030"),
        "a wrong directory": at(27, b"99999999999999999999"),
        "a directory with an entry too few": lambda data: data[:24] + data[36:],
        "a broken leader": at(2, b"\x01\x02\x00"),
        "cut in the middle": lambda data: half(data) + b"\x1d",
        "cut in the directory": lambda data: data[:40] + b"\x1d",
        "cut in the middle, its end mark with it": half,
        "cut in the directory, its end mark with it": lambda data: data[:40],
        "a field without its end": swapped(b"\x1e", b" "),
        "line breaks around it": lambda data: b"\r\n" + data + b"\r\n\r\n",
        "no end mark": lambda data: data[:-1],
        "an end mark too many": lambda data: data + b"\x1d\x1d",
        "bytes of another encoding": lambda data: data[:-60] + FOREIGN + data[-60 + len(FOREIGN) :],
        "larger than a record may be": lambda data: data[:-1] + b"x" * 9_000_000 + b"\x1d",
        "control characters": lambda data: data[:-40] + b"\x00\x01\x1b\x07" + data[-36:],
    },
    "marcxml": {
        "no fields": lambda _: b"<record/>",
        "another thing inside": lambda _: b"<record><mods><title>x</title></mods></record>",
        "a field without a tag": swapped(b' tag="245"', b""),
        "a subfield without a code": swapped(b' code="a"', b""),
        "no leader": lambda data: data[: data.index(b"<leader>")] + data[data.index(b"</leader>") + 9 :],
        "a short leader": swapped(b" 4500</leader>", b"</leader>"),
        "an indicator of two characters": swapped(b'ind1="', b'ind1="12'),
        "a field inside a field": swapped(b"<subfield", b'<datafield tag="500"/><subfield'),
        "an unknown element": swapped(b"<datafield", b"<x:y xmlns:x='z'/><datafield"),
        "bytes of another encoding": swapped(b"</subfield>", FOREIGN + b"</subfield>"),
        "the same record twice": lambda data: data + data,
    },
    "json": {
        "cut in the middle": half,
        "no JSON at all": lambda _: b"<html>503</html>",
        "another object": lambda _: b'{"error": "not found"}',
        "fields that are no list": swapped(b'ields": [', b'ields": 7, "x": ['),
        "a field that is no object": swapped(b'ields": [', b'ields": ["x", '),
        "a comma too many": swapped(b'"leader": ', b',"leader": '),
        "a bracket too few": lambda data: data.rstrip(b"}"),
        "bytes of another encoding": swapped(b'"leader": ', b'"note": "' + FOREIGN + b'", "leader": '),
        "null": lambda _: b"null",
    },
    "alephseq": {
        "a line that is none": lambda data: data + b"\noops",
        "a line cut short": lambda data: data[:-30],
        "no leader": lambda data: data.partition(b"\n")[2],
        "a short leader": swapped(b"^a2", b"^"),
        "only a leader": lambda data: data.partition(b"\n")[0],
        "an empty line inside": swapped(b"\n", b"\n\n"),
        "bytes of another encoding": lambda data: data + FOREIGN,
        "text without subfields": swapped(b"$$a", b" "),
    },
}
KINDS["mrk"] = {
    "a line that is none": lambda data: data.replace(b"\n", b"\n=oops\n", 1),
    "a short leader": swapped(b" a22", b" "),
    "only a leader": lambda data: data.partition(b"\n")[0] + b"\n",
    "an empty line inside": swapped(b"\n", b"\n\n"),
    "bytes of another encoding": lambda data: data.rstrip() + FOREIGN + b"\n",
    "text without subfields": swapped(b"$a", b" "),
}
KINDS["marcxml with namespace"] = KINDS["marcxml"]
KINDS["json lines"] = KINDS["json"]
KINDS["json lines of pymarc"] = KINDS["json"]
KINDS["json lines of sierra"] = {k: v for k, v in KINDS["json"].items() if not k.startswith(("a comma", "bytes"))}
KINDS["json array"] = KINDS["json"]
CASES = [(envelope, kind) for envelope, kinds in KINDS.items() if envelope in ENVELOPES for kind in kinds]


@pytest.fixture(scope="module")
def contents(fixtures: Path) -> list[Any]:
    """Three real records of the national bibliography."""
    with (fixtures / "demo/feeds/fennica/fennica.mrc").open("rb") as stream:
        found = [r.content for r in parse(stream) if isinstance(r, ParsedRecord)][:3]
    return [[content[0], sorted(content[1], key=lambda f: f[0] != "001")] for content in found]


def read(data: bytes) -> list[ParsedRecord | BadRecord]:
    import io

    return list(parse(io.BytesIO(data)))


@pytest.mark.parametrize(("envelope", "kind"), CASES)
def test_the_good_records_around_damage_survive(contents: list[Any], envelope: str, kind: str) -> None:
    write, start, between, end = ENVELOPES[envelope]
    before, middle, after = (write(content) for content in contents)
    whole = read(start + between.join((before, middle, after)) + end)
    sound = [r.content for r in whole if isinstance(r, ParsedRecord)]
    assert len(sound) == 3
    found = read(start + between.join((before, KINDS[envelope][kind](middle), after)) + end)
    records = [r.content for r in found if isinstance(r, ParsedRecord)]
    assert records[0] == sound[0]
    assert records[-1] == sound[2]
    told = found[1:-1]
    assert told, "nothing was said of the damaged record"
