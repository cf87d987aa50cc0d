from __future__ import annotations

import gzip
import hashlib
import io
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from catalogue.errors import ConfigurationError, FeedRefused, ServiceUnreachable
from harvest import web as guarded
from harvest.fetched import FetchedFile, Seen
from harvest.transports import fetch
from ops.faults import describe_faults
from ops.sources import SourceSettings

FEED = b'<?xml version="1.0"?>\n<ONIXMessage release="3.0"><Product/></ONIXMessage>\n'
Source = Callable[..., SourceSettings]


def get(source: SourceSettings, folder: Path, known: dict[str, Seen] | None = None) -> FetchedFile:
    (file,) = fetch(source, known or {}, folder)
    return file


def test_a_feed_is_fetched_with_what_identifies_it(web: Any, answer: Any, http_source: Source, tmp_path: Path) -> None:
    headers = {"ETag": '"7"', "Last-Modified": "Thu, 01 Jan 2026 03:00:00 GMT", "Content-Type": "text/xml; charset=x"}
    web.answers["/feed.xml"] = [answer(FEED, headers=headers)]
    file = get(http_source(), tmp_path)
    assert (file.name, file.media_type, file.etag, file.known) == ("feed.xml", "text/xml", '"7"', False)
    assert file.sha256 == hashlib.sha256(FEED).hexdigest()
    assert file.path is not None
    assert file.path.read_bytes() == FEED
    assert list(tmp_path.glob("*.part")) == []


def test_what_did_not_change_is_not_transferred(web: Any, answer: Any, http_source: Source, tmp_path: Path) -> None:
    web.answers["/feed.xml"] = [answer(status=304)]
    known = {"feed.xml": Seen("a" * 64, '"7"', "Thu, 01 Jan 2026 03:00:00 GMT")}
    file = get(http_source(), tmp_path, known)
    assert (file.known, file.path, file.sha256) == (True, None, "a" * 64)
    (_, headers) = web.requests[0]
    assert headers["if-none-match"] == '"7"'
    assert headers["if-modified-since"] == "Thu, 01 Jan 2026 03:00:00 GMT"


def test_an_address_of_another_name_is_asked_without_conditions(
    web: Any, answer: Any, http_source: Source, tmp_path: Path
) -> None:
    web.answers["/feed.xml"] = [answer(FEED)]
    known = {"feed.xml.zip/old.xml": Seen("a" * 64, '"7"', "Thu, 01 Jan 2026 03:00:00 GMT")}
    assert not get(http_source(), tmp_path, known).known
    assert not {"if-none-match", "if-modified-since"} & web.requests[0][1].keys()


def test_content_decides_when_only_the_etag_changed(web: Any, answer: Any, http_source: Source, tmp_path: Path) -> None:
    web.answers["/feed.xml"] = [answer(FEED, headers={"ETag": '"node-2"'})]
    known = {"feed.xml": Seen(hashlib.sha256(FEED).hexdigest(), '"node-1"')}
    assert get(http_source(), tmp_path, known).known


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "empty"),
        (b" \r\n", "empty"),
        (b"<!DOCTYPE html><html><body>log in</body></html>", "HTML page"),
        (b"\xef\xbb\xbf<html lang='fi'></html>", "HTML page"),
        (FEED[:60], "cut off: the end tag of ONIXMessage"),
        ("<ONIXMessage><Product/>".encode("utf-16"), "cut off"),
        (b"00026nam a2200025 a 4500\x1e\x1d00026nam a2200025 a 45\x1e", "cut off: the record terminator"),
        (b'{"fields": [', "cut off: the closing bracket"),
    ],
)
def test_what_is_no_whole_feed_is_refused(
    web: Any, answer: Any, http_source: Source, tmp_path: Path, body: bytes, reason: str
) -> None:
    web.answers["/feed.xml"] = [answer(body)]
    with pytest.raises(FeedRefused, match=reason):
        get(http_source(), tmp_path)
    assert len(web.requests) == 1


@pytest.mark.parametrize(
    "body",
    [
        b"00026nam a2200025 a 4500\x1e\x1d\r\n",
        "<ONIXMessage><Product/></ONIXMessage>".encode("utf-16"),
        b"<ONIXMessage/>",
        b"<a:collection><a:record/></a:collection ><!-- bye -->\n",
        b'[{"leader": ""}]\n',
        b"000000001 LDR   L 00000nam\n",
    ],
)
def test_whole_feeds_of_every_kind_are_kept(
    web: Any, answer: Any, http_source: Source, tmp_path: Path, body: bytes
) -> None:
    web.answers["/feed.xml"] = [answer(body)]
    assert get(http_source(), tmp_path).sha256 == hashlib.sha256(body).hexdigest()


@pytest.mark.parametrize(("status", "tries"), [(404, 1), (403, 1), (501, 1), (503, 3), (429, 3)])
def test_only_passing_trouble_is_tried_again(
    web: Any, answer: Any, http_source: Source, tmp_path: Path, status: int, tries: int
) -> None:
    web.answers["/feed.xml"] = [answer(b"sorry", status)]
    with pytest.raises(FeedRefused if tries == 1 else ServiceUnreachable, match=str(status)):
        get(http_source(), tmp_path)
    assert len(web.requests) == tries


def test_a_broken_transfer_is_tried_again(web: Any, answer: Any, http_source: Source, tmp_path: Path) -> None:
    web.answers["/feed.xml"] = [answer(FEED, cut_at=20), answer(FEED)]
    assert get(http_source(), tmp_path).sha256 == hashlib.sha256(FEED).hexdigest()


def test_a_host_that_does_not_answer_is_unreachable(web: Any, http_source: Source, tmp_path: Path) -> None:
    source = http_source()
    web.server.server_close()
    with pytest.raises(ServiceUnreachable, match="otava: http://127"):
        get(source, tmp_path)


@pytest.mark.parametrize("length", ["declared", ""])
def test_a_feed_above_the_byte_cap_is_refused(
    web: Any, answer: Any, http_source: Source, tmp_path: Path, length: str
) -> None:
    body = b"<a>" + b"x" * 200_000 + b"</a>"
    web.answers["/feed.xml"] = [answer(body, headers={} if length else {"Content-Length": ""})]
    with pytest.raises(FeedRefused, match="larger than 100000 bytes"):
        get(http_source(limits={"max_bytes": 100_000}), tmp_path)


def test_a_compressed_answer_is_unpacked_and_a_bomb_refused(
    web: Any, answer: Any, http_source: Source, tmp_path: Path
) -> None:
    web.answers["/feed.xml"] = [answer(gzip.compress(FEED), headers={"Content-Encoding": "gzip"})]
    assert get(http_source(), tmp_path).sha256 == hashlib.sha256(FEED).hexdigest()
    bomb = gzip.compress(b"<a>" + b" " * 20_000_000)
    web.answers["/feed.xml"] = [answer(bomb, headers={"Content-Encoding": "gzip"})]
    with pytest.raises(FeedRefused, match="200 times its size"):
        get(http_source(), tmp_path)


def test_a_zip_is_opened_and_its_members_named(web: Any, answer: Any, http_source: Source, tmp_path: Path) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("b/two.xml", FEED)
        archive.writestr("a.xml", FEED)
    web.answers["/feed.zip"] = [answer(packed.getvalue(), headers={"ETag": '"z"'})]
    files = list(fetch(http_source("/feed.zip"), {}, tmp_path))
    assert [(file.name, file.etag) for file in files] == [("feed.zip/a.xml", '"z"'), ("feed.zip/b/two.xml", '"z"')]


def test_redirects_are_followed_on_the_same_host(web: Any, answer: Any, http_source: Source, tmp_path: Path) -> None:
    web.answers["/feed.xml"] = [answer(status=302, headers={"Location": "/new.xml"})]
    web.answers["/new.xml"] = [answer(FEED)]
    assert get(http_source(), tmp_path).name == "feed.xml"


@pytest.mark.parametrize(
    ("location", "reason"),
    [
        ("http://localhost:1/feed.xml", "not among transport.hosts"),
        ("http://169.254.169.254/latest/meta-data", "not among transport.hosts"),
        ("file:///etc/passwd", "redirects from http to file"),
        ("//[::1", "which is no address"),
        ("/feed.xml", "more than 3 times"),
    ],
)
def test_redirects_that_lead_astray_are_refused(
    web: Any, answer: Any, http_source: Source, tmp_path: Path, location: str, reason: str
) -> None:
    web.answers["/feed.xml"] = [answer(status=302, headers={"Location": location})]
    with pytest.raises(FeedRefused, match=reason):
        get(http_source(), tmp_path)


def test_a_redirect_is_guarded_like_the_first_address(
    web: Any, answer: Any, http_source: Source, tmp_path: Path
) -> None:
    web.answers["/feed.xml"] = [answer(status=302, headers={"Location": "http://169.254.169.254/meta"})]
    with pytest.raises(FeedRefused, match="not allowed"):
        get(http_source(hosts=["169.254.169.254"]), tmp_path)


def test_credentials_never_leave_for_another_origin(web: Any, answer: Any, http_source: Source, tmp_path: Path) -> None:
    (tmp_path / "password").write_text("salasana\n")
    elsewhere = web.url.replace("127.0.0.1", "localhost")
    web.answers["/feed.xml"] = [answer(status=302, headers={"Location": f"{elsewhere}/moved.xml"})]
    web.answers["/moved.xml"] = [answer(FEED)]
    source = http_source(username="kirjasto", password_file=str(tmp_path / "password"), hosts=["localhost"])
    get(source, tmp_path)
    (_, first), (_, second) = web.requests
    assert first["authorization"] == "Basic a2lyamFzdG86c2FsYXNhbmE="
    assert "authorization" not in second


def test_cookies_never_leave_for_another_origin(web: Any, answer: Any, http_source: Source, tmp_path: Path) -> None:
    elsewhere = web.url.replace("127.0.0.1", "localhost")
    cookie = {"Set-Cookie": "session=salainen"}
    web.answers["/feed.xml"] = [answer(status=302, headers={"Location": "/in.xml", **cookie})]
    web.answers["/in.xml"] = [answer(status=302, headers={"Location": f"{elsewhere}/moved.xml"})]
    web.answers["/moved.xml"] = [answer(FEED)]
    get(http_source(hosts=["localhost"]), tmp_path)
    assert [headers.get("cookie") for _, headers in web.requests] == [None, "session=salainen", None]


@pytest.mark.parametrize("url", ["https://me:secret@feeds.example/a.xml", "https://me@feeds.example", "http://"])
def test_an_address_holds_no_credentials(http_source: Source, url: str) -> None:
    with pytest.raises(ValidationError, match="url") as fault:
        http_source(url=url)
    assert not any("secret" in line for line in describe_faults(fault.value, "a.toml"))


@pytest.mark.parametrize("url", ["https://feeds.example/a?mail=me@x.fi", "http://[::1]:80/a", "https://f.example#@"])
def test_an_at_sign_elsewhere_is_no_credential(http_source: Source, url: str) -> None:
    assert http_source(url=url).transport.url == url


def test_an_unreadable_password_file_is_a_fault_of_the_configuration(
    web: Any, http_source: Source, tmp_path: Path
) -> None:
    with pytest.raises(ConfigurationError, match="password_file"):
        get(http_source(username="kirjasto", password_file=str(tmp_path / "none")), tmp_path)


def test_only_an_internal_source_may_be_on_this_machine(
    web: Any, answer: Any, http_source: Source, tmp_path: Path
) -> None:
    web.answers["/feed.xml"] = [answer(FEED)]
    with pytest.raises(FeedRefused, match="this very machine"):
        get(http_source(internal=False), tmp_path)
    assert web.requests == []


def test_the_connection_goes_to_the_address_that_was_checked(
    web: Any, answer: Any, http_source: Source, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A name that is resolved a second time could lead elsewhere by then."""
    asked: list[str] = []

    def once(host: str, port: int, *, internal: bool) -> str:
        asked.append(host)
        return "127.0.0.1"

    monkeypatch.setattr(guarded, "resolve", once)
    web.answers["/feed.xml"] = [answer(FEED)]
    port = web.server.server_port
    get(http_source(url=f"http://feeds.kustantaja.example:{port}/feed.xml"), tmp_path)
    assert asked == ["feeds.kustantaja.example"]
    assert web.requests[0][1]["host"] == f"feeds.kustantaja.example:{port}"
