"""Records to merge: short makers, and strategies whose small pools make agreement and contradiction common."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from catalogue.record import CatalogueRecord, Cataloguing, Message, Title

Maker = Callable[..., CatalogueRecord]


def record(key: str, **fields: Any) -> CatalogueRecord:
    source, _, source_id = key.partition(":")
    titles = fields.pop("titles", (Title(text=fields.pop("title", "Sinuhe egyptiläinen")),))
    return CatalogueRecord(source=source, source_id=source_id, titles=titles, **{"medium": "ebook", **fields})


@pytest.fixture
def library() -> Maker:
    """A library's full record."""
    return lambda key, **fields: record(key, **{"cataloguing": Cataloguing(level=" ", rules="rda"), **fields})


@pytest.fixture
def minimal() -> Maker:
    """A library's minimal record."""
    return lambda key, **fields: record(key, **{"cataloguing": Cataloguing(level="7", rules="rda"), **fields})


@pytest.fixture
def publisher() -> Maker:
    """A publisher's confirmed record."""
    return lambda key, **fields: record(key, **{"cataloguing": Cataloguing(rules="onix"), **fields})


@pytest.fixture
def advance() -> Maker:
    """A publisher's record of a product to come."""
    return lambda key, **fields: record(
        key, **{"cataloguing": Cataloguing(rules="onix"), "message": Message(notification="advance"), **fields}
    )
