"""Senders that declare one language for everything: noticed from what they send, never by their name.

A fact about a set: it is computed from all live records of a source when a harvest has gone live, so that many small
deliveries know the same as one large one. Where it flips, the records it touches are chosen anew and resolved next.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from catalogue.languages import Habit, chosen, table
from catalogue.record import CatalogueRecord, Languages
from ops.logs import get_logger
from store import facts, features, languages, records
from store.batches import batches
from store.database import Connection, Store

BATCH = 1_000
WHOLE = ""  # the source as one sender
log = get_logger("languages")


def judge_senders(store: Store, source: str, now: str, *, anew: bool = False) -> int:
    """Look at what the live records of a source declare, and choose anew where that changes; how many changed.

    Nothing is read where no record changed since, unless `anew`. May be killed and called again.
    """
    with store.read() as connection:
        through = [languages.newest_run(connection, source), table()["version"]]
        if languages.looked_through(connection, source) == through and not anew:
            return 0
        constant = _constant(languages.spoken(connection, source))
        wrong = {
            row.record: right
            for row in languages.spoken(connection, source)
            if (right := _right(row, constant)) != row.languages
        }
    _write(store, wrong, now)
    with store.write() as connection:
        if facts.set_new_fact(connection, _fact(source), constant, now) and constant:
            log.info("declares one language for everything", source=source, senders=constant)
        languages.set_looked_through(connection, source, through, now)
    return len(wrong)


def as_judged(connection: Connection, record: CatalogueRecord) -> CatalogueRecord:
    """A record mapped anew, with its language chosen as it stands for its sender."""
    constant = facts.get_fact(connection, _fact(record.source)) or []
    row = languages.Spoken(0, record.languages, record.cataloguing.agency or "")
    right = _right(row, constant)
    return record if right == record.languages else record.model_copy(update={"languages": right})


def _fact(source: str) -> str:
    return f"one language: {source}"


def _constant(rows: Iterable[languages.Spoken]) -> list[str]:
    """The agencies of a source that declare one language for everything; `WHOLE` where all of it does."""
    habits: dict[str, Habit] = defaultdict(Habit)
    for row in rows:
        for sender in {WHOLE, row.agency}:
            habits[sender].count(row.languages.declared, row.languages.detected)
    return sorted(sender for sender, habit in habits.items() if habit.is_constant())


def _right(row: languages.Spoken, constant: list[str]) -> Languages:
    return chosen(row.languages, is_constant=WHOLE in constant or row.agency in constant)


def _write(store: Store, wrong: dict[int, Languages], now: str) -> None:
    for part in batches(sorted(wrong), BATCH):
        with store.write() as connection:
            stored = records.by_number(connection, part)
            changed = {
                number: each.record.model_copy(update={"languages": wrong[number]})
                for number, each in stored.items()
                if each.record is not None
            }
            records.replace_mapped(connection, changed)
            features.drop_features(connection, sorted(changed))
            features.mark_dirty(connection, sorted(changed), now)
