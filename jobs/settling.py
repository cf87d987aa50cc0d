"""Settle: resolve again, within one transaction, what some records' clusters hang on, and nothing else.

The same functions as the batch resolve, on a closed part of the catalogue: everything that links, that people bound
together or that stands together now. What comes out is what a resolve of the whole would give.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from catalogue.decision import Decision, sides
from catalogue.evidence import ClusterLevel
from jobs.asking import Homes, Questions, cases_of_fields, homes_of, is_as_before, made_cases, shown_in, wanted_cases
from jobs.constraints import Standing, records_named, standing_of
from jobs.membership import keep_membership, make_plan
from jobs.queueing import WEIGHTS, keep_cases, weights_of
from jobs.remerging import Remerged, remerge
from jobs.rules import RULES_FACT, rules_now
from matching.blocking import SERIAL
from matching.facts import SetFacts
from matching.features import FEATURES_VERSION, Features
from matching.model import load_model
from matching.resolution import Resolution, Surroundings
from matching.resolution import resolve as resolve_set
from ops.settings import PrioritySettings
from store import blocks, cases, decisions, facts, matches
from store import features as stored_features
from store.database import Connection, Store
from store.matches import Place, Tie
from store.shelf import Shelf

MATCHING = "matching"
"""The fact that holds what matching knows of the whole set."""


@dataclass(slots=True)
class Settled:
    """What changed: works by id, cases opened and closed. `waits`: a harvest came first, the next resolve obeys.

    `looked_at` are the numbers of the records whose clusters were made anew.
    """

    works: set[str] = field(default_factory=set)
    opened: set[str] = field(default_factory=set)
    closed: set[str] = field(default_factory=set)
    waits: bool = False
    looked_at: set[int] = field(default_factory=set)
    retired: int = 0
    contradictions: int = 0

    def add(self, other: Settled) -> None:
        """Another part that was settled in the same go."""
        self.works |= other.works
        self.opened |= other.opened
        self.closed |= other.closed
        self.retired += other.retired
        self.contradictions += other.contradictions
        self.waits = self.waits or other.waits


@dataclass(frozen=True, slots=True)
class Batch:
    """The batch resolve that a part is settled for: its marks, of records that it deals with, and the keys of those
    whose turn is still to come. `as_they_were` did not change themselves, only pairs of theirs: they are merged anew
    where their clusters change. `features` are some it has read: only a resolve makes features, so that those that are
    still kept are as they were.
    """

    marks: Mapping[int, str]
    waiting: Mapping[int, str] = field(default_factory=dict)
    as_they_were: Collection[int] = frozenset()
    features: Mapping[int, Features] = field(default_factory=dict)


@dataclass(slots=True)
class Near:
    """What the clusters of some records can depend on: where those records stand, by number, which pairs they are in,
    and the decisions that stand about them.
    """

    numbers: set[int] = field(default_factory=set)
    places: dict[int, Place] = field(default_factory=dict)
    pairs: set[Tie] = field(default_factory=set)
    made: dict[int, Decision] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Part:
    """A closed part of the catalogue and what is around it. Numbers are the store's, sorted; `gone` are the keys of
    records that were in it.
    """

    inside: list[int]
    around: dict[int, Place]
    pairs: list[tuple[int, int]]
    features: dict[int, Features]
    facts: SetFacts
    standing: Standing
    gone: tuple[str, ...] = ()


def settle(shelf: Shelf, touched: Collection[int], at: str, *, batch: Batch | None = None) -> Settled:
    """Resolve and merge again what these records are in, keep the cases, and queue what changed for publishing.

    Where a record of that part came or changed and was not resolved since, nothing is done but to queue the records
    for the next resolve. Those with a mark of the `batch` do not hinder. What is to be asked about those that wait in
    it is left to their turn. The caller holds the turn (`Store.write(in_turn=True)`).
    """
    connection = shelf.connection
    near = closure(shelf, touched)
    marks = stored_features.dirty_records(connection, sorted(near.numbers))
    known = batch.marks if batch else {}
    said = facts.get_facts(connection, RULES_FACT, MATCHING, WEIGHTS)
    fresh = {number for number, mark in marks.items() if known.get(number) != mark}
    if batch and fresh:  # marked by answers alone: what changed since has no features
        fresh -= stored_features.with_features(connection, fresh, FEATURES_VERSION)
    if fresh or said.get(RULES_FACT) != rules_now():
        stored_features.mark_more(connection, sorted(touched), at)
        return Settled(waits=True, looked_at=near.numbers)
    seen = batch.features if batch else {}
    part = read_part(shelf, near, SetFacts.model_validate(said.get(MATCHING) or {}), seen)
    found = _resolve(part)
    numbers = sorted({*part.inside, *part.around})
    before = {number: place for number, place in near.places.items() if number in near.numbers}
    clusters: dict[ClusterLevel, list[list[int]]] = {
        "edition": [[numbers[n] for n in cluster] for cluster in found.editions],
        "work": [[numbers[n] for n in cluster] for cluster in found.works],
    }
    plan = make_plan(clusters, before, before.keys() - set(part.inside))
    retired = keep_membership(connection, plan, at, fresh=True)
    stay = batch.as_they_were if batch else ()
    changed, after = (marks.keys() | set(touched)).difference(stay), plan.after()
    done = Remerged()
    works = sorted({after[number].work for number in plan.touched | changed if number in after})
    remerge(shelf, works, (plan.regrouped | changed, part.standing, at), done)
    stored_features.clear_dirty(connection, marks)
    unsure = sorted(stored_features.dirty_records(connection, sorted(part.around)))
    later = frozenset(key for n, key in batch.waiting.items() if n not in near.numbers) if batch else frozenset()
    asking = Asking(
        at,
        weights_of(said.get(WEIGHTS)),
        frozenset(shelf.keys_of(unsure).values()),
        bool(marks),
        later,
        batch is not None,
    )
    settled = _keep_cases(shelf, part, (found, done), asking)
    settled.works = done.works | {name for name in retired if name.startswith("w")}
    settled.looked_at, settled.retired, settled.contradictions = near.numbers, len(retired), len(found.contradictions)
    return settled


def settle_since(store: Store, answered: int, batch: Batch, at: str) -> set[str]:
    """Settle what people said since a batch resolve knew of the decision `answered`; the works that changed."""
    works: set[str] = set()
    while True:
        with store.write(in_turn=True) as connection:
            later = decisions.since(connection, answered)
            if not later:
                return works
            shelf = Shelf(connection)
            works |= settle(shelf, touched_by(shelf, later[:1]), at, batch=batch).works
            answered = later[0].id


def closure(shelf: Shelf, touched: Iterable[int]) -> Near:
    """The records that the clusters of some records can depend on: by pairs that link, by what people bound
    together, by names of serials, by the works they stand in; and so on from those.
    """
    near = Near()
    fresh = set(touched)
    while fresh:
        near.numbers |= fresh
        near.places |= matches.around(shelf.connection, sorted(fresh))
        pairs = matches.ties_of(shelf.connection, fresh)
        near.pairs.update(pairs)
        made = decisions.standing(shelf.connection, shelf.keys_of(sorted(fresh)).values())
        near.made |= {each.id: each for each in made}
        linked = {number for pair in pairs if pair.links for number in pair[:2]}
        serials = blocks.sharing(shelf.connection, fresh, SERIAL)
        fresh = (near.places.keys() | linked | serials | _bound(shelf, made)) - near.numbers
    return near


def read_part(shelf: Shelf, near: Near, known_facts: SetFacts, seen: Mapping[int, Features]) -> Part:
    """Features, pairs and decisions of a closed part and of what is asked about with it. `seen`: as of `Batch`."""
    connection = shelf.connection
    features = _features(connection, near.numbers, seen)
    known = shelf.keys_of(sorted(near.numbers))
    keys = {key for number, key in known.items() if number in features}
    made = [each for _, each in sorted(near.made.items()) if not keys.isdisjoint(each.records)]
    standing = standing_of(made, shelf.live(records_named(made)))
    named = shelf.numbers_of({key for each in standing.made.values() for key in each.records})
    ends = {n for p in near.pairs if p.askable and not features.keys().isdisjoint(p[:2]) for n in p[:2]}
    places = matches.around(connection, sorted(ends - features.keys()))
    places |= matches.places(connection, sorted(named - features.keys() - places.keys()))
    around = _features(connection, places.keys() - features.keys(), seen)
    return Part(
        inside=sorted(features),
        around={n: places[n] for n in around},
        pairs=sorted(p[:2] for p in near.pairs if all(n in features or n in around for n in p[:2])),
        features={**features, **around},
        facts=known_facts,
        standing=standing,
        gone=tuple(key for number, key in known.items() if number not in features),
    )


def _features(connection: Connection, numbers: Collection[int], seen: Mapping[int, Features]) -> dict[int, Features]:
    """The features of the live records among these, in order of number."""
    there = stored_features.with_features(connection, seen.keys() & set(numbers), FEATURES_VERSION)
    rest = stored_features.features_of(connection, set(numbers) - seen.keys(), FEATURES_VERSION)
    found = {number: seen[number] for number in there}
    found |= {number: Features.from_json(document) for number, document in rest.items()}
    return dict(sorted(found.items()))


def _bound(shelf: Shelf, made: Iterable[Decision]) -> set[int]:
    """The live records that a "same" among these puts together."""
    named = {key for each in made if each.answer == "same" for side in sides(each) for key in side}
    return {one.number for one in shelf.by_key(sorted(named)).values() if one.status == "live"}


def _resolve(part: Part) -> Resolution:
    numbers = sorted({*part.inside, *part.around})
    place = {number: n for n, number in enumerate(numbers)}
    around = Surroundings(
        pairs=[(place[left], place[right]) for left, right in part.pairs],
        placed={place[number]: (at.edition, at.work) for number, at in part.around.items()},
        facts=part.facts,
    )
    features = [part.features[number] for number in numbers]
    return resolve_set(features, part.standing.constraints, load_model(), around=around)


@dataclass(frozen=True, slots=True)
class Asking:
    """When cases are kept, by which weights, and which records around changed and were not resolved since: what is
    asked about them stays asked. `renewed`: some inside changed too, so that rows of the queue may be old. `later`:
    records whose turn in the batch is still to come, and who are asked about then.
    """

    at: str
    weights: PrioritySettings
    unsure: frozenset[str]
    renewed: bool
    later: frozenset[str] = frozenset()
    in_batch: bool = False  # records changed, and with them what cases that stay tell


def _keep_cases(shelf: Shelf, part: Part, outcome: tuple[Resolution, Remerged], asking: Asking) -> Settled:
    found, done = outcome
    connection = shelf.connection
    numbers = sorted({*part.inside, *part.around})
    features = [part.features[number] for number in numbers]
    homes = _homes(shelf, part, found, features)
    questions = Questions(found, features, homes, part.standing, lambda named: _features_of(shelf, named))
    keys = {part.features[number].key for number in part.inside}
    found_here = (w for w in wanted_cases(connection, questions) if not keys.isdisjoint(w.members))
    wanted = [w for w in found_here if asking.later.isdisjoint(w.members)]
    named = shown_in(wanted)
    shown = questions.of(named)
    changed_since = named - shown.keys()  # only a resolve can ask of those
    wanted = [w for w in wanted if changed_since.isdisjoint(w.pair or ())]
    keys |= set(part.gone)
    about = cases.about(connection, sorted(keys | {key for _, key in done.looked_at}), "open")
    before = {case.case: case for case in about}
    known = {} if asking.in_batch else before
    asked = [case for some in made_cases(shelf, wanted, (found, shown), asking.at, known=known) for case in some]
    asked += [
        case if asking.renewed or not is_as_before(before.get(case.case), case) else before[case.case]
        for case in cases_of_fields(done, part.standing, asking.at)
    ]
    changed = [case for case in asked if case is not before.get(case.case)]
    kept = keep_cases(shelf, changed, asking.at, asking.weights)
    stay = {case.case for case in asked}
    live = shelf.live({key for case in before.values() if case.kind == "field" for key in case.members})
    gone = [
        case.case
        for case in before.values()
        if case.case not in stay
        and done.is_over(case, live)
        and (asking.unsure | asking.later | changed_since).isdisjoint(case.members)
    ]
    cases.set_state(connection, gone, "dissolved", asking.at, was="open")
    opened = {each.case.case for each in kept if each.case.state == "open"} - before.keys()
    return Settled(opened=opened, closed=set(gone))


def _features_of(shelf: Shelf, keys: Collection[str]) -> dict[str, Features]:
    numbers = shelf.numbers_of(sorted(keys))
    found = stored_features.features_of(shelf.connection, numbers, FEATURES_VERSION)
    return {each.key: each for each in map(Features.from_json, found.values())}


def _homes(shelf: Shelf, part: Part, found: Resolution, features: Sequence[Features]) -> Homes:
    """The members of the clusters inside as they are found, of those around as they stand."""
    homes = homes_of(found, features)
    levels: tuple[ClusterLevel, ...] = ("edition", "work")
    for level in levels:
        ids = sorted({getattr(place, level) for place in part.around.values()})
        stand = matches.members(shelf.connection, level, ids)
        known = shelf.keys_of([n for members in stand.values() for n in members])
        for members in stand.values():
            keys = tuple(sorted(known[n] for n in members))
            homes[level].update(dict.fromkeys(keys, keys))
    return homes


def touched_by(shelf: Shelf, made: Iterable[Decision]) -> set[int]:
    """The numbers of the records that decisions are about."""
    return shelf.numbers_of(sorted({key for each in made for key in each.records}))
