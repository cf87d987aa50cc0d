"""Documents kept on disk while the words of all of them are counted: an index is made for the words it will hold."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from tempfile import TemporaryFile
from typing import IO, Any

import orjson

from index.bulk import Versioned
from index.vocabulary import Vocabulary


class Spool:
    """Written once, read once; gone when it is closed."""

    def __init__(self, documents: Iterable[Versioned]) -> None:
        self.vocabulary = Vocabulary()
        self._documents = documents
        self._file: IO[bytes] = TemporaryFile()  # noqa: SIM115 - closed with the spool

    def __enter__(self) -> Spool:
        try:
            for key, rev, document in self._documents:
                self.vocabulary.add(document)
                self._file.write(orjson.dumps([key, rev, document], option=orjson.OPT_APPEND_NEWLINE))
        except BaseException:
            self._file.close()
            raise
        return self

    def __exit__(self, *_: Any) -> None:
        self._file.close()

    def documents(self) -> Iterator[Versioned]:
        self._file.seek(0)
        for line in self._file:
            key, rev, document = orjson.loads(line)
            yield key, rev, document
