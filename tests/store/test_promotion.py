from __future__ import annotations

from collections.abc import Callable

import pytest

from catalogue.keys import RecordKey
from store import features, promotion, records, staging
from store.database import Store
from store.records import StoredRecord
from store.runs import Run
from store.staging import StagedRow

Make = Callable[..., StagedRow]
Promote = Callable[..., Run]
GONE = {"outcome": "deleted", "status": "deleted", "content_hash": None, "parsed": None, "mapped": None}
SAME = {"outcome": "unchanged", "parsed": None, "mapped": None}


def stored(store: Store, source_id: str) -> StoredRecord:
    with store.read() as connection:
        found = records.find(connection, RecordKey("otava", source_id))
    assert found is not None
    return found


def dirty(store: Store) -> list[int]:
    with store.read() as connection:
        return list(features.dirty_records(connection))


def title(found: StoredRecord) -> str:
    assert found.record is not None
    return found.record.titles[0].text


def test_new_records_are_numbered_in_the_order_of_the_feed(store: Store, row: Make, promote: Promote) -> None:
    promote([row(1, "z"), row(2, "a"), row(3, "m")])
    with store.read() as connection:
        assert [key.source_id for key in records.live_keys(connection).values()] == ["z", "a", "m"]
        assert [number for number, _ in records.live_records(connection)] == dirty(store)


def test_a_changed_record_keeps_its_number_and_its_history(store: Store, row: Make, promote: Promote) -> None:
    promote([row(1, "a", "Sinuhe")])
    promote([row(1, "a", "Sinuhe egyptiläinen", outcome="changed")], 1)
    now = stored(store, "a")
    assert (now.number, now.revision, title(now)) == (1, 2, "Sinuhe egyptiläinen")
    assert (now.first_seen_at, now.updated_at) == ("2026-01-01T03:00:00Z", "2026-01-02T03:00:00Z")
    with store.read() as connection:
        (before,) = records.revisions(connection, 1)
    assert before.record is not None
    assert (before.revision, before.record.titles[0].text, before.superseded) == (1, "Sinuhe", False)


def test_an_unchanged_record_is_not_touched_nor_queued(store: Store, row: Make, promote: Promote) -> None:
    promote([row(1, "a")])
    with store.write() as connection:
        features.clear_dirty(connection, features.dirty_records(connection))
    promote([row(1, "a", **SAME)], 1)
    assert (stored(store, "a").revision, dirty(store)) == (1, [])


def test_an_unchanged_record_remembers_the_newest_message(store: Store, row: Make, promote: Promote) -> None:
    promote([row(1, "a", sent_at="2026-01-01T00:00:00Z")])
    promote([row(1, "a", sent_at="2026-01-05T00:00:00Z", **SAME)], 1)
    assert stored(store, "a").sent_at == "2026-01-05T00:00:00Z"


def test_a_delete_makes_a_tombstone_that_can_still_be_read(store: Store, row: Make, promote: Promote) -> None:
    promote([row(1, "a")])
    promote([row(1, "a", **GONE)], 1)
    gone = stored(store, "a")
    assert (gone.status, gone.revision, title(gone)) == ("deleted", 2, "Sinuhe")
    assert gone.record is not None
    assert gone.record.status == "deleted"
    with store.read() as connection:
        assert list(records.live_records(connection)) == []
        assert dirty(store) == [1]


def test_a_delete_of_an_unknown_record_is_remembered(store: Store, row: Make, promote: Promote) -> None:
    promote([row(1, "ghost", sent_at="2026-01-05T00:00:00Z", **GONE)])
    ghost = stored(store, "ghost")
    assert (ghost.status, ghost.record, ghost.sent_at) == ("deleted", None, "2026-01-05T00:00:00Z")
    assert dirty(store) == []


def test_deleting_twice_is_deleting_once(store: Store, row: Make, promote: Promote) -> None:
    promote([row(1, "a")])
    promote([row(1, "a", **GONE)], 1)
    promote([row(1, "a", **GONE)], 2)
    assert stored(store, "a").revision == 2


def test_a_deleted_record_comes_back_with_its_number(store: Store, row: Make, promote: Promote) -> None:
    promote([row(1, "a")])
    promote([row(1, "a", **GONE)], 1)
    promote([row(1, "a", "Sinuhe, uusi painos")], 2)
    back = stored(store, "a")
    assert (back.number, back.status, back.revision, title(back)) == (1, "live", 3, "Sinuhe, uusi painos")
    with store.read() as connection:
        assert [old.status for old in records.revisions(connection, 1)] == ["live", "deleted"]


@pytest.mark.parametrize(("complete", "live"), [(True, ["a"]), (False, ["a", "b"])])
def test_absence_removes_only_in_a_full_feed(
    store: Store, row: Make, promote: Promote, complete: bool, live: list[str]
) -> None:
    promote([row(1, "a"), row(2, "b")])
    promote([row(1, "a", **SAME)], 1, complete=complete)
    with store.read() as connection:
        assert [key.source_id for key in records.live_keys(connection).values()] == live


def test_absence_in_one_source_leaves_the_others(store: Store, row: Make, promote: Promote) -> None:
    promote([row(1, "a")], source="wsoy")
    promote([row(1, "b")], complete=True)
    with store.read() as connection:
        assert records.count(connection) == {"live": 2}


def test_spared_and_quarantined_records_are_not_absent(store: Store, row: Make, promote: Promote) -> None:
    promote([row(1, "a"), row(2, "b"), row(3, "c")])
    rows = [row(1, "a", outcome="quarantined"), row(0, "b", outcome="spared", file=0, parsed=None)]
    promote(rows, 1, complete=True)
    assert [stored(store, name).status for name in "abc"] == ["live", "live", "deleted"]


def test_a_superseded_message_is_kept_as_a_revision_that_never_stood(store: Store, row: Make, promote: Promote) -> None:
    promote([row(1, "a", "Ensin", superseded=True), row(2, "a", "Sitten")])
    assert title(stored(store, "a")) == "Sitten"
    with store.read() as connection:
        (other,) = records.revisions(connection, 1)
    assert (other.superseded, other.record and other.record.titles[0].text) == (True, "Ensin")


def test_features_of_changed_and_removed_records_are_forgotten(store: Store, row: Make, promote: Promote) -> None:
    promote([row(1, "a"), row(2, "b"), row(3, "c")])
    with store.write() as connection:
        features.save_features(connection, "1", [(1, {"t": "a"}), (2, {"t": "b"}), (3, {"t": "c"})])
    promote([row(1, "a", "Uusi", outcome="changed"), row(2, "b", **SAME)], 1, complete=True)
    with store.read() as connection:
        assert list(features.live_features(connection, "1")) == [(2, b'{"t":"b"}')]
        assert features.without_features(connection, "1") == [1]
        assert features.without_features(connection, "2") == [1, 2]


def test_staging_changes_nothing_until_it_is_promoted(store: Store, row: Make, promote: Promote) -> None:
    promote([row(1, "a")])
    with store.write() as connection:
        staging.stage_batch(connection, 99, [row(1, "a", "Muu", outcome="changed"), row(2, "b", **GONE)])
        staging.drop(connection, 99)
    assert title(stored(store, "a")) == "Sinuhe"


def test_a_source_can_be_taken_out_whole(store: Store, row: Make, promote: Promote) -> None:
    promote([row(1, "a"), row(2, "b")])
    with store.write() as connection:
        what = promotion.Promotion(7, "otava", "2026-02-01T00:00:00Z", complete=True)
        assert promotion.remove_source(connection, what) == 2
    with store.read() as connection:
        assert records.count(connection, "otava") == {"deleted": 2}


def test_what_is_marked_anew_while_it_is_resolved_stays_queued(store: Store, row: Make, promote: Promote) -> None:
    promote([row(1, "a"), row(2, "b")])
    with store.read() as connection:
        begun = features.dirty_records(connection)
    with store.write() as connection:
        features.mark_dirty(connection, [1], "2026-01-01T03:00:00Z")
        features.clear_dirty(connection, begun)
    assert dirty(store) == [1]
