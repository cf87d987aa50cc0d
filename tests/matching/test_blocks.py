"""Blocks read one by one give the pairs that blocking gives of the whole set."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Callable
from dataclasses import replace

import pytest

from matching.blocking import candidate_pairs
from matching.blocks import (
    Crowds,
    Turnover,
    compare_crowds,
    finer_of,
    is_serial,
    kept_keys,
    keys_of_identifiers,
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
    blocks: dict[int, set[int]] = defaultdict(set)
    for number, record in enumerate(catalogue):
        for key in set(kept_keys(record)) - keys_of_identifiers(facts.glued).keys():
            blocks[key].add(number)
    large = {n: finer_of(catalogue[n]) for held in blocks.values() if len(held) > cap for n in held}
    whole, _ = candidate_pairs(catalogue, facts, cap)
    expected = set(zip(whole.left.tolist(), whole.right.tolist(), strict=True))
    assert pairs_within(blocks, large, cap) == expected
    one_by_one = [
        pairs_within({key: held}, {n: large[n] for n in held if n in large}, cap) for key, held in blocks.items()
    ]
    assert set().union(*one_by_one) == expected


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
    before, after = (blocks_of(some) for some in (was, now))
    finer = tuple({n: finer_of(each) for n, each in some.items()} for some in (was, now))
    old, new = (pairs_within(some, known, cap) for some, known in zip((before, after), finer, strict=True))
    own = {pair for pair in new if not changed.isdisjoint(pair)}
    gone = {pair for pair in old - new if changed.isdisjoint(pair)}
    assert gone or cap == 8 or seed
    found = compare_crowds(Crowds(before, finer[0]), Crowds(after, finer[1]), changed, cap)
    assert found == Turnover(own, new - old - own, gone)


def blocks_of(records: dict[int, Features]) -> dict[int, set[int]]:
    blocks: dict[int, set[int]] = defaultdict(set)
    for number, record in records.items():
        for key in kept_keys(record):
            blocks[key].add(number)
    return blocks


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
