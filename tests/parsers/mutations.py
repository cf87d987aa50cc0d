"""Mutated real feeds, read and mapped under a cap on memory and time: a program of its own, for the soak test.

``python mutations.py SEED COUNT FOLDER…`` mutates what it finds in the folders, COUNT times from SEED on, and prints a
line of JSON for each finding: ``{"seed", "name", "what", "data"}`` (the bytes in base64). The same seed gives the same
bytes. The exit code is 0 whatever was found; what kills it is a finding too, of the seed that stands in the file
named by the environment variable MUTATION_AT.
"""

from __future__ import annotations

import base64
import gzip
import io
import json
import os
import random
import resource
import signal
import socket
import sys
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path
from types import FrameType
from typing import Any, NoReturn

from structure import by_format

from catalogue.defect import definitions
from catalogue.parsed import BadRecord, ParsedRecord
from mappings.registry import map_record
from parsers.registry import parse

MEMORY_BYTES = 1536 * 2**20
LONGEST_S = 20
SAMPLE_BYTES = 24 * 1024
ENDINGS = {".mrc", ".marc", ".xml", ".json", ".dat", ".csv", ".onix", ".gz", ".txt", ".seq", ".mrk"}
TOKENS = (
    b"\x1d", b"\x1e", b"\x1f", b"\x1f\x1f", b"\x1b(N", b"\x1b$1", b"\xff\xfe", b"\xef\xbb\xbf", b"\xc3", b"\x80",
    b"<", b">", b"]]>", b"<![CDATA[", b"&#0;", b"&amp;amp;", b"&eacute;", b"<!DOCTYPE a [<!ENTITY b 'c'>]>", b"\0",
    b"</record>", b"</Product>", b"<Product>", b"<record>", b'"', b"\\ud800", b"\\u0000", b"[", b"{", b"}", b"]",
    b"null", b"-1", b"1e999", b"99999", b"00000", b"9999999999999999999", b"2024-13-45", b"$$", b" L ", b",", b"\r\n",
    b"^", "\u0660".encode(), "\u2028".encode(), "e\u0301\u0301".encode(), b"PT1H", b"true", b"NaN",
)  # fmt: skip


class TooSlow(BaseException):
    """A mutation took longer than any payload of its size may."""


def samples(folders: list[str]) -> list[tuple[str, bytes]]:
    """The beginnings of the feeds under some folders, in a fixed order."""
    found = []
    for folder in folders:
        for path in sorted(Path(folder).rglob("*")):
            if path.is_file() and path.suffix in ENDINGS and not path.name.startswith("metadata"):
                data = path.read_bytes()
                if data[:2] == b"\x1f\x8b":
                    data = gzip.decompress(data)
                found.append((f"{path.parent.name}/{path.name}", data[:SAMPLE_BYTES]))
    return found


def dialects(name: str, data: bytes) -> Iterator[tuple[str, bytes]]:
    """MARC in the other envelopes that it comes in."""
    records = [r for r in parse(io.BytesIO(data)) if isinstance(r, ParsedRecord) and r.dialect == "marc21"][:4]
    if records:
        contents = [r.content for r in records]
        yield f"{name}:melinda", json.dumps([_melinda(*content) for content in contents]).encode()
        yield f"{name}:pymarc", "\n".join(json.dumps(_pymarc(*content)) for content in contents).encode()
        yield f"{name}:aleph", "".join(_aleph(n, *content) for n, content in enumerate(contents)).encode()


def _melinda(leader: str, fields: list[Any]) -> Any:
    return {
        "leader": leader,
        "fields": [
            {"tag": f[0], "value": f[1]}
            if len(f) == 2
            else {
                "tag": f[0],
                "ind1": f[1][:1],
                "ind2": f[1][1:],
                "subfields": [{"code": c, "value": v} for c, v in f[2]],
            }
            for f in fields
        ],
    }


def _pymarc(leader: str, fields: list[Any]) -> Any:
    return {
        "leader": leader,
        "fields": [
            {f[0]: f[1]}
            if len(f) == 2
            else {f[0]: {"ind1": f[1][:1], "ind2": f[1][1:], "subfields": [{c: v} for c, v in f[2]]}}
            for f in fields
        ],
    }


def _aleph(number: int, leader: str, fields: list[Any]) -> str:
    lines = [f"{number:09d} LDR   L {leader}"]
    for f in fields:
        text = f[1] if len(f) == 2 else "".join(f"$${code}{value}" for code, value in f[2])
        lines.append(f"{number:09d} {f[0][:3]:3}{f[1] if len(f) == 3 else '  ':2} L {text}")
    return "\n".join(lines) + "\n"


def mutated(data: bytes, others: list[tuple[str, bytes]], dice: random.Random) -> bytes:
    """The bytes after one to six changes."""
    changed = bytearray(data)
    for _ in range(dice.randint(1, 6)):
        dice.choice(_CHANGES)(changed, others, dice)
    whole = bytes(changed[: 4 * SAMPLE_BYTES])
    if dice.random() < 0.1:
        return _recoded(whole, dice)
    return whole


def _flip(data: bytearray, _: Any, dice: random.Random) -> None:
    for _ in range(dice.randint(1, 8)):
        if data:
            data[dice.randrange(len(data))] = dice.randrange(256)


def _cut(data: bytearray, _: Any, dice: random.Random) -> None:
    at = dice.randrange(len(data) + 1)
    del data[at : at + dice.choice((1, 2, 5, 12, 100, 1000, 10**6))]


def _token(data: bytearray, _: Any, dice: random.Random) -> None:
    at = dice.randrange(len(data) + 1)
    data[at : at + dice.choice((0, 0, 1, 5))] = dice.choice(TOKENS) * dice.choice((1, 1, 1, 3, 2000))


def _repeat(data: bytearray, _: Any, dice: random.Random) -> None:
    at = dice.randrange(len(data) + 1)
    data[at:at] = data[at : at + dice.choice((1, 12, 80, 700))] * dice.choice((1, 2, 30))


def _move(data: bytearray, _: Any, dice: random.Random) -> None:
    at, length = dice.randrange(len(data) + 1), dice.choice((1, 12, 80, 700))
    piece = data[at : at + length]
    del data[at : at + length]
    to = dice.randrange(len(data) + 1)
    data[to:to] = piece


def _splice(data: bytearray, others: list[tuple[str, bytes]], dice: random.Random) -> None:
    other = dice.choice(others)[1]
    start = dice.randrange(len(other) + 1)
    at = dice.randrange(len(data) + 1)
    data[at : at + dice.choice((0, 50, 2000))] = other[start : start + dice.choice((5, 50, 2000))]


def _structure(data: bytearray, _: Any, dice: random.Random) -> None:
    for _ in range(dice.randint(1, 4)):
        by_format(data, dice)


def _join(data: bytearray, others: list[tuple[str, bytes]], dice: random.Random) -> None:
    """Two feeds in one file, of two formats as often as not."""
    other = dice.choice(others)[1]
    data[:] = other + data if dice.random() < 0.5 else data + other


_CHANGES: tuple[Callable[[bytearray, Any, random.Random], None], ...] = (
    _flip, _cut, _token, _repeat, _move, _splice, _structure, _structure, _structure, _structure, _join,
)  # fmt: skip


def _recoded(data: bytes, dice: random.Random) -> bytes:
    """In another encoding or compressed, and then damaged once more."""
    text = data.decode("utf-8", "replace")
    coding = dice.choice(("utf-16", "utf-16-be", "latin-1", "cp850", "gzip"))
    packed = bytearray(gzip.compress(data, 1) if coding == "gzip" else text.encode(coding, "replace"))
    if dice.random() < 0.5:
        _flip(packed, None, dice)
    return bytes(packed)


def examine(data: bytes) -> None:
    """Read and map, and assert what every caller relies on."""
    result = parse(io.BytesIO(data))
    for number, record in enumerate(result, 1):
        assert record.index == number
        if isinstance(record, BadRecord):
            assert record.defect.code in definitions()
            assert len(record.excerpt) <= 64 * 1024
            continue
        json.dumps(record.content, ensure_ascii=False).encode("utf-8")
        found = map_record(record, "koe", f"f{number}")
        assert all(d.code in definitions() for d in (*record.defects, *found.defects))
        assert found.record is not None or any(d.severity == "error" for d in found.defects)
        if found.record is not None:
            found.record.model_dump_json()


def main() -> None:
    first, count, folders = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3:]
    _confine()
    known = samples(folders)
    known += [more for name, data in known for more in dialects(name, data)]
    at = Path(os.environ["MUTATION_AT"]) if "MUTATION_AT" in os.environ else None
    for seed in range(first, first + count):
        dice = random.Random(seed)
        name, data = dice.choice(known)
        whole = mutated(data, known, dice)
        if at:
            at.write_text(str(seed))
        if what := _fault(whole):
            line = {"seed": seed, "name": name, "what": what, "data": base64.b64encode(whole).decode()}
            sys.stdout.write(json.dumps(line) + "\n")
    sys.stdout.write(json.dumps({"samples": len(known), "peak_kb": peak_kb()}))


def peak_kb() -> int:
    """The most memory this program had. Not ``ru_maxrss``: that begins with what the process was before its start."""
    status = Path("/proc/self/status").read_text("ascii")
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM:"))


def _fault(data: bytes) -> str:
    signal.alarm(LONGEST_S)
    try:
        examine(data)
    except (Exception, TooSlow):  # noqa: BLE001 - whatever is raised is what is looked for
        return traceback.format_exc()[-1500:]
    finally:
        signal.alarm(0)
    return ""


def _confine() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    signal.signal(signal.SIGALRM, _too_slow)
    socket.socket.connect = _no_network  # type: ignore[method-assign] # nothing may be reached from here


def _too_slow(_number: int, _frame: FrameType | None) -> NoReturn:
    raise TooSlow(f"longer than {LONGEST_S} s")


def _no_network(*_: Any) -> NoReturn:
    raise AssertionError("a parser tried to reach the network")


if __name__ == "__main__":
    main()
