from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from catalogue.errors import FeedRefused
from harvest.paged import next_in_header
from harvest.transports import fetch
from ops.sources import SourceSettings

Source = Callable[..., SourceSettings]


def page(title: str, following: str | None = None, rel: Any = "next") -> bytes:
    links = [{"rel": "self", "href": "/opds"}, *([{"rel": rel, "href": following}] if following else [])]
    return json.dumps({"metadata": {"title": title}, "links": links, "publications": []}).encode()


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ('<https://x/2>; rel="next"', "https://x/2"),
        ('</1>; rel="prev", </3>; title="a, b"; rel="last next"', "/3"),
        ("</2>;rel=next", "/2"),
        ('</1>; rel="nextish"', None),
        ("", None),
    ],
)
def test_the_header_link_is_read(header: str, expected: str | None) -> None:
    assert next_in_header(header) == expected


def test_pages_are_followed_to_the_last(web: Any, answer: Any, http_source: Source, tmp_path: Path) -> None:
    web.answers["/opds"] = [answer(page("1", "/opds?page=2"))]
    web.answers["/opds?page=2"] = [answer(page("2", "?page=3", ["next", "up"]))]
    web.answers["/opds?page=3"] = [answer(page("3"), headers={"Link": '</opds?page=4>; rel="next"'})]
    web.answers["/opds?page=4"] = [answer(page("4"))]
    files = list(fetch(http_source("/opds", paged=True), {}, tmp_path))
    assert [file.name for file in files] == [f"opds/{n:06}" for n in range(1, 5)]
    bodies = [json.loads(file.path.read_bytes())["metadata"]["title"] for file in files if file.path]
    assert bodies == ["1", "2", "3", "4"]


@pytest.mark.parametrize(
    ("following", "reason"),
    [
        ("/opds", "go in a circle"),
        ("http://169.254.169.254/2", "not among transport"),
        ("file:///etc/passwd", "leads from http to file"),
        ("http://h:port/", "which is no address"),
        ("/\x07", "which is no address"),
        ("/more", "more than 2 pages"),
    ],
)
def test_pages_that_lead_astray_are_refused(
    web: Any, answer: Any, http_source: Source, tmp_path: Path, following: str, reason: str
) -> None:
    web.answers["/opds"] = [answer(page("1", following))]
    web.answers["/more"] = [answer(page("2", "/still"))]
    with pytest.raises(FeedRefused, match=reason):
        list(fetch(http_source("/opds", paged=True, max_pages=2), {}, tmp_path))


@pytest.mark.parametrize("rel", ["next", ["up", "next"]])
def test_a_page_too_large_to_be_looked_through_is_refused_where_another_follows(
    web: Any, answer: Any, http_source: Source, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, rel: Any
) -> None:
    monkeypatch.setattr("harvest.paged.MAX_PAGE_BYTES", 100)
    web.answers["/opds"] = [answer(page("x" * 100)), answer(page("x" * 100, "/more", rel))]
    for name in ("whole", "part"):
        (tmp_path / name).mkdir()
    assert len(list(fetch(http_source("/opds", paged=True), {}, tmp_path / "whole"))) == 1
    with pytest.raises(FeedRefused, match="ask for smaller ones"):
        list(fetch(http_source("/opds", paged=True), {}, tmp_path / "part"))
