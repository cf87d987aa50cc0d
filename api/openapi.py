"""The description of the API (OpenAPI 3.1): real examples, and a problem for everything that can go wrong."""

from __future__ import annotations

from functools import cache
from importlib import resources
from typing import Any

import orjson
from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic import BaseModel

from api.problems import BY_NAME, MEDIA_TYPE, ProblemAnswer
from api.shapes import ProblemView

Responses = dict[int | str, dict[str, Any]]
REFERENCE = "#/components/schemas/{model}"
EVERYWHERE = ("body", "uri", "rate", "internal")
ABOUT = """The Finnish-Swedish e-library catalogue for front ends: search, works, editions, and what changed.

Everything is read with GET, in JSON. Finnish and Swedish are equal; `lang` says whose titles and labels are wanted.
Errors are problems (RFC 9457). Fields and addresses are added, never renamed or taken away.
"""
_CACHING = {
    "ETag": {"description": "names these very bytes", "schema": {"type": "string"}},
    "Cache-Control": {"description": "how long it may be kept", "schema": {"type": "string"}},
}
_RETRY = {"Retry-After": {"description": "seconds to wait", "schema": {"type": "integer"}}}


def answers(model: type[BaseModel], *, moves: bool = False, cached: bool = True) -> Responses:
    """The good answers of an operation: its content, 304 where caches may hold it, 301 where ids move."""
    found: Responses = {200: {"model": model, "description": (model.__doc__ or "").strip() or model.__name__}}
    if cached:
        found[200]["headers"] = _CACHING
        found[304] = {"description": "what the client has is still right (If-None-Match)"}
    if moves:
        location = {"Location": {"description": "the path of the id in use", "schema": {"type": "string"}}}
        found[301] = {"description": "the id is no longer in use and leads to another", "headers": location}
    return found


def documents(about: str, schemas: dict[str, dict[str, Any]], *, moves: bool = False) -> Responses:
    """As `answers`, for content whose form others have laid down: its media types, each with its schema."""
    found = answers(BaseModel, moves=moves)
    content = {media_type: {"schema": schema} for media_type, schema in schemas.items()}
    found[200] = {"description": about, "headers": _CACHING, "content": content}
    return found


def problems(*names: str) -> Responses:
    """The problems an operation may answer with, beside those of every operation."""
    found: Responses = {}
    for kind in (BY_NAME[name] for name in names):
        found[kind.status] = {
            "description": kind.title,
            "content": {
                MEDIA_TYPE: {
                    "schema": {"$ref": REFERENCE.format(model=ProblemView.__name__)},
                    "example": orjson.loads(ProblemAnswer(kind).body("en")),
                }
            },
            **({"headers": _RETRY} if kind.status in (429, 503) else {}),
        }
    return found


def describe(app: FastAPI, public_url: str | None) -> None:
    """Let the app describe itself so."""

    @cache
    def openapi() -> dict[str, Any]:
        found = get_openapi(
            title="Lyhde",
            version=app.version,
            description=ABOUT,
            routes=app.routes,
            servers=[{"url": public_url.rstrip("/") if public_url else "/"}],
        )
        for name, operation in _operations(found):
            _complete(name, operation)
        _own_schemas(found["components"]["schemas"])
        return found

    app.openapi = openapi  # type: ignore[method-assign]  # the documented way to extend it


def _operations(found: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    return [(each["operationId"], each) for path in found["paths"].values() for each in path.values()]


def _complete(name: str, operation: dict[str, Any]) -> None:
    """Problems of every operation in, the framework's own form of errors out, the example beside the schema."""
    responses = operation["responses"]
    responses.pop("422", None)
    for status, problem in problems(*EVERYWHERE).items():
        responses.setdefault(str(status), problem)
    if name in examples():
        responses["200"]["content"]["application/json"]["example"] = examples()[name]


def _own_schemas(schemas: dict[str, Any]) -> None:
    for framework in ("HTTPValidationError", "ValidationError"):
        schemas.pop(framework, None)
    problem = ProblemView.model_json_schema(ref_template=REFERENCE)
    schemas.update(problem.pop("$defs", {}))
    schemas[ProblemView.__name__] = problem


@cache
def examples() -> dict[str, Any]:
    """Operation → what it answered on the demo catalogue."""
    found: dict[str, Any] = orjson.loads(resources.files("api").joinpath("examples.json").read_bytes())
    return found
