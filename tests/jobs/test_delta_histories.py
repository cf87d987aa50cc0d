"""Whatever happens between two resolves, what a resolve of the changes leaves is what one of everything leaves."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from functools import partial
from itertools import count
from typing import Any

import pytest

from catalogue.decision import StopAnswer
from catalogue.errors import UsageError
from jobs import delta
from jobs.declaring import spoken_of
from jobs.resolving import resolve
from jobs.reviewing import Author
from jobs.stoplist import say
from matching.blocks import finer_of, kept_keys
from matching.features import FEATURES_VERSION, Features
from store import blocks, facts, features, matches, records
from store.database import Store

NOW = "2026-01-01T00:00:00Z"
SOURCES = ("aalto", "kaarna", "lintula")
GLUE = "9789524970013"
ISBNS = (GLUE, "9789524970020", "9789524970037", "", "")
BOOKS = ("Valot", "Yön valot", "Kesäyön valot", "Kesäyön valot 2", "Ljus i natten", "Kettu", "Kettu ja yö")
TITLES = (*BOOKS, *BOOKS, "Luoto", "Luoto 5", "Luoto 6")
AUTHORS = ("Meri, Aino", "Meri, Anna", "Salo, Pekka")
DATES = ("20200301", "20190101", "20210505")
SWEDISH = ("Ljuset över vattnet och den långa natten", "Flickan som inte ville sova", "En sommar vid havet igen")
Send = Callable[..., None]
Book = Callable[..., str]
State = Callable[[Store], dict[str, Any]]
Someone = Callable[[Store, int], Any]
Values = Mapping[str, str]


class Killed(BaseException):
    """What ends a resolve in the middle, as a signal would."""


class History:
    """What some sources send, night after night, as chance will have it."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        self.feeds: dict[str, dict[str, Values]] = {s: {str(n): self._drawn() for n in range(6)} for s in SOURCES}
        self.gone: list[tuple[str, str, Values]] = []
        self.numbers = count()

    def night(self) -> set[str]:
        """Let a night go by; the sources that send something."""
        happens = self.chance.sample(
            [self._changes, self._comes, self._goes, self._returns, self._is_renamed, self._crowds, self._glues],
            self.chance.randint(1, 3),
        )
        return {source for one in [*happens, self.chance.choice([self._speaks, self._changes])] for source in one()}

    def _drawn(self) -> Values:
        chance = self.chance
        return {
            "isbn": chance.choice(ISBNS),
            "title": chance.choice(TITLES),
            "author": chance.choice(AUTHORS),
            "date": chance.choice(DATES),
            "publisher": chance.choice(["Kaarna", "Aalto"]),
            "language": chance.choice(["fin", "fin", "fin", "swe"]),
        }

    def _changes(self) -> Iterator[str]:
        """Some records say something else, or all anew."""
        source = self.chance.choice(SOURCES)
        feed = self.feeds[source]
        for ref in self.chance.sample(sorted(feed), min(len(feed), self.chance.randint(1, 2))):
            fresh = self._drawn()
            what = self.chance.choice([[*fresh], ["title"], ["isbn"], ["date"], ["publisher"], ["language"]])
            feed[ref] = {**feed[ref], **{name: fresh[name] for name in what}}
        yield source

    def _comes(self) -> Iterator[str]:
        source = self.chance.choice(SOURCES)
        self.feeds[source][f"n{next(self.numbers)}"] = self._drawn()
        yield source

    def _goes(self) -> Iterator[str]:
        source = self.chance.choice(SOURCES)
        feed = self.feeds[source]
        for ref in self.chance.sample(sorted(feed), min(len(feed) - 1, self.chance.randint(1, 2))):
            self.gone.append((source, ref, feed.pop(ref)))
        yield source

    def _returns(self) -> Iterator[str]:
        """A record is sent again, as it was or otherwise."""
        if self.gone:
            source, ref, values = self.gone.pop(self.chance.randrange(len(self.gone)))
            self.feeds[source].setdefault(ref, self.chance.choice([values, self._drawn()]))
            yield source

    def _is_renamed(self) -> Iterator[str]:
        """A record comes under another id: what was decided about it goes with its number."""
        source = self.chance.choice(SOURCES)
        feed = self.feeds[source]
        ref = self.chance.choice(sorted(feed))
        self.gone.append((source, ref, feed[ref]))
        feed[f"n{next(self.numbers)}"] = feed.pop(ref)
        yield source

    def _crowds(self) -> Iterator[str]:
        """A block has as many records as it may hold, some more, or few."""
        size, turn = self.chance.choice([1, 5, 39, 40, 41, 42]), self.chance.randrange(3)
        same = {"title": "Kettu", "author": "Salo, Pekka"}
        self.feeds["massa"] = {f"m{n}": {**same, "date": DATES[(n + turn) % 3]} for n in range(size)}
        yield "massa"

    def _glues(self) -> Iterator[str]:
        """So many distinct books share a number that others have too."""
        names = ("Sateenkaari", "Vaarin tuoli", "Tuuli", "Meren alla")[: self.chance.randint(1, 4)]
        self.feeds["liima"] = {
            str(n): {"isbn": GLUE, "title": name, "author": f"{name}nen, Aino"} for n, name in enumerate(names)
        }
        yield "liima"

    def _speaks(self) -> Iterator[str]:
        """A sender declares Finnish, and some of its titles are plainly Swedish."""
        swedish = SWEDISH[: self.chance.randint(0, 3)]
        finnish = ("Valot", "Ljus i natten", *(f"Kesä {n}" for n in range(20)))
        self.feeds["puhe"] = {
            str(n): {"title": title, "author": AUTHORS[n % 3]} for n, title in enumerate((*finnish, *swedish))
        }
        yield "puhe"


@pytest.fixture
def send(deliver: Send, book: Book, as_magazines: Callable[[str], None]) -> Callable[[str, Mapping[str, Values]], None]:
    """Deliver a feed. Titles that begin with "Luoto" are taken for a magazine and its issues."""

    def go(source: str, feed: Mapping[str, Values]) -> None:
        made = []
        for ref, values in feed.items():
            said = dict(values)
            language = said.pop("language", "fin")
            made.append(book(ref, **said).replace(">fin<", f">{language}<"))
        deliver(source, *made, limits={"min_records": 1_000})  # no guard holds a night
        as_magazines("Luoto")

    return go


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    """Lets so many queued records be settled in one transaction."""
    return lambda size: monkeypatch.setattr(delta, "AT_ONCE", size)


@pytest.fixture
def dying(monkeypatch: pytest.MonkeyPatch) -> Callable[[random.Random], Any]:
    """Resolves in this block are killed at a transaction of theirs, before or after it is kept."""

    @contextmanager
    def go(chance: random.Random) -> Iterator[None]:
        left, late, write = chance.randint(1, 20), chance.random() < 0.5, Store.write

        @contextmanager
        def mortal(self: Store, **how: Any) -> Iterator[Any]:
            nonlocal left
            left -= 1
            with write(self, **how) as connection:
                yield connection
                if not left and not late:
                    raise Killed
            if not left:
                raise Killed

        with monkeypatch.context() as patch:
            patch.setattr(Store, "write", mortal)
            yield

    return go


def known(store: Store) -> dict[str, Any]:
    with store.read() as connection:
        return facts.get_facts(connection, "matching", "pairs", "blocks")


def blocks_are_those_of_the_records(store: Store) -> None:
    with store.read() as connection:
        live = {n: Features.from_json(one) for n, one in features.live_features(connection, FEATURES_VERSION)}
        everybody = list(records.keys_of(connection, range(1, 10_000)))
        assert live.keys() == matches.places(connection).keys()
        kept = sorted(zip(*blocks.keys_of(connection, everybody), strict=True))
        assert kept == sorted((key, number) for number, one in live.items() for key in kept_keys(one))
        finer = blocks.finer_of(connection, everybody)
        parts = zip(*finer.parts, strict=True)
        told = {n: (key, each) for n, key, each in zip(finer.records, finer.keys, parts, strict=True)}
        assert told == {number: finer_of(one) for number, one in live.items()}
        assert sorted(blocks.spoken_by(connection, everybody)) == spoken_of(live)


def everything_changes_nothing(store: Store, state: State) -> None:
    after, before = state(store), known(store)
    resolve(store, NOW, everything=True)
    whole = state(store)
    assert known(store) == before
    for what in after:
        assert whole[what] == after[what], what


@pytest.mark.parametrize("seed", [0, 1, *(pytest.param(n, marks=pytest.mark.soak) for n in range(2, 100))])
def test_whatever_happens_the_changes_alone_lead_where_everything_leads(
    store: Store,
    send: Callable[[str, Mapping[str, Values]], None],
    state: State,
    somebody: Someone,
    dying: Callable[[random.Random], Any],
    at_once: Callable[[int], None],
    parts: list[bool],
    seed: int,
) -> None:
    """Records come, change, go, return and are renamed; identifiers become glued and come loose; blocks cross the cap
    both ways; a sender is believed and is not; people answer before, between and after, and speak of identifiers;
    resolves are killed.
    """
    chance = random.Random(seed)
    person, history = somebody(store, seed), History(chance)
    answers = partial(_answers, person, chance)
    for source, feed in history.feeds.items():
        send(source, feed)
    resolve(store, NOW)
    for night in range(5):
        for source in sorted(history.night()):
            send(source, history.feeds[source])
            answers(1)
        if chance.random() < 0.2:
            _speak_of_identifiers(store, chance)
        at_once(chance.choice([1, 3, 20, 100]))
        while chance.random() < 0.4:
            with dying(chance), suppress(Killed):
                resolve(store, NOW)
            answers(1)
        resolve(store, NOW)
        answers(2)
        assert state(store)["queued"] == {}
        resolve(store, NOW)  # a word about an identifier may have been taken back
        blocks_are_those_of_the_records(store)
        if night == 4 or chance.random() < 0.5:
            everything_changes_nothing(store, state)
    assert parts.count(True) >= 2


def _speak_of_identifiers(store: Store, chance: random.Random) -> None:
    answers: tuple[StopAnswer, ...] = ("stopped", "trusted")
    with suppress(UsageError):  # said already
        say(store, chance.choice(answers), chance.choice(ISBNS[:3]), Author("aino", NOW, "on the cover of many"))


def _answers(person: Any, chance: random.Random, most: int) -> None:
    for _ in range(chance.randint(0, most)):
        person.act()
