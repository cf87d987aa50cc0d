"""The match cases of the National Library's own matcher: decided as there, or otherwise for the reason in the docs."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from jobs.checking import read_files
from matching.explain import explain
from matching.features import Features, extract

SAME = (1, 4, 5, 11, 15, 16, 17, 24)
APART = (2, 3, 13, 25, 26, 27)
OTHERWISE = {6: "same", 7: "same", 8: "same", 9: "same", 10: "same", 12: "same", 18: "different", 23: "same"}
"""Argued case by case in ``docs/matching.md``. Cases 19 to 22 are of authority records."""


def features_of(path: Path, folder: Path) -> list[Features]:
    """The records of a case's side, turned from the case files' own form into MARC in JSON."""
    content = json.loads(path.read_text("utf-8"))
    found = []
    for number, each in enumerate(content if isinstance(content, list) else [content]):
        file = folder / f"{path.stem}{number}.json"
        file.write_text(json.dumps(as_marc_json(each.get("record", each))), "utf-8")
        for _, _, record in read_files([file]):
            found.append(extract(record.model_copy(update={"source_id": file.stem}), mixed_origin=True))
    return found


def as_marc_json(record: dict[str, Any]) -> dict[str, Any]:
    return {"leader": record["leader"], "fields": [{field["tag"]: content(field)} for field in record["fields"]]}


def content(field: dict[str, Any]) -> Any:
    if "value" in field:
        return field["value"]
    subfields = [{each["code"]: each.get("value", "")} for each in field.get("subfields", [])]
    return {"ind1": field.get("ind1", " "), "ind2": field.get("ind2", " "), "subfields": subfields}


def verdict(case: int, test_data: Path, folder: Path) -> set[str]:
    place = test_data / "truth-melinda-matching" / "index" / f"{case:02}"
    (left,), others = (features_of(place / f"record{side}.json", folder) for side in "AB")
    return {explain(left, other, "edition").verdict for other in others}


@pytest.mark.parametrize("case", SAME)
def test_what_is_one_there_is_one_here(case: int, test_data: Path, tmp_path: Path) -> None:
    assert verdict(case, test_data, tmp_path) == {"same"}


@pytest.mark.parametrize("case", APART)
def test_what_is_not_joined_there_is_not_joined_here(case: int, test_data: Path, tmp_path: Path) -> None:
    assert "same" not in verdict(case, test_data, tmp_path)


@pytest.mark.parametrize(("case", "ours"), OTHERWISE.items())
def test_where_we_decide_otherwise(case: int, ours: str, test_data: Path, tmp_path: Path) -> None:
    assert verdict(case, test_data, tmp_path) == {ours}


def test_a_record_without_a_title_is_no_record_to_match(test_data: Path, tmp_path: Path) -> None:
    place = test_data / "truth-melinda-matching" / "index" / "14"
    assert features_of(place / "recordA.json", tmp_path) == []
