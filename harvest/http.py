"""One feed over HTTP(S): conditional, guarded, capped, and kept only when it is whole."""

from __future__ import annotations

import base64
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from urllib.parse import unquote

import httpx2
import stamina

from catalogue.errors import ConfigurationError, FeedRefused, ServiceUnreachable
from catalogue.sentence import Sentence, words_of
from harvest.addresses import AddressRefused, HostUnknown, resolve
from harvest.fetched import FetchedFile, Known
from harvest.folder import Received, opened
from harvest.wholeness import fault_of
from ops.sources import HttpTransport, SourceSettings

ATTEMPTS = 4
CONNECT_TIMEOUT_S = 10.0
TOTAL_TIMEOUT_S = 3_600.0
MAX_REDIRECTS = 3
MAX_RATIO = 200
RATIO_FROM_BYTES = 1 << 20
RETRY_AFTER_MAX_S = 60.0
TRANSIENT_STATUS = {408, 425, 429, 500, 502, 503, 504}


class Transient(Exception):
    """Worth another try. `after_s` is what the server asked to wait."""

    def __init__(self, message: str, after_s: float | None = None) -> None:
        super().__init__(message)
        self.after_s = after_s


@dataclass(frozen=True, slots=True)
class Fetch:
    """One feed to be had: its source, its transport, what was known of it."""

    source: SourceSettings
    transport: HttpTransport
    known: Known

    def refused(self, reason: Sentence) -> FeedRefused:
        return FeedRefused(self.source.id, Sentence("{url}: {reason}", url=self.transport.url, reason=reason))


def fetch_http(source: SourceSettings, transport: HttpTransport, known: Known, folder: Path) -> Iterator[FetchedFile]:
    """The feed at an address; what is known already where the server says it did not change.

    Raises FeedRefused for an address that is not allowed, an answer that is no feed, is too large or is cut off;
    ServiceUnreachable when the host does not answer after several tries; ConfigurationError for an unreadable
    password file.
    """
    wanted = Fetch(source, transport, known)
    received: Received | None = None
    try:
        for attempt in stamina.retry_context(on=_backoff, attempts=ATTEMPTS, timeout=TOTAL_TIMEOUT_S):
            with attempt:
                received = _download(wanted, folder)
    except Transient as error:
        raise ServiceUnreachable(
            Sentence(
                "{source}: {url} does not answer: {why}; try again later",
                source=source.id,
                url=transport.url,
                why=error,
            )
        ) from error
    if received is None:
        for name, seen in known.items():
            yield FetchedFile(name, "", seen.sha256, None, True, seen.etag, seen.last_modified)
        return
    yield from opened(source, received, known, folder)


def _backoff(error: Exception) -> bool | float:
    if not isinstance(error, Transient):
        return False
    return True if error.after_s is None else error.after_s


def _download(wanted: Fetch, folder: Path) -> Received | None:
    """One try. None: not modified."""
    first = httpx2.URL(wanted.transport.url)
    url, deadline = first, time.monotonic() + TOTAL_TIMEOUT_S
    read_timeout = wanted.transport.timeout_s
    timeout = httpx2.Timeout(read_timeout, connect=min(CONNECT_TIMEOUT_S, read_timeout))
    with httpx2.Client(timeout=timeout, trust_env=False, follow_redirects=False) as client:
        for _ in range(MAX_REDIRECTS + 1):
            with _answer(client, wanted, url, same_origin=_origin(url) == _origin(first)) as response:
                if response.status_code == 304 and wanted.known:
                    return None
                if not response.has_redirect_location:
                    return _keep(wanted, response, folder, deadline)
                url = _redirected(wanted, url, response)
    raise wanted.refused(Sentence("it redirects more than {most} times", most=MAX_REDIRECTS))


@contextmanager
def _answer(client: httpx2.Client, wanted: Fetch, url: httpx2.URL, *, same_origin: bool) -> Iterator[httpx2.Response]:
    """Ask one address. The name is resolved and checked here, and the connection goes to what was checked."""
    port = url.port or (443 if url.scheme == "https" else 80)
    try:
        address = resolve(url.host, port, internal=wanted.transport.internal)
    except AddressRefused as error:
        raise wanted.refused(Sentence("the address is not allowed: {why}", why=error)) from error
    except HostUnknown as error:
        raise Transient(words_of(error)) from error
    request = client.build_request(
        "GET",
        url.copy_with(host=address),
        headers=_headers(wanted, url, same_origin=same_origin),
        extensions={"sni_hostname": url.host},
    )
    try:
        response = client.send(request, stream=True)
        try:
            yield response
        finally:
            response.close()
    except (httpx2.TransportError, httpx2.DecodingError) as error:
        raise Transient(Sentence("{kind}: {why}", kind=type(error).__name__, why=error)) from error


def _headers(wanted: Fetch, url: httpx2.URL, *, same_origin: bool) -> dict[str, str]:
    headers = {
        "Host": url.netloc.decode("ascii"),
        "User-Agent": f"Lyhde/{version('lyhde')}",
        "Accept-Encoding": "gzip, identity",
    }
    seen = next(iter(wanted.known.values()), None)
    if seen and seen.etag:
        headers["If-None-Match"] = seen.etag
    if seen and seen.last_modified:
        headers["If-Modified-Since"] = seen.last_modified
    transport = wanted.transport
    if transport.username is not None and same_origin:
        headers["Authorization"] = _basic(transport.username, transport.password_file, wanted.source.id)
    return headers


def _basic(username: str, password_file: Path | None, source: str) -> str:
    try:
        password = password_file.read_text("utf-8").strip() if password_file else ""
    except OSError as error:
        raise ConfigurationError(
            [Sentence("source {source}: transport.password_file: {why}", source=source, why=error)]
        ) from error
    return "Basic " + base64.b64encode(f"{username}:{password}".encode()).decode("ascii")


def _redirected(wanted: Fetch, url: httpx2.URL, response: httpx2.Response) -> httpx2.URL:
    """Where a redirect leads, if it may."""
    target = url.join(response.headers["Location"])
    allowed = {httpx2.URL(wanted.transport.url).host, *wanted.transport.hosts}
    if target.scheme not in ("http", "https") or (url.scheme == "https" and target.scheme == "http"):
        raise wanted.refused(Sentence("it redirects from {before} to {after}", before=url.scheme, after=target.scheme))
    if target.host not in allowed:
        raise wanted.refused(Sentence("it redirects to {host}, which is not among transport.hosts", host=target.host))
    return target


def _keep(wanted: Fetch, response: httpx2.Response, folder: Path, deadline: float) -> Received:
    """Write the body beside its final name, make it durable, look at both ends, then give it its name."""
    _check_status(wanted, response)
    name = unquote(Path(httpx2.URL(wanted.transport.url).path).name) or "feed"
    part, path = folder / "download.part", folder / "download"
    with part.open("wb") as file:
        for chunk in _body(wanted, response, deadline):
            file.write(chunk)
        file.flush()
        os.fsync(file.fileno())
    fault = fault_of(part)
    if fault:
        raise wanted.refused(fault)
    part.replace(path)
    media_type = response.headers.get("Content-Type", "").split(";")[0].strip() or None
    return Received(name, path, response.headers.get("ETag"), response.headers.get("Last-Modified"), media_type)


def _check_status(wanted: Fetch, response: httpx2.Response) -> None:
    status = response.status_code
    if status in TRANSIENT_STATUS:
        wait = response.headers.get("Retry-After", "")
        after = min(float(wait), RETRY_AFTER_MAX_S) if wait.isascii() and wait.isdigit() else None
        raise Transient(Sentence("the server answers {status}", status=str(status)), after)
    if status != 200:
        answer = f"{status} {response.reason_phrase}".rstrip()
        raise wanted.refused(Sentence("the server answers {status}", status=answer))


def _body(wanted: Fetch, response: httpx2.Response, deadline: float) -> Iterator[bytes]:
    limit = wanted.source.limits.max_bytes
    declared = response.headers.get("Content-Length", "")
    too_large = wanted.refused(Sentence("it is larger than {most} bytes (limits.max_bytes)", most=limit))
    if declared.isdigit() and int(declared) > limit:
        raise too_large
    size = 0
    for chunk in response.iter_bytes(1 << 16):
        size += len(chunk)
        if size > limit:
            raise too_large
        if size > RATIO_FROM_BYTES and size > MAX_RATIO * max(1, response.num_bytes_downloaded):
            raise wanted.refused(Sentence("it unpacks to more than {most} times its size", most=MAX_RATIO))
        if time.monotonic() > deadline:
            raise Transient(Sentence("it takes longer than {seconds} seconds", seconds=TOTAL_TIMEOUT_S))
        yield chunk


def _origin(url: httpx2.URL) -> tuple[str, str, int | None]:
    return url.scheme, url.host, url.port or {"http": 80, "https": 443}.get(url.scheme)
