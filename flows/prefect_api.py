"""Prefect's API asked over plain HTTP: starting a run and looking at it needs none of Prefect's own code."""

from __future__ import annotations

import base64
import http.client
import json
import os
import time
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlsplit
from uuid import uuid4

from catalogue.errors import LyhdeError, ServiceUnreachable
from catalogue.sentence import Sentence
from flows.names import DEPLOYMENT, FLOW

TIMEOUT_S = 30.0
BUSY = (429, 502, 503)
"""Said while Prefect's SQLite is locked by its own services, or by a proxy before a server that starts."""
BUSY_S = (1.0, 2.0, 4.0, 8.0)


class ApiRefused(LyhdeError):
    """Prefect answered, but not what was asked for. `status` is its HTTP status."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


@dataclass(frozen=True)
class PrefectApi:
    """A Prefect server or Prefect Cloud at `url` (ends in ``/api``).

    The key of one's own server is read from ``PREFECT_API_KEY`` or ``PREFECT_API_AUTH_STRING``, as Prefect does.
    """

    url: str
    timeout_s: float = TIMEOUT_S

    def ask(self, method: str, path: str, body: Any = None) -> Any:
        """The JSON answer; asked again while Prefect is busy.

        Raises ServiceUnreachable where nothing answers or it stays busy, ApiRefused for another answer above 299.
        """
        for wait_s in (*BUSY_S, None):
            status, said = self._answer(method, path, body)
            if status not in BUSY:
                break
            if wait_s is None:
                raise ServiceUnreachable(_silent(self.url, status))
            time.sleep(wait_s)
        if status > 299:
            raise ApiRefused(status, f"{self.url}{path}: {status} {said[:300].decode(errors='replace')}")
        return json.loads(said) if said else None

    def _answer(self, method: str, path: str, body: Any) -> tuple[int, bytes]:
        parts = urlsplit(self.url)
        kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
        connection = kind(parts.netloc, timeout=self.timeout_s)
        try:
            content = None if body is None else json.dumps(body)
            connection.request(method, f"{parts.path.rstrip('/')}{path}", content, _headers())
            response = connection.getresponse()
            return response.status, response.read()
        except (OSError, http.client.HTTPException) as error:
            raise ServiceUnreachable(_silent(self.url, error)) from error
        finally:
            connection.close()

    def is_healthy(self) -> bool:
        """Whether it answers, and well."""
        try:
            return self._answer("GET", "/health", None)[0] == 200
        except ServiceUnreachable:
            return False

    def deployment(self) -> dict[str, Any]:
        """The nightly deployment. Raises ServiceUnreachable where nothing serves it."""
        try:
            found: dict[str, Any] = self.ask("GET", f"/deployments/name/{quote(FLOW)}/{quote(DEPLOYMENT)}")
        except ApiRefused as error:
            if error.status != 404:
                raise
            message = Sentence(
                "the Prefect server at {url} knows no nightly run: start lyhde nightly serve", url=self.url
            )
            raise ServiceUnreachable(message) from error
        return found

    def start(self, sources: list[str]) -> dict[str, Any]:
        """A new run of the deployment, due now."""
        number = self.deployment()["id"]
        body: dict[str, Any] = {
            "parameters": {"sources": sources or None},
            "state": {"type": "SCHEDULED"},
            "tags": ["triggered"],
        }
        body["idempotency_key"] = str(uuid4())  # asked twice, it is begun once
        made: dict[str, Any] = self.ask("POST", f"/deployments/{number}/create_flow_run", body)
        return made

    def run(self, number: str) -> dict[str, Any]:
        """A flow run as it stands."""
        found: dict[str, Any] = self.ask("GET", f"/flow_runs/{number}")
        return found

    def artifact(self, run: str, key: str) -> str | None:
        """The data of a run's artifact as text: Markdown, or JSON. None where it left none."""
        wanted = {
            "artifacts": {"flow_run_id": {"any_": [run]}, "key": {"any_": [key]}},
            "sort": "CREATED_DESC",
            "limit": 1,
        }
        found = self.ask("POST", "/artifacts/filter", wanted)
        return str(found[0]["data"]) if found else None


def _silent(url: str, why: object) -> Sentence:
    return Sentence(
        "the Prefect server at {url} does not answer ({why}): is lyhde nightly serve running?", url=url, why=why
    )


def _headers() -> dict[str, str]:
    headers = {"Content-Type": "application/json", "Accept": "application/json"}
    key, pair = os.environ.get("PREFECT_API_KEY"), os.environ.get("PREFECT_API_AUTH_STRING")
    if key:
        headers["Authorization"] = f"Bearer {key}"
    elif pair:
        headers["Authorization"] = "Basic " + base64.b64encode(pair.encode()).decode("ascii")
    return headers
