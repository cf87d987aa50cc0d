"""Cases: what matching and merging could not decide becomes a question, once, until its evidence changes."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from catalogue.decision import Case, CaseKind, Decision, case_id, evidence_key
from catalogue.evidence import ClusterLevel
from catalogue.keys import RecordKey, content_hash
from catalogue.merged import MergedRecord
from catalogue.record import CatalogueRecord
from jobs.constraints import Standing, sides
from jobs.remerging import Remerged
from matching.explain import explain
from matching.features import Features
from matching.resolution import Resolution
from store import cases, records, sources
from store.batches import batches
from store.database import Connection, Store

PRIORITY: dict[CaseKind, int] = {"alarm": 90, "split": 70, "match": 50, "field": 30, "gap": 10}
EDITION_FIRST = 10  # an edition split in two is what readers see
CASES_PER_TRANSACTION = 500


@dataclass(frozen=True, slots=True)
class Questions:
    """Everything a resolve left open."""

    found: Resolution
    features: Sequence[Features]
    standing: Standing
    done: Remerged


def ask(store: Store, questions: Questions, now: str) -> int:
    """Open a case for every question there is now, dissolve those no longer asked; how many are new or open again."""
    asked: set[str] = set()
    fresh = 0
    for part in batches(_all(store, questions, now), CASES_PER_TRANSACTION):
        asked.update(case.case for case in part)
        with store.write() as connection:
            fresh += cases.save(connection, part, now)
    with store.write() as connection:
        gone = [
            case.case
            for case in cases.listed(connection)
            if case.case not in asked
            and (case.kind != "field" or not questions.done.looked_at.isdisjoint(case.members))
        ]
        cases.set_state(connection, gone, "dissolved", now)
    return fresh


def _all(store: Store, questions: Questions, now: str) -> Iterator[Case]:
    """Questions about records of which none can publish are not asked: their answer would change nothing to see."""
    features = {each.key: each for each in questions.features}
    with store.read() as connection:
        publishing = {name for name, role in sources.roles(connection).items() if role == "catalogue"}
    editions = _members_by_key(questions.found.editions, questions.features)
    works = _members_by_key(questions.found.works, questions.features)
    for each in questions.found.asks:
        home = editions if each.level == "edition" else works
        left, right = (questions.features[n].key for n in (each.left, each.right))
        if not any(RecordKey.parse(key).source in publishing for key in (*home[left], *home[right])):
            continue
        wanted = _Pair(each.level, (left, right), (home[left], home[right]), ", ".join(each.reasons))
        yield _match_case(store, wanted, (features, questions.found), now)
    for made in questions.standing.changed:
        yield _changed_case(store, made, (features, questions.found), now)
    for against in questions.found.contradictions:
        pair = tuple(questions.features[n].key for n in (against.left, against.right))
        yield _case(store, "split", against.level, pair, reason="contradiction", now=now)
    for merged in questions.done.conflicted:
        yield from _field_cases(merged, now)


@dataclass(frozen=True, slots=True)
class _Pair:
    """Two records for which two clusters are asked about."""

    level: ClusterLevel
    pair: tuple[str, str]
    sides: tuple[tuple[str, ...], tuple[str, ...]]
    reason: str


def _members_by_key(clusters: Sequence[Sequence[int]], features: Sequence[Features]) -> dict[str, tuple[str, ...]]:
    home: dict[str, tuple[str, ...]] = {}
    for cluster in clusters:
        keys = tuple(sorted(features[n].key for n in cluster))
        home |= dict.fromkeys(keys, keys)
    return home


def _match_case(store: Store, asked: _Pair, known: tuple[Mapping[str, Features], Resolution], now: str) -> Case:
    features, found = known
    left, right = asked.pair
    scored = explain(features[left], features[right], asked.level, facts=found.facts)
    members = tuple(sorted({*asked.sides[0], *asked.sides[1]}))
    case = _case(store, "match", asked.level, members, reason=asked.reason, now=now)
    return case.model_copy(update={"findings": scored.findings, "candidates": asked.sides})


def _changed_case(store: Store, made: Decision, known: tuple[Mapping[str, Features], Resolution], now: str) -> Case:
    """A decision whose evidence is not what it was: asked again, with the old answer in the reason."""
    shown = sides(made)
    reason = f"evidence changed since decision {made.id}: {made.answer}"
    asked = _Pair(made.level, (shown[0][0], shown[1][0]), shown, reason)
    return _match_case(store, asked, known, now)


def _field_cases(merged: MergedRecord, now: str) -> Iterator[Case]:
    """Asked again only when what the sources say in this very field changes."""
    for conflict in merged.conflicts:
        candidates = tuple(each.model_dump(mode="json") for each in conflict.candidates)
        said = json.dumps([conflict.field, candidates], ensure_ascii=False, sort_keys=True)
        evidence = content_hash(said.encode()).hex()
        yield Case(
            case=case_id("field", merged.level, list(merged.members), evidence),
            kind="field",
            level=merged.level,
            reason=conflict.field,
            members=merged.members,
            field=conflict.field,
            candidates=candidates,
            evidence_key=evidence,
            opened=now,
            priority=_priority("field", merged.level),
        )


def _case(store: Store, kind: CaseKind, level: ClusterLevel, members: Sequence[str], *, reason: str, now: str) -> Case:
    with store.read() as connection:
        shown = _records(connection, members)
    evidence = evidence_key(shown)
    return Case(
        case=case_id(kind, level, list(members), evidence),
        kind=kind,
        level=level,
        reason=reason,
        members=tuple(members),
        evidence_key=evidence,
        opened=now,
        priority=_priority(kind, level),
    )


def _priority(kind: CaseKind, level: ClusterLevel) -> int:
    return PRIORITY[kind] + (EDITION_FIRST if level == "edition" else 0)


def _records(connection: Connection, keys: Sequence[str]) -> list[CatalogueRecord]:
    numbers = records.numbers_of(connection, [RecordKey.parse(key) for key in keys])
    found = records.by_number(connection, sorted(numbers.values()))
    return [stored.record for stored in found.values() if stored.record is not None]
