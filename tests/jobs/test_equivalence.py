"""Whatever people answer, in whatever order: what stands is what a resolve of everything would give."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from catalogue.errors import SourceFailed
from jobs.harvesting import harvest
from jobs.resolving import resolve
from ops.sources import SourceSettings, load_sources
from store.database import Store, open_store

NOW = "2026-01-01T00:00:00Z"
DEMO = Path(__file__).parents[2] / "fixtures" / "demo"
ONE, TWO, THREE = "9789524970013", "9789524970020", "9789524970037"
Feed = Callable[..., None]
Book = Callable[..., str]
State = Callable[[Store], dict[str, Any]]
Someone = Callable[[Store, int], Any]
Compare = Callable[[Store, int, int], None]


@pytest.fixture
def answer_and_compare(state: State, somebody: Someone) -> Compare:
    """So many answers: after every one a resolve of everything changes nothing."""

    def go(store: Store, seed: int, answers: int) -> None:
        person, given = somebody(store, seed), 0
        for _ in range(answers * 5):
            if given == answers:
                return
            if person.act() is None:
                continue
            given += 1
            after = state(store)
            assert after["queued"] == {}
            resolve(store, NOW, everything=True)
            assert state(store) == after

    return go


@pytest.mark.parametrize("seed", [0, *(pytest.param(n, marks=pytest.mark.soak) for n in range(1, 9))])
def test_after_any_answer_a_full_resolve_changes_nothing(
    answer_and_compare: Compare, store: Store, deliver: Feed, book: Book, seed: int
) -> None:
    chance = random.Random(seed)
    titles = ("Valot", "Yön valot", "Kesäyön valot", "Valot 2", "Kettu", "Kettu ja yö")
    authors = ("Meri, Aino", "Meri, Anna", "Salo, Pekka")
    for source in ("aalto", "kaarna", "lintula"):
        made = [
            book(
                str(n),
                chance.choice([ONE, TWO, THREE, "", ""]),
                title=chance.choice(titles),
                author=chance.choice(authors),
                date=chance.choice(["20200301", "20190101", "20210505"]),
                publisher=chance.choice(["Kaarna", "Aalto"]),
            )
            for n in range(5)
        ]
        deliver(source, *made)
    resolve(store, NOW)
    answer_and_compare(store, seed, 6)


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    folder = tmp_path_factory.mktemp("demo")
    store = open_store(f"sqlite:///{folder / 'lyhde.sqlite'}", folder)
    for source in load_sources(DEMO / "sources").values():
        harvest(store, source, NOW)
    resolve(store, NOW)
    yield store
    store.close()


@pytest.mark.parametrize(("seed", "answers"), [(7, 3), pytest.param(8, 30, marks=pytest.mark.soak)])
def test_the_same_over_the_demo_catalogue(answer_and_compare: Compare, demo: Store, seed: int, answers: int) -> None:
    answer_and_compare(demo, seed, answers)


@pytest.mark.parametrize(("seed", "answers"), [(5, 2), pytest.param(6, 30, marks=pytest.mark.soak)])
def test_the_same_over_real_feeds(
    answer_and_compare: Compare, test_data: Path, tmp_path: Path, seed: int, answers: int
) -> None:
    store = open_store(f"sqlite:///{tmp_path / 'lyhde.sqlite'}", tmp_path)
    for name in ("marc-fi-helmet", "marc-fi-fennica", "onix30-fi-kirjavalitys", "onix-parity-21-30-31"):
        about = {"id": name, "transport": {"kind": "folder", "path": test_data / name, "pattern": "**/*"}}
        with suppress(SourceFailed):
            harvest(store, SourceSettings.model_validate({**about, "identity": "file+own"}), NOW)
    resolve(store, NOW)
    answer_and_compare(store, seed, answers)
    store.close()
