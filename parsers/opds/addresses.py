"""Addresses of a publication that are written as seen from its feed (``../covers/1.jpg``)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import urljoin

_WHOLE = ("http://", "https://")


def own_address(links: Any) -> str | None:
    """Where a feed or a publication says that it stands (``rel="self"``); None unless that is a whole address."""
    for link in _objects(links):
        rels = link.get("rel")
        href = link.get("href")
        if "self" in (rels if isinstance(rels, list) else [rels]) and isinstance(href, str) and href.startswith(_WHOLE):
            return href
    return None


def complete(publication: dict[str, Any], base: str | None) -> None:
    """Make relative addresses of links and pictures whole: by the publication's own address, else by `base`."""
    home = own_address(publication.get("links")) or base
    if home is None:
        return
    for link in (*_objects(publication.get("links")), *_objects(publication.get("images"))):
        href = link.get("href")
        if isinstance(href, str) and not link.get("templated"):
            link["href"] = _joined(home, href.strip())


def _joined(home: str, href: str) -> str:
    try:
        return urljoin(home, href)
    except ValueError:  # no address at all: it stays as it was sent
        return href


def _objects(value: Any) -> Iterator[dict[str, Any]]:
    for each in value if isinstance(value, list) else [value]:
        if isinstance(each, dict):
            yield each
