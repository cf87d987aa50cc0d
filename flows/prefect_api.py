"""Prefect's API asked over plain HTTP: starting a run and looking at it needs none of Prefect's own code."""

from __future__ import annotations

import base64
import http.client
import json
import os
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlsplit

from catalogue.errors import LyhdeError, ServiceUnreachable
from catalogue.sentence import Sentence
from flows.names import DEPLOYMENT, FLOW

TIMEOUT_S = 30.0


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
        """The JSON answer. Raises ServiceUnreachable where nothing answers, ApiRefused for an answer above 299."""
        parts = urlsplit(self.url)
        kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
        connection = kind(parts.netloc, timeout=self.timeout_s)
        try:
            content = None if body is None else json.dumps(body)
            connection.request(method, f"{parts.path.rstrip('/')}{path}", content, _headers())
            response = connection.getresponse()
            said = response.read()
        except (OSError, http.client.HTTPException) as error:
            message = Sentence(
                "the Prefect server at {url} does not answer ({why}): is lyhde nightly serve running?",
                url=self.url,
                why=error,
            )
            raise ServiceUnreachable(message) from error
        finally:
            connection.close()
        if response.status > 299:
            raise ApiRefused(
                response.status, f"{self.url}{path}: {response.status} {said[:300].decode(errors='replace')}"
            )
        return json.loads(said) if said else None

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
        body = {"parameters": {"sources": sources or None}, "state": {"type": "SCHEDULED"}, "tags": ["triggered"]}
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


def _headers() -> dict[str, str]:
    headers = {"Content-Type": "application/json", "Accept": "application/json"}
    key, pair = os.environ.get("PREFECT_API_KEY"), os.environ.get("PREFECT_API_AUTH_STRING")
    if key:
        headers["Authorization"] = f"Bearer {key}"
    elif pair:
        headers["Authorization"] = "Basic " + base64.b64encode(pair.encode()).decode("ascii")
    return headers
