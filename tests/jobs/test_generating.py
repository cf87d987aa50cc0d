"""Synthetic feeds as files: however many processes write them, they are the same."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from catalogue.errors import UsageError
from jobs import generating
from jobs.generating import generate


def contents(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def test_two_processes_write_what_one_writes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(generating, "_ALONE", 0)
    monkeypatch.setattr("demo.feeds.PART_RECORDS", 100)
    sizes = generate(tmp_path / "one", 350, seed=4)
    assert generate(tmp_path / "two", 350, seed=4, processes=2) == sizes
    one, two = contents(tmp_path / "one"), contents(tmp_path / "two")
    assert one == two
    assert {name: len(one[f"feeds/{name}/{generating.FILES[name]}"]) for name in sizes} == sizes
    with (tmp_path / "one" / "truth.csv").open(encoding="utf-8") as stream:
        assert len({row["source_id"] for row in csv.DictReader(stream)}) == 350


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(UsageError, match="cannot be written"):
        generate(tmp_path / "file", 10, seed=1)
