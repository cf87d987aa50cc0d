"""What `docs/lifecycle.md` draws is what happens: every arrow is sent through a harvest, every row is in a table."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from catalogue.keys import RecordKey
from catalogue.lifecycle import KINDS
from jobs.harvesting import harvest
from mappings.onix.tables import by_code, codes
from ops.sources import SourceSettings
from store import records
from store.database import Store

PAGE = Path(__file__).parents[2].joinpath("docs", "lifecycle.md").read_text("utf-8")
ARROWS = re.findall(r"^    (\w+) --> (\w+): (\w+)(, withdrawn by its publisher)?$", PAGE, re.MULTILINE)
WITHDRAWN = "<PublishingDetail><PublishingStatus>11</PublishingStatus></PublishingDetail>"
DETAIL = """<DescriptiveDetail><ProductForm>EA</ProductForm><TitleDetail><TitleType>01</TitleType><TitleElement>
<TitleElementLevel>01</TitleElementLevel><TitleText>Nimi</TitleText></TitleElement></TitleDetail></DescriptiveDetail>"""
SUPPLY = "<ProductSupply><SupplyDetail/></ProductSupply>"
HISTORIES = {
    "unknown": [],
    "waiting": [("04", SUPPLY)],
    "live": [("03", DETAIL)],
    "withdrawn": [("03", DETAIL + WITHDRAWN)],
    "deleted": [("03", DETAIL), ("05", "")],
}
MESSAGES = {"whole": ("03", DETAIL), "blocks": ("04", SUPPLY), "delete": ("05", ""), "test": ("89", DETAIL)}


def product(ref: str, code: str, blocks: str) -> str:
    head = f"<RecordReference>{ref}</RecordReference><NotificationType>{code}</NotificationType>"
    return f"<Product>{head}{blocks}</Product>"


def state(store: Store, ref: str) -> str:
    with store.read() as connection:
        found = records.find(connection, RecordKey("otava", ref))
    if found is None:
        return "unknown"
    never_whole = found.record is None and found.sent_at is None
    return "waiting" if never_whole else found.status


@pytest.fixture(scope="module")
def rows() -> dict[str, str]:
    """Code → what the page says of it, of both tables."""
    found = re.findall(r"^\| ([\d ]+) \| (\w+) \|", PAGE, re.MULTILINE)
    return {f"{word in KINDS.values()}:{code}": word for codes_, word in found for code in codes_.split()}


def test_every_arrow_happens(
    store: Store, otava: Callable[..., SourceSettings], feed: Path, message: Callable[..., bytes]
) -> None:
    assert len(ARROWS) == 21
    limits = {"max_quarantine": 1.0, "max_deleted": 1.0, "max_volume_change": 1000.0}
    nights: list[list[str]] = [[], [], []]
    for number, (start, _, kind, withdrawn) in enumerate(ARROWS):
        for night, sent in enumerate(HISTORIES[start]):
            nights[night].append(product(f"r{number}", *sent))
        code, blocks = MESSAGES[kind]
        blocks = (WITHDRAWN if code == "04" else blocks + WITHDRAWN) if withdrawn else blocks
        nights[2].append(product(f"r{number}", code, blocks))
    for day, night in enumerate(nights, 1):
        if day == 3:
            assert [state(store, f"r{n}") for n in range(len(ARROWS))] == [start for start, *_ in ARROWS]
        feed.write_bytes(message(*night, sent=f"2026010{day}"))
        harvest(store, otava(feed="delta", limits=limits), "2026-02-01T00:00:00Z")
    assert [state(store, f"r{n}") for n in range(len(ARROWS))] == [end for _, end, *_ in ARROWS]


def test_every_message_of_the_page_does_what_it_says(rows: dict[str, str]) -> None:
    assert {key.partition(":")[2]: word for key, word in rows.items() if key.startswith("True")} == KINDS


def test_every_publishing_status_of_the_page_is_what_it_says(rows: dict[str, str]) -> None:
    told = {key.partition(":")[2]: word for key, word in rows.items() if key.startswith("False")}
    kinds = by_code("record", "status")
    assert told.keys() == {code for word in ("live", "withdrawn") for code in codes("record", "status", word)}
    assert all(told[code] == "withdrawn" for code in codes("record", "status", "withdrawn"))
    assert kinds.keys() >= told.keys()
