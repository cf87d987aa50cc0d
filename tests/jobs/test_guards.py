from __future__ import annotations

import pytest

from jobs.guards import Baseline, judge
from ops.sources import Limits
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
