"""What-if: what other thresholds would split and join is told, and is what happens when they are used."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from jobs import resolving
from jobs.exporting import export
from jobs.previewing import model_to_try, what_if
from jobs.resolving import resolve
from matching.model import load_model
from store.database import Store

NOW = "2026-01-01T00:00:00Z"
Feed = Callable[..., None]
Book = Callable[..., str]


def editions(store: Store) -> dict[str, list[str]]:
    return {each["edition"]: sorted(each["members"]) for each in export(store, "clusters")}


@pytest.fixture
def resolved(store: Store, deliver_to: Feed, book: Book) -> Store:
    deliver_to(store, "kaarna", book("a", "9789524970013"))
    deliver_to(store, "aalto", book("b", "9789524970013"))
    resolve(store, NOW)
    return store


def test_the_model_in_use_changes_nothing(resolved: Store) -> None:
    found = what_if(resolved, load_model())
    assert (found["splits"], found["joins"]) == ([], [])
    assert found["editions"] == len(editions(resolved))


def test_what_was_previewed_is_what_comes(resolved: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    before = editions(resolved)
    strict = model_to_try("default", "edition", 99.0)
    found = what_if(resolved, strict)
    assert editions(resolved) == before
    foretold = [split for split in found["splits"] if split["level"] == "edition"]
    assert [sorted(key for part in split["parts"] for key in part) for split in foretold] == list(before.values())

    monkeypatch.setattr(resolving, "load_model", lambda: strict)
    resolve(resolved, NOW, everything=True)
    after: list[Any] = sorted(editions(resolved).values())
    assert after == sorted(part for split in foretold for part in split["parts"])

    back = what_if(resolved, load_model())
    monkeypatch.undo()
    resolve(resolved, NOW, everything=True)
    joins = [join["members"] for join in back["joins"] if join["level"] == "edition"]
    assert joins == list(editions(resolved).values())
