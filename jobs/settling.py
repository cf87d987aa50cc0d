"""Settle: resolve again, within one transaction, what some records' clusters hang on, and nothing else.

The same functions as the batch resolve, on a closed part of the catalogue: everything that links, that people bound
together or that stands together now. What comes out is what a resolve of the whole would give.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from catalogue.decision import Decision, sides
from catalogue.evidence import ClusterLevel
from catalogue.keys import RecordKey
from jobs.asking import Homes, Questions, cases_of_fields, homes_of, made_cases, wanted_cases
from jobs.constraints import Standing, read_standing
from jobs.membership import keep_membership, make_plan
from jobs.queueing import keep_cases
from jobs.remerging import Remerged, remerge
from jobs.rules import RULES_FACT, rules_now
from matching.facts import SetFacts
from matching.features import FEATURES_VERSION, Features
from matching.model import load_model
from matching.resolution import Resolution, Surroundings
from matching.resolution import resolve as resolve_set
from store import cases, decisions, facts, matches, records
from store import features as stored_features
from store.database import Connection
from store.matches import Place


@dataclass(slots=True)
class Settled:
    """What changed: works by id, cases opened and closed. `waits`: a harvest came first, the next resolve obeys."""

    works: set[str] = field(default_factory=set)
    opened: set[str] = field(default_factory=set)
    closed: set[str] = field(default_factory=set)
    waits: bool = False


@dataclass(frozen=True, slots=True)
class Part:
    """A closed part of the catalogue and what is around it. Numbers are the store's, sorted."""

    inside: list[int]
    around: dict[int, Place]
    pairs: list[tuple[int, int]]
    features: dict[int, Features]
    facts: SetFacts
    standing: Standing


def settle(
    connection: Connection, touched: Collection[int], at: str, *, resolved: Mapping[int, str] | None = None
) -> Settled:
    """Resolve and merge again what these records are in, keep the cases, and queue what changed for publishing.

    Where a record of that part came or changed and was not resolved since, nothing is done but to queue the records
    for the next resolve. `resolved` are marks of records that a batch resolve has dealt with: they do not hinder.
    The caller holds the turn (`Store.write(in_turn=True)`).
    """
    inside = closure(connection, touched)
    marks = stored_features.dirty_records(connection, sorted(inside))
    known = resolved or {}
    by_rules = facts.get_fact(connection, RULES_FACT) == rules_now()
    if not by_rules or any(known.get(number) != mark for number, mark in marks.items()):
        stored_features.mark_more(connection, sorted(touched), at)
        return Settled(waits=True)
    part = read_part(connection, inside)
    found = _resolve(part)
    numbers = sorted({*part.inside, *part.around})
    before = matches.places(connection, sorted(inside))
    clusters: dict[ClusterLevel, list[list[int]]] = {
        "edition": [[numbers[n] for n in cluster] for cluster in found.editions],
        "work": [[numbers[n] for n in cluster] for cluster in found.works],
    }
    plan = make_plan(clusters, before, before.keys() - set(part.inside))
    retired = keep_membership(connection, plan, at)
    again = plan.touched | set(touched) | marks.keys()
    done = _merge(connection, part, again, at)
    stored_features.clear_dirty(connection, marks)
    settled = _keep_cases(connection, part, found, done, at=at)
    settled.works = done.works | {name for name in retired if name.startswith("w")}
    return settled


def closure(connection: Connection, touched: Iterable[int]) -> set[int]:
    """The records that the clusters of some records can depend on: by pairs that link, by what people bound
    together, by the works they stand in; and so on from those.
    """
    found: set[int] = set()
    fresh = set(touched)
    while fresh:
        found |= fresh
        near = matches.together(connection, fresh) | matches.linked(connection, fresh) | _bound(connection, fresh)
        fresh = near - found
    return found


def read_part(connection: Connection, inside: Collection[int]) -> Part:
    """Features, pairs and decisions of a closed part and of what is asked about with it."""
    features = stored_features.features_of(connection, inside, FEATURES_VERSION)
    keys = [str(key) for key in records.keys_of(connection, sorted(features)).values()]
    standing = read_standing(connection, keys)
    pairs = [(p.left, p.right) for p in matches.pairs_of(connection, sorted(features))]
    named = records.numbers_of(connection, {RecordKey.parse(k) for d in standing.made.values() for k in d.records})
    beside = ({n for pair in pairs for n in pair} | set(named.values())) - set(features)
    known = stored_features.features_of(connection, beside, FEATURES_VERSION)
    places = matches.places(connection, sorted(known))
    around = {n: place for n, place in places.items() if n in known}
    read = {n: Features.model_validate(document) for n, document in {**features, **known}.items()}
    kept = facts.get_fact(connection, "matching")
    return Part(
        inside=sorted(features),
        around=around,
        pairs=[p for p in pairs if all(n in features or n in around for n in p)],
        features={n: f for n, f in read.items() if n in features or n in around},
        facts=SetFacts.model_validate(kept) if kept else SetFacts(),
        standing=standing,
    )


def _bound(connection: Connection, numbers: Iterable[int]) -> set[int]:
    """The records that a "same" puts together with one of these."""
    keys = [str(key) for key in records.keys_of(connection, sorted(numbers)).values()]
    made = [d for d in decisions.standing(connection, keys) if d.answer == "same"]
    named = {RecordKey.parse(key) for d in made for side in sides(d) for key in side}
    live = records.live_among(connection, named)
    return set(live.values())


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


def _merge(connection: Connection, part: Part, again: set[int], at: str) -> Remerged:
    places = matches.places(connection, sorted(again))
    done = Remerged()
    remerge(connection, sorted({place.work for place in places.values()}), (again, part.standing, at), done)
    return done


def _keep_cases(connection: Connection, part: Part, found: Resolution, done: Remerged, *, at: str) -> Settled:
    numbers = sorted({*part.inside, *part.around})
    features = [part.features[number] for number in numbers]
    questions = Questions(found, features, _homes(connection, part, found, features), part.standing)
    keys = {part.features[number].key for number in part.inside}
    wanted = [w for w in wanted_cases(connection, questions) if not keys.isdisjoint(w.members)]
    before = {
        case.case: case for case in cases.about(connection, sorted(keys | {key for _, key in done.looked_at}), "open")
    }
    asked = [case for some in made_cases(connection, wanted, questions, at, known=before) for case in some]
    asked += cases_of_fields(done, part.standing, at)
    keep_cases(connection, [case for case in asked if case is not before.get(case.case)], at)
    unsure = _unresolved(connection, part)
    gone = [
        case.case
        for case in before.values()
        if case.case not in {each.case for each in asked} and done.is_over(case) and unsure.isdisjoint(case.members)
    ]
    cases.set_state(connection, gone, "dissolved", at)
    standing = cases.by_name(connection, sorted({each.case for each in asked}))
    opened = {case.case for case in standing if case.state == "open"} - before.keys()
    return Settled(opened=opened, closed=set(gone))


def _homes(connection: Connection, part: Part, found: Resolution, features: Sequence[Features]) -> Homes:
    """The members of the clusters inside as they are found, of those around as they stand."""
    homes = homes_of(found, features)
    levels: tuple[ClusterLevel, ...] = ("edition", "work")
    for level in levels:
        stand = matches.members(connection, level, sorted({getattr(place, level) for place in part.around.values()}))
        known = records.keys_of(connection, [n for members in stand.values() for n in members])
        for members in stand.values():
            keys = tuple(sorted(str(known[n]) for n in members))
            homes[level].update(dict.fromkeys(keys, keys))
    return homes


def _unresolved(connection: Connection, part: Part) -> set[str]:
    """Keys of records around that changed and were not resolved since: what is asked about them stays asked."""
    near = {n for pair in matches.pairs_of(connection, part.inside) for n in pair[:2]} - set(part.inside)
    marked = stored_features.dirty_records(connection, sorted(near))
    return {str(key) for key in records.keys_of(connection, sorted(marked)).values()}


def touched_by(connection: Connection, made: Iterable[Decision]) -> set[int]:
    """The numbers of the records that decisions are about."""
    named = {RecordKey.parse(key) for each in made for key in each.records}
    return set(records.numbers_of(connection, named).values())
