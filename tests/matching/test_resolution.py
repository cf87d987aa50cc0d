"""Clusters: independent of order, free of vetoed pairs, obedient to people."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from itertools import combinations
from typing import Any

import pytest

from catalogue.evidence import ClusterLevel, Constraint
from catalogue.record import Issue, Relation, Title
from matching.checking import vetoed_inside
from matching.explain import explain
from matching.features import Features
from matching.resolution import Resolution, Surroundings, resolve

Featured = Callable[..., Features]
SHUFFLES = 5
ISBNS = ["9789524970013", "9789524970020", "9789524970037", "9789524970044", "9789524970051"]


def members(found: Resolution, features: Sequence[Features], level: ClusterLevel = "edition") -> set[frozenset[str]]:
    clusters = found.editions if level == "edition" else found.works
    return {frozenset(features[n].key for n in cluster) for cluster in clusters}


@pytest.fixture(scope="session")
def catalogue(featured: Featured) -> list[Features]:
    """Some 300 records of 25 works: volumes, media, narrators, translations, slips of the pen, wrong ISBNs."""
    dice = random.Random(11)
    words = ["saari", "talvi", "yö", "meri", "valo", "kivi", "tuuli", "metsä", "polku", "silta", "uni", "laulu"]
    names = ["Salo, Eeva", "Berg, Anna", "Lahti, Olli", "Nyman, Karl", "Virta, Aino"]
    records = []
    for number in range(300):
        work = random.Random(dice.randrange(25))
        title = " ".join(work.sample(words, 3))
        medium = dice.choice(["ebook", "ebook", "audiobook", "print"])
        fields: dict[str, Any] = {
            "title": title if dice.random() > 0.2 else f"{title} : {dice.choice(words)}",
            "medium": medium,
            "language": dice.choice(["fin", "fin", "swe", ()]),
            "year": str(work.randrange(2000, 2020) + (dice.random() < 0.15)),
        }
        author = work.choice(names)
        fields["author"] = dice.choice([author, author, author.split()[0] + " " + author.split()[1][0] + ".", ""])
        if medium == "audiobook" and dice.random() < 0.7:
            fields["narrator"] = dice.choice(names)
        if dice.random() < 0.3:
            fields["volume"] = str(dice.randrange(1, 3))
        if dice.random() < 0.1:
            fields["isbns"] = [dice.choice(ISBNS)]
        records.append(featured(f"{dice.choice('abcdef')}:{number}", **fields))
    return records


def test_the_order_of_records_never_matters(catalogue: list[Features]) -> None:
    first = resolve(catalogue)
    for seed in range(SHUFFLES):
        shuffled = random.Random(seed).sample(catalogue, len(catalogue))
        again = resolve(shuffled)
        for level in ("edition", "work"):
            assert members(again, shuffled, level) == members(first, catalogue, level)
        named = {(a.level, *sorted((shuffled[a.left].key, shuffled[a.right].key)), a.reasons) for a in again.asks}
        assert named == {
            (a.level, *sorted((catalogue[a.left].key, catalogue[a.right].key)), a.reasons) for a in first.asks
        }


def test_every_record_is_in_one_edition_and_every_edition_in_one_work(catalogue: list[Features]) -> None:
    found = resolve(catalogue)
    for clusters in (found.editions, found.works):
        assert sorted(n for cluster in clusters for n in cluster) == list(range(len(catalogue)))
    work_of = {n: place for place, cluster in enumerate(found.works) for n in cluster}
    assert all(len({work_of[n] for n in edition}) == 1 for edition in found.editions)


def test_no_cluster_holds_a_vetoed_pair(catalogue: list[Features]) -> None:
    found = resolve(catalogue)
    assert any(len(edition) > 2 for edition in found.editions)
    assert vetoed_inside(catalogue, found) == []
    for edition in found.editions:
        for left, right in combinations(edition, 2):
            assert explain(catalogue[left], catalogue[right], "edition", facts=found.facts).vetoes == ()


def test_a_cannot_link_holds_and_a_must_link_joins(catalogue: list[Features]) -> None:
    found = resolve(catalogue)
    edition = next(e for e in found.editions if len(e) > 2)
    apart = Constraint(kind="cannot", level="edition", left=catalogue[edition[0]].key, right=catalogue[edition[1]].key)
    again = resolve(catalogue, [apart])
    assert not any({edition[0], edition[1]} <= set(e) for e in again.editions)
    ask = next(a for a in found.asks if a.level == "edition")
    joined = Constraint(kind="must", level="edition", left=catalogue[ask.left].key, right=catalogue[ask.right].key)
    again = resolve(catalogue, [joined])
    assert any({ask.left, ask.right} <= set(e) for e in again.editions)
    assert vetoed_inside(catalogue, again, [joined]) == []


def must(left: str, right: str, level: ClusterLevel = "edition", lifts: tuple[str, ...] = ()) -> Constraint:
    return Constraint(kind="must", level=level, left=left, right=right, lifts=lifts)


def cannot(left: str, right: str, level: ClusterLevel = "edition") -> Constraint:
    return Constraint(kind="cannot", level=level, left=left, right=right)


def test_a_must_link_overrules_the_vetoes_it_lifts_and_no_others(featured: Featured) -> None:
    records = [featured("a:1"), featured("b:1", medium="print"), featured("c:1")]
    refused = resolve(records, [must("a:1", "b:1")])
    assert members(refused, records) == {frozenset({"a:1", "c:1"}), frozenset({"b:1"})}
    assert [(c.level, c.left, c.right) for c in refused.contradictions] == [("edition", 0, 1)]
    lifted = resolve(records, [must("a:1", "b:1", lifts=("medium",))])
    assert members(lifted, records) == {frozenset({"a:1", "b:1"}), frozenset({"c:1"})}


def test_a_cannot_link_beats_a_chain_of_must_links_and_the_weakest_yields(featured: Featured) -> None:
    records = [featured("a:1"), featured("b:1"), featured("c:1", title="Hiljaisten vesien saaret", year="2019")]
    found = resolve(records, [must("a:1", "b:1"), must("b:1", "c:1"), cannot("a:1", "c:1")])
    assert members(found, records) == {frozenset({"a:1", "b:1"}), frozenset({"c:1"})}
    assert [(c.left, c.right) for c in found.contradictions] == [(1, 2)]


def test_people_join_and_part_works_too(featured: Featured) -> None:
    records = [featured("a:1"), featured("b:1", title="Aivan muuta", author="Berg, Anna")]
    assert len(resolve(records).works) == 2
    joined = resolve(records, [must("a:1", "b:1", "work", ("author",))])
    assert (len(joined.works), len(joined.editions)) == (1, 2)
    same = [featured("a:1"), featured("b:1", medium="print")]
    assert len(resolve(same).works) == 1
    assert len(resolve(same, [cannot("a:1", "b:1", "work")]).works) == 2


def test_constraints_about_unknown_records_bind_nothing(featured: Featured) -> None:
    assert len(resolve([featured("a:1")], [must("a:1", "x:9"), cannot("x:9", "a:1")]).editions) == 1


def test_print_ebook_and_audiobook_are_editions_of_one_work(featured: Featured) -> None:
    records = [
        featured("a:1"),
        featured("b:1"),
        featured("c:1", medium="print"),
        featured("d:1", medium="audiobook", narrator="Lahti, Olli"),
        featured("e:1", medium="audiobook", narrator="Berg, Anna"),
    ]
    found = resolve(records)
    assert members(found, records) == {frozenset({"a:1", "b:1"}), *(frozenset({k}) for k in ("c:1", "d:1", "e:1"))}
    assert len(found.works) == 1


@pytest.mark.parametrize(
    "link",
    [
        {"titles": (Title(text="Öarnas natt"), Title(kind="original", text="Hiljaisten vesien saari"))},
        {"title": "Öarnas natt", "relations": (Relation(kind="translation_of", scheme="isbn", value=ISBNS[0]),)},
    ],
)
def test_translations_are_one_work_by_original_title_or_relation(featured: Featured, link: dict[str, Any]) -> None:
    records = [
        featured("a:1", isbns=[ISBNS[0]]),
        featured("b:1", medium="print"),
        featured("c:1", language="swe", **link),
        featured("d:1", language="swe", title="Öarnas natt", medium="audiobook"),
    ]
    found = resolve(records)
    assert len(found.works) == 1
    assert len(found.editions) == 4


def test_volumes_of_a_series_are_works_of_their_own(featured: Featured) -> None:
    records = [featured("a:1", title=f"Tuulimetsä {n}") for n in ("I",)]
    records += [featured(f"b:{n}", title="Tuulimetsä", volume=str(n)) for n in (1, 2, 3)]
    found = resolve(records)
    assert members(found, records, "work") == {frozenset({"a:1"}) | {"b:1"}, frozenset({"b:2"}), frozenset({"b:3"})}


def test_an_ambiguous_pair_is_asked_about_once_for_two_clusters(featured: Featured) -> None:
    records = [featured("a:1", pages=200), featured("b:1", pages=200), featured("c:1", pages=150)]
    found = resolve(records)
    assert members(found, records) == {frozenset({"a:1", "b:1"}), frozenset({"c:1"})}
    assert [(a.level, a.reasons) for a in found.asks] == [("edition", ("extent_ratio",))]
    answered = resolve(records, [cannot("a:1", "c:1"), cannot("b:1", "c:1")])
    assert [a.level for a in answered.asks] == []


def test_thin_records_are_never_merged_automatically(featured: Featured) -> None:
    records = [featured("a:1", title="Runoja", author=""), featured("b:1", title="Runoja", author="")]
    found = resolve(records)
    assert len(found.editions) == 2
    assert [a.level for a in found.asks] == ["edition"]


def test_issues_join_the_edition_of_their_serial(featured: Featured) -> None:
    serial: dict[str, Any] = {"level": "serial", "medium": "emagazine", "title": "Luotolainen", "author": ""}
    issue = serial | {"level": "issue", "title": "Luotolainen 5/2024"}
    records = [
        featured("a:1", **serial),
        featured("b:1", **issue, issue=Issue(number="5/2024")),
        featured("b:2", **(issue | {"title": "Luotolainen 6/2024"})),
        featured("b:3", **(issue | {"title": "Toinen lehti 1/2024"})),
        featured("b:4", **(issue | {"title": "Toinen lehti 2/2024"})),
    ]
    found = resolve(records)
    expected = {frozenset({"a:1", "b:1", "b:2"}), frozenset({"b:3", "b:4"})}
    assert members(found, records) == members(found, records, "work") == expected
    assert all(records[p.left].form.level != "issue" for p in found.pairs)


def test_of_two_serials_that_fit_an_issue_joins_the_first_by_key_whichever_came_first(featured: Featured) -> None:
    about: dict[str, Any] = {"medium": "emagazine", "title": "Luotolainen", "author": "", "level": "serial"}
    kinds = {"a:1": {"language": "fin"}, "b:1": {"language": "swe"}, "c:1": {"level": "issue", "language": "eng"}}
    records = [featured(key, **about | kind) for key, kind in kinds.items()]
    for order in (records, records[::-1]):
        assert frozenset({"a:1", "c:1"}) in members(resolve(order), order, "work")


@pytest.mark.parametrize("seed", range(3))
def test_a_part_of_the_catalogue_asks_what_the_whole_asks_about_it(featured: Featured, seed: int) -> None:
    chance = random.Random(seed)
    isbns = ("9789524970013", "9789524970020", "9789524970037")
    records = [
        featured(
            f"{'abc'[n % 3]}:{n}",
            title=chance.choice(("Valot", "Yön valot", "Kettu", "Kettu ja yö")),
            author=chance.choice(("Meri, Aino", "Meri, Anna", "Salo, Pekka", "")),
            year=chance.choice(("2019", "2020", "2021")),
            isbns=chance.choice(((), isbns[:1], isbns[1:2], isbns[2:])),
        )
        for n in range(40)
    ]
    whole = resolve(records)
    pairs = [(p.left, p.right) for p in whole.pairs]
    places = {n: [f"e{at}", ""] for at, members in enumerate(whole.editions) for n in members}
    for at, members in enumerate(whole.works):
        for n in members:
            places[n][1] = f"w{at}"
    work_of = {n: at for at, members in enumerate(whole.works) for n in members}
    linked = {frozenset({work_of[p.left], work_of[p.right]}) for p in whole.pairs if p.links}
    for _ in range(20):
        works = set(chance.sample(range(len(whole.works)), 4))
        while more := {w for two in linked if not two.isdisjoint(works) for w in two} - works:
            works |= more
        part = {n for w in works for n in whole.works[w]}
        near = {n for pair in pairs if not {*pair}.isdisjoint(part) for n in pair}.union(part)
        numbers = sorted(near)
        placed = {numbers.index(n): (places[n][0], places[n][1]) for n in near.difference(part)}
        given = [(numbers.index(a), numbers.index(b)) for a, b in pairs if not {a, b}.isdisjoint(part)]
        found = resolve([records[n] for n in numbers], around=Surroundings(given, placed, whole.facts))
        asked = {(a.level, numbers[a.left], numbers[a.right], a.reasons) for a in found.asks}
        assert asked == {(*a[:3], a.reasons) for a in whole.asks if not {a.left, a.right}.isdisjoint(part)}


def test_an_empty_set_and_a_single_record_resolve(featured: Featured) -> None:
    assert resolve([]).editions == []
    assert resolve([featured("a:1")]).works == [(0,)]


def test_a_classic_with_more_editions_than_a_block_may_hold_is_one_work(featured: Featured) -> None:
    years = [str(1900 + n) for n in range(60)]
    records = [featured(f"{'abcde'[n % 5]}:{n}", title="Vänrikki Stoolin tarinat", year=y) for n, y in enumerate(years)]
    found = resolve(records)
    assert len(found.works) == 1
    assert [len(work) for work in resolve(records[::-1]).works] == [60]
