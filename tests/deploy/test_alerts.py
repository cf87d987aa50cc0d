"""Alerts and dashboard ask for measures that exist, and every alert has its section in the runbook."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from ops.metrics import Figures, Metrics

ROOT = Path(__file__).parent.parent.parent
GROUPS = yaml.safe_load((ROOT / "deploy" / "prometheus" / "alerts.yaml").read_text("utf-8"))["groups"]
ALERTS: list[dict[str, Any]] = [rule for group in GROUPS for rule in group["rules"]]
BOARD = json.loads((ROOT / "deploy" / "grafana" / "lyhde.json").read_text("utf-8"))
RUNBOOK = (ROOT / "docs" / "runbook.md").read_text("utf-8")
SECTIONS = re.findall(r"^### (Lyhde\w+)$", RUNBOOK, re.MULTILINE)
PARTS = ("What it means", "What readers notice", "How to look", "How to mend", "When to call")
SUFFIXES = ("_bucket", "_count", "_sum", "_total", "_created")

every_alert = pytest.mark.parametrize("alert", ALERTS, ids=lambda alert: str(alert["alert"]))


def measures() -> dict[str, set[str]]:
    """Name of each measure → its labels, as a scrape shows them."""
    metrics = Metrics(
        lambda: Figures(
            last_success={"a": 1.0},
            records={("a", "new"): 1},
            live_records={"a": 1},
            held_runs={"a": 1},
            defects={("a", "b"): 1},
            pairs={"same": 1},
            cases_open={"match": 1},
            case_ages=((1.0, 1),),
            decisions={("match", "same", "desk"): 1},
            merged={"work": 1},
            index_documents={"works": 1},
        )
    )
    metrics.request(route="/", method="GET", status=200, seconds=0.1)
    found: dict[str, set[str]] = {}
    for name, labels in re.findall(r"^([a-z_]+)(?:\{(.*)\})? ", metrics.page().decode(), re.MULTILINE):
        found.setdefault(name, set()).update(re.findall(r'(\w+)="', labels or ""))
    return found


MEASURES = measures()


def expressions() -> Iterator[str]:
    yield from (str(alert["expr"]) for alert in ALERTS)
    for panel in BOARD["panels"]:
        yield from (target["expr"] for target in panel["targets"])


@pytest.mark.parametrize("expression", sorted(set(expressions())))
def test_measures_that_are_asked_for_exist(expression: str) -> None:
    named = set(re.findall(r"\blyhde_[a-z_]+\b", expression))
    assert named or "up{" in expression
    assert named <= set(MEASURES)


@pytest.mark.parametrize("expression", sorted(set(expressions())))
def test_labels_that_are_asked_for_exist(expression: str) -> None:
    given = {
        "job",
        "instance",
        *(label for name in re.findall(r"\blyhde_[a-z_]+\b", expression) for label in MEASURES[name]),
    }
    asked = {word.strip() for words in re.findall(r"by \(([^)]*)\)", expression) for word in words.split(",")}
    asked |= set(re.findall(r"(\w+)\s*[=!]~?\"", expression))
    assert asked <= given


def test_every_measure_of_ours_is_on_the_dashboard() -> None:
    shown = " ".join(target["expr"] for panel in BOARD["panels"] for target in panel["targets"])
    ours = {re.sub(f"({'|'.join(SUFFIXES)})$", "", name) for name in MEASURES if name.startswith("lyhde_")}
    assert {name for name in ours if name not in shown} == set()


@every_alert
def test_an_alert_says_how_grave_it_is_and_where_to_read_on(alert: dict[str, Any]) -> None:
    assert alert["labels"]["severity"] in {"page", "ticket"}
    assert alert["annotations"]["summary"]
    assert alert["annotations"]["runbook"] == f"docs/runbook.md#{alert['alert'].lower()}"


def test_alerts_and_sections_of_the_runbook_are_the_same() -> None:
    assert [alert["alert"] for alert in ALERTS] == SECTIONS


@pytest.mark.parametrize("name", SECTIONS)
def test_a_section_answers_every_question(name: str) -> None:
    body = re.split(r"^##", RUNBOOK.split(f"\n### {name}\n")[1], flags=re.MULTILINE)[0]
    assert [part for part in PARTS if f"**{part}.**" not in body] == []


def test_panels_have_numbers_of_their_own_and_do_not_overlap() -> None:
    assert len({panel["id"] for panel in BOARD["panels"]}) == len(BOARD["panels"])
    taken: set[tuple[int, int]] = set()
    for panel in BOARD["panels"]:
        grid = panel["gridPos"]
        cells = {
            (x, y) for x in range(grid["x"], grid["x"] + grid["w"]) for y in range(grid["y"], grid["y"] + grid["h"])
        }
        assert not taken & cells, panel["title"]
        taken |= cells
