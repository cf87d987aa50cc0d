"""A feed over HTTP(S): conditional, guarded, capped, and kept only when it is whole."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from urllib.parse import unquote

import httpx2

from catalogue.sentence import Sentence
from harvest.fetched import FetchedFile, Known
from harvest.folder import Received, opened
from harvest.partial import Begun, Partial
from harvest.patience import Transient, tried
from harvest.web import Request, Site, answered, body, check_status, deadline
from harvest.wholeness import fault_of
from ops.sources import SourceSettings
from ops.transports import HttpTransport

KEPT = "begun"
"""The folder, within the one for unpacking, of what a cut download has brought so far."""

_CONTENT_RANGE = re.compile(r"bytes (\d+)-(\d+)/(\d+|\*)")


@dataclass(frozen=True, slots=True)
class Fetch:
    """One address to be had: its site, what was known of it, where to put it."""

    site: Site
    url: str
    known: Known
    folder: Path

    @property
    def begun(self) -> Partial:
        return Partial(self.folder / KEPT)


def fetch_http(source: SourceSettings, transport: HttpTransport, known: Known, folder: Path) -> Iterator[FetchedFile]:
    """The feed at an address; what is known already where the server says it did not change.

    Raises FeedRefused for an address that is not allowed, an answer that is no feed, is too large or is cut off;
    ServiceUnreachable when the host does not answer after several tries; ConfigurationError for an unreadable
    password file.
    """
    site = Site(source, transport)
    wanted = Fetch(site, transport.url, known, folder)
    received = tried(source.id, transport.url, partial(download, wanted))
    if received is None:
        for name, seen in known.items():
            yield FetchedFile(name, "", seen.sha256, None, True, seen.etag, seen.last_modified)
        return
    yield from opened(source, received, known, folder)


def download(wanted: Fetch) -> Received | None:
    """One try. None: not modified. Raises Transient, FeedRefused."""
    begun = wanted.begun.begun(wanted.url)
    asked = Request(wanted.url, _headers(wanted, begun), deadline())
    with answered(wanted.site, asked) as response:
        if response.status_code == 304 and wanted.known:
            return None
        if begun and response.status_code == 416:
            wanted.begun.drop()
            raise Transient(Sentence("the server answers {status}", status="416"), 0.0)
        check_status(wanted.site, response, (200, 206) if begun else (200,))
        at = _place(wanted, response, begun) if begun and response.status_code == 206 else 0
        etag = None if response.headers.get("Content-Encoding") else response.headers.get("ETag")
        wanted.begun.write(body(wanted.site, response, asked, begun=at), wanted.url, etag, at)
        return _kept(wanted, response)


def _headers(wanted: Fetch, begun: Begun | None) -> dict[str, str]:
    if begun:
        return {"Range": f"bytes={begun.size}-", "If-Range": begun.etag, "Accept-Encoding": "identity"}
    name = name_of(wanted.url)
    seen = next((seen for known, seen in wanted.known.items() if f"{known}/".startswith(f"{name}/")), None)
    given = {"If-None-Match": seen.etag, "If-Modified-Since": seen.last_modified} if seen else {}
    return {name: value for name, value in given.items() if value}


def _place(wanted: Fetch, response: httpx2.Response, begun: Begun) -> int:
    """Where the rest that came belongs. Raises Transient, with what was begun dropped, where it does not fit."""
    found = _CONTENT_RANGE.fullmatch(response.headers.get("Content-Range", ""))
    same = response.headers.get("ETag", begun.etag) == begun.etag
    to_the_end = found and found[3] in ("*", str(int(found[2]) + 1))
    if found and int(found[1]) == begun.size and to_the_end and same and not response.headers.get("Content-Encoding"):
        return begun.size
    wanted.begun.drop()
    raise Transient(Sentence("the server gave another part than it was asked for"), 0.0)


def _kept(wanted: Fetch, response: httpx2.Response) -> Received:
    """Look at both ends of what came, then give it its name."""
    kept = wanted.begun
    fault = fault_of(kept.part)
    if fault:
        kept.drop()
        raise wanted.site.refused(fault)
    path = wanted.folder / "download"
    kept.part.replace(path)
    kept.drop()
    name = name_of(wanted.url)
    media_type = response.headers.get("Content-Type", "").split(";")[0].strip() or None
    etag, modified, link = (response.headers.get(each) for each in ("ETag", "Last-Modified", "Link"))
    return Received(name, path, etag, modified, media_type, link)


def name_of(url: str) -> str:
    """What the file at an address is called. Where that is another, conditions of the last harvest do not hold."""
    return unquote(Path(httpx2.URL(url).path).name) or "feed"
