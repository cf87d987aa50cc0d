"""What a change does to the candidate pairs: which are new or other than before, which are gone, and whose clusters
may change by it. Only the blocks that the changed records are or were in are read.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from jobs.declaring import facts_after, spoken_of
from matching.blocks import (
    Crowds,
    Pair,
    Turnover,
    compare_crowds,
    finer_of,
    is_serial,
    kept_keys,
    keys_of_identifiers,
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

Blocks = Mapping[int, set[int]]


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
    before, after = _blocks(connection, change)
    _pair(reading, change, (before, after), model)
    names = [key for key in before.keys() | after.keys() if is_serial(key)]
    change.touched |= {n for key in names for n in before.get(key, set()) | after.get(key, set())}
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


def _blocks(connection: Connection, change: Change) -> tuple[Blocks, Blocks]:
    """The blocks that the changed records were in or are in, as they were and as they are."""
    old = blocks.keys_of(connection, change.changed)
    before: dict[int, set[int]] = defaultdict(set)
    for key, number in blocks.holders(connection, {key for key, _ in [*old, *change.blocks.keys]}):
        before[key].add(number)
    after = defaultdict(set, {key: held - change.changed for key, held in before.items()})
    for key, number in change.blocks.keys:
        after[key].add(number)
    return before, after


def _pair(reading: Reading, change: Change, both: tuple[Blocks, Blocks], model: MatchModel) -> None:
    cap, silent, connection = model.block_cap, set(keys_of_identifiers(change.facts.stop_list)), reading.connection
    before, after = ({k: v for k, v in some.items() if k not in silent and proposes(k)} for some in both)
    crowded = {k for some in (before, after) for k, held in some.items() if len(held) > cap}
    found = pairs_within({k: held for k, held in after.items() if k not in crowded}, {}, cap)
    crowds = _turnover(
        connection, [{k: some[k] for k in crowded if k in some} for some in (before, after)], change, cap
    )
    own = {pair for pair in found if not change.changed.isdisjoint(pair)} | crowds.own
    doubtful = crowds.went - found
    about = change.changed | {n for pair in crowds.came | doubtful for n in pair}
    kept = {p[:2]: p for p in matches.pairs_of(connection, sorted(about))}
    others = crowds.came - kept.keys()
    doubtful &= kept.keys()
    withdrawn = doubtful - _still(connection, doubtful, (set(both[0]) | set(both[1]) | silent, cap))
    wanted = own | others
    ends = reading.features({n for pair in wanted for n in pair})
    fresh = {p[:2]: p for p in as_kept(score_pairs(ends, sorted(wanted), change.facts, model), model.version)}
    lost = {pair for pair in kept if not change.changed.isdisjoint(pair)} - fresh.keys()
    change.pairs = [each for pair, each in sorted(fresh.items()) if kept.get(pair) != each]
    old = [kept[pair] for pair in sorted(fresh.keys() & kept.keys()) if kept[pair] != fresh[pair]]
    change.before = old + [kept[pair] for pair in sorted(lost | withdrawn)]
    change.touched = {n for pair in (others & fresh.keys()) | withdrawn for n in pair}
    moved = lost | own
    change.touched |= {n for pair, p in kept.items() if p.links and pair in moved for n in pair}


def _turnover(connection: Connection, crowds: Sequence[Blocks], change: Change, cap: int) -> Turnover:
    """What crowds as they were and as they are give more and less."""
    before, after = crowds
    was = blocks.finer_of(connection, {n for some in crowds for held in some.values() for n in held})
    finer = {n: each for n, each in was.items() if n not in change.changed} | dict(change.blocks.finer)
    return compare_crowds(Crowds(before, was), Crowds(after, finer), change.changed, cap)


def _still(connection: Connection, doubtful: set[Pair], what: tuple[set[int], int]) -> set[Pair]:
    """Those that a block gives which the change did not touch. `what`: the keys of those it did touch, and the cap."""
    looked_at, cap = what
    keys_of: dict[int, set[int]] = defaultdict(set)
    for key, number in blocks.keys_of(connection, {n for pair in doubtful for n in pair}):
        keys_of[number].add(key)
    shared = {key for left, right in doubtful for key in keys_of[left] & keys_of[right] if proposes(key)}
    held: dict[int, set[int]] = defaultdict(set)
    for key, number in blocks.holders(connection, shared - looked_at):
        held[key].add(number)
    large = blocks.finer_of(connection, {n for some in held.values() if len(some) > cap for n in some})
    return doubtful & pairs_within(held, large, cap)
