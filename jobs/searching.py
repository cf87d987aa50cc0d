"""The search index for a process that lives long: connected when it is first asked, and again when it moved."""

from __future__ import annotations

from collections.abc import Callable
from threading import Lock
from typing import Any, TypeVar

from catalogue.errors import NotFound, ServiceUnreachable
from catalogue.sentence import Sentence
from index.question import Question
from index.search_index import SearchIndex
from index.server import status
from jobs.connections import reader_api_key, server_dir
from ops.settings import Settings

PATIENCE_S = 10.0  # a reader does not wait longer
Answer = TypeVar("Answer")


class SearchDoor:
    """Asks the cluster of the settings, else the embedded server of the data directory, which it never starts.

    Every question raises ServiceUnreachable where nothing answers or nothing was published yet, and
    ConfigurationError where the cluster refuses us. Several threads may ask.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._lock = Lock()
        self._index: SearchIndex | None = None

    def ask(self, question: Question, after: str | None = None) -> dict[str, Any]:
        """One page of hits as of ``lyhde search``. Raises UsageError for a bad filter or cursor."""
        return self._asked(lambda index: index.ask(question, after))

    def suggest(self, question: Question) -> dict[str, Any]:
        """Works whose titles and names begin with all typed words: ``{"hits"}``."""
        return self._asked(
            lambda index: index.suggest(
                question.query, question.lang, filters=question.filters, limit=question.limit, as_of=question.as_of
            )
        )

    def documents(self) -> dict[str, int]:
        """Documents behind each alias; whether the index can be asked at all."""
        return self._asked(lambda index: index.documents())

    def close(self) -> None:
        with self._lock:
            index, self._index = self._index, None
        if index:
            index.close()

    def _asked(self, ask: Callable[[SearchIndex], Answer]) -> Answer:
        index = self._connected()
        try:
            return ask(index)
        except NotFound as failure:
            raise ServiceUnreachable(failure.message) from failure
        except ServiceUnreachable:
            self._forget(index)  # the embedded server has another address after a restart
            raise

    def _connected(self) -> SearchIndex:
        with self._lock:
            if self._index is None:
                about = self._settings.elasticsearch
                self._index = SearchIndex(
                    about.url or self._embedded(),
                    prefix=about.index_prefix,
                    api_key=reader_api_key(about),
                    ca_certs=about.ca_certs,
                    timeout_s=PATIENCE_S,
                )
            return self._index

    def _embedded(self) -> str:
        address = status(server_dir(self._settings)).url
        if address is None:
            raise ServiceUnreachable(
                Sentence("the embedded search server does not run: `lyhde index server start` starts it")
            )
        return address

    def _forget(self, index: SearchIndex) -> None:
        """Connect anew for the next question; where the cluster is set it has not moved."""
        if self._settings.elasticsearch.url:
            return
        with self._lock:
            if self._index is index:
                self._index = None
