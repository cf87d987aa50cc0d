"""The official client, and its failures in our words."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import elasticsearch
from elastic_transport import ConnectionError as NoConnection
from elastic_transport import TransportError
from elasticsearch import ApiError, Elasticsearch, UnsupportedProductError

from catalogue.errors import ConfigurationError, ServiceUnreachable
from catalogue.sentence import Sentence, _

CLIENT_MAJOR = elasticsearch.__version__[0]
REQUEST_TIMEOUT_S = 60
BUSY = (429, 502, 503, 504)


def connect(
    url: str, api_key: str | None = None, ca_certs: Path | None = None, timeout_s: float = REQUEST_TIMEOUT_S
) -> Elasticsearch:
    """A client for the cluster at `url`. Nothing is sent yet."""
    extra: dict[str, Any] = {"ca_certs": str(ca_certs)} if ca_certs else {}
    try:
        return Elasticsearch(url, api_key=api_key, request_timeout=timeout_s, max_retries=2, **extra)
    except (ValueError, OSError) as failure:
        raise ConfigurationError(
            [Sentence("elasticsearch.url {url}: {why}", url=_masked(url), why=failure)]
        ) from failure


def check_version(client: Elasticsearch, url: str) -> str:
    """The server's version. Raises ConfigurationError where its major is not the client's."""
    with speaking(url):
        try:
            found = str(client.info()["version"]["number"])
        except ApiError as failure:
            if failure.status_code != 400:
                raise
            found = Sentence("an older version")  # it does not know the media type of our client
    if found.partition(".")[0] != str(CLIENT_MAJOR):
        raise ConfigurationError(
            [
                Sentence(
                    "elasticsearch.url {url} is Elasticsearch {found}; version {needed} is needed",
                    url=_masked(url),
                    found=found,
                    needed=str(CLIENT_MAJOR),
                )
            ]
        )
    return found


@contextmanager
def speaking(url: str) -> Iterator[None]:
    """Turn the client's exceptions into ours; what says that we asked wrongly is a bug and passes."""
    try:
        yield
    except UnsupportedProductError as failure:
        raise ConfigurationError(
            [Sentence("elasticsearch.url {url} is not Elasticsearch: {why}", url=_masked(url), why=failure)]
        ) from failure
    except ApiError as failure:
        raise _refused(failure, url) or failure from failure
    except TransportError as failure:
        happened = (
            _(
                "Elasticsearch at {url} does not answer: {why}. See that it runs and that elasticsearch.url is right, "
                "or unset elasticsearch.url to use the embedded server"
            )
            if isinstance(failure, NoConnection)
            else _(
                "Elasticsearch at {url} failed: {why}. See that it runs and that elasticsearch.url is right, "
                "or unset elasticsearch.url to use the embedded server"
            )
        )
        raise ServiceUnreachable(Sentence(happened, url=_masked(url), why=failure.message)) from failure


def _refused(failure: ApiError, url: str) -> Exception | None:
    if failure.status_code in (401, 403) and "flood" not in failure.message:
        return ConfigurationError(
            [
                Sentence(
                    "elasticsearch.url {url} refused us ({why}): give elasticsearch.api_key a key that may create, "
                    "read and write the indices",
                    url=_masked(url),
                    why=failure.message,
                )
            ]
        )
    if failure.status_code in BUSY:
        return ServiceUnreachable(
            Sentence("Elasticsearch at {url} is too busy ({why}): try again", url=_masked(url), why=failure.message)
        )
    return None


def _masked(url: str) -> str:
    """An address without user name and password."""
    parts = urlsplit(url)
    return parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl()
