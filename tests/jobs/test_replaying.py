"""What was quarantined comes out again once the rule that kept it out was mended; nothing else is touched."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from catalogue.defect import Defect
from catalogue.errors import FeedRefused
from catalogue.parsed import BadRecord, ParsedRecord
from jobs import applying, intake, replaying
from jobs.harvesting import harvest
from jobs.replaying import ReplayReport, replay
from mappings.mapped import Mapped
from ops.sources import SourceSettings
from store import payloads, runs
from store.database import Store

Source = Callable[..., SourceSettings]
NIGHTS = [f"2026-01-{day:02}T03:00:00Z" for day in range(1, 9)]
LIMITS = {"max_quarantine": 1, "min_records": 5}


def statuses(store: Store) -> dict[str, str]:
    with store.read() as connection:
        return dict(connection.execute(text("SELECT source_id, status FROM source_record")).tuples().all())


def states(store: Store) -> list[str]:
    with store.read() as connection:
        return list(connection.scalars(text("SELECT state FROM quarantine ORDER BY id")))


@pytest.fixture
def refusing(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Let the mapping refuse records with these ids, as a bad rule would."""
    mapped = applying.map_record

    def refuse(*ids: str) -> None:
        def rule(parsed: ParsedRecord, source: str, fallback: str) -> Mapped:
            if fallback in ids:
                return Mapped(None, (Defect("record.unmappable"),))
            return mapped(parsed, source, fallback)

        monkeypatch.setattr(applying, "map_record", rule)

    return refuse


def test_only_what_was_kept_out_is_read_again(
    store: Store, otava: Source, feed: Path, onix: Any, message: Any, refusing: Any
) -> None:
    source = otava(limits=LIMITS)
    refusing("b", "c")
    feed.write_bytes(message(onix("a", "Aamu"), onix("b", "Ilta"), onix("c", "Yö")))
    harvest(store, source, NIGHTS[0])
    assert statuses(store) == {"a": "live"}
    refusing("c")
    report = replay(store, source, NIGHTS[1])
    assert report == ReplayReport("otava", run=2, items=2, released=1, still=1)
    assert statuses(store) == {"a": "live", "b": "live"}
    assert states(store) == ["released", "open"]
    refusing()
    assert replay(store, source, NIGHTS[2]).released == 1
    assert replay(store, source, NIGHTS[3]) == ReplayReport("otava")
    assert harvest(store, source, NIGHTS[4]).unchanged_feed


def test_what_a_later_harvest_brought_is_not_overtaken_by_the_past(
    store: Store, otava: Source, feed: Path, onix: Any, message: Any, refusing: Any
) -> None:
    source = otava(limits=LIMITS)
    refusing("b")
    feed.write_bytes(message(onix("a", "Aamu"), onix("b", "Vanha")))
    harvest(store, source, NIGHTS[0])
    refusing()
    feed.write_bytes(message(onix("a", "Aamu"), onix("b", "Uusi")))
    harvest(store, source, NIGHTS[1])
    assert replay(store, source, NIGHTS[2]).outdated == 1
    with store.read() as connection:
        assert connection.execute(text("SELECT count(*) FROM record_revision")).scalar() == 0


def test_what_a_later_full_feed_does_not_offer_stays_out(
    store: Store, otava: Source, feed: Path, onix: Any, message: Any, refusing: Any
) -> None:
    source = otava(limits=LIMITS)
    refusing("b")
    feed.write_bytes(message(onix("a", "Aamu"), onix("b", "Ilta")))
    harvest(store, source, NIGHTS[0])
    feed.write_bytes(message(onix("a", "Aamu", "sana")))
    harvest(store, source, NIGHTS[1])
    refusing()
    assert replay(store, source, NIGHTS[2]) == ReplayReport("otava", items=1, outdated=1)
    assert statuses(store) == {"a": "live"}
    assert states(store) == ["released"]


def test_the_rest_of_a_payload_that_ended_early_is_read(
    store: Store, otava: Source, feed: Path, onix: Any, message: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = otava(limits=LIMITS, feed="delta")
    feed.write_bytes(message(*(onix(f"r{n}", f"Kirja {n}") for n in range(6))))
    parse = intake.parse

    def ends_early(*given: Any) -> Iterator[Any]:
        for item in parse(*given):
            if item.index == 3:
                yield BadRecord(Defect("payload.xml_syntax", "line 3", {"reason": "x"}), 3, b"", ends_payload=True)
                return
            yield item

    monkeypatch.setattr(intake, "parse", ends_early)
    harvest(store, source, NIGHTS[0])
    assert len(statuses(store)) == 2
    report = replay(store, source, NIGHTS[1])
    assert (report.items, report.released, len(statuses(store))) == (1, 1, 6)


def test_a_payload_that_is_gone_is_told(
    store: Store, otava: Source, feed: Path, onix: Any, message: Any, refusing: Any
) -> None:
    refusing("b")
    feed.write_bytes(message(onix("a", "Aamu"), onix("b", "Ilta")))
    harvest(store, otava(limits=LIMITS), NIGHTS[0])
    with store.read() as connection:
        sha256 = connection.scalar(text("SELECT payload FROM quarantine"))
    payloads.path_of(store.data_dir, str(sha256)).unlink()
    assert replay(store, otava(limits=LIMITS), NIGHTS[1]).lost == 1
    assert states(store) == ["open"]


@pytest.fixture
def mended(
    store: Store, otava: Source, feed: Path, onix: Any, message: Any, refusing: Callable[..., None]
) -> SourceSettings:
    """A source whose record b was kept out by a rule that is mended by now."""
    source = otava(limits=LIMITS)
    refusing("b")
    feed.write_bytes(message(onix("a", "Aamu"), onix("b", "Ilta")))
    harvest(store, source, NIGHTS[0])
    refusing()
    return source


def dies(*_: Any, **__: Any) -> None:
    raise KeyboardInterrupt


def test_a_replay_that_is_killed_is_done_again(
    store: Store, mended: SourceSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(replaying, "_close", dies)
        with pytest.raises(KeyboardInterrupt):
            replay(store, mended, NIGHTS[1])
    assert statuses(store)["b"] == "live"
    assert replay(store, mended, NIGHTS[2]).released + replay(store, mended, NIGHTS[2]).outdated <= 1
    assert states(store) == ["released"]


def test_a_replay_that_is_killed_before_it_is_live_is_no_harvest(
    store: Store, mended: SourceSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    for night in NIGHTS[1:3]:
        with monkeypatch.context() as patch:
            patch.setattr(replaying, "promote_run", dies)
            with pytest.raises(KeyboardInterrupt):
                replay(store, mended, night)
    again = harvest(store, mended, NIGHTS[3])
    assert (again.unchanged_feed, again.counts.received, again.resumed) == (True, 2, None)
    with store.read() as connection:
        cut = runs.listed(connection, state="failed")
        assert [(run.id, runs.files(connection, run.id)) for run in cut] == [(3, []), (2, [])]
        assert connection.scalar(text("SELECT count(*) FROM staged_record WHERE run IN (2, 3)")) == 0
    assert states(store) == ["open"]
    assert replay(store, mended, NIGHTS[4]).released == 1


def test_a_replay_that_would_delete_too_much_is_refused(
    store: Store, otava: Source, feed: Path, onix: Any, message: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = otava(limits=LIMITS, feed="delta")
    feed.write_bytes(message(*(onix(f"r{n}", f"Kirja {n}") for n in range(9))))
    harvest(store, source, NIGHTS[0])
    feed.write_bytes(message(*(onix(f"r{n}", kind="05") for n in range(9))))
    parse = intake.parse

    def unreadable(*given: Any) -> Iterator[Any]:
        yield from (BadRecord(Defect("marc.xml_record"), item.index) for item in parse(*given))

    with monkeypatch.context() as patch:
        patch.setattr(intake, "parse", unreadable)
        harvest(store, source, NIGHTS[1])
    with pytest.raises(FeedRefused, match="9 of 9 live records would be removed"):
        replay(store, source, NIGHTS[2])
    assert set(statuses(store).values()) == {"live"}
