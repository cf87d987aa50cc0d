"""Resolve: who belongs together, under which ids, merged how, and what is left to ask."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from catalogue.decision import Case
from catalogue.errors import RunLocked
from catalogue.evidence import ClusterLevel
from catalogue.sentence import Sentence
from jobs.asking import Questions, cases_of_fields, homes_of, made_cases, shown_in, wanted_cases
from jobs.catching_up import catch_up, tidy
from jobs.constraints import Standing, read_standing
from jobs.delta import begin_whole, end_whole, is_small, resolve_changes
from jobs.membership import Plan, keep_membership, make_plan, pieces
from jobs.paircounts import count_pairs
from jobs.pairing import as_kept
from jobs.queueing import keep_cases
from jobs.reattaching import carry_over, is_to_carry
from jobs.remerging import Remerged, remerge
from jobs.rules import RULES_FACT, rules_now
from jobs.settling import Batch, settle_since, touched_by
from jobs.stoplist import by_hand, is_heeded, stopped_now
from matching.facts import ByHand, set_facts
from matching.features import FEATURES_VERSION, Features, extract
from matching.model import load_model
from matching.resolution import Resolution
from matching.resolution import resolve as resolve_set
from ops.collecting import collecting_hardly_ever
from ops.logs import get_logger
from store import cases, decisions, facts, matches, merged, records, sources
from store import features as stored_features
from store.batches import batches
from store.database import Connection, Store
from store.matches import Place
from store.shelf import Shelf

LOCK = "resolve"
FEATURES_BATCH = 2_000
IN_ONE_GO = 400
"""Records, works or cases of one transaction: well under two seconds."""
MARKS_IN_ONE_GO = 20_000
log = get_logger("resolve")


@dataclass(slots=True)
class ResolveReport:
    """What stands after a resolve, and what it changed."""

    records: int = 0
    editions: int = 0
    works: int = 0
    open_cases: int = 0
    changed_works: int = 0
    retired_ids: int = 0
    skipped: bool = False  # nothing had changed
    oversize_blocks: int = 0
    contradictions: int = 0
    stopped_identifiers: int = 0  # on the stop list

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Seen:
    """The catalogue as a resolve read it. `answered` is the newest decision it knows, `by_hand` the stop list."""

    numbers: list[int]
    features: list[Features]
    standing: Standing
    before: dict[int, Place]
    marks: dict[int, str]
    answered: int
    by_hand: ByHand


def resolve(store: Store, now: str, *, everything: bool = False) -> ResolveReport:
    """Match, cluster and merge what changed; `everything` does it for all and gives the same result.

    It writes in short pieces, between which people go on answering: what they touch meanwhile is left to them, and
    settled at the end. A killed run goes on behind the pieces it kept. Raises RunLocked while another is at work.
    """
    with store.run_lock(LOCK), collecting_hardly_ever():
        catch_up(store, now)
        with store.read() as connection:
            everything = everything or facts.get_fact(connection, RULES_FACT) != rules_now()
            queued = stored_features.dirty_records(connection).keys()
            may_part = not everything and is_small(connection, len(queued))
            is_stirred = bool(queued) or not is_heeded(connection, by_hand(connection))
        refresh_features(store, queued if may_part else None)
        if not everything and not is_stirred:
            return _report(store, ResolveReport(skipped=True))
        if may_part and (done := resolve_changes(store, now)):
            tidy(store, now)
            report = ResolveReport(changed_works=len(done.works), retired_ids=done.retired)
            report.contradictions = done.contradictions
            return _report(store, report)
        return _resolve_whole(store, now, everything=everything)


def _resolve_whole(store: Store, now: str, *, everything: bool) -> ResolveReport:
    """Resolve all records; merge all of them, or what changed."""
    had_blocks = begin_whole(store, now)
    with store.read() as connection:
        seen = read_catalogue(connection)
    seen = _with_reattached(store, seen, now)
    dirty = seen.marks.keys() & set(seen.numbers)
    known = set_facts(seen.features, seen.by_hand)
    found = resolve_set(seen.features, seen.standing.constraints, load_model(), known)
    plan = make_plan(_clusters(seen, found), seen.before, seen.before.keys() - set(seen.numbers))
    _mark(store, plan, seen, now)
    _keep_pairs(store, seen, found, now)
    writing = Writing(store, seen, seen.numbers if everything else dirty, now)
    writing.memberships(plan)
    writing.works()
    writing.cases(Questions(found, seen.features, homes_of(found, seen.features), seen.standing))
    writing.finish()
    features = dict(zip(seen.numbers, seen.features, strict=True))
    end_whole(store, features, seen.marks.keys() if had_blocks else None, now)
    tidy(store, now)
    report = ResolveReport(
        changed_works=len(writing.done.works),
        retired_ids=writing.retired,
        oversize_blocks=len(found.oversize),
        contradictions=len(found.contradictions),
    )
    return _report(store, report)


def refresh_features(store: Store, numbers: Collection[int] | None = None) -> None:
    """Make the features of live records that lack them in the present version: of all, or of these.

    What takes the features of a record away queues it: where the version stands, those that are queued are all.
    """
    with store.read() as connection:
        missing = stored_features.without_features(connection, FEATURES_VERSION, numbers)
        mixed = sources.mixed_origins(connection)
    for part in batches(missing, FEATURES_BATCH):
        with store.write() as connection:
            found = records.by_number(connection, part)
            rows = [
                (number, extract(stored.record, mixed_origin=stored.key.source in mixed))
                for number, stored in found.items()
                if stored.record is not None
            ]
            stored_features.save_features(connection, FEATURES_VERSION, rows)


def read_catalogue(connection: Connection) -> Seen:
    """All live records as a resolve reads them. Raises RunLocked where some have no features yet."""
    if stored_features.without_features(connection, FEATURES_VERSION):
        raise RunLocked(Sentence("a harvest went live while the resolve began: resolve again"))
    features = {
        number: Features.from_json(document)
        for number, document in stored_features.live_features(connection, FEATURES_VERSION)
    }
    return Seen(
        numbers=list(features),
        features=list(features.values()),
        standing=read_standing(connection),
        before=matches.places(connection),
        marks=stored_features.dirty_records(connection),
        answered=decisions.newest(connection),
        by_hand=by_hand(connection),
    )


def _with_reattached(store: Store, seen: Seen, now: str) -> Seen:
    """The same with decisions whose records came back under other ids, without those whose old ids came back."""
    if not is_to_carry(seen.standing):
        return seen
    with store.write(in_turn=True) as connection:
        made = carry_over(connection, seen.standing, seen.features, now)
        stored_features.mark_more(connection, sorted(touched_by(Shelf(connection), made)), now)
    with store.read() as connection:
        return replace(
            seen,
            standing=read_standing(connection),
            before=matches.places(connection),
            marks=stored_features.dirty_records(connection),
            answered=decisions.newest(connection),
        )


def _clusters(seen: Seen, found: Resolution) -> dict[ClusterLevel, list[list[int]]]:
    levels: tuple[tuple[ClusterLevel, Sequence[Sequence[int]]], ...] = (
        ("edition", found.editions),
        ("work", found.works),
    )
    return {level: [[seen.numbers[p] for p in cluster] for cluster in clusters] for level, clusters in levels}


def _mark(store: Store, plan: Plan, seen: Seen, now: str) -> None:
    """Queue what is about to change, so that a run killed in the middle is gone on with."""
    for part in batches(sorted(plan.touched - seen.marks.keys()), MARKS_IN_ONE_GO):
        with store.write() as connection:
            mark = stored_features.mark_more(connection, part, now)
        seen.marks.update(dict.fromkeys(part, mark))


def _keep_pairs(store: Store, seen: Seen, found: Resolution, now: str) -> None:
    fresh = as_kept(found.pairs, load_model().version, seen.numbers)
    with store.read() as connection:
        changed, gone = matches.changed_pairs(connection, fresh)
    for some in batches(gone, MARKS_IN_ONE_GO):
        with store.write() as connection:
            matches.drop_pairs(connection, some)
    for rows in batches(changed, MARKS_IN_ONE_GO):
        with store.write() as connection:
            matches.keep_pairs(connection, rows)
    with store.write() as connection:
        facts.set_new_fact(connection, "matching", found.facts.model_dump(mode="json"), now)
    count_pairs(store, now)


class Writing:
    """Writing a resolve, piece by piece. `again` are the records whose editions are merged anew."""

    def __init__(self, store: Store, seen: Seen, again: Collection[int], now: str) -> None:
        self.store, self.seen, self.again, self.now = store, seen, set(again), now
        self.done = Remerged()
        self.finished: set[str] = set()
        self.retired = 0

    def memberships(self, plan: Plan) -> None:
        """Who is where, and the works of those who moved."""
        self.again |= plan.touched
        for piece in pieces(plan, IN_ONE_GO):
            with self.store.write(in_turn=True) as connection:
                moved = self._moved(connection)
                is_free = moved.isdisjoint(piece.touched | piece.gone)
                for part in [piece] if is_free else pieces(piece, 1):
                    if moved.isdisjoint(part.touched | part.gone):
                        self._keep(connection, part)

    def works(self) -> None:
        """The works of records whose content changed and that stayed where they are."""
        with self.store.read() as connection:
            places = matches.places(connection, sorted(self.again))
        for part in batches(sorted({place.work for place in places.values()} - self.finished), IN_ONE_GO // 2):
            with self.store.write(in_turn=True) as connection:
                members, moved = matches.members(connection, "work", part), self._moved(connection)
                self._merge(connection, [work for work in part if moved.isdisjoint(members.get(work, moved))])

    def cases(self, questions: Questions) -> int:
        """Open a case for every question there is, dissolve those no longer asked; how many are new or open again."""
        with self.store.read() as connection:
            wanted = wanted_cases(connection, questions)
            parts = list(
                made_cases(Shelf(connection), wanted, (questions.found, questions.of(shown_in(wanted))), self.now)
            )
        parts += batches(cases_of_fields(self.done, questions.standing, self.now), IN_ONE_GO)
        fresh = 0
        for part in parts:
            with self.store.write(in_turn=True) as connection:
                kept = keep_cases(Shelf(connection), self._free(connection, part), self.now)
                fresh += sum(each.fresh for each in kept)
        asked = {case.case for part in parts for case in part}
        with self.store.read() as connection:
            live = {each.key for each in questions.features}
            left = [case for case in cases.listed(connection) if case.case not in asked]
        gone = [case for case in left if self.done.is_over(case, live)]
        for part in batches(gone, IN_ONE_GO):
            with self.store.write(in_turn=True) as connection:
                free = self._free(connection, part)
                cases.set_state(connection, [case.case for case in free], "dissolved", self.now)
        return fresh

    def finish(self) -> None:
        """Settle what people said since the resolve read their decisions."""
        live = set(self.seen.numbers)
        with self.store.write(in_turn=True) as connection:
            moved = self._moved(connection)
            gone = {n: m for n, m in self.seen.marks.items() if n not in live and n not in moved}
            stored_features.clear_dirty(connection, gone)
            facts.set_new_fact(connection, RULES_FACT, rules_now(), self.now)
        self.done.works |= settle_since(self.store, self.seen.answered, Batch(self.seen.marks), self.now)

    def _keep(self, connection: Connection, part: Plan) -> None:
        self.retired += len(keep_membership(connection, part, self.now))
        places = matches.places(connection, sorted(part.touched))
        self._merge(connection, sorted({place.work for place in places.values()}))
        self._clear(connection, part.gone)

    def _merge(self, connection: Connection, works: Sequence[str]) -> None:
        numbers = remerge(Shelf(connection), works, (self.again, self.seen.standing, self.now), self.done)
        self.finished.update(works)
        self._clear(connection, numbers)

    def _clear(self, connection: Connection, numbers: Collection[int]) -> None:
        marks = self.seen.marks
        stored_features.clear_dirty(connection, {n: marks[n] for n in numbers if n in marks})

    def _moved(self, connection: Connection) -> set[int]:
        """The records of every work that people said something about since the decisions were read."""
        later = decisions.since(connection, self.seen.answered)
        touched = touched_by(Shelf(connection), later)
        return matches.around(connection, sorted(touched)).keys() | touched

    def _free(self, connection: Connection, part: Sequence[Case]) -> list[Case]:
        """The cases that nobody touched since."""
        moved = {str(key) for key in records.keys_of(connection, sorted(self._moved(connection))).values()}
        return [case for case in part if moved.isdisjoint(case.members)]


def _report(store: Store, report: ResolveReport) -> ResolveReport:
    with store.read() as connection:
        sizes = merged.count(connection)
        report.records = matches.count(connection)
        report.editions, report.works = sizes.get("edition", 0), sizes.get("work", 0)
        report.open_cases = sum(n for (_, state), n in cases.count(connection).items() if state == "open")
        report.stopped_identifiers = len(stopped_now(connection))
    return report
