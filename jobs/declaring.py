"""Facts about the whole set after a change of some records, and the records that a flip of one touches."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from typing import Protocol

from matching.blocks import keys_of_identifiers
from matching.facts import GLUED_WORKS, ByHand, SetFacts, declared, identifiers, is_glued, is_untrue
from matching.features import Features
from store import blocks
from store.blocks import Spoken
from store.database import Connection


class Reads(Protocol):
    """Who reads features, and whence."""

    connection: Connection

    def features(self, numbers: Iterable[int]) -> dict[int, Features]: ...


def facts_after(reading: Reads, dirty: Collection[int], known: SetFacts, said: ByHand) -> tuple[SetFacts, set[int]]:
    """The facts once these records are as they are now and people have `said` this, and every record that a flip
    touches.
    """
    fresh = reading.features(dirty)
    glued = _glued(reading, dirty, fresh, known)
    untrue, senders = _untrue(reading.connection, dirty, fresh, known)
    after = SetFacts(glued=tuple(sorted(glued)), one_language=tuple(sorted(untrue)), by_hand=said)
    keys = keys_of_identifiers(after.stop_list ^ known.stop_list)
    flipped = set(blocks.holders(reading.connection, keys).records)
    for sender in senders:
        flipped |= blocks.of_sender(reading.connection, sender)
    return after, flipped


def spoken_of(features: Mapping[int, Features]) -> list[Spoken]:
    """What records declare of their language, of those from which their sender can be judged."""
    told = ((number, declared(each)) for number, each in sorted(features.items()))
    return [Spoken(number, said.sender, " ".join(said.languages), said.contradicted) for number, said in told if said]


def _glued(reading: Reads, dirty: Collection[int], fresh: Mapping[int, Features], known: SetFacts) -> set[str]:
    """The identifiers that are glued now."""
    old, gone = set(blocks.keys_of(reading.connection, dirty).keys), set(dirty)
    left = {value for key, value in keys_of_identifiers(known.glued).items() if key in old}
    values = keys_of_identifiers({value for each in fresh.values() for value in identifiers(each)} | left)
    holders: dict[str, set[int]] = {value: set() for value in values.values()}
    for key, number in zip(*blocks.holders(reading.connection, values), strict=True):
        if number not in gone:
            holders[values[key]].add(number)
    for number, each in fresh.items():
        for value in {*identifiers(each)} & holders.keys():
            holders[value].add(number)
    glued = set(known.glued) - holders.keys()
    for value, numbers in holders.items():
        if len(numbers) >= GLUED_WORKS and is_glued(value, reading.features(numbers).values()):
            glued.add(value)
    return glued


def _untrue(
    connection: Connection, dirty: Collection[int], fresh: Mapping[int, Features], known: SetFacts
) -> tuple[set[str], set[str]]:
    """The senders whose declared language means nothing, and those for which that flipped."""
    old, new = blocks.spoken_by(connection, dirty), spoken_of(fresh)
    found = set(known.one_language)
    for sender in {each.sender for each in (*old, *new)}:
        counts, contradicted = Counter[str](), 0
        for languages, habit in blocks.habits(connection, sender).items():
            counts[languages] += habit.records
            contradicted += habit.contradicted
        for told, sign in ((old, -1), (new, 1)):
            for each in told:
                if each.sender == sender:
                    counts[each.languages] += sign
                    contradicted += sign * each.contradicted
        is_one = is_untrue(+counts, contradicted)
        found = found | {sender} if is_one else found - {sender}
    return found, found ^ set(known.one_language)
