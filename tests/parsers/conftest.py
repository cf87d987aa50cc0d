"""Short ways to read a payload and to write an ISO 2709 record."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest

from catalogue.parsed import BadRecord, ParsedRecord
from parsers.detect import Format
from parsers.registry import parse

Read = Callable[..., list[ParsedRecord | BadRecord]]
Write = Callable[..., bytes]


@pytest.fixture(scope="session")
def read() -> Read:
    """All that a payload gives, the bad with the good."""

    def read_all(data: bytes | str, format: Format | None = None) -> list[ParsedRecord | BadRecord]:  # noqa: A002 - as in parse
        return list(parse(io.BytesIO(data if isinstance(data, bytes) else data.encode()), format))

    return read_all


@pytest.fixture(scope="session")
def write_2709() -> Write:
    """A correct ISO 2709 record of fields given as bytes, in the order given."""

    def write(*fields: tuple[str, bytes], leader: bytes = b"00000nam a2200000 i 4500") -> bytes:
        directory, data = b"", b""
        for tag, content in fields:
            directory += f"{tag}{len(content) + 1:04d}{len(data):05d}".encode()
            data += content + b"\x1e"
        base = 24 + len(directory) + 1
        whole = directory + b"\x1e" + data + b"\x1d"
        return f"{24 + len(whole):05d}".encode() + leader[5:12] + f"{base:05d}".encode() + leader[17:] + whole

    return write
