"""Lines of text out of a payload in any encoding, in constant memory."""

from __future__ import annotations

from collections.abc import Iterator

from catalogue.defect import Defect
from parsers.encoding import Utf8Stream
from parsers.payload import MAX_RECORD_BYTES, Payload, Unreadable


def text_lines(payload: Payload) -> Iterator[tuple[int, str]]:
    """Numbered lines from 1, without their ends, empty ones left out. Raises Unreadable where one is too large."""
    stream = Utf8Stream(payload)
    number, waiting = 0, b""
    while chunk := stream.read():
        *whole, waiting = (waiting + chunk).split(b"\n")
        for line in whole:
            number += 1
            if line.strip():
                yield number, line.decode("utf-8").rstrip("\r")
        if len(waiting) > MAX_RECORD_BYTES:
            params = {"size": str(len(waiting)), "limit": str(MAX_RECORD_BYTES)}
            raise Unreadable(Defect("record.too_large", f"line {number + 1}", params), waiting)
    if waiting.strip():
        yield number + 1, waiting.decode("utf-8").rstrip("\r")
