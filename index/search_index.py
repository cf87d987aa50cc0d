"""The search index of one catalogue: the only thing other rooms need of this one, beside documents and the server."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from types import TracebackType
from typing import Any

from elasticsearch import NotFoundError

from catalogue.errors import NotFound
from catalogue.sentence import Sentence
from index.aliases import Aliases
from index.analysis import analysis_version
from index.bulk import BulkReport, BulkWriter, Versioned
from index.client import REQUEST_TIMEOUT_S, check_version, connect, speaking
from index.definition import Names, index_body, templates
from index.question import Filters, Question, ReaderLanguage
from index.rebuilding import Rebuilt, Replay, rebuild
from index.revisions import revisions
from index.searching import search, suggest
from index.spool import Piece, pieces


@dataclass(frozen=True)
class IndexStatus:
    """`up_to_date`: the index was built with today's analysis; otherwise a rebuild is due."""

    url: str
    version: str
    index: str | None
    previous: str | None
    documents: int
    tombstones: int
    size_bytes: int
    analysis_version: str | None
    up_to_date: bool


class SearchIndex:
    """Indices, aliases and templates named after `prefix` on the cluster at `url`.

    Every method raises ServiceUnreachable where the cluster does not answer, ConfigurationError where it is of
    another major version or refuses us, NotFound where it holds no index yet.
    """

    def __init__(
        self,
        url: str,
        *,
        prefix: str = "works",
        api_key: str | None = None,
        ca_certs: Path | None = None,
        timeout_s: float = REQUEST_TIMEOUT_S,
    ) -> None:
        self.url = url
        self.names = Names(prefix)
        self._client = connect(url, api_key, ca_certs, timeout_s)
        self._aliases = Aliases(self._client, self.names)

    def __enter__(self) -> SearchIndex:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        self._client.close()

    def ensure(self) -> bool:
        """Store the templates, and make an empty index where there is none. False where a rebuild is due."""
        check_version(self._client, self.url)
        with speaking(self.url):
            self._put_templates()
            current = self._aliases.current()
            if not current:
                current = self.names.new()
                self._client.indices.create(index=current, **index_body(loading=False))
                self._aliases.switch(current)
            return self._analysis_of(current) == analysis_version()

    def bulk(self, documents: Iterable[Versioned], *, refresh: bool = False) -> BulkReport:
        """Write (id, revision, document); an older revision never overwrites a newer one.

        `refresh` makes them visible to searches at once (else within a second). Documents that the index refuses
        are in the report with the reason; they must not be taken for published.
        """
        with speaking(self.url):
            self._aliases.require()
            report = BulkWriter(self._client, self.names.write, is_alias=True).write(documents)
            if refresh:
                self._client.indices.refresh(index=self.names.write)
            return report

    def rebuild(self, documents: Iterable[Versioned], replay: Replay = tuple) -> Rebuilt:
        """All documents into a new index, then one switch of the aliases; queries never fail meanwhile.

        `replay` is called twice (before and after the switch) and gives what changed since `documents` was begun.
        """
        return self.rebuild_from(pieces(documents), replay)

    def rebuild_from(self, made: Iterable[Piece], replay: Replay = tuple) -> Rebuilt:
        """As `rebuild`, for documents that were made ready to be sent elsewhere."""
        check_version(self._client, self.url)
        with speaking(self.url):
            if not self._aliases.current():  # the first readers must find templates too
                self._put_templates()
            done = rebuild(self._client, self.names, made, replay)
            self._put_templates()
            return done

    def rollback(self) -> str | None:
        """Read and write the previous index again; its name, None where there is none. The newer one is kept.

        The previous index lacks what was written since: compare with `revisions` and write it again.
        """
        with speaking(self.url):
            previous = self._aliases.previous()
            if previous:
                self._aliases.switch(previous)
            return previous

    def discard(self) -> None:
        """Delete every index of this catalogue: of one that was made for an examination."""
        with speaking(self.url):
            self._aliases.drop(self._aliases.all())

    def status(self) -> IndexStatus:
        """What is there. Changes nothing."""
        version = check_version(self._client, self.url)
        with speaking(self.url):
            current = self._aliases.current()
            if not current:
                return IndexStatus(self.url, version, None, None, 0, 0, 0, None, up_to_date=False)
            self._client.indices.refresh(index=current)
            live, both = (self._client.count(index=n)["count"] for n in (self.names.read, self.names.write))
            stats = self._client.indices.stats(index=current, metric="store")
            found = self._analysis_of(current)
            return IndexStatus(
                self.url, version, current, self._aliases.previous(), live, both - live,
                stats["_all"]["total"]["store"]["size_in_bytes"], found, found == analysis_version(),
            )  # fmt: skip

    def documents(self) -> dict[str, int]:
        """Documents behind each alias: readers' (live works), writers' (tombstones too). Asks the server, changes
        nothing, and sees what was refreshed."""
        with speaking(self.url):
            try:
                return {name: self._client.count(index=name)["count"] for name in (self.names.read, self.names.write)}
            except NotFoundError as failure:
                raise NotFound("search index", self.names.read, Sentence("`lyhde index update` makes it")) from failure

    def revisions(self) -> Iterator[tuple[str, int, bool]]:
        """(id, revision, deleted) of every document, tombstones too, in no order that means anything."""
        with speaking(self.url):
            yield from revisions(self._client, self._aliases.require())

    def search(
        self,
        query: str,
        lang: ReaderLanguage = "fi",
        *,
        filters: Filters | None = None,
        limit: int = 10,
        after: str | None = None,
        as_of: date | datetime | None = None,
    ) -> dict[str, Any]:
        """What a reader sees: ``{"total", "hits", "facets", "next", "tolerant"}``.

        An empty query lists everything. `after` is the `next` of the page before; `tolerant` says that the words
        as typed found almost nothing and near ones were taken. Raises UsageError for a bad filter or cursor.
        """
        return self.ask(Question(query, lang, filters or {}, limit, as_of=as_of), after)

    def ask(self, question: Question, after: str | None = None) -> dict[str, Any]:
        """As `search`, for a question that may also say how to sort and that only the words as typed count."""
        with speaking(self.url):
            return search(self._client, self.names.read, question, after)

    def suggest(
        self,
        query: str,
        lang: ReaderLanguage = "fi",
        *,
        filters: Filters | None = None,
        limit: int = 10,
        as_of: date | datetime | None = None,
    ) -> dict[str, Any]:
        """Works whose titles and names begin with all typed words, in any order: ``{"hits"}`` as in `search`."""
        with speaking(self.url):
            question = Question(query, lang, filters or {}, limit, as_of=as_of)
            return suggest(self._client, self.names.read, question)

    def _put_templates(self) -> None:
        for name, source in templates().items():
            self._client.put_script(id=name, script={"lang": "mustache", "source": source})

    def _analysis_of(self, index: str) -> str | None:
        found = self._client.indices.get_mapping(index=index)[index]["mappings"].get("_meta", {})
        version = found.get("analysis_version")
        return str(version) if version else None
