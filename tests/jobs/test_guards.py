from __future__ import annotations

import pytest

from jobs.guards import Baseline, judge
from ops.sources import Limits
from store.coverage import Coverage
from store.runs import RunCounts

NIGHTLY = Baseline(live=1000, volumes=[1000, 1010, 990])


def counts(new: int = 0, unchanged: int = 0, **other: int) -> RunCounts:
    received = new + unchanged + sum(other.get(name, 0) for name in ("deleted", "superseded", "quarantined"))
    return RunCounts(received=received, new=new, unchanged=unchanged, **other)


@pytest.mark.parametrize(
    ("run", "complete", "reasons"),
    [
        (counts(10, 980, absent=10), True, []),
        (counts(0, 0), True, ["the feed is empty", "the feed holds 0", "0 records were received"]),
        (counts(0, 1000, quarantined=21), True, ["21 of 1021 records are quarantined"]),
        (counts(0, 1000, quarantined=20), True, []),
        (counts(0, 899, absent=101), True, ["101 of 1000 live records would be removed"]),
        (counts(300, 499, absent=1), True, ["the feed holds 799 records"]),
        (counts(450, 1000), True, ["1450 records were received"]),
        (counts(450, 1000), False, []),
        (counts(deleted=101, removed=101), False, ["101 of 1000 live records would be removed"]),
        (counts(deleted=5899, removed=17), False, []),
        (counts(1), False, []),
    ],
)
def test_what_a_person_should_see_first_is_held(run: RunCounts, complete: bool, reasons: list[str]) -> None:
    found = judge(run, NIGHTLY, Limits(), complete=complete, ended_early=False)
    assert len(found) == len(reasons)
    assert all(text.startswith(start) for text, start in zip(found, reasons, strict=True))


def test_a_feed_that_ends_early_is_never_a_full_feed() -> None:
    run = counts(0, 990, quarantined=1)
    assert judge(run, NIGHTLY, Limits(), complete=False, ended_early=True) == []
    (reason,) = judge(run, NIGHTLY, Limits(), complete=True, ended_early=True)
    assert reason.startswith("the feed ends early")


def test_without_a_baseline_there_is_nothing_to_lose() -> None:
    run = counts(1, quarantined=99)
    assert judge(run, Baseline(0, []), Limits(), complete=True, ended_early=True) == []


def test_a_first_feed_of_which_nothing_can_be_read_is_no_success() -> None:
    found = judge(counts(quarantined=3), Baseline(0, []), Limits(), complete=False, ended_early=True)
    assert found == ["not one of its 3 records could be read: see lyhde source check"]
    assert (
        judge(counts(quarantined=3), Baseline(0, []), Limits(max_quarantine=1), complete=True, ended_early=True) == []
    )


def test_shares_of_a_handful_are_not_judged_but_an_empty_feed_is() -> None:
    few = Baseline(live=19, volumes=[19])
    assert judge(counts(0, 1, absent=18), few, Limits(), complete=True, ended_early=False) == []
    assert judge(counts(), few, Limits(), complete=True, ended_early=False) == [
        "the feed is empty, 19 records are live"
    ]


def test_limits_are_the_sources_own() -> None:
    loose = Limits(max_deleted=1, max_shrink=1, max_volume_change=1, max_quarantine=1)
    assert judge(counts(0, 10, absent=990), NIGHTLY, loose, complete=True, ended_early=False) == []


def covered(records: int, **filled: int) -> Coverage:
    return Coverage(records, {"title": records, "language": 0, "subject": 0} | filled)


@pytest.mark.parametrize(
    ("run", "usual", "reasons"),
    [
        (covered(1000, language=0), covered(1000, language=1000), ["language: 0 of 1000 records have it (0.0%)"]),
        (covered(1000, language=690), covered(1000, language=1000), ["language: 690 of 1000"]),
        (covered(1000, language=710), covered(1000, language=1000), []),
        (covered(1000, language=1000), covered(1000, language=0), []),
        (covered(20, subject=3), covered(1000, subject=500), ["subject: 3 of 20"]),
        (covered(20, subject=5), covered(1000, subject=500), []),  # as few may be chance among 20
        (covered(1000, subject=0), covered(1000, subject=90), []),  # too rare to tell
        (covered(19, language=0), covered(1000, language=1000), []),
        (covered(1000, language=0), covered(19, language=19), []),
        (covered(1000, title=0, language=0), covered(1000, language=900), ["title: 0 of", "language: 0 of"]),
    ],
)
@pytest.mark.parametrize("complete", [True, False])
def test_a_field_that_goes_blank_is_held_with_its_numbers(
    run: Coverage, usual: Coverage, reasons: list[str], complete: bool
) -> None:
    baseline = Baseline(1000, [1000], usual)
    found = judge(counts(0, 1000), baseline, Limits(), complete=complete, ended_early=False, coverage=run)
    assert len(found) == len(reasons)
    assert all(text.startswith(start) for text, start in zip(found, reasons, strict=True))


def test_how_much_rarer_a_field_may_become_is_the_sources_own() -> None:
    baseline = Baseline(1000, [1000], covered(1000, language=1000))
    blank = covered(1000, language=0)
    loose = Limits(max_coverage_drop=1)
    assert judge(counts(0, 1000), baseline, loose, complete=True, ended_early=False, coverage=blank) == []


def test_only_full_feeds_have_a_usual_volume() -> None:
    assert judge(counts(0, 30), Baseline(1000, []), Limits(), complete=False, ended_early=False) == []
