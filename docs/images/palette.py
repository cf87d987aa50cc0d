"""A screenshot as a small PNG of few colours, without a library. It reads PNG as Chromium writes it: eight bits."""

from __future__ import annotations

import struct
import zlib
from collections import Counter
from collections.abc import Iterator

SIGNATURE = b"\x89PNG\r\n\x1a\n"
RGB, RGBA, PALETTE = 2, 6, 3
SUB, UP, AVERAGE, PAETH = 1, 2, 3, 4
TOO_NEAR = 160  # square of the distance
COLOURS = 16  # what four bits can tell apart
VIVID, WORTH = 50, 12  # from this difference of its parts on, a pixel counts for so many grey ones
Colour = tuple[int, int, int]


def reduced(picture: bytes) -> bytes:
    """The same picture in 16 colours: frequent ones unlike each other, others as the nearest. The width is even."""
    parts = dict(chunks(picture))
    width, height, depth, kind, *_, interlaced = struct.unpack(">IIBBBBB", parts[b"IHDR"])
    if depth != 8 or kind not in (RGB, RGBA) or interlaced:
        raise ValueError("not a PNG as Chromium writes it")
    size = 3 if kind == RGB else 4
    rows = [pixels(row, size) for row in unfiltered(zlib.decompress(parts[b"IDAT"]), width * size, size)]
    counts = Counter(colour for row in rows for colour in row)
    table = unlike(sorted(counts, key=lambda colour: -counts[colour] * worth(colour)), COLOURS)
    number = {colour: nearest(colour, table) for colour in counts}
    body = b"".join(b"\0" + packed([number[colour] for colour in row]) for row in rows)
    return (
        SIGNATURE
        + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 4, PALETTE, 0, 0, 0))
        + chunk(b"PLTE", bytes(part for colour in table for part in colour))
        + chunk(b"IDAT", zlib.compress(body, 9))
        + chunk(b"IEND", b"")
    )


def chunks(picture: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Names and contents, the picture's data joined into one."""
    place, data = len(SIGNATURE), b""
    while place < len(picture):
        (length,) = struct.unpack_from(">I", picture, place)
        name, content = picture[place + 4 : place + 8], picture[place + 8 : place + 8 + length]
        place += length + 12
        if name == b"IDAT":
            data += content
        else:
            yield name, content
    yield b"IDAT", data


def chunk(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))


def unfiltered(data: bytes, length: int, size: int) -> Iterator[bytearray]:
    """The rows as they are, each undone from what was subtracted of its neighbours (PNG, chapter 9)."""
    above = bytearray(length)
    for start in range(0, len(data), length + 1):
        row = bytearray(data[start + 1 : start + 1 + length])
        undo(data[start], row, above, size)
        yield row
        above = row


def undo(kind: int, row: bytearray, above: bytearray, size: int) -> None:
    if kind == UP:
        row[:] = bytes((one + over) & 255 for one, over in zip(row, above, strict=True))
        return
    for place in range(len(row)) if kind else ():
        left = row[place - size] if place >= size else 0
        corner = above[place - size] if place >= size else 0
        if kind == SUB:
            guess = left
        elif kind == AVERAGE:
            guess = (left + above[place]) // 2
        else:
            guess = paeth(left, above[place], corner)
        row[place] = (row[place] + guess) & 255


def paeth(left: int, above: int, corner: int) -> int:
    goal = left + above - corner
    return min((left, above, corner), key=lambda one: abs(goal - one))


def pixels(row: bytearray, size: int) -> list[Colour]:
    return list(zip(row[0::size], row[1::size], row[2::size], strict=True))


def packed(row: list[int]) -> bytes:
    return bytes(first << 4 | second for first, second in zip(row[::2], row[1::2], strict=True))


def worth(colour: Colour) -> int:
    return WORTH if max(colour) - min(colour) >= VIVID else 1


def unlike(found: list[Colour], most: int) -> list[Colour]:
    """The first of the colours that are not too near to one before them: no ramp of greys drives the rare red out."""
    table: list[Colour] = []
    for colour in found:
        if len(table) == most:
            break
        if not table or far(colour, table[nearest(colour, table)]) >= TOO_NEAR:
            table.append(colour)
    return table


def nearest(colour: Colour, table: list[Colour]) -> int:
    return min(range(len(table)), key=lambda place: far(colour, table[place]))


def far(colour: Colour, other: Colour) -> int:
    return sum((one - its) ** 2 for one, its in zip(colour, other, strict=True))
