"""The main job on the demo sources, seen through the command line, on the real Elasticsearch."""

from __future__ import annotations

import csv
from collections.abc import Callable
from itertools import combinations
from pathlib import Path
from typing import Any

import pymarc
import pytest

pytestmark = pytest.mark.search_server
Command = Callable[..., Any]
EXPLAINED = ("new", "changed", "unchanged", "deleted", "superseded", "quarantined")


def test_a_second_run_finds_every_source_unchanged(demo: Command) -> None:
    answer = demo("run", "--json")
    assert answer.code == 0
    for source in answer.json["sources"]:
        assert source["counts"]["unchanged"] == source["counts"]["received"] > 0
    assert answer.json["resolved"]["skipped"]
    assert answer.json["published"]["indexed"] == 0


def test_every_stage_reconciles(demo: Command) -> None:
    for source in demo("harvest", "--refetch", "--json").json["sources"]:
        counts = source["counts"]
        assert counts["received"] == sum(counts[name] for name in EXPLAINED)


def test_every_live_record_is_in_exactly_one_cluster(demo: Command) -> None:
    records = {f"{r['source']}:{r['source_id']}" for r in demo("export", "records").lines}
    members = [key for cluster in demo("export", "clusters").lines for key in cluster["members"]]
    assert len(members) == len(set(members))
    assert set(members) == records


@pytest.mark.parametrize("level", ["edition", "work"])
def test_clusters_are_those_of_the_truth(demo: Command, fixtures: Path, level: str) -> None:
    with (fixtures / "demo" / "truth.csv").open(encoding="utf-8") as stream:
        truth = {row["record"]: row[level] for row in csv.DictReader(stream)}
    found = {key: cluster[level] for cluster in demo("export", "clusters").lines for key in cluster["members"]}
    wrong = [(a, b) for a, b in combinations(sorted(truth), 2) if (truth[a] == truth[b]) != (found[a] == found[b])]
    assert wrong == []


def test_store_and_index_agree(demo: Command) -> None:
    answer = demo("index", "check", "--json")
    assert answer.json == {"missing": [], "stale": [], "orphan": []}
    assert answer.code == 0


def test_a_rebuild_gives_the_same_documents(demo: Command) -> None:
    before = demo("index", "status", "--json").json["documents"]
    built = demo("index", "rebuild", "--json").json
    assert built["documents"] == before
    assert demo("index", "check", "--json").code == 0
    assert demo("index", "rollback", "--json").code == 0
    assert demo("index", "check", "--json").code == 0


@pytest.mark.parametrize(
    ("language", "query", "title"),
    [("fi", "seitsemän veljestä", "Seitsemän veljestä"), ("sv", "fältskärns", "Fältskärns berättelser")],
)
def test_a_reader_finds_a_title(demo: Command, language: str, query: str, title: str) -> None:
    found = demo("search", query, "--lang", language, "--json").json
    assert set(found) >= {"total", "hits", "facets", "next"}
    assert title in [hit["title"] for hit in found["hits"]]


def test_resolving_everything_changes_nothing(demo: Command) -> None:
    before = demo("export", "works").out, demo("export", "editions").out, demo("export", "clusters").out
    report = demo("resolve", "--all", "--json").json
    assert report["changed_works"] == report["retired_ids"] == 0
    assert (demo("export", "works").out, demo("export", "editions").out, demo("export", "clusters").out) == before


def test_the_findings_of_a_pair_sum_to_its_score(demo: Command) -> None:
    keys = sorted(key for cluster in demo("export", "clusters").lines for key in cluster["members"])
    for left, right in ((keys[0], keys[-1]), (keys[3], keys[4])):
        for level in ("edition", "work"):
            scored = demo("pair", "explain", left, right, "--level", level, "--json").json
            assert abs(sum(f["bits"] for f in scored["findings"]) - scored["score"]) < 1e-6


def test_every_value_says_where_it_comes_from(demo: Command) -> None:
    work = next(line for line in demo("export", "works").lines if line["titles"])
    rows = demo("record", "explain", work["id"], "--json").json
    assert {"field", "value", "sources", "rule", "lost", "rules_version"} <= set(rows[0])
    assert all(row["sources"] for row in rows if row["value"] is not None)
    assert demo("record", "show", work["id"], "--json").json["id"] == work["id"]


def test_the_change_feed_leads_to_every_live_id(demo: Command) -> None:
    alive: set[str] = set()
    for change in demo("export", "changes").lines:
        if change["op"] == "upsert":
            alive.add(change["id"])
        else:
            alive.discard(change["id"])
    works = {line["id"] for line in demo("export", "works").lines}
    editions = {line["id"] for line in demo("export", "editions").lines}
    assert alive == works | editions


@pytest.mark.parametrize(("what", "start"), [("records", ""), ("editions", "e"), ("works", "w")])
def test_the_store_is_exported_as_marc(demo: Command, tmp_path: Path, what: str, start: str) -> None:
    out = tmp_path / "out.xml"
    assert demo("export", what, "--format", "marcxml", "--out", str(out)).code == 0
    records = pymarc.parse_xml_to_array(str(out))
    assert len(records) == len(demo("export", what).lines)
    assert all(record["001"].data.startswith(start) and record["245"] and record["884"]["k"] for record in records)
