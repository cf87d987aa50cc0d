"""A resolve of what changed: pairs of the blocks it touches, then the clusters that those pairs touch, and no others.

What comes out is what a resolve of the whole would give: the part that is resolved is closed (`jobs.settling`), and the
pairs around it are those of the whole (`jobs.pairing`).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from functools import partial
from itertools import islice

from catalogue.decision import Decision
from catalogue.errors import RunLocked
from catalogue.sentence import Sentence
from jobs.constraints import read_standing
from jobs.paircounts import adjust_pair_counts
from jobs.pairing import Change, blocks_of, look
from jobs.reattaching import carry_over, is_to_carry
from jobs.settling import MATCHING, Batch, Settled, settle, settle_since, touched_by
from jobs.stoplist import by_hand
from matching.blocking import KEY_VERSION
from matching.blocks import BLOCKS_VERSION, keys_of_identifiers
from matching.facts import FACTS_VERSION, SetFacts
from matching.features import FEATURES_VERSION, Features
from matching.resolution import RESOLUTION_VERSION
from store import blocks, decisions, facts, matches, records
from store import features as stored_features
from store.batches import batches
from store.database import Connection, Store
from store.shelf import Shelf

BLOCKS = "blocks"
"""The fact that tells by which versions the kept blocks were made; nothing while a resolve of the whole is at work."""

ALWAYS = 2_000
SHARE = 10
"""So many changed records, or one in so many of the catalogue, are resolved by themselves; more with the whole."""

AT_ONCE = 300
RECORDS_AT_ONCE = 2_000


def is_small(connection: Connection, changed: int) -> bool:
    """Whether so many changed records are a delta, and the store has what one starts from."""
    return facts.get_fact(connection, BLOCKS) == _version() and _are_few(connection, changed)


def resolve_changes(store: Store, now: str) -> Settled | None:
    """Resolve the records that are queued, in short pieces. None where a fact about the set flips that touches too many
    others: then nothing was done, and the whole is to be resolved.

    A run that is killed is gone on with by the next: what it touches is queued with the pairs that touch it. Raises
    RunLocked where a harvest goes live meanwhile.
    """
    with store.read() as connection:
        marks, answered = stored_features.dirty_records(connection), decisions.newest(connection)
        if stored_features.without_features(connection, FEATURES_VERSION, marks):
            raise RunLocked(Sentence("a harvest went live while the resolve began: resolve again"))
        known = SetFacts.model_validate(facts.get_fact(connection, MATCHING) or {})
        change = look(connection, marks, (known, by_hand(connection)), partial(_are_few, connection))
    if change is None:
        return None
    near = _keep(store, change, marks, now)
    named, more = _carry_over(store, marks | near, now)
    marks |= near | more
    batch = Batch(marks, _keys_of(store, marks), near.keys() - named, change.features)
    done = _settle_all(store, batch, now)
    done.works |= settle_since(store, answered, Batch(marks), now)
    return done


def begin_whole(store: Store, now: str) -> bool:
    """A resolve of the whole begins: until it ends no delta may. Whether the kept blocks were good for one."""
    with store.write() as connection:
        was_good = bool(facts.get_fact(connection, BLOCKS) == _version())
        facts.set_new_fact(connection, BLOCKS, None, now)
    return was_good


def end_whole(store: Store, features: Mapping[int, Features], changed: Collection[int] | None, now: str) -> None:
    """Keep the blocks of these records; `changed` are those whose blocks may not be kept yet or are gone, None: all."""
    if changed is None:
        with store.write() as connection:
            blocks.clear(connection)
    for part in batches(sorted(features if changed is None else changed), RECORDS_AT_ONCE):
        there = {number: features[number] for number in part if number in features}
        with store.write() as connection:
            blocks.replace(connection, () if changed is None else part, blocks_of(there))
    with store.write() as connection:
        facts.set_new_fact(connection, BLOCKS, _version(), now)


def _version() -> str:
    return f"{KEY_VERSION} {FEATURES_VERSION} {FACTS_VERSION} {RESOLUTION_VERSION} {BLOCKS_VERSION}"


def _are_few(connection: Connection, changed: int) -> bool:
    return changed <= ALWAYS or changed <= records.count(connection).get("live", 0) // SHARE


def _keep(store: Store, change: Change, marks: Mapping[int, str], now: str) -> dict[int, str]:
    """Keep the pairs with the blocks they come from, and queue whom they touch; the marks of those."""
    with store.write(in_turn=True) as connection:
        matches.drop_pairs(connection, change.gone)
        matches.keep_pairs(connection, change.pairs)
        adjust_pair_counts(connection, change.before, change.pairs, now)
        blocks.replace(connection, change.changed, change.blocks)
        facts.set_new_fact(connection, MATCHING, change.facts.model_dump(mode="json"), now)
        return _marked(connection, change.touched - marks.keys(), now)


def _marked(connection: Connection, numbers: Collection[int], now: str) -> dict[int, str]:
    more = sorted(set(numbers) - stored_features.dirty_records(connection, sorted(numbers)).keys())
    return dict.fromkeys(more, stored_features.mark_more(connection, more, now))


def _carry_over(store: Store, marks: Mapping[int, str], now: str) -> tuple[set[int], dict[int, str]]:
    """Carry over decisions whose records came back under other ids, or under the old ones again; the records that
    they name, and the marks of those of them that had none.
    """
    with store.read() as connection:
        standing = read_standing(connection)
    if not is_to_carry(standing):
        return set(), {}
    with store.write(in_turn=True) as connection:
        made = carry_over(connection, standing, _successors(connection, standing.orphans), now)
        named = touched_by(Shelf(connection), made)
        return named, _marked(connection, named - marks.keys(), now)


def _successors(connection: Connection, orphans: Iterable[Decision]) -> list[Features]:
    """The live records that decisions name, and those with an ISBN that was seen of a record they name."""
    told = [(made, facts) for made in orphans for facts in made.seen.values()]
    words = [text.split() for _, seen in told for text in seen.get("identifiers", [])]
    keys = keys_of_identifiers({parts[1] for parts in words if parts[0] == "isbn"})
    numbers = set(blocks.holders(connection, keys).records)
    numbers |= Shelf(connection).numbers_of(sorted({key for made, _ in told for key in made.records}))
    found = stored_features.features_of(connection, numbers, FEATURES_VERSION)
    return [Features.from_json(document) for document in found.values()]


def _keys_of(store: Store, numbers: Iterable[int]) -> dict[int, str]:
    with store.read() as connection:
        keys = records.keys_of(connection, sorted(numbers))
    return {number: str(keys[number]) for number in sorted(keys)}


def _settle_all(store: Store, batch: Batch, now: str) -> Settled:
    """Settle what waits in the batch, some at a time, each part once."""
    done, waiting = Settled(), dict(batch.waiting)
    while waiting:
        some = list(islice(waiting, AT_ONCE))
        with store.write(in_turn=True) as connection:
            settled = settle(Shelf(connection), some, now, batch=replace(batch, waiting=waiting))
        done.add(settled)
        for number in settled.looked_at.union(some):
            waiting.pop(number, None)
    return done
