from __future__ import annotations

import pytest

from catalogue.defect import Defect
from catalogue.errors import NotFound
from store import defects, runs, sources
from store.database import Store
from store.defects import Quarantined
from store.runs import RunCounts, RunFile
from store.sources import KnownFile, KnownSource

AT, LATER = "2026-01-01T00:00:00Z", "2026-01-02T00:00:00Z"


def test_counts_that_do_not_reconcile_are_a_bug() -> None:
    assert RunCounts(received=6, new=1, changed=1, unchanged=1, deleted=1, superseded=1, quarantined=1).check()
    with pytest.raises(AssertionError, match="2 records received, 1 explained"):
        RunCounts(received=2, new=1).check()


def test_a_run_is_found_again_with_how_far_it_came(store: Store) -> None:
    files = [RunFile(1, "a.xml", "a" * 64, "application/xml", etag='"7"'), RunFile(2, "b.xml", "b" * 64, "")]
    with store.write() as connection:
        run = runs.begin(connection, "otava", files, complete=True, at=AT)
        runs.advance(connection, run.id, files[0]._replace(items_done=500))
        assert runs.unfinished(connection, "otava") == run
        assert [file.items_done for file in runs.files(connection, run.id)] == [500, 0]
        counts = RunCounts(received=3, new=3)
        runs.finish(connection, run.id, "promoted", at=LATER, counts=counts)
        assert runs.unfinished(connection, "otava") is None
        assert runs.find(connection, run.id).counts == counts
        with pytest.raises(NotFound):
            runs.find(connection, 99)


def test_a_source_keeps_its_creation_and_its_newest_message(store: Store) -> None:
    known = KnownSource("otava", "Otava", "catalogue", "full", "own", AT, None, None)
    with store.write() as connection:
        sources.keep(connection, known)
        sources.raise_high_water(connection, "otava", LATER)
        sources.raise_high_water(connection, "otava", AT)
        sources.keep(connection, known._replace(name="Kustannus Otava", identity="file+own", created_at=LATER))
        found = sources.find(connection, "otava")
        assert (found.name, found.created_at, found.high_water) == ("Kustannus Otava", AT, LATER)
        assert sources.mixed_origins(connection) == {"otava"}


@pytest.mark.parametrize(("all_there_is", "names"), [(True, {"b"}), (False, {"a", "b"})])
def test_a_full_feed_forgets_files_that_are_no_longer_there(store: Store, all_there_is: bool, names: set[str]) -> None:
    with store.write() as connection:
        sources.keep_files(connection, "otava", [KnownFile("a", "1", None, None, 3, AT)], all_there_is=True)
        again = [KnownFile("b", "2", None, None, 3, AT)]
        sources.keep_files(connection, "otava", again, all_there_is=all_there_is)
        assert set(sources.files(connection, "otava")) == names


def test_quarantine_keeps_the_bytes_the_place_and_the_reason(store: Store) -> None:
    bad = Defect("marc.leader", "byte 7", {"leader": "x"}, "otava", "", "a" * 64, 3)
    with store.write() as connection:
        defects.keep_defects(connection, 1, [bad, bad])
        defects.keep_quarantined(connection, [Quarantined(1, "a.mrc", bad, b"\xff\x00raw")])
        (item,) = defects.quarantined(connection, run=1)
        assert (item.defect, item.excerpt, item.file) == (bad, b"\xff\x00raw", "a.mrc")
        assert defects.counts_by_code(connection, source="otava") == {"marc.leader": 2}
        assert defects.quarantine_by_code(connection, run=1) == {"marc.leader": 1}
        defects.release(connection, [item.number])
        assert list(defects.quarantined(connection, state="open")) == []
