"""Mutations that know the format: what a sender's program gets wrong, rather than what a wire does."""

from __future__ import annotations

import json
import random
import re
from typing import Any

_TAG = re.compile(rb"<(/?)([A-Za-z][\w:.-]*)([^<>]*)>")
_TEXT = re.compile(rb">([^<>]{1,200})<")
_CODED = ("utf-8", "utf-16", "iso-8859-1", "windows-1252", "us-ascii", "koi8-r", "latin9", "x-unknown")
_VALUES: tuple[Any, ...] = (
    None,
    True,
    0,
    -1,
    1e300,
    "",
    " ",
    "\ud800",
    "a" * 5000,
    [],
    {},
    [[]],
    [None],
    {"": ""},
    {"#": 1},
)


def iso2709(data: bytearray, dice: random.Random) -> None:
    """One record: its leader, its directory, its fields or its terminators."""
    ends = [m.end() for m in re.finditer(b"\x1d", data)]
    if not ends:
        return
    number = dice.randrange(len(ends))
    start = ends[number - 1] if number else 0
    record = data[start : ends[number]]
    base = record.find(b"\x1e")
    if base < 36:
        return
    dice.choice((_leader, _entry, _entries, _field, _terminator))(record, base, dice)
    data[start : ends[number]] = record


def _leader(record: bytearray, _: int, dice: random.Random) -> None:
    number = b"%05d" % dice.randrange(100_000)
    letters = {5: b"dn x", 6: b"iajz?", 9: b" a-#2"}
    letter = dice.choice(list(letters))
    lies = ((0, number), (12, number), (20, b"0000"), (10, b"00"), (letter, bytes([dice.choice(letters[letter])])))
    at, value = dice.choice(lies)
    record[at : at + len(value)] = value


def _entry(record: bytearray, base: int, dice: random.Random) -> None:
    """A tag, a length or an offset of the directory."""
    at = 24 + 12 * dice.randrange((base - 24) // 12)
    column, value = dice.choice(
        ((0, dice.choice((b"000", b"001", b"005", b"008", b"245", b"880", b"CAT", b"99A", b"   ", b"$$$"))),
         (3, b"%04d" % dice.choice((0, 1, 9999, dice.randrange(300)))), (7, b"%05d" % dice.randrange(99_999)))
    )  # fmt: skip
    record[at + column : at + column + len(value)] = value


def _entries(record: bytearray, base: int, dice: random.Random) -> None:
    """Two entries change places, one is doubled or one is gone."""
    count = (base - 24) // 12
    first, second = (24 + 12 * dice.randrange(count) for _ in range(2))
    kind = dice.randrange(3)
    one, other = record[first : first + 12], record[second : second + 12]
    if kind == 0:
        record[first : first + 12], record[second : second + 12] = other, one
    elif kind == 1:
        record[first:first] = other
    else:
        del record[first : first + 12]


def _field(record: bytearray, base: int, dice: random.Random) -> None:
    """A field changes its place, comes twice, goes, grows, or is in another encoding."""
    fields = bytes(record[base + 1 : -1]).split(b"\x1e")
    first, second = (dice.randrange(len(fields)) for _ in range(2))
    one, other = fields[first], fields[second]
    new: tuple[list[bytes], ...] = (
        [other],
        [one, other],
        [],
        [one * dice.choice((2, 50))],
        [one.decode("utf-8", "replace").encode(dice.choice(("latin-1", "cp850", "utf-16-le")), "replace")],
        [one.decode("latin-1").encode("utf-8")],  # UTF-8 twice
    )
    fields[first : first + 1] = dice.choice(new)
    record[base + 1 :] = b"\x1e".join(fields) + b"\x1d"


def _terminator(record: bytearray, base: int, dice: random.Random) -> None:
    kind = dice.randrange(4)
    if kind == 0:
        del record[base]
    elif kind == 1:
        del record[-1]
    elif kind == 2:
        record += b"\x1d"
    else:
        record[-1:] = b"\r\n\x1d"


def xml(data: bytearray, dice: random.Random) -> None:
    """One tag or one text of a document."""
    tags = list(_TAG.finditer(data))
    if not tags:
        return
    found = dice.choice(tags)
    change = dice.choice((_tag, _tag, _tag, _attribute, _piece, _text, _declaration))
    change(data, found, tags, dice)


Tag = re.Match[bytes]


def _tag(data: bytearray, found: Tag, tags: list[Tag], dice: random.Random) -> None:
    """A tag goes, comes twice, is another one, or has a prefix or other letters."""
    opening, name, rest = b"<" + found[1], found[2], found[3] + b">"
    new = (
        b"",
        found[0] * 2,
        dice.choice(tags)[0],
        opening + b"ns:" + name + rest,
        opening + name.lower() + rest,
        opening + name.upper() + rest,
    )
    data[found.start() : found.end()] = dice.choice(new)


_ATTRIBUTES = (
    b' tag=""', b" code='\xc3\xa4'", b' xmlns="x"', b' xmlns:a="&#0;"', b' ind1="12" ind1="3"', b" textformat='02'",
    b' datestamp="2026"', b" a=b",
)  # fmt: skip


def _attribute(data: bytearray, found: Tag, _: list[Tag], dice: random.Random) -> None:
    at = found.end() - 1
    data[at:at] = dice.choice(_ATTRIBUTES) * dice.choice((1, 1, 1, 300))


def _piece(data: bytearray, found: Tag, tags: list[Tag], dice: random.Random) -> None:
    """A run of tags and texts stands elsewhere too."""
    last = min(len(tags) - 1, tags.index(found) + dice.choice((1, 1, 3, 20)))
    piece = bytes(data[found.start() : tags[last].end()])
    to = dice.choice(tags).start()
    data[to:to] = piece * dice.choice((1, 1, 3))


def _text(data: bytearray, _: Tag, __: list[Tag], dice: random.Random) -> None:
    texts = list(_TEXT.finditer(data))
    if not texts:
        return
    found = dice.choice(texts)
    one = found[1]
    before = dice.choice((b"<!-- x -->", b"&lt;p&gt;", b"&#x110000;", b"&nosuch;", b"&eacute;", b"<?pi x?>", b"& "))
    new = (
        dice.choice(texts)[1],
        b"<![CDATA[" + one + b"]]>",
        b"<p>" + one + b"</p>",
        before + one,
        one * 200,
        b"",
        one.decode("latin-1").encode("utf-8"),
    )
    data[found.start(1) : found.end(1)] = dice.choice(new)


def _declaration(data: bytearray, _: Tag, __: list[Tag], dice: random.Random) -> None:
    declared = f'<?xml version="1.0" encoding="{dice.choice(_CODED)}"?>'.encode()
    ended = data.find(b"?>")
    data[0 : ended + 2 if ended >= 0 else 0] = declared


def json_tree(data: bytearray, dice: random.Random) -> None:
    """One value of one object: of another type, gone, doubled, or wrapped."""
    text = data.decode("utf-8", "replace")
    lines = text.split("\n")
    at = dice.randrange(len(lines))
    try:
        whole = json.loads(lines[at])
    except (ValueError, RecursionError):
        return
    holder = [whole]
    _edit(holder, dice)
    lines[at] = ",".join(json.dumps(each, ensure_ascii=dice.random() < 0.5) for each in holder)
    data[:] = "\n".join(lines).encode("utf-8", "replace")


def _edit(node: Any, dice: random.Random) -> None:
    """Go down at random, and change what is there."""
    keys: list[Any] = list(node) if isinstance(node, dict) else list(range(len(node)))
    if not keys:
        return
    key = dice.choice(keys)
    if isinstance(node[key], dict | list) and node[key] and dice.random() < 0.85:
        _edit(node[key], dice)
        return
    name = dice.choice(("tag", "subfields", "leader", "varFields", "metadata", "author", "deleted", "fields", "href"))
    value = node[key]
    if dice.random() < 0.3:
        del node[key]
        if isinstance(node, dict) and dice.random() < 0.5:
            node[name] = value
    else:
        node[key] = dice.choice((dice.choice(_VALUES), [value, value], {name: value}))


def lines(data: bytearray, dice: random.Random) -> None:
    """Lines that change places, come twice, are joined or lose their beginning."""
    parts = bytes(data).split(b"\n")
    first, second = (dice.randrange(len(parts)) for _ in range(2))
    kind = dice.randrange(5)
    if kind == 0:
        parts[first], parts[second] = parts[second], parts[first]
    elif kind == 1:
        parts.insert(first, parts[second])
    elif kind == 2:
        parts[first : first + 2] = [b"".join(parts[first : first + 2])]
    elif kind == 3:
        parts[first] = parts[first][dice.randrange(20) :]
    else:
        parts[first] = parts[second][:18] + parts[first][18:]
    data[:] = b"\n".join(parts)


def by_format(data: bytearray, dice: random.Random) -> None:
    """The change that fits what the bytes look like; any of them now and then."""
    if dice.random() < 0.05:
        dice.choice((iso2709, xml, json_tree, lines))(data, dice)
    elif b"\x1d" in data and b"\x1e" in data:
        iso2709(data, dice)
    elif data.lstrip(b"\xef\xbb\xbf \r\n").startswith((b"{", b"[")):
        json_tree(data, dice)
    elif b"<" in data[:200]:
        xml(data, dice)
    else:
        lines(data, dice)
