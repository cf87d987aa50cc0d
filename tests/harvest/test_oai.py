from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import stamina

from benchmarks.repository import Held, Repository, serving
from catalogue.errors import FeedRefused, ServiceUnreachable
from harvest.oai import Asked, TokenExpired, identify, list_page
from harvest.web import Site
from ops.sources import SourceSettings
from ops.transports import OaiTransport

NOW = datetime(2026, 1, 2, 3, tzinfo=UTC)
CONTENT = '<record xmlns="http://www.loc.gov/MARC21/slim"><leader/><controlfield tag="001">{}</controlfield></record>'


@pytest.fixture
def repository() -> Iterator[Repository]:
    held = [Held(f"oai:otava.fi:{n}", f"2026-01-01T0{n}:00:00Z", CONTENT.format(n)) for n in range(7)]
    with stamina.set_testing(True, attempts=3), serving(Repository(held)) as made:
        yield made


def site_of(repository: Repository) -> Site:
    transport = OaiTransport(kind="oai", url=repository.url, internal=True)
    return Site(SourceSettings(id="otava", transport=transport), transport)


def test_identify_tells_clock_granularity_and_what_becomes_of_deletions(repository: Repository, tmp_path: Path) -> None:
    found = identify(site_of(repository), tmp_path, NOW)
    assert (found.by_day, found.keeps_deletions, found.at) == (False, True, NOW)
    repository.by_day, repository.deletions, repository.clock = True, "transient", "not a time"
    found = identify(site_of(repository), tmp_path, NOW + timedelta(days=1))
    assert (found.by_day, found.keeps_deletions, found.at) == (True, False, NOW + timedelta(days=1))
    assert found.since("2026-01-01T00:30:00Z", timedelta(hours=1)) == "2025-12-31"


def test_a_list_is_followed_to_its_last_page(repository: Repository, tmp_path: Path) -> None:
    site, token, bodies = site_of(repository), "", []
    while True:
        page = list_page(site, tmp_path, Asked("marc21", since="2026-01-01T01:00:00Z", token=token))
        assert page is not None
        bodies.append(page.path.read_text().count("<header>"))
        token = page.next_token
        if not token:
            break
    assert bodies == [3, 3]
    first, second = repository.requests
    assert first == {"verb": "ListRecords", "metadataPrefix": "marc21", "from": "2026-01-01T01:00:00Z"}
    assert set(second) == {"verb", "resumptionToken"}


def test_no_record_is_no_error(repository: Repository, tmp_path: Path) -> None:
    assert list_page(site_of(repository), tmp_path, Asked("marc21", since="2027-01-01")) is None


@pytest.mark.parametrize("fault", ["empty", "wait", "cut", "hang_up"])
def test_what_passes_is_asked_for_again(repository: Repository, tmp_path: Path, fault: str) -> None:
    repository.faults = {1: fault}
    assert list_page(site_of(repository), tmp_path, Asked("marc21")) is not None
    assert repository.asked == 2
    repository.faults = dict.fromkeys(range(3, 9), fault)
    with pytest.raises(ServiceUnreachable, match="otava: http"):
        list_page(site_of(repository), tmp_path, Asked("marc21"))
    assert repository.asked == 5


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        ("html", "HTML page"),
        ("no_oai", "no OAI-PMH"),
        ("refuse", "the repository says cannotDisseminateFormat: it is so"),
    ],
)
def test_what_is_no_list_is_refused(repository: Repository, tmp_path: Path, fault: str, reason: str) -> None:
    repository.faults = {1: fault}
    with pytest.raises(FeedRefused, match=reason):
        list_page(site_of(repository), tmp_path, Asked("marc21"))
    assert repository.asked == 1


@pytest.mark.parametrize("fault", ["expired", "gone"])
def test_an_expired_token_is_told_apart(repository: Repository, tmp_path: Path, fault: str) -> None:
    repository.faults = {1: fault}
    with pytest.raises(TokenExpired):
        list_page(site_of(repository), tmp_path, Asked("marc21", token="||||1"))


def test_a_page_with_bad_xml_still_leads_on(repository: Repository, tmp_path: Path) -> None:
    repository.faults = {1: "broken"}
    page = list_page(site_of(repository), tmp_path, Asked("marc21"))
    assert page is not None
    assert page.next_token == "|||3"
