"""The front-end developers' guide: every request in it is made, every answer shown is part of the real one."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, NamedTuple
from urllib.error import HTTPError
from urllib.request import HTTPRedirectHandler, build_opener

import pytest

from api.gate import LONGEST_QUERY_BYTES
from api.parameters import LONGEST_VALUE, MOST_CHANGES, MOST_HITS, MOST_VALUES
from api.problems import KINDS, PREFIX

pytestmark = pytest.mark.search_server
ROOT = Path(__file__).parents[2]
GUIDE = (ROOT / "docs" / "front-end.md").read_text("utf-8")
REQUEST = re.compile(r'^\$ curl -si? "\$API(\S+)"$')
STATUS = re.compile(r"^HTTP/1.1 (\d+)$")
SNIPPETS = "\n".join(re.findall(r"```python\n(.*?)```", GUIDE, re.DOTALL))


class Call(NamedTuple):
    """A request of the guide, with the status and the part of the answer that are shown."""

    path: str
    status: int
    shown: Any


class NoRedirect(HTTPRedirectHandler):
    def redirect_request(self, *_: Any) -> None:
        return None


def calls() -> list[Call]:
    found: list[Call] = []
    for block in re.findall(r"```console\n(.*?)```", GUIDE, re.DOTALL):
        for line in block.splitlines():
            if request := REQUEST.match(line):
                found.append(Call(request[1], 200, {}))
            elif status := STATUS.match(line):
                found[-1] = found[-1]._replace(status=int(status[1]))
            elif line.startswith("{"):
                found[-1] = found[-1]._replace(shown=json.loads(line))
    return found


@pytest.fixture(scope="module")
def address(demo_api: Callable[..., AbstractContextManager[str]]) -> Iterator[str]:
    """Where the demo catalogue is served by the commands of the guide."""
    with demo_api("guide") as served:
        yield served


def ask(address: str) -> tuple[int, Any]:
    try:
        with build_opener(NoRedirect).open(address, timeout=60) as answer:
            return answer.status, json.load(answer)
    except HTTPError as error:
        with error:
            text = error.read()
            return error.code, json.loads(text) if text else {}


def is_part(shown: Any, real: Any) -> bool:
    """Objects may have more members, lists more items behind those shown."""
    if isinstance(shown, dict):
        return isinstance(real, dict) and all(key in real and is_part(value, real[key]) for key, value in shown.items())
    if isinstance(shown, list):
        return len(shown) <= len(real) and all(map(is_part, shown, real))
    return bool(shown == real)


@pytest.mark.parametrize("call", calls(), ids=lambda call: call.path)
def test_requests_are_answered_as_shown(address: str, call: Call) -> None:
    status, answer = ask(address + call.path)
    assert status == call.status
    assert is_part(call.shown, answer), answer


def test_the_snippets_in_python_run(address: str) -> None:
    exec(compile(SNIPPETS, "docs/front-end.md", "exec"), {"API": address})


def test_every_address_is_in_the_table(address: str) -> None:
    _, described = ask(f"{address}/openapi.json")
    assert [path for path in described["paths"] if f"`{path}`" not in GUIDE and not path.startswith("/problems/")] == [
        "/"
    ]


def test_every_filter_is_in_the_table(address: str) -> None:
    _, described = ask(f"{address}/openapi.json")
    names = {parameter["name"] for parameter in described["paths"]["/search"]["get"]["parameters"]}
    assert {name for name in names if f"`{name}`" not in GUIDE} == set()


def test_every_problem_is_in_the_table() -> None:
    rows = {(name, int(status)) for name, status in re.findall(r"^\| `(\S+)` \| (\d+) \|", GUIDE, re.MULTILINE)}
    assert rows == {(PREFIX + kind.name, kind.status) for kind in KINDS}


def test_the_limits_are_the_ones_that_hold() -> None:
    for shown in (
        f"{LONGEST_VALUE} characters, {MOST_VALUES} values",
        f"{LONGEST_QUERY_BYTES:,} bytes".replace(",", " "),
        f"{MOST_HITS} hits",
        f"{MOST_CHANGES:,} changes".replace(",", " "),
    ):
        assert shown in GUIDE
