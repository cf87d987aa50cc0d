"""The OpenAPI description: complete, with real examples, and what it says is what the API does (schemathesis)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from jsonschema_rs import validator_for
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from api.openapi import examples
from api.problems import KINDS

pytestmark = pytest.mark.search_server
CHECKS = [
    not_a_server_error, status_code_conformance, content_type_conformance, response_headers_conformance,
    response_schema_conformance,
]  # fmt: skip
OPERATIONS = {
    "entrance", "listProblems", "readProblem", "health", "readiness", "search", "suggest", "readWork", "listEditions",
    "readEdition", "listIssues", "listChanges", "describeWork", "describeEdition", "opdsEntrance", "opdsPublications",
    "opdsSearch", "opdsPublication", "opdsOpenSearch", "opdsNoCover",
}  # fmt: skip
ASIDE = ("score", "version")  # they hang on more than the demo


@pytest.fixture(scope="module")
def described(api: Any) -> Any:
    return api.json("/openapi.json")


def operations(described: Any) -> Iterator[tuple[str, Any]]:
    for path, methods in described["paths"].items():
        for operation in methods.values():
            yield path, operation


def test_it_is_openapi_3_1_and_names_every_operation(described: Any) -> None:
    assert described["openapi"].startswith("3.1")
    assert {operation["operationId"] for _, operation in operations(described)} == OPERATIONS


def test_every_operation_and_parameter_is_described(described: Any) -> None:
    for path, operation in operations(described):
        assert operation["summary"], path
        assert operation["description"], path
        for parameter in operation.get("parameters", ()):
            assert parameter.get("description") or parameter["name"] == "name", (path, parameter["name"])


def test_everything_that_goes_wrong_is_a_problem(described: Any) -> None:
    for path, operation in operations(described):
        assert {"413", "414", "429", "500"} <= set(operation["responses"]), path
        for status, response in operation["responses"].items():
            if int(status) >= 400:
                assert list(response["content"]) == ["application/problem+json"], (path, status)
                assert response["content"]["application/problem+json"]["example"]["status"] == int(status)
    assert "HTTPValidationError" not in described["components"]["schemas"]
    assert {kind.status for kind in KINDS} == {400, 404, 405, 410, 413, 414, 429, 500, 503}


def test_references_lead_somewhere(described: Any) -> None:
    schemas = described["components"]["schemas"]
    text = orjson.dumps(described).decode()
    wanted = {part.partition('"')[0] for part in text.split("#/components/schemas/")[1:]}
    assert wanted <= set(schemas)


def test_the_public_address_is_told(altered: Any) -> None:
    told = altered("api", public_url="https://haku.kirjasto.example/").json("/openapi.json")
    assert told["servers"] == [{"url": "https://haku.kirjasto.example"}]


def test_the_examples_are_what_the_demo_answers(api: Any, tmp_path: Path) -> None:
    """Where the demo or an answer changed: look at the file named below, and copy it to ``api/examples.json``."""
    work, magazine = api.work(), api.magazine()
    edition = api.json(f"/works/{work}?lang=sv")["editions"]["editions"][0]["id"]
    real = {
        "search": api.json("/search?q=vinter&lang=sv"),
        "suggest": api.json("/suggest?q=vint&lang=sv"),
        "readWork": api.json(f"/works/{work}?lang=sv"),
        "listEditions": api.json(f"/works/{work}/editions?lang=sv"),
        "readEdition": api.json(f"/editions/{edition}?lang=sv"),
        "listIssues": api.json(f"/editions/{magazine}/issues?limit=2"),
        "listChanges": api.json("/changes?limit=3"),
        "readProblem": api.json("/problems/gone"),
    }
    file = tmp_path / "examples.json"
    file.write_bytes(orjson.dumps(real, option=orjson.OPT_INDENT_2) + b"\n")
    assert without(examples()) == without(real), f"see {file}"


def test_the_examples_are_of_the_form_described(described: Any) -> None:
    for _path, operation in operations(described):
        content = operation["responses"]["200"]["content"].get("application/json", {})
        if "example" in content:
            check = validator_for({**content["schema"], "components": described["components"]})
            assert [error.message for error in check.iter_errors(content["example"])] == []


def without(value: Any) -> Any:
    """The value without what may differ."""
    if isinstance(value, dict):
        return {key: without(inner) for key, inner in value.items() if key not in ASIDE}
    return [without(inner) for inner in value] if isinstance(value, list) else value


@pytest.mark.parametrize("examples", [12, pytest.param(200, marks=pytest.mark.soak)])
def test_the_api_does_what_it_says(api: Any, examples: int) -> None:
    """Made-up requests of every operation, good and bad ones: documented statuses and forms, never a 5xx."""
    schema = schemathesis.openapi.from_asgi("/openapi.json", api.client.app)
    called: set[str] = set()
    for found in schema.get_all_operations():
        operation = found.ok()
        called.add(operation.definition.raw["operationId"])
        has_parameters = bool(operation.definition.raw.get("parameters"))
        for mode in GenerationMode if has_parameters else (GenerationMode.POSITIVE,):
            send(operation.as_strategy(generation_mode=mode), api, examples)
    assert called == OPERATIONS


def send(cases: Any, api: Any, examples: int) -> None:
    @settings(
        max_examples=examples,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=cases)
    def run(case: Any) -> None:
        case.call_and_validate(session=api.client, base_url="http://testserver", checks=CHECKS)

    run()
