"""Guards: what must not go live before a person has looked. Numbers in, reasons out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import sqrt
from statistics import median

from catalogue.coverage import NAMES
from catalogue.defect import whereabouts
from catalogue.sentence import Sentence, Share
from ops.sources import Limits
from store.coverage import NOTHING, Coverage
from store.defects import Quarantined
from store.runs import RunCounts

MEDIAN_RUNS = 28
"""Runs whose volume is the usual one: four weeks of nights."""

MOST_CAUSES = 3

LEAST_USUAL = 0.1
"""A field that fewer records have is too rare for its absence to tell anything."""

CHANCE = 3.0
"""Standard deviations of a share among so many records: what is nearer to the usual may be chance."""


@dataclass(frozen=True, slots=True)
class Baseline:
    """What stands before the run: live records, volumes of the last promoted full feeds, and what the records fill."""

    live: int
    volumes: Sequence[int]
    coverage: Coverage = NOTHING

    @property
    def exists(self) -> bool:
        return bool(self.volumes or self.live)


def judge(
    counts: RunCounts,
    baseline: Baseline,
    limits: Limits,
    *,
    complete: bool,
    ended_early: bool,
    coverage: Coverage = NOTHING,
) -> list[Sentence]:
    """Why a run is held; empty: it may go live.

    Without a baseline there is nothing to lose; but a feed of which nothing at all could be read is never a success,
    unless the source's limit says that it may be so. `coverage` is of the records that the run gives.
    """
    unreadable = 0 < counts.received == counts.quarantined and limits.max_quarantine < 1
    nothing = [_nothing(counts)] if unreadable else []
    if not baseline.exists:
        return nothing
    present = counts.new + counts.changed + counts.unchanged - counts.removed
    reasons = [*nothing, _quarantine(counts, limits), _deletions(counts, baseline, limits)]
    if complete:
        if not present and baseline.live:
            reasons.append(Sentence("the feed is empty, {live} records are live", live=baseline.live))
        elif ended_early:
            reasons.append(Sentence("the feed ends early: what is missing from it may only be missing from the file"))
        reasons += [_shrink(present, baseline, limits), _volume(counts, baseline, limits)]
    reasons += _blanked(coverage, baseline.coverage, limits)
    return [reason for reason in reasons if reason]


def told(causes: Sequence[tuple[int, Quarantined]]) -> list[Sentence]:
    """The most frequent causes of a quarantine, each with the first place: what a person who is asked must see."""
    return [
        Sentence(
            "{count} quarantined, first {where}: {why}",
            count=count,
            where=whereabouts(first.file, first.defect.index, first.defect.locus),
            why=first.defect.words,
        )
        for count, first in causes[:MOST_CAUSES]
    ]


def _nothing(counts: RunCounts) -> Sentence:
    return Sentence("not one of its {count} records could be read: see lyhde source check", count=counts.received)


def _quarantine(counts: RunCounts, limits: Limits) -> Sentence | None:
    if counts.received < limits.min_records or counts.quarantined <= limits.max_quarantine * counts.received:
        return None
    share = counts.quarantined / counts.received
    return Sentence(
        "{count} of {received} records are quarantined ({share}, limit {limit})",
        count=counts.quarantined,
        received=counts.received,
        share=Share(share),
        limit=Share(limits.max_quarantine),
    )


def _deletions(counts: RunCounts, baseline: Baseline, limits: Limits) -> Sentence | None:
    gone = counts.removed + counts.absent
    if baseline.live < limits.min_records or gone <= limits.max_deleted * baseline.live:
        return None
    share = gone / baseline.live
    return Sentence(
        "{count} of {live} live records would be removed ({share}, limit {limit})",
        count=gone,
        live=baseline.live,
        share=Share(share),
        limit=Share(limits.max_deleted),
    )


def _shrink(present: int, baseline: Baseline, limits: Limits) -> Sentence | None:
    if baseline.live < limits.min_records or present >= (1 - limits.max_shrink) * baseline.live:
        return None
    share = 1 - present / baseline.live
    return Sentence(
        "the feed holds {count} records, {live} are live ({share} fewer, limit {limit})",
        count=present,
        live=baseline.live,
        share=Share(share),
        limit=Share(limits.max_shrink),
    )


def _volume(counts: RunCounts, baseline: Baseline, limits: Limits) -> Sentence | None:
    usual = median(baseline.volumes) if baseline.volumes else 0
    if usual < limits.min_records or abs(counts.received - usual) <= limits.max_volume_change * usual:
        return None
    share = abs(counts.received - usual) / usual
    return Sentence(
        "{count} records were received, the median is {usual} ({share} off, limit {limit})",
        count=counts.received,
        usual=float(usual),
        share=Share(share),
        limit=Share(limits.max_volume_change),
    )


def _blanked(now: Coverage, usual: Coverage, limits: Limits) -> Iterator[Sentence]:
    """Fields that are much rarer among a run's records than among those that stand."""
    if min(now.records, usual.records) < max(limits.min_records, 1):
        return
    for name, filled in usual.filled.items():
        before, share = filled / usual.records, now.filled[name] / now.records
        drop = before - share
        chance = CHANCE * sqrt(before * (1 - before) / now.records)
        if before >= LEAST_USUAL and drop > limits.max_coverage_drop * before and drop > chance:
            yield Sentence(
                "{field}: {count} of {records} records have it ({share}), {usual} of the live ones (limit {limit})",
                field=NAMES[name],
                count=now.filled[name],
                records=now.records,
                share=Share(share),
                usual=Share(before),
                limit=Share(limits.max_coverage_drop),
            )
