"""Feeds in pages that name their next one: OPDS 2.0 (``links``, rel ``next``) or any with a header Link (RFC 8288)."""

from __future__ import annotations

import json
import mmap
import re
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import httpx2

from catalogue.sentence import Sentence
from harvest.fetched import FetchedFile, Known
from harvest.folder import Received, opened
from harvest.http import Fetch, download
from harvest.patience import tried
from harvest.web import Site, is_at_home, is_upright, joined
from ops.sources import SourceSettings
from ops.transports import HttpTransport

MAX_PAGE_BYTES = 64 << 20
_LINK = re.compile(r"<([^>]*)>((?:\s*;\s*[\w*-]+\s*=\s*(?:\"[^\"]*\"|[^\s\",;]+))*)")
_NEXT_IN_BODY = re.compile(rb'"rel"\s*:\s*(?:\[[^\]]{0,200}?)?"next"')
_NEXT = re.compile(r";\s*rel\s*=\s*(?:\"(?:[^\"]*\s)?next(?:\s[^\"]*)?\"|next\b)", re.IGNORECASE)


def fetch_paged(source: SourceSettings, transport: HttpTransport, known: Known, folder: Path) -> Iterator[FetchedFile]:
    """Every page in order. Content alone decides whether one is known: an unchanged first page says nothing of others.

    Raises as `fetch_http` does, and FeedRefused for a next page on a host that is not allowed, for pages that lead in
    a circle, and for more of them than `max_pages`.
    """
    site = Site(source, transport)
    seen: set[str] = set()
    url = transport.url
    for number in range(1, transport.max_pages + 1):
        seen.add(url)
        inside = folder / f"{number:06}"
        inside.mkdir()
        received = tried(source.id, url, partial(download, Fetch(site, url, {}, inside)))
        if received is None:
            raise AssertionError("without conditions there is no 304")
        named = replace(received, name=f"{Path(httpx2.URL(transport.url).path).name or 'feed'}/{number:06}")
        yield from opened(source, named, known, inside)
        following = _next(site, url, named)
        if following is None:
            return
        if following in seen:
            raise site.refused(Sentence("the pages go in a circle: page {number} leads back", number=str(number)))
        url = following
    raise site.refused(Sentence("it has more than {most} pages (transport.max_pages)", most=transport.max_pages))


def _next(site: Site, url: str, received: Received) -> str | None:
    """The address of the next page, None on the last. Raises FeedRefused where it leads astray."""
    place = next_in_header(received.link or "") or _next_in_body(site, received.path)
    if place is None:
        return None
    here, target = httpx2.URL(url), joined(site, httpx2.URL(url), place)
    if not is_upright(here, target):
        raise site.refused(
            Sentence("its next page leads from {before} to {after}", before=here.scheme, after=target.scheme)
        )
    if not is_at_home(site, target):
        raise site.refused(Sentence("its next page is on {host}, which is not among transport.hosts", host=target.host))
    return str(target)


def next_in_header(text: str) -> str | None:
    """The target of rel ``next`` in a header Link."""
    return next((found[1] for found in _LINK.finditer(text) if _NEXT.search(found[2])), None)


def _next_in_body(site: Site, path: Path) -> str | None:
    """The link with rel ``next`` of an OPDS 2.0 feed; pages are small, so one is read whole.

    Raises FeedRefused for a page too large for that which is not the last.
    """
    if path.stat().st_size > MAX_PAGE_BYTES:
        if _names_a_next(path):
            most = MAX_PAGE_BYTES >> 20
            raise site.refused(Sentence("one of its pages has more than {most} MB: ask for smaller ones", most=most))
        return None
    try:
        page = json.loads(path.read_bytes())
    except (ValueError, RecursionError):
        return None
    links: Any = page.get("links") if isinstance(page, dict) else None
    for link in links if isinstance(links, list) else ():
        relations = link.get("rel") if isinstance(link, dict) else None
        if "next" in (relations if isinstance(relations, list) else [relations]) and isinstance(link.get("href"), str):
            return str(link["href"])
    return None


def _names_a_next(path: Path) -> bool:
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
        return _NEXT_IN_BODY.search(content) is not None
