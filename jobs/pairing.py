"""What a change does to the candidate pairs: which are new or other than before, which are gone, and whose clusters
may change by it. Only the blocks that the changed records are or were in are read.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from jobs.declaring import facts_after, spoken_of
from matching.blocks import (
    Blocks,
    Members,
    Pair,
    Reblocking,
    finer_of,
    is_serial,
    kept_keys,
    keys_of_identifiers,
    members_of,
    pairs_within,
    proposes,
)
from matching.facts import ByHand, SetFacts
from matching.features import FEATURES_VERSION, Features
from matching.model import MatchModel, load_model
from matching.resolution import KeptPair as ScoredPair
from matching.resolution import score_pairs
from store import blocks, matches
from store import features as stored_features
from store.blocks import Kept
from store.database import Connection
from store.matches import KeptPair


@dataclass(slots=True)
class Change:
    """What is to be kept of a change, and the records whose clusters must be looked at again.

    `changed` are the records that changed themselves or by a fact about the set; `before` are the pairs in whose place
    `pairs` come, with those that are gone. `features` are all that were read for it, by number.
    """

    facts: SetFacts
    changed: set[int]
    blocks: Kept
    pairs: list[KeptPair] = field(default_factory=list)
    before: list[KeptPair] = field(default_factory=list)
    touched: set[int] = field(default_factory=set)
    features: Mapping[int, Features] = field(default_factory=dict)

    @property
    def gone(self) -> list[Pair]:
        """The pairs that are no candidates any longer."""
        return sorted({p[:2] for p in self.before} - {p[:2] for p in self.pairs})


class Reading:
    """Features out of the store, each read once. `known` holds those that were there."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.known: dict[int, Features] = {}
        self._looked_for: set[int] = set()

    def features(self, numbers: Iterable[int]) -> dict[int, Features]:
        """Those of the live records among these."""
        wanted = set(numbers)
        missing = wanted - self._looked_for
        self._looked_for |= missing
        found = stored_features.features_of(self.connection, missing, FEATURES_VERSION)
        self.known |= {number: Features.from_json(document) for number, document in found.items()}
        return {number: self.known[number] for number in wanted if number in self.known}


def look(
    connection: Connection, dirty: Collection[int], both: tuple[SetFacts, ByHand], is_few: Callable[[int], bool]
) -> Change | None:
    """What a change of these records does. `both`: the facts as they were, and what people say now. None where a fact
    flips that touches more than a few.
    """
    reading, model = Reading(connection), load_model()
    facts, flipped = facts_after(reading, dirty, *both)
    changed = set(dirty) | flipped
    if not is_few(len(changed)):
        return None
    fresh = reading.features(changed)
    change = Change(facts, changed, blocks_of(fresh))
    own = Blocks(*zip(*change.blocks.keys, strict=True)) if change.blocks.keys else Blocks((), ())
    old = blocks.keys_of(connection, changed)
    before = Blocks(*blocks.holders(connection, {*old.keys, *own.keys}))
    _pair(reading, change, (before, own), model)
    serials = (zip(*some, strict=True) for some in (before, own))
    change.touched |= {number for rows in serials for key, number in rows if is_serial(key)}
    change.touched |= changed
    change.features = reading.known
    return change


def blocks_of(features: Mapping[int, Features]) -> Kept:
    """What is kept of the blocks of records."""
    keys = [(key, number) for number, each in sorted(features.items()) for key in kept_keys(each)]
    return Kept(keys, {number: finer_of(each) for number, each in features.items()}, spoken_of(features))


def as_kept(pairs: Iterable[ScoredPair], version: str, numbers: Sequence[int] | None = None) -> Iterator[KeptPair]:
    """Scored pairs as the store keeps them. `numbers`: the store's number of each record, where theirs are others."""
    for p in pairs:
        left, right = (numbers[p.left], numbers[p.right]) if numbers else (p.left, p.right)
        ends = min(left, right), max(left, right)
        yield KeptPair(*ends, p.edition_score, p.work_score, p.vetoes, version, p.links, p.askable)


def _pair(reading: Reading, change: Change, rows: tuple[Blocks, Blocks], model: MatchModel) -> None:
    silent, connection = keys_of_identifiers(change.facts.stop_list).keys(), reading.connection
    before, own = (_without(some, silent) for some in rows)
    blocking = Reblocking(before, own, change.changed, model.block_cap)
    was = Members(*blocks.finer_of(connection, blocking.crowd))
    turned = blocking.turnover(was, members_of(change.blocks.finer))
    about = change.changed | {n for pair in turned.came | turned.went for n in pair}
    kept = {p[:2]: p for p in matches.pairs_of(connection, sorted(about))}
    doubtful = turned.went & kept.keys()
    withdrawn = doubtful - _still(connection, doubtful, ({*rows[0].keys, *rows[1].keys, *silent}, model.block_cap))
    wanted = sorted(turned.own | (turned.came - kept.keys()))
    ends = reading.features({n for pair in wanted for n in pair})
    fresh = {p[:2]: p for p in as_kept(score_pairs(ends, wanted, change.facts, model), model.version)}
    lost = {pair for pair in kept if not change.changed.isdisjoint(pair)} - fresh.keys()
    change.pairs = [each for pair, each in sorted(fresh.items()) if kept.get(pair) != each]
    replaced = [kept[pair] for pair in sorted(fresh.keys() & kept.keys()) if kept[pair] != fresh[pair]]
    change.before = replaced + [kept[pair] for pair in sorted(lost | withdrawn)]
    change.touched = {n for pair in fresh.keys() - turned.own | withdrawn for n in pair}
    change.touched |= {n for p in change.before if p.links and not _links(fresh.get(p[:2])) for n in p[:2]}


def _without(some: Blocks, keys: Collection[int]) -> Blocks:
    """The blocks but for those of some keys."""
    if not keys:
        return some
    rows = [row for row in zip(*some, strict=True) if row[0] not in keys]
    return Blocks([key for key, _ in rows], [number for _, number in rows])


def _links(pair: KeptPair | None) -> bool:
    return pair is not None and pair.links > 0


def _still(connection: Connection, doubtful: set[Pair], what: tuple[set[int], int]) -> set[Pair]:
    """Those that a block gives which the change did not touch. `what`: the keys of those it did touch, and the cap."""
    looked_at, cap = what
    keys_of: dict[int, set[int]] = defaultdict(set)
    for key, number in zip(*blocks.keys_of(connection, {n for pair in doubtful for n in pair}), strict=True):
        keys_of[number].add(key)
    shared = {key for left, right in doubtful for key in keys_of[left] & keys_of[right] if proposes(key)}
    held = Blocks(*blocks.holders(connection, shared - looked_at))
    large = {key for key, count in Counter(held.keys).items() if count > cap}
    crowd = {number for key, number in zip(*held, strict=True) if key in large}
    return doubtful & pairs_within(held, Members(*blocks.finer_of(connection, crowd)), cap)
