"""Decisions whose records came back under other ids: found by identifier and format, and kept anew about those.

Where the old ids come back after all, the decision binds as it was made, and what was kept anew is taken back.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

from catalogue.decision import RE_ATTACHED as VIA
from catalogue.decision import Decision, Facts, key_of, sides, stands_for
from catalogue.keys import RecordKey
from jobs.constraints import Standing
from matching.features import Features
from store import decisions
from store.database import Connection

Names = Mapping[tuple[str, str, tuple[str, ...]], Collection[str]]


def is_to_carry(standing: Standing) -> bool:
    """Whether any decision may have to be kept anew, or taken back."""
    return bool(returned(standing)) or any(made.seen for made in standing.orphans)


def carry_over(connection: Connection, standing: Standing, live: Collection[Features], at: str) -> list[Decision]:
    """Take back what is needed no longer and keep anew what came back under other ids; the events.

    `live` holds the live records that orphans name, and every live one with an ISBN that was seen of them.
    """
    back = returned(standing)
    lost = [each for each in standing.orphans if each not in back]
    return take_back(connection, back, at) + reattach(connection, lost, live, at)


def reattach(
    connection: Connection, orphans: Iterable[Decision], live: Collection[Features], at: str
) -> list[Decision]:
    """Keep an event for every orphan whose lost records each have one successor: a live record of the same source with
    an own ISBN and the formats that were seen. One is made only once, also when a person undid it; the others stay
    parked.

    The new event holds what was seen of the old records: where the successor says something else, it is asked.
    """
    lost = [made for made in orphans if made.seen]
    if not lost:
        return []
    done = {made.note for made in _kept_anew(decisions.every(connection))}
    keys, names = {each.key for each in live}, _names(live)
    found = [(made, _successors(made, keys, names)) for made in lost if _note(made) not in done]
    return [decisions.append(connection, _renamed(made, now, at)) for made, now in found if now]


def returned(standing: Standing) -> list[Decision]:
    """The decisions kept anew that are needed no longer: what they stand for names live records again."""
    kept = sorted((*standing.made.values(), *standing.overruled), key=lambda made: made.id)
    return [made for made in kept if not standing.binding.isdisjoint(stands_for(made))]


def take_back(connection: Connection, made: Iterable[Decision], at: str) -> list[Decision]:
    """Undo decisions that were kept anew, in the name of their author; the events of it."""
    standing = [each for each in made if decisions.undo_of(connection, each.id) is None]
    return [
        decisions.undo(connection, each.id, author=each.author, at=at, note=each.note, via=VIA) for each in standing
    ]


def _kept_anew(events: Sequence[Decision]) -> Iterator[Decision]:
    """Those that were not taken back because their records returned: they may go a second time."""
    back = {each.undoes for each in events if each.via == VIA and each.answer == "undo"}
    return (each for each in events if each.via == VIA and each.answer != "undo" and each.id not in back)


def _names(live: Iterable[Features]) -> dict[tuple[str, str, tuple[str, ...]], set[str]]:
    names: dict[tuple[str, str, tuple[str, ...]], set[str]] = defaultdict(set)
    for each in live:
        for isbn in each.ids.own_isbns:
            names[RecordKey.parse(each.key).source, isbn, each.form.formats].add(each.key)
    return names


def _successors(made: Decision, live: Collection[str], names: Names) -> dict[str, str]:
    """Lost key → its successor; nothing where a record has none, or several."""
    lost = [key for side in sides(made) for key in side if key not in live]
    found = {key: _named(key, made.seen.get(key, {}), names) for key in lost}
    single = {key: next(iter(keys)) for key, keys in found.items() if len(keys) == 1}
    taken = {*single.values()}.intersection(key for side in sides(made) for key in side)
    return single if len(single) == len(lost) == len(set(single.values())) and not taken else {}


def _named(key: str, seen: Facts, names: Names) -> set[str]:
    source, formats = RecordKey.parse(key).source, tuple(sorted({f.lower() for f in seen.get("formats", [])}))
    words = [text.split() for text in seen.get("identifiers", [])]
    isbns = [parts[1] for parts in words if parts[:1] == ["isbn"] and parts[-1] == "own"]
    return {other for isbn in isbns for other in names.get((source, isbn, formats), ())}


def _renamed(made: Decision, now: Mapping[str, str], at: str) -> Decision:
    def name(key: str) -> str:
        return now.get(key, key)

    seen = {name(key): facts for key, facts in made.seen.items()}
    value: Any = made.value
    if made.field is None and isinstance(value, dict):
        value = {side: [name(key) for key in keys] for side, keys in value.items()}
    changed = {"left": name(made.left), "right": name(made.right) if made.right else None, "value": value}
    about = {"seen": seen, "evidence_key": key_of(seen), "via": VIA, "note": _note(made), "made_at": at, "case": None}
    return made.model_copy(update={**changed, **about})


def _note(made: Decision) -> str:
    return f"{made.note}, decision {made.id}" if made.via == VIA else f"decision {made.id}"
