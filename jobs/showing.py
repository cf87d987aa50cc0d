"""What a record is and why: source records, editions and works with the history behind their values."""

from __future__ import annotations

from typing import Any

from catalogue.errors import NotFound
from catalogue.evidence import ClusterLevel, ScoredPair
from catalogue.keys import RecordKey
from catalogue.sentence import Sentence, words_of
from jobs.deciding import members_of
from matching.explain import explain
from matching.facts import SetFacts
from matching.features import extract
from store import facts, matches, merged, minted, records, sources
from store.database import Connection, Store
from store.merged import StoredMerged


def show(store: Store, name: str) -> dict[str, Any]:
    """A source record (``SOURCE:SOURCE_ID``), edition or work as JSON, redirects followed. Raises NotFound."""
    with store.read() as connection:
        if ":" in name:
            return _source_record(connection, name)
        return _merged_record(connection, name)


def explain_record(store: Store, name: str) -> list[dict[str, Any]]:
    """For each value of an edition or work: field, value, sources, rule, what lost, version of the rules."""
    with store.read() as connection:
        stored = current(connection, name)
    rows = [row.model_dump(mode="json") for row in stored.merged.provenance]
    return [{**row, "rules_version": stored.rules_version} for row in rows]


def explain_pair(store: Store, names: tuple[str, str], level: ClusterLevel) -> ScoredPair:
    """Why two records match or not, at one level; for pairs that were never proposed too. Raises NotFound."""
    with store.read() as connection:
        left, right = (members_of(connection, name)[0] for name in names)
        kept = facts.get_fact(connection, "matching")
        mixed = sources.mixed_origins(connection)
    known = SetFacts.model_validate(kept) if kept else None
    sides = [extract(record, mixed_origin=record.source in mixed) for record in (left, right)]
    return explain(sides[0], sides[1], level, facts=known)


def current(connection: Connection, name: str) -> StoredMerged:
    """The merged record a public id leads to today. Raises NotFound."""
    leads_to = minted.resolve_id(connection, name)
    found = merged.find(connection, leads_to) if leads_to else None
    if found is None:
        gone = Sentence("it was removed") if minted.is_minted(connection, name) else Sentence("nothing has this id")
        raise NotFound("edition or work", name, gone)
    return found


def _source_record(connection: Connection, name: str) -> dict[str, Any]:
    try:
        key = RecordKey.parse(name)
    except ValueError as error:
        raise NotFound("record", name, words_of(error)) from error
    stored = records.find(connection, key)
    if stored is None:
        raise NotFound("record", name)
    place = matches.places(connection, [stored.number]).get(stored.number)
    return {
        "key": name,
        "status": stored.status,
        "edition": place.edition if place else None,
        "work": place.work if place else None,
        "revision": stored.revision,
        "first_seen_at": stored.first_seen_at,
        "updated_at": stored.updated_at,
        "payload": stored.payload,
        "position": stored.position,
        "record": stored.record.model_dump(mode="json") if stored.record else None,
    }


def _merged_record(connection: Connection, name: str) -> dict[str, Any]:
    stored = current(connection, name)
    content = stored.merged
    return {
        "id": stored.id,
        "asked": name,
        "level": stored.level,
        "work": stored.work,
        "editions": matches.editions_of(connection, [stored.work]).get(stored.work, []),
        "revision": stored.revision,
        "updated_at": stored.updated_at,
        "members": content.members,
        "description": content.description.model_dump(mode="json"),
        "issues": [issue.model_dump(mode="json") for issue in content.issues],
        "conflicts": [conflict.model_dump(mode="json") for conflict in content.conflicts],
    }
