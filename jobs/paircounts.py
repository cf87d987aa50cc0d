"""How many pairs there are of each outcome: counted when a resolve has written them, not whenever somebody asks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from matching.model import load_model
from store import facts, figures
from store.database import Connection, Store
from store.matches import KeptPair

FACT = "pairs"


def count_pairs(store: Store, at: str) -> None:
    """Count the kept pairs, which only a resolve changes, and keep the figures."""
    level = load_model().edition
    with store.read() as connection:
        found = figures.pairs(connection, accept=level.accept, reject=level.reject)
    with store.write() as connection:
        facts.set_new_fact(connection, FACT, found, at)


def adjust_pair_counts(connection: Connection, before: Iterable[KeptPair], after: Iterable[KeptPair], at: str) -> None:
    """Count some pairs that come in the place of others."""
    counts = Counter(pair_counts(connection))
    counts.update(map(_outcome, after))
    counts.subtract(map(_outcome, before))
    facts.set_new_fact(connection, FACT, dict(sorted((+counts).items())), at)


def _outcome(kept: KeptPair) -> str:
    level = load_model().edition
    if kept.vetoes:
        return "vetoed"
    if kept.edition_score >= level.accept:
        return "same"
    return "ask" if kept.edition_score > level.reject else "different"


def ensure_pair_counts(store: Store, at: str) -> None:
    """Count in a store that was never counted."""
    with store.read() as connection:
        known = facts.get_fact(connection, FACT)
    if known is None:
        count_pairs(store, at)


def pair_counts(connection: Connection) -> dict[str, int]:
    """Outcome (same, ask, different, vetoed) → kept pairs, as counted last; nothing where they never were."""
    found: dict[str, int] = facts.get_fact(connection, FACT) or {}
    return found
