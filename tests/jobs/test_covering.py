from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from catalogue.coverage import FILLED, NAMES
from catalogue.errors import FeedHeld
from jobs.harvesting import harvest
from jobs.holding import approve, held_runs
from ops.sources import SourceSettings
from store.database import Store

NIGHTS = [f"2026-01-{day:02}T03:00:00Z" for day in range(1, 4)]


def test_every_field_has_a_name() -> None:
    assert list(FILLED) == list(NAMES)


def test_a_feed_whose_languages_went_missing_is_held_and_may_be_approved(
    store: Store, otava: Callable[..., SourceSettings], feed: Path, message: Any, book: Callable[..., str]
) -> None:
    """Also where the records that stand were harvested before their fields were looked at."""
    books = [book(f"b{n}", title=f"Kirja {n}") for n in range(25)]
    feed.write_bytes(message(*books))
    harvest(store, otava(), NIGHTS[0])
    with store.write() as connection:
        connection.execute(text("UPDATE source_record SET fields = NULL WHERE source_id < 'b2'"))
    feed.write_bytes(message(*(re.sub("<Language>.*?</Language>", "", each, flags=re.S) for each in books)))
    with pytest.raises(FeedHeld, match="language: 0 of 25 records have it"):
        harvest(store, otava(), NIGHTS[1])
    (held,) = held_runs(store)
    assert approve(store, otava(), held.id, NIGHTS[1]).state == "promoted"
    feed.write_bytes(message(*books))
    harvest(store, otava(), NIGHTS[1])  # more than before is never too much
