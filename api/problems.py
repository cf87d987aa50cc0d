"""Every problem the API answers with (RFC 9457): stable types, in the reader's language where one is asked for."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, get_args
from urllib.parse import parse_qs

import orjson

from ops.asgi import Refusal, Scope
from ops.messages import Language, _, translator

MEDIA_TYPE = "application/problem+json"
PREFIX = "/problems/"


@dataclass(frozen=True, slots=True)
class Kind:
    """One type of problem. `name` is the last part of its `type`, and never changes."""

    name: str
    status: int
    title: str
    meaning: str


KINDS = (
    Kind("bad-request", 400, _("The request cannot be understood"),
         _("A parameter is unknown, or its value is not allowed; `errors` names each.")),
    Kind("not-found", 404, _("There is nothing here"),
         _("No public work, edition or page has this address. Ids of works that readers are not shown answer so too.")),
    Kind("method", 405, _("This method is not allowed"), _("Everything here is read with GET or HEAD.")),
    Kind("gone", 410, _("The work or edition was removed"),
         _("The id was in use and leads nowhere now. It comes back if what it named does, and is never given to "
           "something else.")),
    Kind("body", 413, _("The request has too long a body"), _("No request here needs a body.")),
    Kind("uri", 414, _("The address is too long"), _("Ask with a shorter query or fewer filters.")),
    Kind("rate", 429, _("Too many requests"),
         _("Wait for as many seconds as Retry-After says, and keep answers for as long as Cache-Control allows.")),
    Kind("internal", 500, _("Something went wrong"), _("The fault is ours and has been logged.")),
    Kind("search-unavailable", 503, _("Search is not available at the moment"),
         _("The search server does not answer. Works and editions can be read by their ids meanwhile.")),
    Kind("catalogue-unavailable", 503, _("The catalogue is not available at the moment"),
         _("The database does not answer.")),
    Kind("busy", 503, _("Too much is going on at the moment"), _("Try again after the seconds that Retry-After says.")),
)  # fmt: skip
BY_NAME = {kind.name: kind for kind in KINDS}
_OF_REFUSAL = {"body": "body", "length": "bad-request", "rate": "rate", "uri": "uri", "internal": "internal"}


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with one parameter. `detail` is a message id, filled with `values`."""

    parameter: str
    detail: str
    values: Mapping[str, str] = field(default_factory=dict)


class Problem(Exception):
    """Ends a request. `detail` is a message id, filled with `values`; `faults` are those of parameters."""

    def __init__(
        self,
        name: str,
        detail: str | None = None,
        values: Mapping[str, Any] | None = None,
        *,
        headers: Mapping[str, str] | None = None,
        faults: Sequence[Fault] = (),
    ) -> None:
        super().__init__(name, detail)
        self.answer = ProblemAnswer(BY_NAME[name], detail, values or {}, tuple(faults))
        self.headers = dict(headers or {})


@dataclass(frozen=True, slots=True)
class ProblemAnswer:
    """A problem before it is worded."""

    kind: Kind
    detail: str | None = None
    values: Mapping[str, Any] = field(default_factory=dict)
    faults: tuple[Fault, ...] = ()

    def body(self, language: Language, instance: str | None = None) -> bytes:
        """The problem as JSON, in a reader's language."""
        text = translator(language)
        detail = text(self.detail).format_map(self.values) if self.detail else text(self.kind.meaning)
        said = {
            "type": PREFIX + self.kind.name,
            "title": text(self.kind.title),
            "status": self.kind.status,
            "detail": detail,
            **({"instance": instance} if instance else {}),
            **({"errors": [_worded(fault, text) for fault in self.faults]} if self.faults else {}),
        }
        return orjson.dumps(said)


def _worded(fault: Fault, text: Callable[[str], str]) -> dict[str, str]:
    return {"parameter": fault.parameter, "detail": text(fault.detail).format_map(fault.values)}


def problem_language(scope: Scope) -> Language:
    """What `lang` asks for; English where it asks for nothing, or nonsense."""
    given = parse_qs(scope.get("query_string", b"")[:2_000].decode("latin-1")).get("lang", [""])[-1]
    return next((code for code in get_args(Language) if code == given), "en")


def refuse(scope: Scope, refusal: Refusal) -> tuple[str, bytes]:
    """The words of `ops.asgi` for requests that are not let through."""
    kind = BY_NAME[_OF_REFUSAL[refusal.code]]
    return MEDIA_TYPE, ProblemAnswer(kind).body(problem_language(scope))
