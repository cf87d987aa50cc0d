"""Whatever people answer, in whatever order: what stands is what a resolve of everything would give."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from catalogue.errors import LyhdeError, SourceFailed
from jobs import reviewing
from jobs.harvesting import harvest
from jobs.resolving import resolve
from jobs.reviewing import Answered, Author
from ops.sources import SourceSettings, load_sources
from store import cases, decisions, matches, records
from store.database import Store, open_store

NOW = "2026-01-01T00:00:00Z"
AINO = Author("aino", NOW)
BERIT = Author("berit", NOW, "looked at both books", role="senior")
DEMO = Path(__file__).parents[2] / "fixtures" / "demo"
ONE, TWO, THREE = "9789524970013", "9789524970020", "9789524970037"
Feed = Callable[..., None]
Book = Callable[..., str]
State = Callable[[Store], dict[str, Any]]
Compare = Callable[[Store, int, int], None]


class Person:
    """Somebody who answers this and that, as chance will have it."""

    def __init__(self, store: Store, seed: int) -> None:
        self.store, self.chance = store, random.Random(seed)

    def act(self) -> Answered | None:
        """One answer; None where it was refused or there was nothing to answer."""
        chosen = self.chance.choice(["match"] * 4 + ["field", "undo", "undo", "separate", "join", "join", "choose"])
        with self.store.read() as connection:
            asked, made = cases.listed(connection), decisions.standing(connection)
            places = matches.places(connection)
            keys = {n: str(key) for n, key in records.keys_of(connection, sorted(places)).items()}
        try:
            return getattr(self, f"_{chosen}")({"cases": asked, "made": made, "places": places, "keys": keys})
        except LyhdeError:
            return None

    def _match(self, known: dict[str, Any]) -> Answered | None:
        found = [case for case in known["cases"] if case.kind in ("match", "split")]
        if not found:
            return None
        case, answer = self.chance.choice(found), self.chance.choice(["same", "different", "different", "unsure"])
        return reviewing.answer_match(self.store, case.case, version=case.version, answer=answer, author=BERIT)

    def _field(self, known: dict[str, Any]) -> Answered | None:
        found = [case for case in known["cases"] if case.kind == "field"]
        if not found:
            return None
        case = self.chance.choice(found)
        value = self.chance.choice(case.candidates)["value"]
        return reviewing.answer_field(self.store, case.case, version=case.version, value=value, author=AINO)

    def _undo(self, known: dict[str, Any]) -> Answered | None:
        return reviewing.undo(self.store, self.chance.choice(known["made"]).id, BERIT) if known["made"] else None

    def _separate(self, known: dict[str, Any]) -> Answered:
        key = known["keys"][self.chance.choice(sorted(known["keys"]))]
        return reviewing.separate(self.store, key, AINO, level=self.chance.choice(["edition", "work"]))

    def _join(self, known: dict[str, Any]) -> Answered:
        names = [(known["keys"][n], p.edition, p.work) for n, p in sorted(known["places"].items())]
        which, level = self.chance.randrange(3), self.chance.choice(["edition", "work"])
        left, right = (self.chance.choice(names)[which] for _ in "12")
        return reviewing.join(self.store, left, right, level=level, author=BERIT)

    def _choose(self, known: dict[str, Any]) -> Answered:
        place = self.chance.choice(sorted(known["places"].values()))
        value = self.chance.choice(["Otava", None])
        name = self.chance.choice([place.edition, place.work])
        return reviewing.decide_field(self.store, name, field="publication.publisher", value=value, author=AINO)


@pytest.fixture
def answer_and_compare(state: State) -> Compare:
    """So many answers: after every one a resolve of everything changes nothing."""

    def go(store: Store, seed: int, answers: int) -> None:
        person, given = Person(store, seed), 0
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
