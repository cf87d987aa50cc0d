"""MARC records → a file or stream; what ISO 2709 cannot hold goes to MARCXML beside it, whole."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from catalogue.errors import LossBudgetExceeded, UsageError
from catalogue.parsed import MarcContent
from catalogue.sentence import Sentence
from writers.encoding import MARCXML_HEAD, MARCXML_TAIL, to_iso2709, to_marcxml
from writers.registry import MarcForm

Named = tuple[str, MarcContent]
"""A record's name (for messages) and the record."""


@dataclass(slots=True)
class Report:
    """How many records were written; `too_long` are the names of those that went to `beside`."""

    written: int = 0
    too_long: list[str] = field(default_factory=list)
    beside: Path | None = None


def write_marc(records: Iterable[Named], form: MarcForm, out: BinaryIO, beside: Path | None = None) -> Report:
    """Write records one after another.

    `beside` is the MARCXML file for records longer than ISO 2709 can say (99,999 bytes, 9,999 in a field).
    Without one such a record raises LossBudgetExceeded: nothing is cut, nothing left out in silence.
    """
    report = Report()
    if form == "marcxml":
        out.write(MARCXML_HEAD)
        for _, content in records:
            out.write(to_marcxml(content))
            report.written += 1
        out.write(MARCXML_TAIL)
        return report
    long_ones: list[bytes] = []
    for name, content in records:
        packed = to_iso2709(content)
        report.written += 1
        if packed is not None:
            out.write(packed)
        elif beside is None:
            raise LossBudgetExceeded(
                Sentence("{record} is too long for ISO 2709: give --out, or take marcxml", record=name)
            )
        else:
            long_ones.append(to_marcxml(content))
            report.too_long.append(name)
    if long_ones and beside is not None:
        beside.write_bytes(MARCXML_HEAD + b"".join(long_ones) + MARCXML_TAIL)
        report.beside = beside
    return report


def beside(out: Path) -> Path:
    """Where the records of a file go that are too long for it: ``books.mrc`` → ``books.too-long.xml``."""
    return out.with_name(f"{out.stem}.too-long.xml")


@contextmanager
def replaced(out: Path) -> Iterator[BinaryIO]:
    """A file that takes its name when it is whole. Raises UsageError where it cannot be written."""
    if out.is_dir():
        raise UsageError(Sentence("--out {out}: it is a folder, name a file in it", out=out))
    part = out.with_name(out.name + ".part")
    try:
        with part.open("wb") as stream:
            yield stream
        part.replace(out)
    except OSError as error:
        raise UsageError(Sentence("--out {out}: cannot be written: {why}", out=out, why=error.strerror)) from error
    finally:
        part.unlink(missing_ok=True)
