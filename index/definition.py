"""What an index is created with, and how indices, aliases and stored templates are named."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson

from index.analysis import SCHEMA, analysis, analysis_version, mappings
from index.filtering import assembled
from index.vocabulary import Vocabulary

TEMPLATES = Path(__file__).parent / "templates"
SEARCH, FALLBACK, SUGGEST = "catalogue-search-v1", "catalogue-fallback-v1", "catalogue-suggest-v1"
RECALL_FIELDS = ["all.fi", "all.sv", "all.en", "all.std"]
LIVE_ONLY = {"term": {"deleted": False}}  # the filter of the read alias


@dataclass(frozen=True)
class Names:
    """Readers use `read`, writers `write`; both point at one index."""

    prefix: str = "works"

    @property
    def read(self) -> str:
        return self.prefix

    @property
    def write(self) -> str:
        return f"{self.prefix}-write"

    def is_own(self, index: str) -> bool:
        """Whether an index is one of this catalogue's, of whatever schema: another prefix may begin like ours."""
        return bool(re.fullmatch(rf"{re.escape(self.prefix)}-\d+-\d{{8}}t\d{{12}}z", index))

    def new(self) -> str:
        """A fresh name; later ones sort after earlier ones."""
        return f"{self.prefix}-{SCHEMA}-{datetime.now(UTC):%Y%m%dt%H%M%S%fz}"


def index_body(*, loading: bool, vocabulary: Vocabulary | None = None) -> dict[str, Any]:
    """Settings and mappings of a new index; `loading` for one that is filled before anybody reads it.

    `vocabulary` are the words of the documents it is for.
    """
    steady: dict[str, Any] = {
        "analysis": analysis(vocabulary),
        "query": {"default_field": RECALL_FIELDS},
        "number_of_shards": 1,
    }
    chosen = LOADING if loading else SERVING
    meta = {"schema": SCHEMA, "analysis_version": analysis_version()}
    return {"settings": {"index": steady | chosen}, "mappings": mappings() | {"_meta": meta}}


LOADING: dict[str, Any] = {
    "refresh_interval": "-1",
    "number_of_replicas": 0,
    "auto_expand_replicas": "false",
    "translog.durability": "async",
}
SERVING: dict[str, Any] = {
    "refresh_interval": "1s",
    "auto_expand_replicas": "0-1",  # a copy where there is a second node
    "translog.durability": "request",
}


def templates() -> dict[str, str]:
    """The stored search templates by their ids."""
    names = (SEARCH, FALLBACK, SUGGEST)
    return {name: assembled((TEMPLATES / f"{name}.mustache").read_text("utf-8")) for name in names}


def parameter_schema() -> dict[str, Any]:
    """The JSON Schema of the templates' parameters; `$defs` has a schema for each template's id."""
    found: dict[str, Any] = orjson.loads((TEMPLATES / "parameters.schema.json").read_bytes())
    return found
