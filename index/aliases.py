"""Which index is read and written, which one was before it, and moving both in one step."""

from __future__ import annotations

from typing import Any

from elasticsearch import Elasticsearch, NotFoundError

from catalogue.errors import NotFound
from catalogue.sentence import Sentence
from index.definition import LIVE_ONLY, Names


class Aliases:
    """The two aliases of one catalogue's indices."""

    def __init__(self, client: Elasticsearch, names: Names) -> None:
        self._client = client
        self._names = names

    def current(self) -> str | None:
        """The index both aliases point at, None before there is one."""
        try:
            found = self._client.indices.get_alias(name=self._names.write)
        except NotFoundError:
            return None
        return max(found, default=None)

    def require(self) -> str:
        """As `current`. Raises NotFound where there is no index yet."""
        found = self.current()
        if not found:
            raise NotFound("search index", self._names.read, Sentence("`lyhde index rebuild` makes it"))
        return found

    def all(self) -> list[str]:
        """Every index of this catalogue, oldest first, whatever its schema."""
        found = self._client.indices.get(index=f"{self._names.prefix}-*", features="aliases", expand_wildcards="all")
        return sorted(filter(self._names.is_own, found), key=lambda name: name.rpartition("-")[2])

    def previous(self) -> str | None:
        """The newest index that was made before the current one."""
        current, names = self.current(), self.all()
        before = names[: names.index(current)] if current in names else []
        return before[-1] if before else None

    def switch(self, to: str) -> None:
        """Point readers (live works only) and writers at an index, in one step that no query sees half of."""
        read, write = self._names.read, self._names.write
        actions: list[dict[str, Any]] = [
            {"remove": {"index": f"{self._names.prefix}-*", "alias": alias, "must_exist": False}}
            for alias in (read, write)
        ]
        actions.append({"add": {"index": to, "alias": read, "filter": LIVE_ONLY}})
        actions.append({"add": {"index": to, "alias": write, "is_write_index": True}})
        self._client.indices.update_aliases(actions=actions)

    def drop(self, names: list[str]) -> None:
        """Delete indices that nothing points at."""
        for name in names:
            self._client.indices.delete(index=name, ignore_unavailable=True)
