"""What other weights, thresholds or survivorship rules would do to the catalogue, without writing anything."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from catalogue.evidence import ClusterLevel
from jobs.membership import make_plan
from jobs.resolving import Seen, read_catalogue
from jobs.valuing import Change, changed_values
from matching.facts import set_facts
from matching.model import MatchModel, load_model
from matching.resolution import resolve
from merging.rules import Rules, load_rules
from store.database import Store


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Other thresholds of one level, in bits; None leaves one where it is."""

    level: ClusterLevel = "edition"
    accept: float | None = None
    reject: float | None = None


def what_if(store: Store, model: MatchModel, rules: Rules | None = None) -> dict[str, Any]:
    """The catalogue as it stands, and as a resolve of everything with this model and these rules would have it.

    `splits` are editions and works whose records would part, with the parts; `joins` those that would be one, with
    the records of it. `values` are the merged values that would not be what they are. Records that no resolve has seen
    yet are left out. Nothing is written. Raises RunLocked where a harvest went live and features are still to be made.
    """
    with store.read() as connection:
        seen = read_catalogue(connection)
    found = resolve(seen.features, seen.standing.constraints, model, set_facts(seen.features, seen.by_hand))
    levels: Mapping[ClusterLevel, Sequence[Sequence[int]]] = {"edition": found.editions, "work": found.works}
    splits: list[dict[str, Any]] = []
    joins: list[dict[str, Any]] = []
    for level, clusters in levels.items():
        parts, ids = _compared(seen, level, clusters)
        splits += [{"level": level, "id": name, "parts": part} for name, part in parts]
        joins += [{"level": level, **each} for each in ids]
    numbers = {level: [[seen.numbers[n] for n in cluster] for cluster in some] for level, some in levels.items()}
    change = Change(numbers, make_plan(numbers, seen.before), None if rules == load_rules() else rules)
    with store.read() as connection:
        values = [value.model_dump(mode="json") for value in changed_values(connection, seen, change)]
    asked = {"asks": len(found.asks), "editions": len(found.editions), "works": len(found.works)}
    told = {"model": f"{model.name} {model.version}", "rules": (rules or load_rules()).version}
    return {**told, **asked, "splits": splits, "joins": joins, "values": values}


def with_thresholds(model: MatchModel, other: Thresholds) -> MatchModel:
    """The model with other thresholds at one level, in every domain as much higher or lower as the base."""
    level, part = other.level, model.level(other.level)
    rows = {
        name: row.model_copy(
            update={"thresholds": {k: t for k, t in (row.thresholds or {}).items() if k != level} or None}
        )
        for name, row in model.domains.items()
    }
    accept = part.accept if other.accept is None else other.accept
    reject = min(part.reject if other.reject is None else other.reject, accept)
    changed = part.model_copy(update={"accept": accept, "reject": reject})
    version = f"{model.version}, accept {accept:g}, reject {reject:g}"
    return model.model_copy(update={level: changed, "domains": rows, "version": version})


def model_to_try(name: str | None, other: Thresholds) -> MatchModel:
    """A model by name or file (None: the one in use), with other thresholds where some are given."""
    model = load_model(name)
    return model if other.accept is None and other.reject is None else with_thresholds(model, other)


def _compared(
    seen: Seen, level: ClusterLevel, clusters: Sequence[Sequence[int]]
) -> tuple[list[tuple[str, list[list[str]]]], list[dict[str, Any]]]:
    """Clusters that stand and would be split, with their parts; and those to be, with the ids that would be one."""
    parts: dict[str, list[list[str]]] = defaultdict(list)
    joins = []
    for cluster in clusters:
        by_id: dict[str, list[str]] = defaultdict(list)
        for name, key in _placed(seen, level, cluster):
            by_id[name].append(key)
        for name, keys in by_id.items():
            parts[name].append(sorted(keys))
        if len(by_id) > 1:
            joins.append({"ids": sorted(by_id), "members": sorted(key for keys in by_id.values() for key in keys)})
    return sorted((name, sorted(each)) for name, each in parts.items() if len(each) > 1), joins


def _placed(seen: Seen, level: ClusterLevel, cluster: Sequence[int]) -> Iterator[tuple[str, str]]:
    for position in cluster:
        place = seen.before.get(seen.numbers[position])
        if place:
            yield (place.edition if level == "edition" else place.work), seen.features[position].key
