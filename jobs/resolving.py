"""Resolve: who belongs together, under which ids, merged how, and what is left to ask."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from catalogue.errors import RunLocked
from catalogue.evidence import ClusterLevel
from jobs.asking import Questions, ask
from jobs.constraints import Standing, records_named, standing_of
from jobs.remerging import remerge
from matching.features import FEATURES_VERSION, Features, extract
from matching.model import load_model
from matching.resolution import Resolution
from matching.resolution import resolve as resolve_set
from merging.rules import load_rules
from ops.logs import get_logger
from store import cases, decisions, facts, matches, merged, minted, records, sources
from store import features as stored_features
from store.database import Connection, Store
from store.matches import KeptPair, Place

LOCK = "resolve"
RULES_FACT = "rules"  # what the last resolve went by: another version of any of it resolves everything
FEATURES_BATCH = 2_000
log = get_logger("resolve")


@dataclass(slots=True)
class ResolveReport:
    """What stands after a resolve, and what it changed."""

    records: int = 0
    editions: int = 0
    works: int = 0
    open_cases: int = 0
    changed_works: int = 0
    retired_ids: int = 0
    skipped: bool = False  # nothing had changed
    oversize_blocks: int = 0
    contradictions: int = 0

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(slots=True)
class Plan:
    """Membership as it will be, against how it stood."""

    before: dict[int, Place]
    touched: set[int] = field(default_factory=set)  # records whose clusters changed
    gone: set[int] = field(default_factory=set)  # records that have a place and are no longer live


def resolve(store: Store, now: str, *, everything: bool = False) -> ResolveReport:
    """Match, cluster and merge what changed; `everything` does it for all and gives the same result.

    Raises RunLocked while another batch resolve is at work.
    """
    with store.run_lock(LOCK):
        refresh_features(store)
        with store.read() as connection:
            marks = stored_features.dirty_records(connection)
            rules = rules_now()
            everything = everything or facts.get_fact(connection, RULES_FACT) != rules
            if not marks and not everything:
                return _report(store, ResolveReport(skipped=True))
            if stored_features.without_features(connection, FEATURES_VERSION):
                raise RunLocked("a harvest went live while the resolve began: resolve again")
            known = list(stored_features.live_features(connection, FEATURES_VERSION))
            standing = read_standing(store)
            before = matches.places(connection)
        numbers = [number for number, _ in known]
        features = [Features.model_validate(document) for _, document in known]
        found = resolve_set(features, standing.constraints, load_model())
        plan = make_plan(numbers, found, before)
        retired, mark = _keep_membership(store, plan, (numbers, found), now)
        again = set(numbers) if everything else (marks.keys() & set(numbers)) | plan.touched
        marks = dict.fromkeys(plan.touched, mark) | marks
        changed = remerge(store, again, standing, marks=marks, now=now)
        ask(store, Questions(found, features, standing, changed), now)
        live = set(numbers)
        with store.write() as connection:
            stored_features.clear_dirty(connection, {n: m for n, m in marks.items() if n not in live})
            facts.set_new_fact(connection, RULES_FACT, rules, now)
        report = ResolveReport(
            changed_works=len(changed.works),
            retired_ids=retired,
            oversize_blocks=len(found.oversize),
            contradictions=len(found.contradictions),
        )
        return _report(store, report)


def rules_now() -> list[str]:
    """Versions of the survivorship rules, the weights and the features."""
    return [load_rules().version, load_model().version, FEATURES_VERSION]


def refresh_features(store: Store) -> None:
    """Make the features of live records that lack them in the present version."""
    with store.read() as connection:
        missing = stored_features.without_features(connection, FEATURES_VERSION)
        mixed = sources.mixed_origins(connection)
    for start in range(0, len(missing), FEATURES_BATCH):
        part = missing[start : start + FEATURES_BATCH]
        with store.write() as connection:
            found = records.by_number(connection, part)
            rows = [
                (number, extract(stored.record, mixed_origin=stored.key.source in mixed).model_dump(mode="json"))
                for number, stored in found.items()
                if stored.record is not None
            ]
            stored_features.save_features(connection, FEATURES_VERSION, rows)


def read_standing(store: Store) -> Standing:
    """The decisions that stand, seen against the records they were about."""
    with store.read() as connection:
        made = decisions.standing(connection)
        keys = records_named(made)
        numbers = records.numbers_of(connection, keys)
        stored = records.by_number(connection, sorted(numbers.values()))
    live = {str(s.key): s.record for s in stored.values() if s.status == "live" and s.record is not None}
    return standing_of(made, live)


def make_plan(numbers: Sequence[int], found: Resolution, before: dict[int, Place]) -> Plan:
    """Compare the clusters found with those that stand."""
    plan = Plan(before=before, gone=set(before) - set(numbers))
    for level, clusters in _by_level(found):
        old: dict[str, set[int]] = {}
        for number, place in before.items():
            old.setdefault(getattr(place, level), set()).add(number)
        for cluster in clusters:
            members = {numbers[position] for position in cluster}
            names = {getattr(before[n], level) for n in members if n in before}
            if len(names) != 1 or old[names.pop()] != members:
                plan.touched |= members
    return plan


def _keep_membership(store: Store, plan: Plan, result: tuple[list[int], Resolution], now: str) -> tuple[int, str]:
    """Name the changed clusters, keep who is where, retire ids; the number of ids retired, and the touched's mark.

    Touched records are marked dirty in the same transaction, so that a run killed behind it merges them again.
    """
    numbers, found = result
    with store.write() as connection:
        _keep_pairs(connection, numbers, found)
        facts.set_new_fact(connection, "matching", found.facts.model_dump(mode="json"), now)
        if not plan.touched and not plan.gone:
            return 0, ""
        named: dict[ClusterLevel, dict[int, str]] = {}
        retired: dict[str, str | None] = {}
        for level, clusters in _by_level(found):
            changed = [
                sorted(numbers[p] for p in cluster) for cluster in clusters if _is_touched(cluster, numbers, plan)
            ]
            naming = minted.name_clusters(connection, level, changed, now)
            named[level] = {n: name for name, members in zip(naming.ids, changed, strict=True) for n in members}
            retired |= naming.retired
            empty = _emptied(plan, level, set(retired) | set(naming.ids))
            minted.retire_empty(connection, level, empty, now)
            retired |= dict.fromkeys(empty)
        gone_works = [name for name in retired if name.startswith("w")]
        places = {n: _place(n, named, plan.before) for n in plan.touched}
        matches.save_membership(connection, places, plan.gone)
        mark = stored_features.mark_more(connection, sorted(plan.touched), now)
        merged.retire(connection, retired, now)
        merged.queue_works(connection, gone_works)
        log.info("membership", touched=len(plan.touched), gone=len(plan.gone), retired=len(retired))
        return len(retired), mark


def _is_touched(cluster: Iterable[int], numbers: list[int], plan: Plan) -> bool:
    return any(numbers[position] in plan.touched for position in cluster)


def _emptied(plan: Plan, level: ClusterLevel, handled: set[str]) -> list[str]:
    """Ids whose members are all gone."""
    kept = {getattr(place, level) for number, place in plan.before.items() if number not in plan.gone}
    return sorted({getattr(plan.before[n], level) for n in plan.gone} - kept - handled)


def _place(number: int, named: dict[ClusterLevel, dict[int, str]], before: dict[int, Place]) -> Place:
    old = before.get(number)
    edition = named["edition"].get(number) or (old.edition if old else "")
    work = named["work"].get(number) or (old.work if old else "")
    return Place(edition, work)


def _by_level(found: Resolution) -> tuple[tuple[ClusterLevel, Sequence[Sequence[int]]], ...]:
    return ("edition", found.editions), ("work", found.works)


def _keep_pairs(connection: Connection, numbers: list[int], found: Resolution) -> None:
    model = load_model().version
    kept = (
        KeptPair(
            min(numbers[p.left], numbers[p.right]),
            max(numbers[p.left], numbers[p.right]),
            p.edition_score,
            p.work_score,
            p.vetoes,
            model,
        )
        for p in found.pairs
    )
    matches.replace_pairs(connection, None, kept)


def _report(store: Store, report: ResolveReport) -> ResolveReport:
    with store.read() as connection:
        sizes = merged.count(connection)
        report.records = records.count(connection).get("live", 0)
        report.editions, report.works = sizes.get("edition", 0), sizes.get("work", 0)
        report.open_cases = sum(n for (_, state), n in cases.count(connection).items() if state == "open")
    return report
