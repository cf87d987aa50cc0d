"""Downloads that were cut off go on where they stopped, if it is surely the same file."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from catalogue.errors import FeedRefused, ServiceUnreachable
from harvest.fetched import FetchedFile
from harvest.http import KEPT
from harvest.partial import Partial, is_strong
from harvest.transports import fetch
from ops.sources import SourceSettings

FEED = b"<ONIXMessage>" + b"".join(b"<Product>%06d</Product>" % n for n in range(20_000)) + b"</ONIXMessage>\n"
Source = Callable[..., SourceSettings]


def get(source: SourceSettings, folder: Path) -> FetchedFile:
    (file,) = fetch(source, {}, folder)
    return file


@pytest.mark.parametrize(
    ("etag", "strong"), [('"7"', True), ('W/"7"', False), ("7", False), ('""', False), ("", False)]
)
def test_only_a_strong_etag_promises_the_same_bytes(etag: str, strong: bool) -> None:
    assert is_strong(etag) is strong


def test_a_cut_download_goes_on_where_it_stopped(web: Any, ranged: Any, http_source: Source, tmp_path: Path) -> None:
    ranged("/feed.xml", FEED, hang_up_at=(65_536, 65_536))
    assert get(http_source(), tmp_path).sha256 == hashlib.sha256(FEED).hexdigest()
    assert [headers.get("range") for _, headers in web.requests] == [None, "bytes=65536-", "bytes=131072-"]
    assert web.requests[1][1]["if-range"] == '"7"'
    assert web.requests[1][1]["accept-encoding"] == "identity"
    assert list((tmp_path / KEPT).iterdir()) == []


def test_it_goes_on_in_the_next_harvest_too(web: Any, ranged: Any, http_source: Source, tmp_path: Path) -> None:
    ranged("/feed.xml", FEED, hang_up_at=(65_536, 0, 0))
    with pytest.raises(ServiceUnreachable):
        get(http_source(), tmp_path)
    web.requests.clear()
    assert get(http_source(), tmp_path).sha256 == hashlib.sha256(FEED).hexdigest()
    assert [headers.get("range") for _, headers in web.requests] == ["bytes=65536-"]


def test_a_feed_that_is_another_by_then_is_fetched_anew(
    web: Any, ranged: Any, http_source: Source, tmp_path: Path
) -> None:
    ranged("/feed.xml", FEED, hang_up_at=(65_536, 0, 0))
    with pytest.raises(ServiceUnreachable):
        get(http_source(), tmp_path)
    other = FEED.replace(b"000001", b"999999")
    ranged("/feed.xml", other, etag='"8"')
    assert get(http_source(), tmp_path).sha256 == hashlib.sha256(other).hexdigest()


def test_without_a_strong_etag_everything_is_fetched_again(
    web: Any, ranged: Any, http_source: Source, tmp_path: Path
) -> None:
    ranged("/feed.xml", FEED, etag='W/"7"', hang_up_at=(100_000,))
    assert get(http_source(), tmp_path).sha256 == hashlib.sha256(FEED).hexdigest()
    assert [headers.get("range") for _, headers in web.requests] == [None, None]


@pytest.mark.parametrize(
    "headers",
    [
        {"Content-Range": "bytes 5-9/10", "ETag": '"7"'},
        {"ETag": '"7"'},
        {"Content-Range": f"bytes 100000-{len(FEED) - 1}/{len(FEED)}", "ETag": '"8"'},
        {"Content-Range": f"bytes 100000-{len(FEED) - 1}/{len(FEED) + 50}", "ETag": '"7"'},
        {"Content-Range": f"bytes 100000-{len(FEED) - 1}/{len(FEED)}", "ETag": '"7"', "Content-Encoding": "gzip"},
    ],
)
def test_a_part_that_does_not_fit_is_never_glued_on(
    web: Any, answer: Any, http_source: Source, tmp_path: Path, headers: dict[str, str]
) -> None:
    Partial(tmp_path / KEPT).write([FEED[:100_000]], http_source().transport.url, '"7"')
    web.answers["/feed.xml"] = [answer(FEED[100_000:], 206, headers), answer(FEED)]
    assert get(http_source(), tmp_path).sha256 == hashlib.sha256(FEED).hexdigest()


def test_a_range_that_cannot_be_served_is_asked_for_from_the_start(
    web: Any, answer: Any, http_source: Source, tmp_path: Path
) -> None:
    Partial(tmp_path / KEPT).write([FEED + b"more"], http_source().transport.url, '"7"')
    web.answers["/feed.xml"] = [answer(status=416), answer(FEED)]
    assert get(http_source(), tmp_path).sha256 == hashlib.sha256(FEED).hexdigest()


def test_a_part_glued_to_a_wrong_beginning_is_no_feed(
    web: Any, ranged: Any, http_source: Source, tmp_path: Path
) -> None:
    """What both ends tell is looked at after the last byte, however it came."""
    Partial(tmp_path / KEPT).write([b"<html>" + FEED[6:100_000]], http_source().transport.url, '"7"')
    ranged("/feed.xml", FEED)
    with pytest.raises(FeedRefused, match="HTML page"):
        get(http_source(), tmp_path)
    assert get(http_source(), tmp_path).sha256 == hashlib.sha256(FEED).hexdigest()


@pytest.mark.parametrize("note", ["{", "{}", json.dumps({"url": "u", "etag": '"7"', "size": 99}), '{"size": 1}'])
def test_a_note_that_does_not_fit_its_file_is_not_believed(tmp_path: Path, note: str) -> None:
    (tmp_path / "download.part").write_bytes(b"<a>")
    (tmp_path / "download.json").write_text(note)
    assert Partial(tmp_path).begun("u") is None


def test_what_was_not_made_durable_is_cut_off_again(tmp_path: Path) -> None:
    kept = Partial(tmp_path)
    kept.write([b"<a>"], "u", '"7"')
    with kept.part.open("ab") as file:
        file.write(b"\0\0\0")
    kept.write([b"</a>"], "u", '"7"', 3)
    assert kept.part.read_bytes() == b"<a></a>"
