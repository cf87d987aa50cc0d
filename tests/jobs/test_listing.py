"""A repository harvested page by page, as it is and as it should not be."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import stamina
from sqlalchemy import text

from benchmarks.repository import Held, Repository, serving
from catalogue.errors import FeedHeld, FeedRefused, ServiceUnreachable
from jobs import listing
from jobs.harvesting import harvest
from ops.sources import SourceSettings
from store import runs
from store.database import Store

FIRST, SECOND = "2026-01-02T03:00:00Z", "2026-01-03T03:00:00Z"
MARC = (
    '<record xmlns="http://www.loc.gov/MARC21/slim"><leader>00000nam a2200000 i 4500</leader>'
    '<controlfield tag="001">{0}</controlfield><datafield tag="245" ind1="0" ind2="0">'
    '<subfield code="a">{1}</subfield></datafield></record>'
)
Source = Callable[..., SourceSettings]


def held(number: int, title: str | None = "Kirja", at: str = "2026-01-01T03:00:00Z", **more: Any) -> Held:
    content = MARC.format(f"{number:03}", f"{title} {number}") if title else None
    return Held(f"oai:otava.fi:{number:03}", at, content, **more)


@pytest.fixture
def repository() -> Iterator[Repository]:
    with stamina.set_testing(True, attempts=3), serving(Repository([held(n) for n in range(1, 9)])) as made:
        yield made


@pytest.fixture
def otava(repository: Repository) -> Source:
    def make(feed: str = "delta", limits: dict[str, Any] | None = None, **transport: Any) -> SourceSettings:
        settings = {"kind": "oai", "url": repository.url, "internal": True, **transport}
        about = {"id": "otava", "feed": feed, "transport": settings, "limits": limits or {"min_records": 100}}
        return SourceSettings.model_validate(about)

    return make


def live(store: Store) -> dict[str, str]:
    with store.read() as connection:
        rows = connection.execute(text("SELECT source_id, status FROM source_record ORDER BY source_id"))
        return {row[0]: row[1] for row in rows}


def windows(repository: Repository) -> list[tuple[str | None, str | None]]:
    asked = [each for each in repository.requests if each["verb"] == "ListRecords" and "resumptionToken" not in each]
    return [(each.get("from"), each.get("until")) for each in asked]


def test_a_list_is_harvested_and_then_only_its_changes(store: Store, repository: Repository, otava: Source) -> None:
    first = harvest(store, otava(), FIRST)
    assert (first.counts.received, first.counts.new) == (8, 8)
    repository.clock = SECOND
    repository.records[0] = held(1, "Uusi", "2026-01-02T20:00:00Z")
    repository.records[1] = held(2, None, "2026-01-02T21:00:00Z")
    second = harvest(store, otava(overlap_h=1), SECOND)
    assert (second.counts.received, second.counts.changed, second.counts.removed) == (2, 1, 1)
    assert live(store)["002"] == "deleted"
    assert windows(repository) == [(None, None), ("2026-01-02T02:00:00Z", SECOND)]


def test_no_change_is_a_promoted_run_of_nothing(store: Store, repository: Repository, otava: Source) -> None:
    harvest(store, otava(), FIRST)
    repository.clock = SECOND
    report = harvest(store, otava(overlap_h=0), SECOND)
    assert (report.state, report.counts.received, set(live(store).values())) == ("promoted", 0, {"live"})


def test_days_are_asked_for_where_the_repository_knows_no_hours(
    store: Store, repository: Repository, otava: Source
) -> None:
    repository.by_day = True
    harvest(store, otava(), FIRST)
    repository.clock = SECOND
    harvest(store, otava(), SECOND)
    assert windows(repository)[1] == ("2026-01-01", "2026-01-03")


def test_a_full_list_removes_what_it_no_longer_holds(store: Store, repository: Repository, otava: Source) -> None:
    harvest(store, otava("full"), FIRST)
    del repository.records[0]
    assert harvest(store, otava("full"), SECOND).counts.absent == 1
    assert live(store)["001"] == "deleted"


def test_a_repository_that_forgets_deletions_is_listed_whole_now_and_then(
    store: Store, repository: Repository, otava: Source
) -> None:
    repository.deletions = "no"
    harvest(store, otava(), FIRST)
    del repository.records[0]
    repository.clock = SECOND
    assert harvest(store, otava(whole_every_d=2), SECOND).counts.absent == 0
    repository.clock = "2026-01-04T03:00:00Z"
    assert harvest(store, otava(whole_every_d=2), repository.clock).counts.absent == 1


def test_each_set_is_listed_and_a_new_one_from_its_beginning(
    store: Store, repository: Repository, otava: Source
) -> None:
    repository.records = [held(1, subset="a"), held(2, subset="b"), held(3, subset="c")]
    assert harvest(store, otava(sets=["a", "b"]), FIRST).counts.received == 2
    repository.clock = SECOND
    assert harvest(store, otava(sets=["a", "b", "c"], overlap_h=0), SECOND).counts.received == 1
    assert set(live(store)) == {"001", "002", "003"}


@pytest.mark.parametrize(("request_", "fault"), [(2, "empty"), (2, "wait"), (3, "cut"), (1, "hang_up"), (3, "expired")])
def test_passing_trouble_leaves_no_trace(
    store: Store, repository: Repository, otava: Source, request_: int, fault: str
) -> None:
    repository.faults = {request_: fault}
    report = harvest(store, otava(), FIRST)
    assert (report.counts.received, report.counts.new, report.counts.superseded) == (8, 8, 0)
    assert len(live(store)) == 8


@pytest.mark.parametrize(("fault", "reason"), [("circle", "in a circle"), ("refuse", "cannotDisseminateFormat")])
def test_a_list_that_is_none_fails_and_nothing_of_it_is_kept(
    store: Store, repository: Repository, otava: Source, fault: str, reason: str
) -> None:
    repository.faults = {2: fault}
    with pytest.raises(FeedRefused, match=reason):
        harvest(store, otava(), FIRST)
    with store.read() as connection:
        assert [run.state for run in runs.listed(connection)] == ["failed"]
        assert connection.execute(text("SELECT count(*) FROM staged_record")).scalar() == 0
    assert harvest(store, otava(), SECOND).counts.new == 8
    assert windows(repository) == [(None, None), (None, None)]


def test_a_list_without_end_is_cut_off(store: Store, otava: Source) -> None:
    with pytest.raises(FeedRefused, match="more than 2 pages"):
        harvest(store, otava(max_pages=2), FIRST)


def test_tokens_that_always_expire_end_the_run(
    store: Store, repository: Repository, otava: Source, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listing, "MAX_RESTARTS", 2)
    repository.faults = {2: "expired", 4: "expired"}
    with pytest.raises(FeedRefused, match="expire before they are used"):
        harvest(store, otava(), FIRST)


def test_a_run_that_lost_its_repository_goes_on_at_the_next_page(
    store: Store, repository: Repository, otava: Source
) -> None:
    repository.faults = dict.fromkeys(range(2, 5), "hang_up")
    with pytest.raises(ServiceUnreachable):
        harvest(store, otava(), FIRST)
    report = harvest(store, otava(), SECOND)
    assert (report.counts.received, report.counts.new) == (8, 8)
    assert len(windows(repository)) == 1


@pytest.mark.parametrize(("fault", "reason"), [("html", "HTML page"), ("login", r"asks for a login \(403\)")])
def test_a_page_of_something_else_in_the_middle_ends_nothing(
    store: Store, repository: Repository, otava: Source, fault: str, reason: str
) -> None:
    harvest(store, otava("full"), FIRST)
    repository.records[:1] = [held(9, "Uusi", SECOND)]
    repository.clock, start = SECOND, repository.asked
    repository.faults = dict.fromkeys(range(start + 2, start + 5), fault)
    with pytest.raises(ServiceUnreachable, match=reason + ".*; what was read is kept"):
        harvest(store, otava("full"), SECOND)
    assert set(live(store).values()) == {"live"}
    assert len(live(store)) == 8
    asked = len(windows(repository))
    report = harvest(store, otava("full", limits={"min_records": 100}), SECOND)
    assert (report.state, report.counts.received, report.counts.absent) == ("promoted", 8, 1)
    assert len(windows(repository)) == asked


def test_a_page_of_something_else_for_a_token_of_yesterday_begins_the_list_again(
    store: Store, repository: Repository, otava: Source
) -> None:
    repository.faults = dict.fromkeys(range(2, 5), "html")
    with pytest.raises(ServiceUnreachable):
        harvest(store, otava(), FIRST)
    repository.faults = dict.fromkeys(range(5, 8), "html")  # Identify is answered
    report = harvest(store, otava(), SECOND)
    assert (report.counts.received, report.counts.new, report.counts.superseded) == (8, 8, 0)
    assert len(windows(repository)) == 2


@pytest.mark.parametrize("fault", ["expired", "gone", "refuse"])
def test_a_token_of_yesterday_may_be_refused_in_any_words(
    store: Store, repository: Repository, otava: Source, fault: str
) -> None:
    repository.faults = dict.fromkeys(range(2, 5), "hang_up") | {5: fault}
    with pytest.raises(ServiceUnreachable):
        harvest(store, otava(), FIRST)
    report = harvest(store, otava(), SECOND)
    assert (report.counts.received, report.counts.new, report.counts.superseded) == (8, 8, 0)
    assert len(windows(repository)) == 2


def test_settings_that_changed_end_a_run_that_was_cut_off(store: Store, repository: Repository, otava: Source) -> None:
    repository.faults = dict.fromkeys(range(2, 5), "hang_up")
    with pytest.raises(ServiceUnreachable):
        harvest(store, otava(), FIRST)
    with pytest.raises(FeedRefused, match="settings changed"):
        harvest(store, otava(prefix="marcxml"), SECOND)
    assert harvest(store, otava(prefix="marcxml"), SECOND).counts.new == 8


def test_a_held_window_is_asked_for_again(store: Store, repository: Repository, otava: Source) -> None:
    """The mark moves only when a run is promoted; a held run that is listed again is replaced."""
    source = otava(limits={"min_records": 5}, overlap_h=0)
    harvest(store, source, FIRST)
    repository.clock = SECOND
    repository.records[:3] = [held(n, None, "2026-01-02T20:00:00Z") for n in (1, 2, 3)]
    for _ in range(2):
        with pytest.raises(FeedHeld, match="3 of 8 live records would be removed"):
            harvest(store, source, SECOND)
    assert windows(repository)[1:] == [(FIRST, SECOND)] * 2
    with store.read() as connection:
        assert [run.state for run in runs.listed(connection)] == ["held", "rejected", "promoted"]


def test_a_page_that_is_not_whole_xml_does_not_move_the_mark(
    store: Store, repository: Repository, otava: Source
) -> None:
    repository.faults = {2: "broken"}
    report = harvest(store, otava(limits={"min_records": 100, "max_quarantine": 1}), FIRST)
    assert (report.counts.new, report.counts.quarantined) == (8, 1)
    repository.clock = SECOND
    assert harvest(store, otava("delta"), SECOND).counts.unchanged == 8
    assert windows(repository) == [(None, None), (None, None)]


@pytest.mark.parametrize("ended", [3, 2])
def test_a_list_that_stops_before_its_end_removes_nothing(
    store: Store, repository: Repository, otava: Source, ended: int
) -> None:
    """`noRecordsMatch` is the answer to a window, never to a token."""
    source = otava("full", limits={"min_records": 1, "max_shrink": 1, "max_deleted": 1, "max_volume_change": 9})
    harvest(store, source, FIRST)
    repository.clock = SECOND
    repository.faults = {repository.asked + ended: "nothing"}
    with pytest.raises(FeedHeld, match="ends early"):
        harvest(store, source, SECOND)
    assert set(live(store).values()) == {"live"}


def test_a_deletion_finds_the_record_by_the_name_it_was_delivered_under(
    store: Store, repository: Repository, otava: Source
) -> None:
    content = MARC.format("FIN0001", "Kesä")
    repository.records = [Held("oai:otava.fi:bib/77", "2026-01-01T03:00:00Z", content), held(2)]
    harvest(store, otava(), FIRST)
    repository.clock = SECOND
    repository.records[0] = Held("oai:otava.fi:bib/77", "2026-01-02T20:00:00Z", None)
    assert harvest(store, otava(), SECOND).counts.removed == 1
    assert live(store) == {"FIN0001": "deleted", "002": "live"}


def test_onix_is_harvested_the_same_way(
    store: Store, repository: Repository, otava: Source, onix: Callable[..., str]
) -> None:
    def product(title: str, at: str) -> Held:
        return Held("oai:otava.fi:p1", at, f'<ONIXMessage release="3.0">{onix("p1", title)}</ONIXMessage>')

    repository.records = [product("Kesä", "2026-01-01T03:00:00Z")]
    harvest(store, otava(prefix="onix"), FIRST)
    repository.clock = SECOND
    repository.records = [product("Kesäyö", "2026-01-02T20:00:00Z")]
    assert harvest(store, otava(prefix="onix"), SECOND).counts.changed == 1
    repository.records = [Held("oai:otava.fi:p1", "2026-01-03T20:00:00Z", None)]
    repository.clock = "2026-01-04T03:00:00Z"
    assert harvest(store, otava(prefix="onix"), repository.clock).counts.removed == 1
