"""Generated deliveries: whatever order messages come in, over how many nights, the sender's dates decide the end."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from catalogue.errors import FeedHeld
from jobs.harvesting import harvest
from ops.sources import SourceSettings
from store import defects, records
from store.database import Store

AT = "2026-02-01T00:00:00Z"
UNLIMITED = {"max_quarantine": 1.0, "max_deleted": 1.0, "max_shrink": 1.0, "max_volume_change": 1000.0}


@dataclass(frozen=True)
class Sent:
    """A message about one record; `day` is when it was sent, 0 where it does not say.

    No title, publisher or text: blocks it does not hold.
    """

    day: int
    kind: str
    title: str | None = None
    publisher: str | None = None
    text: str | None = None


@st.composite
def histories(draw: st.DrawFn) -> list[Sent]:
    """Up to seven messages, in the order sent: each on a day of its own, some on one day, or none with a date."""
    texts = st.sampled_from(["A", "B", "C"])
    some = st.one_of(st.none(), texts)
    count = draw(st.integers(2, 7))
    days = draw(
        st.one_of(
            st.just(list(range(1, count + 1))),
            st.lists(st.integers(1, 4), min_size=count, max_size=count).map(sorted),
            st.just([0] * count),
        )
    )
    found = []
    for day in days:
        kind = draw(st.sampled_from(["01", "02", "03", "03", "04", "04", "04", "05", "05", "89"]))
        if kind == "05":
            found.append(Sent(day, kind))
        elif kind == "04":
            found.append(draw(st.builds(Sent, st.just(day), st.just(kind), some, some, some).filter(has_blocks)))
        else:
            found.append(Sent(day, kind, draw(texts), draw(some), draw(some)))
    return found


def has_blocks(one: Sent) -> bool:
    return any((one.title, one.publisher, one.text))


End = tuple[str, str | None, str | None]


def end_of(delivered: Iterable[Sent]) -> End | None:
    """Title, publisher and text that stand at the end; None where no record does. The rule itself, told again.

    The dates order the messages; of one date, or without dates, the delivery does.
    """
    blocks: dict[str, str] = {}
    is_live = False
    for one in sorted(delivered, key=lambda one: one.day):
        given_now = {k: v for k in ("title", "publisher", "text") if (v := getattr(one, k))}
        if one.kind == "05":
            blocks, is_live = {}, False
        elif one.kind in ("01", "02", "03"):
            blocks, is_live = given_now, True
        elif one.kind == "04":
            blocks |= given_now
            is_live = "title" in blocks
    return (blocks["title"], blocks.get("publisher"), blocks.get("text")) if is_live else None


Deliver = Callable[..., None]


@pytest.fixture
def deliver(store: Store, tmp_path: Path, onix: Callable[..., str], message: Callable[..., bytes]) -> Deliver:
    """Harvest every night's messages, one file each, in the order given."""

    def nights_of(nights: Sequence[Sequence[Sent]], source: str = "otava") -> None:
        _deliver(store, tmp_path / source, nights, (onix, message))

    return nights_of


def _deliver(
    store: Store, folder: Path, nights: Sequence[Sequence[Sent]], make: tuple[Callable[..., str], Callable[..., bytes]]
) -> None:
    onix, message = make
    folder.mkdir(exist_ok=True)
    about = {"id": folder.name, "feed": "delta", "transport": {"kind": "folder", "path": folder}, "limits": UNLIMITED}
    for number, night in enumerate(nights):
        for file in folder.iterdir():
            file.unlink()
        for place, one in enumerate(night):
            text = onix("r1", one.title, one.kind, one.publisher, text=one.text)
            sent = f"202601{one.day:02}" if one.day else None
            (folder / f"{number:02}-{place:02}.xml").write_bytes(message(text, sent=sent))
        try:
            harvest(store, SourceSettings.model_validate(about), AT)
        except FeedHeld as held:  # pragma: no cover - tells which guard
            raise AssertionError(held.reasons) from held


def standing(store: Store, source: str = "otava") -> End | None:
    with store.read() as connection:
        found = [record for _, record in records.live_records(connection) if record.source == source]
    assert len(found) <= 1
    if not found:
        return None
    (record,) = found
    text = next((re.sub("<[^>]*>", "", each.text) for each in record.texts.descriptions), None)
    return record.titles[0].text, record.publication.publisher, text


def check_order(data: st.DataObject, store: Store, deliver: Deliver) -> None:
    """One history, delivered in a drawn order over drawn nights, ends as it was sent."""
    history = data.draw(histories())
    order = data.draw(st.permutations(history))
    cuts = sorted(data.draw(st.sets(st.integers(1, len(order) - 1))))
    nights = [order[a:b] for a, b in zip([0, *cuts], [*cuts, len(order)], strict=True)]
    source = f"s{next(NUMBERS)}"
    deliver(nights, source)
    assert standing(store, source) == end_of(order)


NUMBERS = count(1)
GENERATED: dict[str, Any] = {
    "deadline": None,
    "phases": (Phase.explicit, Phase.generate),  # to shrink one takes minutes: a history is short as it is
    "suppress_health_check": [HealthCheck.function_scoped_fixture],
}


@settings(max_examples=5, **GENERATED)
@given(data=st.data())
def test_any_order_of_delivery_ends_in_the_state_that_was_sent(
    data: st.DataObject, store: Store, deliver: Deliver
) -> None:
    check_order(data, store, deliver)


@pytest.mark.soak
@settings(max_examples=150, **GENERATED)
@given(data=st.data())
def test_hundreds_of_orders_of_delivery_end_in_the_state_that_was_sent(
    data: st.DataObject, store: Store, deliver: Deliver
) -> None:
    check_order(data, store, deliver)


WHOLE, LATER = Sent(1, "03", "A", "P"), Sent(2, "03", "B")
UPDATE, TITLE = Sent(3, "04", None, "U"), Sent(3, "04", "T")
DELETE, AGAIN = Sent(4, "05"), Sent(5, "03", "C")


@pytest.mark.parametrize(
    ("nights", "expected"),
    [
        ([[WHOLE, UPDATE]], ("A", "U")),
        ([[UPDATE, WHOLE]], ("A", "U")),
        ([[UPDATE], [WHOLE]], ("A", "U")),
        ([[WHOLE], [UPDATE], [LATER]], ("B", "U")),  # a late whole record goes under the update
        ([[UPDATE], [LATER], [WHOLE]], ("B", "U")),
        ([[DELETE], [WHOLE], [UPDATE]], None),
        ([[WHOLE], [DELETE], [AGAIN]], ("C", None)),
        ([[AGAIN], [DELETE], [WHOLE]], ("C", None)),
        ([[WHOLE, DELETE, AGAIN]], ("C", None)),
        ([[WHOLE], [Sent(4, "04", None, "U")], [Sent(2, "05")]], None),  # the update waits for a record
        ([[WHOLE], [Sent(4, "04", None, "U")], [Sent(2, "05")], [Sent(3, "03", "D")]], ("D", "U")),
        ([[WHOLE], [Sent(2, "05")], [UPDATE]], None),  # blocks do not bring a deleted record back
        ([[WHOLE], [LATER, DELETE, Sent(5, "04", None, "U")]], None),
        ([[WHOLE], [LATER, DELETE, Sent(6, "04", None, "U")], [AGAIN]], ("C", "U")),
        ([[Sent(1, "04", "A")], [Sent(5, "04", "A", "B")], [DELETE]], ("A", "B")),
        ([[Sent(6, "04", None, "U")], [Sent(3, "04", "T")], [Sent(4, "03", "B")]], ("B", "U")),
        ([[Sent(6, "05")], [DELETE, TITLE]], None),  # two late messages in one run
        ([[Sent(5, "04", None, "B"), Sent(6, "05")], [TITLE]], None),  # an update that waits is outdone by a delete
        ([[WHOLE], [Sent(2, "05")], [TITLE]], ("T", None)),  # a whole record sent as an update does
        # what is older than a delete reaches under nothing that came after it, though it was sent on the same day
        ([[WHOLE, DELETE], [Sent(4, "04", "C"), Sent(3, "04", None, "U")], [Sent(1, "01", "D", "Q")]], ("C", None)),
        # without dates the order of delivery decides
        ([[Sent(0, "04", None, "C")], [Sent(0, "04", "B")]], ("B", "C")),
        ([[Sent(0, "04", None, "C"), Sent(0, "04", "B")]], ("B", "C")),
        ([[Sent(0, "04", None, "C")], [Sent(0, "05")], [Sent(0, "04", "B")]], ("B", None)),
        ([[Sent(0, "04", None, "C")], [Sent(0, "05"), Sent(0, "04", "B")]], ("B", None)),
        ([[Sent(0, "03", "A", "P")], [Sent(0, "05")], [Sent(0, "04", "B")]], ("B", None)),
        ([[Sent(0, "04", None, "C")], [Sent(0, "03", "A")]], ("A", None)),
        ([[Sent(9, "89", "Koe")], [WHOLE]], ("A", "P")),  # a test changes nothing
        ([[WHOLE], [Sent(9, "89", "Koe")]], ("A", "P")),
        ([[Sent(9, "89", "Koe")], [UPDATE]], None),
        ([[WHOLE], [Sent(9, "88", "Koe")]], ("A", "P")),
        ([[Sent(0, "04", "C")], [Sent(0, "05")], [Sent(0, "04", None, "A")]], None),
        ([[Sent(0, "04", "C")], [Sent(0, "05")], [Sent(9, "89", "Koe"), Sent(0, "04", None, "A")]], None),
        ([[Sent(0, "04", "C")], [Sent(0, "05"), Sent(0, "04", None, "A")], [Sent(0, "04", "D")]], ("D", "A")),
        # blocks without dates wait with those that waited before
        ([[Sent(0, "04", None, "B")], [Sent(0, "04", None, None, "C")], [Sent(0, "04", "A")]], ("A", "B", "C")),
        ([[Sent(0, "04", None, None, "C")], [Sent(0, "04", None, "B", "A")], [Sent(0, "04", "A")]], ("A", "B", "A")),
        ([[Sent(0, "04", None, None, "C"), Sent(0, "04", None, "B")], [Sent(0, "04", "A")]], ("A", "B", "C")),
    ],
)
def test_sequences_end_as_they_were_sent(
    store: Store, deliver: Deliver, nights: list[list[Sent]], expected: tuple[str | None, ...] | None
) -> None:
    deliver(nights)
    assert standing(store) == (expected and (*expected, None)[:3])


def test_an_update_that_waited_leaves_quarantine_when_its_record_comes(store: Store, deliver: Deliver) -> None:
    deliver([[UPDATE]])
    with store.read() as connection:
        (waiting,) = defects.quarantined(connection, source="otava", state="open")
    assert (waiting.defect.code, waiting.defect.source_id) == ("record.update_waits", "r1")
    deliver([[WHOLE]])
    with store.read() as connection:
        assert list(defects.quarantined(connection, source="otava", state="open")) == []
    assert standing(store) == ("A", "U", None)


def test_blocks_of_a_record_that_a_full_feed_left_out_do_not_come_back(
    store: Store, tmp_path: Path, onix: Callable[..., str], message: Callable[..., bytes]
) -> None:
    """Some senders of full feeds mark every record as an update and date none."""
    feed = tmp_path / "otava" / "feed.xml"
    feed.parent.mkdir()
    about = {"id": "otava", "feed": "full", "transport": {"kind": "folder", "path": feed.parent}, "limits": UNLIMITED}
    other = onix("r2", "X", "04")
    for night in ([onix("r1", "A", "04", "P"), other], [other], [onix("r1", "B", "04"), other]):
        feed.write_bytes(message(*night, sent=None))
        harvest(store, SourceSettings.model_validate(about), AT)
    with store.read() as connection:
        found = {r.source_id: (r.titles[0].text, r.publication.publisher) for _, r in records.live_records(connection)}
    assert found["r1"] == ("B", None)
