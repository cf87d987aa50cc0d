"""The terms works are found by without the search server, kept in step with the merged records."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from catalogue.merged import MergedRecord
from catalogue.terms import description_terms, key_terms
from store import facts, lookup, merged
from store.batches import batches
from store.database import Connection, Store
from store.merged import Merged

VERSION = 1
"""Of how terms are made; another one has them all made anew."""
FACT = "work terms"
WORKS_IN_ONE_GO = 200


def work_terms(parts: Iterable[MergedRecord]) -> set[str]:
    """Terms of a work, out of it and its editions."""
    found: set[str] = set()
    for part in parts:
        found |= description_terms(part.description) | key_terms(part.members)
        for issue in part.issues:
            found |= key_terms(issue.members)
    return found


def keep_work_terms(connection: Connection, items: Sequence[Merged], works: Collection[str]) -> None:
    """Keep the terms of these works; `items` holds each of them and all its editions."""
    wanted: dict[str, list[MergedRecord]] = {work: [] for work in works}
    for item in items:
        if item.work in wanted:
            wanted[item.work].append(item.merged)
    lookup.keep_terms(connection, {work: work_terms(parts) for work, parts in wanted.items()})


def rebuild_terms(store: Store, at: str) -> int:
    """Make the terms of every work anew, in pieces; how many works."""
    with store.read() as connection:
        names = merged.names(connection, "work")
    with store.write(in_turn=True) as connection:
        lookup.forget_all(connection)
    for part in batches(names, WORKS_IN_ONE_GO):
        with store.write(in_turn=True) as connection:
            found = merged.of_works(connection, part)
            wanted = {work: work_terms(each.merged for each in parts) for work, parts in found.items()}
            lookup.keep_terms(connection, wanted)
    with store.write(in_turn=True) as connection:
        facts.set_new_fact(connection, FACT, VERSION, at)
    return len(names)


def ensure_terms(store: Store, at: str) -> int:
    """Rebuild the terms of a store that never had them, or had them made otherwise; how many works."""
    with store.read() as connection:
        known = facts.get_fact(connection, FACT) == VERSION
    return 0 if known else rebuild_terms(store, at)
