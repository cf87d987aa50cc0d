"""Blocks read one by one give the pairs that blocking gives of the whole set."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Callable
from dataclasses import replace

import pytest

from matching.blocking import candidate_pairs
from matching.blocks import (
    Blocks,
    Reblocking,
    Turnover,
    finer_of,
    is_serial,
    kept_keys,
    keys_of_identifiers,
    members_of,
    pairs_within,
    proposes,
)
from matching.facts import SetFacts, is_glued, set_facts
from matching.features import Features

Featured = Callable[..., Features]
ISBNS = ("9789524970013", "9789524970020")


@pytest.fixture
def catalogue(featured: Featured) -> list[Features]:
    """Records of few titles: blocks within the cap, above it and much above it. In the order of their keys."""
    chance = random.Random(4)
    return [
        featured(
            f"a:{n:03}",
            title=chance.choice(("Valot", "Kettu ja yö", "Meri")),
            author=chance.choice(("Meri, Aino", "Salo, Pekka")),
            language=chance.choice(("fin", "swe")),
            year=str(2000 + chance.randrange(4)),
            isbns=chance.choice(((), ISBNS[:1], ISBNS[1:])),
        )
        for n in range(60)
    ]


@pytest.mark.parametrize("cap", [3, 8, 40])
def test_blocks_give_what_blocking_gives(catalogue: list[Features], cap: int) -> None:
    facts = set_facts(catalogue)
    rows = [
        (key, number)
        for number, record in enumerate(catalogue)
        for key in set(kept_keys(record)) - keys_of_identifiers(facts.glued).keys()
    ]
    finer = members_of({n: finer_of(each) for n, each in enumerate(catalogue)})
    whole, _ = candidate_pairs(catalogue, facts, cap)
    expected = set(zip(whole.left.tolist(), whole.right.tolist(), strict=True))
    assert pairs_within(Blocks(*zip(*rows, strict=True)), finer, cap) == expected
    one_by_one = [pairs_within(Blocks(*zip(*some, strict=True)), finer, cap) for some in by_key(rows)]
    assert set().union(*one_by_one) == expected


def by_key(rows: list[tuple[int, int]]) -> list[list[tuple[int, int]]]:
    blocks: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for key, number in rows:
        blocks[key].append((key, number))
    return list(blocks.values())


@pytest.mark.parametrize("cap", [3, 8])
@pytest.mark.parametrize("seed", range(5))
def test_crowds_are_compared_as_they_were_and_as_they_are(catalogue: list[Features], cap: int, seed: int) -> None:
    """Records come, go and change; what differs is what the pairs before and after differ by."""
    chance = random.Random(seed)
    was = dict(enumerate(catalogue[:50]))
    now = dict(was)
    changed = set(chance.sample(range(50), 4))
    for number in changed:
        now[number] = chance.choice(catalogue)
    for number in list(changed)[:2]:
        del now[number]
    now[55] = catalogue[55]
    changed.add(55)
    now = {n: replace(each, key=catalogue[n].key) for n, each in now.items()}
    before, after = (rows_of(some) for some in (was, now))
    finer = [{n: finer_of(each) for n, each in some.items()} for some in (was, now)]
    old, new = (pairs_within(some, members_of(known), cap) for some, known in zip((before, after), finer, strict=True))
    own = {pair for pair in new if not changed.isdisjoint(pair)}
    gone = {pair for pair in old - new if changed.isdisjoint(pair)}
    assert gone or cap == 8 or seed
    touched = Reblocking(before, rows_of({n: now[n] for n in changed & now.keys()}), changed, cap)
    crowd = members_of({n: each for n, each in finer[0].items() if n in touched.crowd})
    fresh = members_of({n: each for n, each in finer[1].items() if n in changed})
    found = touched.turnover(crowd, fresh)
    assert found._replace(came=found.came - old) == Turnover(own, new - old - own, gone)
    assert found.came <= new - own


def rows_of(records: dict[int, Features]) -> Blocks:
    rows = [(key, number) for number, record in records.items() for key in kept_keys(record)]
    return Blocks([key for key, _ in rows], [number for _, number in rows])


def test_an_issue_proposes_no_pairs_but_is_found_by_its_names_and_numbers(featured: Featured) -> None:
    about = {"title": "Luotolainen", "author": "", "medium": "emagazine", "isbns": ISBNS[:1]}
    issue, serial = (kept_keys(featured(f"a:{level}", level=level, **about)) for level in ("issue", "serial"))
    assert not any(map(proposes, issue))
    assert any(map(proposes, serial))
    assert set(issue) & set(keys_of_identifiers(ISBNS[:1]))
    assert any(map(is_serial, set(issue) & set(serial)))


def test_an_identifier_is_judged_alone_as_in_the_set(featured: Featured) -> None:
    records = [featured(f"a:{n}", title=f"{n}. kirja", isbns=ISBNS[: 1 + n % 2]) for n in range(4)]
    glued = set_facts(records).glued
    assert glued == tuple(value for value in ISBNS if is_glued(value, records)) == ISBNS[:1]
    assert set_facts([]) == SetFacts()
