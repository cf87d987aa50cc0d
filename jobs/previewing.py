"""What other weights or thresholds would do to the catalogue, without writing anything."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from catalogue.evidence import ClusterLevel
from jobs.resolving import Seen, read_catalogue
from matching.facts import set_facts
from matching.model import MatchModel, load_model
from matching.resolution import resolve
from store.database import Store


def what_if(store: Store, model: MatchModel) -> dict[str, Any]:
    """The catalogue as it stands, and as a resolve of everything with this model would have it.

    `splits` are editions and works whose records would part, with the parts; `joins` those that would be one, with
    the records of it. Records that no resolve has seen yet are left out of both. Nothing is written. Raises RunLocked
    where a harvest went live and features are still to be made.
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
    asked = {"asks": len(found.asks), "editions": len(found.editions), "works": len(found.works)}
    return {"model": f"{model.name} {model.version}", **asked, "splits": splits, "joins": joins}


def with_threshold(model: MatchModel, level: ClusterLevel, accept: float) -> MatchModel:
    """The model with another upper threshold at one level, in every domain as much higher or lower as the base."""
    rows = {
        name: row.model_copy(
            update={"thresholds": {k: t for k, t in (row.thresholds or {}).items() if k != level} or None}
        )
        for name, row in model.domains.items()
    }
    part = model.level(level)
    changed = part.model_copy(update={"accept": accept, "reject": min(part.reject, accept)})
    return model.model_copy(update={level: changed, "domains": rows, "version": f"{model.version}, accept {accept:g}"})


def model_to_try(name: str, level: ClusterLevel, accept: float | None) -> MatchModel:
    """A model by name or file, with another threshold where one is given."""
    model = load_model(name)
    return model if accept is None else with_threshold(model, level, accept)


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
