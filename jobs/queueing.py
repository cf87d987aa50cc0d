"""Cases into the queue: what the row says of a case, out of the case and its members' records."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from catalogue.decision import Case
from catalogue.keys import RecordKey
from catalogue.record import CatalogueRecord
from catalogue.terms import description_terms, key_terms
from jobs.priority import Grounds, next_change, on_day, points
from jobs.signatures import signature
from matching.model import load_model
from ops.settings import PrioritySettings
from store import cases, facts, queue_rows
from store.batches import batches
from store.database import Connection, Store
from store.moments import day_of
from store.queue_rows import QueueRow, Repriced
from store.shelf import Shelf

VERSION = 1
"""Of the rows; another one has them all made anew."""
FACT = "queue"
WEIGHTS = "priority weights"
READ_OF_A_SIDE = 3
"""Records of each side that are read: the others are of the same edition or work and say the same."""
KEYS_IN_WORDS = 60
E_MEDIA = ("ebook", "audiobook", "emagazine")
SHOWN_FIELDS = ("titles", "part.number", "publication.publisher", "publication.dates.published", "contributors")
"""Fields that a list of hits shows."""
TITLE_LENGTH = 300
IN_ONE_GO = 500

Records = Mapping[str, CatalogueRecord]


def keep_cases(
    shelf: Shelf, found: Iterable[Case], at: str, weights: PrioritySettings | None = None
) -> list[cases.Kept]:
    """Keep cases (`store.cases.keep`) and their rows in the queue; as they stand then.

    The priority is worked out here, whatever `case.priority` says; without `weights` by those the store knows.
    """
    done: list[cases.Kept] = []
    for part in batches(found, IN_ONE_GO):
        kept = cases.keep(shelf.connection, part, at, same_priority=True)
        put_rows(shelf, [each.case for each in kept], at, weights or known_weights(shelf.connection))
        done += kept
    return done


def put_rows(shelf: Shelf, kept: Sequence[Case], at: str, weights: PrioritySettings) -> None:
    """Make the queue's rows of saved cases, with the priority they have at that time."""
    shown = {case.case: _shown(case) for case in kept}
    known = shelf.contents(sorted({key for keys in shown.values() for key in keys}))
    closes = cases.sharing(shelf.connection, [case.case for case in kept])
    rows = []
    for case in kept:
        seen = {key: known[key] for key in shown[case.case] if key in known}
        rows.append(_row(case, seen, closes.get(case.case, 0), (day_of(at), weights)))
    queue_rows.put(shelf.connection, rows)
    before = {case.case: case.priority for case in kept}
    cases.set_priorities(shelf.connection, {row.case: row.priority for row in rows if row.priority != before[row.case]})


def known_weights(connection: Connection) -> PrioritySettings:
    """The weights that `ensure_queue` was last given: one for all processes that work on the store."""
    return weights_of(facts.get_fact(connection, WEIGHTS))


def weights_of(kept: Any) -> PrioritySettings:
    """The weights out of what the fact `WEIGHTS` holds, None where it was never set."""
    return PrioritySettings.model_validate(kept) if kept else PrioritySettings()


def rebuild_queue(store: Store, at: str, weights: PrioritySettings | None = None) -> int:
    """Make every row anew, in pieces; how many. For stores older than the queue, or after its rules changed."""
    done = 0
    with store.read() as connection:
        names = cases.names(connection)
        weights = weights or known_weights(connection)
    for part in batches(names, IN_ONE_GO):
        with store.write(in_turn=True) as connection:
            put_rows(Shelf(connection), cases.by_name(connection, part), at, weights)
        done += len(part)
    with store.write(in_turn=True) as connection:
        queue_rows.settle(connection)
        facts.set_new_fact(connection, WEIGHTS, weights.model_dump(), at)
        facts.set_new_fact(connection, FACT, VERSION, at)
    return done


def ensure_queue(store: Store, at: str, weights: PrioritySettings | None = None) -> int:
    """Rebuild the queue where cases lack rows or `weights` are new; how many rows were made."""
    with store.read() as connection:
        whole = facts.get_fact(connection, FACT) == VERSION and queue_rows.is_whole(connection)
        same = weights is None or weights == known_weights(connection)
    return 0 if whole and same else rebuild_queue(store, at, weights)


def refresh_dates(store: Store, at: str) -> int:
    """Bring the parts of the priority that hang on dates to the day of `at`; how many rows changed.

    Nothing to do costs one look into an index.
    """
    done, day = 0, day_of(at)
    while True:
        with store.read() as connection:
            part, weights = queue_rows.due(connection, day.isoformat(), IN_ONE_GO), known_weights(connection)
        if not part:
            return done
        with store.write(in_turn=True) as connection:
            queue_rows.reprice(connection, [_repriced(row, weights, day) for row in part])
        done += len(part)


def _repriced(row: QueueRow, weights: PrioritySettings, day: date) -> Repriced:
    opened, appears = day_of(row.opened), date.fromisoformat(row.appears) if row.appears else None
    why = on_day(row.why, (opened, appears), weights, day)
    return Repriced(row.case, sum(why.values()), why, _text(next_change(opened, appears, day)))


def _row(case: Case, seen: Records, closes: int, when: tuple[date, PrioritySettings]) -> QueueRow:
    day, weights = when
    sources = tuple(sorted({RecordKey.parse(key).source for key in case.members}))
    media, appears, opened = [record.medium for record in seen.values()], _appears(seen), day_of(case.opened)
    grounds = Grounds(_readers_see(case, media), len(sources), closes, _nearness(case), opened, appears)
    why = points(grounds, weights, day)
    words = key_terms(case.members[:KEYS_IN_WORDS]).union(*map(description_terms, seen.values()))
    return QueueRow(
        case=case.case,
        state=case.state,
        kind=case.kind,
        level=case.level,
        language=_most([record.languages.text[0] for record in seen.values() if record.languages.text]),
        medium=_most(media),
        reopened=case.reopened is not None,
        sources=sources,
        reason=signature(case),
        title=_title(case, seen),
        priority=sum(why.values()),
        why=why,
        opened=case.opened,
        closes=closes,
        appears=_text(appears),
        due=_text(next_change(opened, appears, day)),
        members=len(case.members),
        words=tuple(sorted(words)),
    )


def _shown(case: Case) -> list[str]:
    sides = _sides(case)
    return [key for side in sides for key in side[:READ_OF_A_SIDE]]


def _sides(case: Case) -> list[list[str]]:
    """The two sides of a match case; else all members as one."""
    if case.kind == "match" and len(case.candidates) == 2 and all(isinstance(c, list | tuple) for c in case.candidates):
        return [[str(key) for key in side] for side in case.candidates]
    return [list(case.members[: 2 * READ_OF_A_SIDE])]


def _readers_see(case: Case, media: Sequence[str]) -> bool:
    """An e-edition split in two or glued wrongly, or a shown field of one that may be wrong."""
    if not any(medium in E_MEDIA for medium in media):
        return False
    if case.kind == "field":
        return (case.field or "").split("[")[0] in SHOWN_FIELDS
    return case.level == "edition" and case.kind in ("match", "split")


def _nearness(case: Case) -> float | None:
    """How near the weight is to one of the two thresholds: 1 on it, 0 in the middle or half their distance outside."""
    if not case.findings:
        return None
    level = load_model().level(case.level)
    score = sum(finding.bits for finding in case.findings)
    half = (level.accept - level.reject) / 2
    nearest = min(abs(score - level.accept), abs(score - level.reject))
    return max(0.0, 1 - nearest / half) if half > 0 else None


def _appears(seen: Records) -> date | None:
    """The last day that a record names for publication."""
    days = []
    for record in seen.values():
        dates = record.publication.dates
        for text in (dates.published, dates.announced, record.availability.from_):
            if text and len(text) == len("2026-01-31"):
                days += _day(text)
    return max(days, default=None)


def _day(text: str) -> list[date]:
    try:
        return [date.fromisoformat(text)]
    except ValueError:
        return []


def _title(case: Case, seen: Records) -> str:
    """The title; both, with an arrow between, where the sides write it differently."""
    titles: list[str] = []
    for side in _sides(case):
        written = [title.text for key in side if key in seen and (title := seen[key].title())]
        if written and written[0] not in titles:
            titles.append(written[0])
    return " ↔ ".join(titles)[:TITLE_LENGTH]


def _most(values: Sequence[str]) -> str:
    """The value named most often, the first of equals; "" for none."""
    return max(dict.fromkeys(values), key=values.count, default="")


def _text(day: date | None) -> str | None:
    return day.isoformat() if day else None
