"""Rows of vocabularies in little memory: text as it is packed in the files, found by hashes in sorted arrays.

A dict of strings takes ten times the memory of what it holds, in every process that maps; bisection takes some
microseconds, and the same headings come again and again (`headings.find_heading` remembers).
"""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Container, Iterator

_AT_ONCE = 512
_ROW_BITS = 22  # four million rows; the other 42 bits are the hash
_ROWS = (1 << _ROW_BITS) - 1
_HASH = ((1 << 64) - 1) ^ _ROWS


class Rows:
    """Tab-separated rows in the order given, each with the name of the table it came from."""

    def __init__(self) -> None:
        self._tables: list[tuple[str, bytes]] = []
        self._firsts: list[int] = []  # the number of each table's first row
        self._starts = array("I")

    def __len__(self) -> int:
        return len(self._starts)

    def add(self, name: str, table: bytes) -> None:
        """A table of rows in UTF-8, each ended by a line feed."""
        self._tables.append((name, table))
        self._firsts.append(len(self._starts))
        place = 0
        while (end := table.find(b"\n", place)) >= 0:
            self._starts.append(place)
            place = end + 1

    def __getitem__(self, number: int) -> tuple[str, str]:
        """The table's name and the row."""
        name, table = self._tables[bisect_right(self._firsts, number) - 1]
        start = self._starts[number]
        return name, table[start : table.index(b"\n", start)].decode("utf-8")

    def of(self, names: Container[str] | None = None) -> Iterator[tuple[int, str]]:
        """The rows of some tables (None: of all) with their numbers, in their order."""
        ends = (*self._firsts[1:], len(self))
        for (name, table), first, end in zip(self._tables, self._firsts, ends, strict=True):
            if names is None or name in names:
                for number in range(first, end, _AT_ONCE):
                    after = number + _AT_ONCE
                    part = table[self._starts[number] : self._starts[after] if after < end else len(table)]
                    yield from enumerate(part.decode("utf-8").split("\n")[:-1], number)


class Index:
    """Words → numbers of the rows that may hold them: whoever looks up checks, since hashes may meet.

    Complete before it is looked at: `sort` comes between.
    """

    def __init__(self) -> None:
        self._found = array("Q")

    def add(self, word: str, row: int) -> None:
        self._found.append(_hash(word) | row)

    def sort(self) -> None:
        self._found = array("Q", sorted(self._found))

    def rows(self, word: str) -> Iterator[int]:
        """In ascending order."""
        wanted = _hash(word)
        place = bisect_left(self._found, wanted)
        while place < len(self._found) and self._found[place] & _HASH == wanted:
            yield self._found[place] & _ROWS
            place += 1

    def meetings(self) -> Iterator[int]:
        """Rows that share their hash with the row before them in the order of hashes."""
        return (one & _ROWS for before, one in zip(self._found, self._found[1:], strict=False) if before ^ one <= _ROWS)


def _hash(word: str) -> int:
    return hash(word) & _HASH
