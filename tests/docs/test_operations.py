"""The operator's page names every exit code and error there is, and how counts reconcile."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from catalogue import errors
from catalogue.errors import LyhdeError
from cli.harvest import COUNTS
from cli.main import INTERRUPTED
from ops.sources import Limits

DOCS = Path(__file__).parent.parent.parent / "docs"
PAGE = (DOCS / "operations.md").read_text("utf-8")
ROWS = {
    int(code): (set(re.findall(r"`([A-Z]\w+)`", names)), retry.strip())
    for code, names, retry in re.findall(r"^\| (\d+) \|[^|]*\|([^|]*)\|([^|]*)\|$", PAGE, re.MULTILINE)
}
KINDS = [kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, LyhdeError)]


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_every_error_stands_in_the_row_of_its_exit_code(kind: type[LyhdeError]) -> None:
    names, retry = ROWS[kind.exit_code]
    assert kind.__name__ in names
    assert retry == ("yes" if kind.retryable else "no")


def test_no_row_names_an_error_that_is_not_there() -> None:
    assert set().union(*(names for names, _ in ROWS.values())) == {kind.__name__ for kind in KINDS}


def test_exit_codes_are_those_there_are() -> None:
    assert set(ROWS) == {0, INTERRUPTED, *(kind.exit_code for kind in KINDS)}


def test_the_sum_of_counts_is_explained() -> None:
    named = re.search(r"\*\*received = ([\w +]+)\*\*", PAGE)
    assert named
    assert {"received", *named[1].split(" + ")} == set(COUNTS)


def test_every_limit_is_explained() -> None:
    explained = set(re.findall(r"`((?:max|min)_\w+)`", (DOCS / "sources.md").read_text("utf-8")))
    assert explained == set(Limits.model_fields)
