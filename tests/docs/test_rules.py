"""Tables of rules in the documents are the program's, and the examples add up."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from catalogue.evidence import ClusterLevel
from index.definition import templates
from index.question import FILTERS
from matching.comparisons import COMPARISONS
from matching.scoring import ASKS, VETOES
from merging.registry import RULES
from merging.rules import load_rules

ROOT = Path(__file__).parent.parent.parent
DOCS = ROOT / "docs"


def section(page: str, heading: str) -> str:
    """The text under a heading, up to the next of its depth."""
    text = (DOCS / page).read_text("utf-8")
    return text.split(f"\n## {heading}\n")[1].split("\n## ")[0]


def first_cells(text: str) -> list[str]:
    return [
        name for cell in re.findall(r"^\| (`[^|]*) \|", text, re.MULTILINE) for name in re.findall("`([^`]+)`", cell)
    ]


@pytest.mark.parametrize(("heading", "registry"), [("Vetoes", VETOES), ("Asks", ASKS)])
def test_vetoes_and_asks_are_those_of_the_matcher(heading: str, registry: dict[ClusterLevel, dict[str, Any]]) -> None:
    rows = re.findall(r"^\| `(\w+)` \| ([\w, ]+) \|", section("matching.md", heading), re.MULTILINE)
    told = {(name, level) for name, levels in rows for level in levels.split(", ")}
    assert told == {(name, level) for level, rules in registry.items() for name in rules}


@pytest.mark.parametrize("language", ["en", "fi", "sv"])
def test_the_cataloguers_guide_explains_every_ask(language: str) -> None:
    text = (DOCS / f"cataloguers.{language}.md").read_text("utf-8")
    assert {name for rules in ASKS.values() for name in rules} <= set(first_cells(text))


def test_rules_are_those_of_merging() -> None:
    assert sorted(first_cells(section("merging.md", "Rules"))) == sorted(RULES)


def test_orders_are_those_of_merging() -> None:
    rows = dict(
        re.findall(r"^\| `(\w+)` \| (\w+(?:, \w+)+) \|$", section("merging.md", "Who is heard first"), re.MULTILINE)
    )
    rules = load_rules()
    for name, row in rows.items():
        order = next(r.order for r in rules.edition.values() if r.rule == name)
        assert row.split(", ") == sorted(order, key=order.__getitem__)
    assert len(rows) == 4


def test_fields_that_ask_are_those_of_merging() -> None:
    told = first_cells(section("merging.md", "Conflicts become cases"))
    assert sorted(told) == sorted(field for field, row in load_rules().edition.items() if row.ask)


def leaves(properties: dict[str, Any], path: str = "") -> Iterator[str]:
    """Paths of an index mapping's fields."""
    for name, field in properties.items():
        if "properties" in field:
            yield from leaves(field["properties"], f"{path}{name}.")
        else:
            yield path + name


def test_every_field_of_the_search_document_is_described() -> None:
    text = section("search.md", "The document")
    layout = json.loads((ROOT / "index" / "layout" / "mappings.json").read_text("utf-8"))["properties"]
    fields = [field for field in leaves(layout) if not field.startswith("x.")]
    assert [field for field in fields if f"`{field}`" not in text] == []


def test_every_template_and_parameter_is_described() -> None:
    text = section("search.md", "Asking")
    for name, source in templates().items():
        assert f"`{name}`" in text
        used = {each.partition(".")[0] for each in re.findall(r"\{\{[#^/]?([\w.]+)\}\}", source)} - {"toJson"}
        assert [parameter for parameter in sorted(used) if f"`{parameter}`" not in text] == []


def test_every_filter_is_described() -> None:
    text = section("search.md", "From the command line")
    assert [name for name in FILTERS if f"`{name}" not in text] == []


@pytest.mark.parametrize(
    "shown", re.findall(r"explain .*\n((?:.+\n)+?weights: .*)", (DOCS / "matching.md").read_text("utf-8"))
)
def test_examples_of_matching_add_up(shown: str) -> None:
    rows = re.findall(r"^(\w+) .*?([+-]\d+\.\d\d) *$", shown, re.MULTILINE)
    assert {name for name, _ in rows} <= {"prior", *COMPARISONS}
    total = re.search(r"^score (-?\d+\.\d\d):", shown, re.MULTILINE)
    assert total
    assert sum(float(bits) for _, bits in rows) == pytest.approx(float(total[1]), abs=0.011)
