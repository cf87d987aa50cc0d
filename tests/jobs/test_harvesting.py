from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from catalogue.errors import FeedHeld, FeedRefused, RunLocked, UsageError
from catalogue.keys import RecordKey
from jobs.harvesting import RunReport, harvest
from jobs.holding import approve, held_runs, reject
from jobs.running import try_harvest
from ops.sources import SourceSettings
from store import defects, payloads, records, runs, sources
from store.database import Store

Onix = Callable[..., str]
Message = Callable[..., bytes]
Source = Callable[..., SourceSettings]
NIGHTS = [f"2026-01-{day:02}T03:00:00Z" for day in range(1, 29)]


def live(store: Store) -> dict[str, str]:
    """Own id → title of the live records."""
    with store.read() as connection:
        return {record.source_id: record.titles[0].text for _, record in records.live_records(connection)}


def publisher(store: Store, source_id: str) -> str | None:
    with store.read() as connection:
        found = records.find(connection, RecordKey("otava", source_id))
    assert found is not None
    assert found.record is not None
    return found.record.publication.publisher


def codes(store: Store, report: RunReport) -> dict[str, int]:
    with store.read() as connection:
        return defects.counts_by_code(connection, run=report.run)


def many(onix: Onix, count: int, title: str = "Kirja") -> list[str]:
    return [onix(f"r{n}", f"{title} {n}") for n in range(count)]


def test_a_first_harvest_brings_everything(
    store: Store, otava: Source, feed: Path, onix: Onix, message: Message
) -> None:
    feed.write_bytes(message(onix("r1", "Sinuhe egyptiläinen"), onix("r2", "Sinuhe – egyptiern")))
    report = harvest(store, otava(), NIGHTS[0])
    assert (report.state, report.counts.received, report.counts.new) == ("promoted", 2, 2)
    assert live(store) == {"r1": "Sinuhe egyptiläinen", "r2": "Sinuhe – egyptiern"}


def test_an_unchanged_feed_is_not_read_again(
    store: Store, otava: Source, feed: Path, onix: Onix, message: Message
) -> None:
    feed.write_bytes(message(*many(onix, 3)))
    harvest(store, otava(), NIGHTS[0])
    report = harvest(store, otava(), NIGHTS[1])
    assert report.unchanged_feed
    assert (report.counts.received, report.counts.unchanged) == (3, 3)
    again = harvest(store, otava(), NIGHTS[2], refetch=True)
    assert not again.unchanged_feed
    assert (again.counts.received, again.counts.unchanged) == (3, 3)


def test_only_what_differs_is_changed(store: Store, otava: Source, feed: Path, onix: Onix, message: Message) -> None:
    feed.write_bytes(message(onix("r1", "A"), onix("r2", "B"), sent="20260101"))
    harvest(store, otava(), NIGHTS[0])
    feed.write_bytes(message(onix("r1", "A"), onix("r2", "B2"), onix("r3", "C"), sent="20260102"))
    counts = harvest(store, otava(), NIGHTS[1]).counts
    assert (counts.new, counts.changed, counts.unchanged, counts.absent) == (1, 1, 1, 0)


@pytest.mark.parametrize(("kind", "left"), [("full", ["r1"]), ("delta", ["r1", "r2"])])
def test_absence_removes_only_in_a_full_feed(
    store: Store, otava: Source, feed: Path, onix: Onix, message: Message, kind: str, left: list[str]
) -> None:
    feed.write_bytes(message(onix("r1", "A"), onix("r2", "B")))
    harvest(store, otava(feed=kind), NIGHTS[0])
    feed.write_bytes(message(onix("r1", "A")))
    counts = harvest(store, otava(feed=kind), NIGHTS[1]).counts
    assert (list(live(store)), counts.absent) == (left, 2 - len(left))


def test_a_deleted_product_goes_and_comes_back(
    store: Store, otava: Source, feed: Path, onix: Onix, message: Message
) -> None:
    source = otava(feed="delta")
    feed.write_bytes(message(onix("r1", "A"), onix("r2", "B"), sent="20260101"))
    harvest(store, source, NIGHTS[0])
    feed.write_bytes(message(onix("r1", kind="05"), onix("never-seen", kind="05"), sent="20260102"))
    counts = harvest(store, source, NIGHTS[1]).counts
    assert (counts.deleted, counts.removed, list(live(store))) == (2, 1, ["r2"])
    feed.write_bytes(message(onix("r1", "A"), sent="20260103"))
    assert harvest(store, source, NIGHTS[2]).counts.new == 1
    assert live(store) == {"r1": "A", "r2": "B"}


def test_a_late_message_changes_nothing_and_is_recorded(
    store: Store, otava: Source, feed: Path, onix: Onix, message: Message
) -> None:
    source = otava(feed="delta")
    feed.write_bytes(message(onix("r1", "Uusi"), onix("r2", kind="05"), sent="20260105"))
    harvest(store, source, NIGHTS[0])
    feed.write_bytes(message(onix("r1", "Vanha"), onix("r2", "Kuollut"), sent="20260104"))
    report = harvest(store, source, NIGHTS[1])
    assert (report.counts.unchanged, codes(store, report)["record.late"]) == (2, 2)
    assert live(store) == {"r1": "Uusi"}


def test_a_block_update_touches_only_its_blocks(
    store: Store, otava: Source, feed: Path, onix: Onix, message: Message
) -> None:
    source = otava(feed="delta")
    feed.write_bytes(message(onix("r1", "Sinuhe", publisher="WSOY")))
    harvest(store, source, NIGHTS[0])
    update = message(onix("r1", kind="04", publisher="Werner Söderström"))
    feed.write_bytes(update)
    assert harvest(store, source, NIGHTS[1]).counts.changed == 1
    assert (live(store), publisher(store, "r1")) == ({"r1": "Sinuhe"}, "Werner Söderström")
    feed.write_bytes(update + b"\n")
    assert harvest(store, source, NIGHTS[2]).counts.unchanged == 1


def test_messages_about_one_record_in_one_feed_build_on_each_other(
    store: Store, otava: Source, feed: Path, onix: Onix, message: Message
) -> None:
    feed.write_bytes(
        message(onix("r1", "Ensin"), onix("r1", "Sitten", publisher="A"), onix("r1", kind="04", publisher="B"))
    )
    report = harvest(store, otava(), NIGHTS[0])
    assert (report.counts.new, report.counts.superseded) == (1, 2)
    assert codes(store, report)["record.duplicate_id"] == 2
    assert (live(store), publisher(store, "r1")) == ({"r1": "Sitten"}, "B")


def test_messages_about_one_record_in_two_batches_build_on_each_other(
    store: Store, otava: Source, feed: Path, onix: Onix, message: Message, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("jobs.intake.BATCH_RECORDS", 1)
    feed.write_bytes(message(onix("r1", "Ensin", publisher="A"), onix("r1", kind="04", publisher="B")))
    report = harvest(store, otava(), NIGHTS[0])
    assert (report.counts.new, report.counts.superseded) == (1, 1)
    assert (live(store), publisher(store, "r1")) == ({"r1": "Ensin"}, "B")


def test_files_of_a_collection_keep_their_records_apart(
    store: Store, otava: Source, feed: Path, onix: Onix, message: Message
) -> None:
    source = otava(feed="delta", identity="file+own")
    (feed.parent / "sub").mkdir()
    feed.write_bytes(message(onix("r1", "A"), onix("r1", "B")))
    (feed.parent / "sub" / "feed.xml").write_bytes(message(onix("r1", "C")))
    counts = harvest(store, source, NIGHTS[0]).counts
    assert (counts.new, counts.superseded) == (3, 0)
    assert live(store) == {"feed.xml/r1": "A", "feed.xml/r1#2": "B", "sub/feed.xml/r1": "C"}


def test_one_bad_record_does_not_stop_the_others(
    store: Store, otava: Source, feed: Path, onix: Onix, message: Message
) -> None:
    feed.write_bytes(message(onix("r1", "A"), onix("untitled"), onix("r2", "B")))
    report = harvest(store, otava(), NIGHTS[0])
    assert (report.counts.new, report.counts.quarantined) == (2, 1)
    with store.read() as connection:
        (item,) = defects.quarantined(connection, run=report.run)
    assert (item.defect.source_id, item.defect.code, item.file) == ("untitled", "record.no_title", "feed.xml")


def test_a_record_that_cannot_be_read_any_more_stays_as_it_was(
    store: Store, otava: Source, feed: Path, onix: Onix, message: Message
) -> None:
    feed.write_bytes(message(onix("r1", "A"), onix("r2", "B")))
    harvest(store, otava(), NIGHTS[0])
    feed.write_bytes(message(onix("r1"), onix("r2", "B2")))
    assert harvest(store, otava(), NIGHTS[1]).counts.quarantined == 1
    assert live(store) == {"r1": "A", "r2": "B2"}


@pytest.mark.parametrize(
    ("body", "code"), [(b"", "payload.empty"), (b"<!DOCTYPE html><html></html>", "payload.html"),
                       (b"%PDF-1.7 hello", "payload.unknown_format")]
)  # fmt: skip
def test_what_is_no_feed_is_quarantined_with_its_reason(
    store: Store, otava: Source, feed: Path, body: bytes, code: str
) -> None:
    feed.write_bytes(body)
    with pytest.raises(FeedHeld, match="not one of its 1 records could be read"):
        harvest(store, otava(), NIGHTS[0])
    report = harvest(store, otava(limits={"max_quarantine": 1}, id="kokoelma"), NIGHTS[0])
    assert (report.counts.received, report.counts.quarantined, codes(store, report)) == (1, 1, {code: 1})


@pytest.mark.parametrize("ending", [b"", b"<!DOCTYPE html><html></html>", None])
def test_an_empty_full_feed_never_deletes(
    store: Store, otava: Source, feed: Path, onix: Onix, message: Message, ending: bytes | None
) -> None:
    feed.write_bytes(message(*many(onix, 3)))
    harvest(store, otava(), NIGHTS[0])
    feed.write_bytes(message() if ending is None else ending)
    with pytest.raises(FeedHeld, match="the feed is empty, 3 records are live"):
        harvest(store, otava(), NIGHTS[1])
    assert len(live(store)) == 3


@pytest.mark.parametrize("complete", [True, False])
def test_a_first_feed_or_a_delta_that_is_cut_off_goes_live_and_says_so(
    store: Store, otava: Source, feed: Path, onix: Onix, message: Message, complete: bool
) -> None:
    feed.write_bytes(message(*many(onix, 40))[:9_000])
    report = harvest(store, otava(), NIGHTS[0], complete=complete)
    assert (report.state, 10 < len(live(store)) < 25) == ("promoted", True)
    assert report.reasons == ("feed.xml was not read to its end: what was read is live, the rest is missing",)
    assert try_harvest(store, otava(), NIGHTS[1], complete=complete).message == ""


def test_a_truncated_full_feed_is_held_and_removes_nothing_even_if_approved(
    store: Store, otava: Source, feed: Path, onix: Onix, message: Message
) -> None:
    whole = message(*many(onix, 40))
    feed.write_bytes(whole)
    harvest(store, otava(), NIGHTS[0])
    feed.write_bytes(whole[: int(len(whole) * 0.97)])
    with pytest.raises(FeedHeld, match="ends early") as held:
        harvest(store, otava(), NIGHTS[1])
    approve(store, otava(), held.value.run, NIGHTS[2])
    assert len(live(store)) == 40


def test_a_sharply_smaller_feed_is_held_until_a_person_decides(
    store: Store, otava: Source, feed: Path, onix: Onix, message: Message
) -> None:
    feed.write_bytes(message(*many(onix, 40)))
    harvest(store, otava(), NIGHTS[0])
    feed.write_bytes(message(*many(onix, 20)))
    with pytest.raises(FeedHeld) as held:
        harvest(store, otava(), NIGHTS[1])
    assert "20 of 40 live records would be removed (50.0%, limit 10.0%)" in held.value.reasons
    assert "the feed holds 20 records, 40 are live (50.0% fewer, limit 20.0%)" in held.value.reasons
    assert [run.id for run in held_runs(store)] == [held.value.run]
    assert len(live(store)) == 40
    with pytest.raises(FeedHeld) as asked:
        harvest(store, otava(), NIGHTS[2])
    assert asked.value.run == held.value.run
    run = approve(store, otava(), held.value.run, NIGHTS[3])
    assert (run.state, run.counts.absent, len(live(store))) == ("promoted", 20, 20)
    assert harvest(store, otava(), NIGHTS[4]).unchanged_feed


def test_a_rejected_run_leaves_no_trace(store: Store, otava: Source, feed: Path, onix: Onix, message: Message) -> None:
    feed.write_bytes(message(*many(onix, 40)))
    harvest(store, otava(), NIGHTS[0])
    feed.write_bytes(message(*many(onix, 20, "Toinen")))
    with pytest.raises(FeedHeld) as held:
        harvest(store, otava(), NIGHTS[1])
    assert reject(store, held.value.run, NIGHTS[2]).state == "rejected"
    assert held_runs(store) == []
    assert (len(live(store)), live(store)["r1"]) == (40, "Kirja 1")


def test_a_run_that_is_being_promoted_is_not_rejected(
    store: Store, otava: Source, feed: Path, onix: Onix, message: Message
) -> None:
    feed.write_bytes(message(*many(onix, 40)))
    harvest(store, otava(), NIGHTS[0])
    feed.write_bytes(message(*many(onix, 20)))
    with pytest.raises(FeedHeld) as held:
        harvest(store, otava(), NIGHTS[1])
    with store.run_lock("harvest-otava"), pytest.raises(RunLocked):
        reject(store, held.value.run, NIGHTS[2])
    assert [run.id for run in held_runs(store)] == [held.value.run]


def test_a_run_that_was_rejected_meanwhile_removes_nothing(
    store: Store, otava: Source, feed: Path, onix: Onix, message: Message, monkeypatch: pytest.MonkeyPatch
) -> None:
    feed.write_bytes(message(*many(onix, 40)))
    harvest(store, otava(), NIGHTS[0])
    feed.write_bytes(message(*many(onix, 20)))
    with pytest.raises(FeedHeld) as held:
        harvest(store, otava(), NIGHTS[1])
    lock = store.run_lock

    def later(name: str) -> AbstractContextManager[None]:
        monkeypatch.undo()
        reject(store, held.value.run, NIGHTS[2])
        return lock(name)

    monkeypatch.setattr(store, "run_lock", later)
    with pytest.raises(UsageError, match="is rejected, not held"):
        approve(store, otava(), held.value.run, NIGHTS[3])
    assert len(live(store)) == 40


def test_a_better_feed_makes_the_question_idle(
    store: Store, otava: Source, feed: Path, onix: Onix, message: Message
) -> None:
    feed.write_bytes(message(*many(onix, 40)))
    harvest(store, otava(), NIGHTS[0])
    feed.write_bytes(message())
    with pytest.raises(FeedHeld):
        harvest(store, otava(), NIGHTS[1])
    feed.write_bytes(message(*many(onix, 41)))
    assert harvest(store, otava(), NIGHTS[2]).counts.new == 1
    assert held_runs(store) == []


def test_a_held_delta_is_weighed_anew_when_others_went_live_meanwhile(
    store: Store, otava: Source, feed: Path, onix: Onix, message: Message
) -> None:
    source = otava(feed="delta")
    feed.write_bytes(message(*many(onix, 40)))
    harvest(store, source, NIGHTS[0])
    feed.unlink()
    deletes = [onix(f"r{n}", kind="05") for n in range(20)]
    (feed.parent / "deletes.xml").write_bytes(message(*deletes))
    with pytest.raises(FeedHeld) as held:
        harvest(store, source, NIGHTS[1])
    (feed.parent / "deletes.xml").unlink()
    (feed.parent / "newer.xml").write_bytes(message(onix("r0", "Uudempi")))
    harvest(store, source, NIGHTS[2])
    run = approve(store, source, held.value.run, NIGHTS[3])
    assert (run.counts.removed, len(live(store)), live(store)["r0"]) == (19, 21, "Uudempi")


def test_too_many_bad_records_hold_the_run(
    store: Store, otava: Source, feed: Path, onix: Onix, message: Message
) -> None:
    feed.write_bytes(message(*many(onix, 40)))
    harvest(store, otava(), NIGHTS[0])
    feed.write_bytes(message(*many(onix, 38), onix("r38"), onix("r39")))
    with pytest.raises(FeedHeld, match=r"2 of 40 records are quarantined \(5.0%, limit 2.0%\)"):
        harvest(store, otava(), NIGHTS[1])


def test_a_missing_feed_is_a_failed_run(store: Store, otava: Source, feed: Path) -> None:
    source = otava(transport={"kind": "folder", "path": feed.parent / "none"})
    with pytest.raises(FeedRefused):
        harvest(store, source, NIGHTS[0])
    with store.read() as connection:
        (run,) = runs.listed(connection, source="otava")
    assert run.state == "failed"
    assert "there is no file or folder" in run.reasons[0]


def test_the_newest_sending_time_is_remembered(
    store: Store, otava: Source, feed: Path, onix: Onix, message: Message
) -> None:
    feed.write_bytes(message(onix("r1", "A"), sent="20260102T030405Z"))
    harvest(store, otava(), NIGHTS[0])
    with store.read() as connection:
        assert sources.find(connection, "otava").high_water == "2026-01-02T03:04:05Z"


def test_a_file_sent_again_by_hand_brings_back_what_was_deleted(
    store: Store, otava: Source, feed: Path, onix: Onix, message: Message
) -> None:
    whole, deletes = feed.parent / "a.xml", feed.parent / "b.xml"
    whole.write_bytes(message(onix("r1", "A")))
    deletes.write_bytes(message(onix("r1", kind="05")))

    def by_hand(path: Path, night: int) -> RunReport:
        transport = {"kind": "files", "paths": [path]}
        return harvest(store, otava(transport=transport), NIGHTS[night], complete=False)

    by_hand(whole, 0)
    assert by_hand(whole, 1).unchanged_feed
    by_hand(deletes, 2)
    assert live(store) == {}
    assert by_hand(whole, 3).counts.new == 1
    assert live(store) == {"r1": "A"}


def test_a_held_delta_is_asked_about_once(
    store: Store, otava: Source, feed: Path, onix: Onix, message: Message
) -> None:
    source = otava(feed="delta")
    feed.write_bytes(message(*many(onix, 40)))
    harvest(store, source, NIGHTS[0])
    (feed.parent / "deletes.xml").write_bytes(message(*[onix(f"r{n}", kind="05") for n in range(20)]))
    held = []
    for night in (1, 2):
        with pytest.raises(FeedHeld) as error:
            harvest(store, source, NIGHTS[night])
        held.append(error.value.run)
    assert held[0] == held[1]


def test_every_payload_has_its_row_even_when_its_bytes_were_kept_before(
    store: Store, otava: Source, feed: Path, onix: Onix, message: Message
) -> None:
    feed.write_bytes(message(onix("r1", "A")))
    with feed.open("rb") as stream:
        sha256, _ = payloads.keep_bytes(store.data_dir, stream)  # as a run that was killed at this moment leaves it
    harvest(store, otava(), NIGHTS[0])
    with store.read() as connection:
        assert payloads.find(connection, sha256).name == "feed.xml"
