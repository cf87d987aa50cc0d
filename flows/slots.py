"""One fetch at a time from each host, over all runs: a concurrency limit of Prefect's for each host."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from urllib.parse import urlsplit

from httpx import TransportError
from prefect.client.orchestration import get_client
from prefect.client.schemas.actions import GlobalConcurrencyLimitCreate
from prefect.concurrency.sync import concurrency
from prefect.exceptions import ObjectAlreadyExists, ObjectNotFound

from flows.patience import patiently
from ops.logs import get_logger
from ops.sources import SourceSettings
from ops.transports import SftpTransport, WebTransport

PREFIX = "lyhde-host-"
LEASE_S = 60
"""A slot that its holder no longer renews is given back after so long: a killed run does not shut a host for ever."""
log = get_logger("nightly")


@contextmanager
def slot(source: SourceSettings) -> Iterator[None]:
    """Holds the slot of the source's host; nothing is held for files at hand. Raises ServiceUnreachable."""
    host = host_of(source)
    if host is None:
        yield
        return
    held = ExitStack()
    patiently(lambda: _take(limit_of(host), held))
    try:
        yield
    finally:
        try:
            held.close()
        except TransportError:  # the source is done all the same
            log.warning("a host's slot is given back by its lease", host=host, lease_s=LEASE_S)


def host_of(source: SourceSettings) -> str | None:
    """The host a source is fetched from; None for files at hand."""
    transport = source.transport
    if isinstance(transport, SftpTransport):
        return transport.host
    return urlsplit(transport.url).hostname if isinstance(transport, WebTransport) else None


def limit_of(host: str) -> str:
    """What the limit of a host is called on Prefect's pages."""
    return f"{PREFIX}{host.replace('.', '-').replace(':', '-')}"


def _take(name: str, held: ExitStack) -> None:
    """A limit that is there already, perhaps raised by an operator, stays as it is."""
    with get_client(sync_client=True) as client:
        try:
            client.read_global_concurrency_limit_by_name(name)
        except ObjectNotFound:
            with suppress(ObjectAlreadyExists):  # another source of the host was faster
                client.create_global_concurrency_limit(GlobalConcurrencyLimitCreate(name=name, limit=1))
    held.enter_context(concurrency(name, lease_duration=LEASE_S, strict=True, raise_on_lease_renewal_failure=False))
