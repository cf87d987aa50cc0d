"""The guarded client: every request of a feed over HTTP(S) goes through here.

Addresses are checked before each connection, redirects are few and stay at home, credentials go to the feed's own
origin alone, bodies are capped, and what may pass is tried again.
"""

from __future__ import annotations

import base64
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from importlib.metadata import version
from pathlib import Path

import httpx2

from catalogue.errors import ConfigurationError, FeedRefused
from catalogue.sentence import Sentence, words_of
from harvest.addresses import AddressRefused, HostUnknown, resolve
from harvest.patience import TOTAL_TIMEOUT_S, Transient
from ops.sources import SourceSettings
from ops.transports import WebTransport

CONNECT_TIMEOUT_S = 10.0
MAX_REDIRECTS = 3
MAX_RATIO = 200
RATIO_FROM_BYTES = 1 << 20
RETRY_AFTER_MAX_S = 600.0
TRANSIENT_STATUS = {408, 425, 429, 500, 502, 503, 504}


@dataclass(frozen=True, slots=True)
class Site:
    """A source and the way to it."""

    source: SourceSettings
    transport: WebTransport

    def refused(self, reason: Sentence) -> FeedRefused:
        """What came is no feed of ours, or may not be fetched."""
        return FeedRefused(self.source.id, Sentence("{url}: {reason}", url=self.transport.url, reason=reason))


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked for. `headers` go to every host on the way: they hold nothing secret."""

    url: str
    headers: Mapping[str, str]
    deadline: float


def deadline() -> float:
    """When one try has taken too long, by the monotonic clock."""
    return time.monotonic() + TOTAL_TIMEOUT_S


@contextmanager
def answered(site: Site, wanted: Request) -> Iterator[httpx2.Response]:
    """The answer to a GET, after its redirects, its body still to be read.

    Raises FeedRefused for an address or a redirect that is not allowed, Transient for what may pass.
    """
    url = httpx2.URL(wanted.url)
    read_timeout = site.transport.timeout_s
    timeout = httpx2.Timeout(read_timeout, connect=min(CONNECT_TIMEOUT_S, read_timeout))
    with httpx2.Client(timeout=timeout, trust_env=False, follow_redirects=False) as client:
        for _ in range(MAX_REDIRECTS + 1):
            with _one_answer(client, site, url, _headers(site, url, wanted)) as response:
                if not response.has_redirect_location:
                    yield response
                    return
                before, url = url, _redirected(site, url, response)
            if origin(before) != origin(url):
                client.cookies.clear()  # they are kept by address, and two hosts may share one
    raise site.refused(Sentence("it redirects more than {most} times", most=MAX_REDIRECTS))


@contextmanager
def _one_answer(
    client: httpx2.Client, site: Site, url: httpx2.URL, headers: dict[str, str]
) -> Iterator[httpx2.Response]:
    """Ask one address. The name is resolved and checked here, and the connection goes to what was checked."""
    port = url.port or (443 if url.scheme == "https" else 80)
    try:
        address = resolve(url.host, port, internal=site.transport.internal)
    except AddressRefused as error:
        raise site.refused(Sentence("the address is not allowed: {why}", why=error)) from error
    except HostUnknown as error:
        raise Transient(words_of(error)) from error
    request = client.build_request(
        "GET", url.copy_with(host=address), headers=headers, extensions={"sni_hostname": url.host}
    )
    try:
        response = client.send(request, stream=True)
        try:
            yield response
        finally:
            response.close()
    except (httpx2.TransportError, httpx2.DecodingError) as error:
        raise Transient(Sentence("{kind}: {why}", kind=type(error).__name__, why=error)) from error


def _headers(site: Site, url: httpx2.URL, wanted: Request) -> dict[str, str]:
    headers = {
        "Host": url.netloc.decode("ascii"),
        "User-Agent": f"Lyhde/{version('lyhde')}",
        "Accept-Encoding": "gzip, identity",
        **wanted.headers,
    }
    transport = site.transport
    if transport.username is not None and origin(url) == origin(httpx2.URL(transport.url)):
        headers["Authorization"] = _basic(transport.username, transport.password_file, site.source.id)
    return headers


def _basic(username: str, password_file: Path | None, source: str) -> str:
    try:
        password = password_file.read_text("utf-8").strip() if password_file else ""
    except OSError as error:
        raise ConfigurationError(
            [Sentence("source {source}: transport.password_file: {why}", source=source, why=error)]
        ) from error
    return "Basic " + base64.b64encode(f"{username}:{password}".encode()).decode("ascii")


def _redirected(site: Site, url: httpx2.URL, response: httpx2.Response) -> httpx2.URL:
    """Where a redirect leads, if it may."""
    target = joined(site, url, response.headers["Location"])
    if not is_upright(url, target):
        raise site.refused(Sentence("it redirects from {before} to {after}", before=url.scheme, after=target.scheme))
    if not is_at_home(site, target):
        raise site.refused(Sentence("it redirects to {host}, which is not among transport.hosts", host=target.host))
    return target


def joined(site: Site, url: httpx2.URL, place: str) -> httpx2.URL:
    """The address of a place that a server named, seen from `url`. Raises FeedRefused for one that is no address."""
    try:
        return url.join(place)
    except (httpx2.InvalidURL, UnicodeError) as error:
        raise site.refused(Sentence("it leads to {place!r}, which is no address", place=place)) from error


def is_upright(url: httpx2.URL, target: httpx2.URL) -> bool:
    """Whether a way from one address to another stays on HTTP, and on HTTPS once it was."""
    return target.scheme in ("http", "https") and not (url.scheme == "https" and target.scheme == "http")


def is_at_home(site: Site, target: httpx2.URL) -> bool:
    """Whether an address is on the feed's own host or one that its settings allow."""
    return target.host in {httpx2.URL(site.transport.url).host, *site.transport.hosts}


def check_status(site: Site, response: httpx2.Response, allowed: tuple[int, ...] = (200,)) -> None:
    """Raises Transient for a status that may pass, FeedRefused for any other that is not allowed."""
    status = response.status_code
    if status in TRANSIENT_STATUS:
        after = wait_asked_for(response.headers.get("Retry-After", ""))
        raise Transient(Sentence("the server answers {status}", status=str(status)), after)
    if status not in allowed:
        answer = f"{status} {response.reason_phrase}".rstrip()
        raise site.refused(Sentence("the server answers {status}", status=answer))


def wait_asked_for(text: str) -> float | None:
    """The seconds of a Retry-After header, a number or a date; never more than ten minutes, None where it has none."""
    if text.isascii() and text.isdigit():
        return min(float(text), RETRY_AFTER_MAX_S)
    try:
        at = parsedate_to_datetime(text)
    except ValueError:
        return None
    at = at if at.tzinfo else at.replace(tzinfo=UTC)
    return min(max((at - datetime.now(UTC)).total_seconds(), 0.0), RETRY_AFTER_MAX_S)


def body(site: Site, response: httpx2.Response, wanted: Request, *, begun: int = 0) -> Iterator[bytes]:
    """The body in pieces, unpacked; `begun` bytes of it are at hand already.

    Raises FeedRefused above the source's cap and for a bomb, Transient when it takes too long.
    """
    limit = site.source.limits.max_bytes
    declared = response.headers.get("Content-Length", "")
    too_large = site.refused(Sentence("it is larger than {most} bytes (limits.max_bytes)", most=limit))
    if declared.isdigit() and begun + int(declared) > limit:
        raise too_large
    size = 0
    for chunk in response.iter_bytes(1 << 16):
        size += len(chunk)
        if begun + size > limit:
            raise too_large
        if size > RATIO_FROM_BYTES and size > MAX_RATIO * max(1, response.num_bytes_downloaded):
            raise site.refused(Sentence("it unpacks to more than {most} times its size", most=MAX_RATIO))
        if time.monotonic() > wanted.deadline:
            raise Transient(Sentence("it takes longer than {seconds} seconds", seconds=TOTAL_TIMEOUT_S))
        yield chunk


def origin(url: httpx2.URL) -> tuple[str, str, int | None]:
    """Scheme, host and port."""
    return url.scheme, url.host, url.port or {"http": 80, "https": 443}.get(url.scheme)
