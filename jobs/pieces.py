"""Files at hand, one payload after another: an archive gives its members, as a harvest would read them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from catalogue.defect import Defect
from catalogue.errors import LossBudgetExceeded, UsageError
from catalogue.sentence import Sentence, words_of
from harvest.archive import MAGICS, ArchiveRefused, unpack
from harvest.folder import written
from ops.sources import Limits
from parsers.detect import Format
from parsers.registry import ParseResult, parse, refused


class Piece(NamedTuple):
    """One payload under the name that reports give it: ``feed.xml``, or ``feed.zip/volume.xml``."""

    name: str
    found: ParseResult


def pieces(files: Iterable[Path], form: Format | None = None) -> Iterator[Piece]:
    """Every payload of some files, to be read before the next is asked for; an archive that is refused is one defect.

    Raises UsageError for a file that cannot be read.
    """
    for path in files:
        name = str(path).encode("utf-8", "replace").decode()
        try:
            with path.open("rb") as stream:
                if not stream.peek(4).startswith(MAGICS):
                    yield Piece(name, parse(stream, form))
                    continue
            yield from _members(path, name, form)
        except OSError as error:
            raise UsageError(Sentence("{path}: cannot be read: {why}", path=path, why=error.strerror)) from error


def require_some(read: int, unread: int) -> None:
    """Raises LossBudgetExceeded where there was something to read, and nothing of it could be."""
    if unread and not read:
        raise LossBudgetExceeded(
            Sentence("not one of its {count} records could be read: see lyhde source check", count=unread)
        )


def _members(path: Path, name: str, form: Format | None) -> Iterator[Piece]:
    with TemporaryDirectory(prefix="lyhde-") as folder:
        try:
            for member, unpacked in unpack(path, Path(folder), Limits().max_bytes):
                with unpacked.open("rb") as stream:
                    yield Piece(f"{name}/{written(member)}", parse(stream, form))
                unpacked.unlink()
        except ArchiveRefused as error:
            yield Piece(name, refused(Defect("payload.compression", params={"reason": words_of(error)})))
