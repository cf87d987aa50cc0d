"""The search exam: what is counted, on the real server."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from elasticsearch import Elasticsearch

from catalogue.errors import UsageError
from index.search_index import SearchIndex
from jobs.search_exam import evaluate, read_cases

CASES = [
    {
        "id": "hand", "tier": "strict", "lang": "fi", "query": "kädet", "why": "gradation",
        "should_match": [{"title": "Lapsen käsi", "lang": "fi"}, {"title": "Aivan muuta", "lang": "fi"}],
        "should_not_match": [{"title": "Kevään käki", "lang": "fi"}],
    },
    {
        "id": "number", "tier": "identifier", "lang": "sv", "query": "978-951-0-39623-0",
        "should_match": [{"title": "Bok : om böcker", "lang": "sv", "isbn": "9789510396230", "author": "Åke Öst"}],
    },
    {
        "id": "start", "tier": "prefix", "lang": "sv", "query": "böc",
        "should_match": [{"title": "Bok : om böcker", "lang": "sv", "isbn": "9789510396230", "author": "Åke Öst"}],
    },
]  # fmt: skip


@pytest.fixture
def cases(tmp_path: Path) -> Path:
    path = tmp_path / "cases.json"
    path.write_text(json.dumps(CASES), "utf-8")
    return path


@pytest.mark.search_server
def test_pairs_are_counted_and_what_went_wrong_is_named(
    cases: Path, search_server: str, prefix: Callable[[str], str]
) -> None:
    with SearchIndex(search_server, prefix=prefix("exam")) as index:
        report = evaluate(index, read_cases(cases)).as_json()
    assert report["tiers"]["strict"]["fi"] == {"pairs": 2, "matched": 1}
    assert report["tiers"]["identifier"]["sv"] == {"pairs": 1, "matched": 1}
    assert report["tiers"]["prefix"]["sv"] == {"pairs": 1, "matched": 1}
    assert report["forbidden"]["strict"] == {"pairs": 1, "returned": 0}
    assert [(m["id"], m["title"]) for m in report["missed"]] == [("hand", "Aivan muuta")]
    with Elasticsearch(search_server) as client:
        assert not client.indices.get(index=f"{prefix('exam')}-*")


@pytest.mark.search_server
def test_our_own_exam_is_passed_in_both_languages(
    fixtures: Path, search_server: str, prefix: Callable[[str], str]
) -> None:
    cases = read_cases(fixtures / "search-exam" / "cases.json")
    with SearchIndex(search_server, prefix=prefix("own-exam")) as index:
        report = evaluate(index, cases)
    for language in ("fi", "sv"):
        counted = report.tiers["strict"][language]
        assert counted["matched"] >= 0.97 * counted["pairs"], report.missed
        apart = sum(case.lang == language and bool(case.should_not_match) for case in cases)
        assert apart >= 60
        assert sum(told["lang"] == language for told in report.returned) <= 0.05 * apart, report.returned


@pytest.mark.parametrize("text", ["", "{}", '[{"id": 1}]'])
def test_a_file_without_cases_is_a_usage_error(tmp_path: Path, text: str) -> None:
    path = tmp_path / "cases.json"
    path.write_text(text)
    with pytest.raises(UsageError, match=r"cases\.json"):
        read_cases(path)
