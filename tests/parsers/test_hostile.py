"""Hostile input: whatever the bytes, there is an answer, in bounded memory and time, and no network is asked."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from catalogue.parsed import ParsedRecord
from mappings.marc.fields import HANDLERS
from mappings.marc.record import map_marc

HERE = Path(__file__).parent
PROJECT = HERE.parent.parent
SETS = (
    "marc-broken", "marc-fi-helmet", "marc-fi-yso-conversion", "marc-sv-libris", "marc-fi-fennica", "marc-gpo-2024",
    "onix21-au", "onix21-edge", "onix30-fi-melinda", "onix30-fi-kirjavalitys", "onix-parity-21-30-31",
    "onix-edge-onixcheck", "onix-edge-onixdata", "onix30-pl-elibri", "odl-fi-ekirjasto",
)  # fmt: skip
PIECE = 5000
PIECES = 24
PEAK_KB = 400 * 1024


def run_mutations(first: int, count: int, folders: list[Path], at: Path) -> dict[str, Any]:
    """Mutate in a process of its own; the last line it wrote. Fails with what was found."""
    done = subprocess.run(
        [sys.executable, str(HERE / "mutations.py"), str(first), str(count), *map(str, folders)],
        cwd=PROJECT,
        env={**os.environ, "PYTHONPATH": str(PROJECT), "MUTATION_AT": str(at)},
        capture_output=True,
        text=True,
        timeout=1800,
        check=False,
    )
    assert done.returncode == 0, f"seed {at.read_text()} killed it: {done.stderr[-2000:]}"
    *found, last = done.stdout.splitlines()
    assert not found, "\n".join(json.loads(line)["what"] + f"seed {json.loads(line)['seed']}" for line in found[:3])
    told: dict[str, Any] = json.loads(last)
    assert told["samples"]
    assert told["peak_kb"] < PEAK_KB
    return told


def test_no_mutation_of_the_demo_feeds_breaks_a_reader_or_a_mapping(fixtures: Path, tmp_path: Path) -> None:
    run_mutations(1, 60, [fixtures / "demo"], tmp_path / "at")


@pytest.mark.soak
@pytest.mark.parametrize("piece", range(PIECES))
def test_no_mutation_of_a_real_feed_breaks_a_reader_or_a_mapping(
    test_data: Path, tmp_path: Path, pytestconfig: pytest.Config, piece: int
) -> None:
    """A piece that was passed by the same program is not run again: the long run can be broken off and gone on with."""
    cache = pytestconfig.cache
    assert cache is not None
    key = f"lyhde/mutations/{piece}"
    if cache.get(key, None) == (program := _program()):
        pytest.skip("this piece was passed already by the same program")
    run_mutations(100_000 + piece * PIECE, PIECE, [test_data / name for name in SETS], tmp_path / "at")
    cache.set(key, program)


def _program() -> str:
    """A digest of all that reads and maps."""
    digest = hashlib.sha256()
    for room in ("parsers", "mappings", "catalogue"):
        for path in sorted((PROJECT / room).rglob("*.py")) + sorted((PROJECT / room).rglob("*.toml")):
            digest.update(path.read_bytes())
    return digest.hexdigest()


TEXT = st.text(max_size=30) | st.sampled_from(
    ["", " ", "(", "[", "1 verkkoaineisto (2 h", "978951", "245-01", "9999999999", "c2020"]
)
TAGS = st.sampled_from(["001", "007", "008", *sorted(HANDLERS), "9XX"])
CONTROL = st.tuples(TAGS, TEXT).map(list)
SUBFIELD = st.tuples(st.sampled_from("abcdefghijklmnopqrstuvwxyz0123456789 ä") | st.just(""), TEXT).map(list)
DATA = st.tuples(TAGS, st.text(max_size=3), st.lists(SUBFIELD, max_size=5)).map(list)


@settings(max_examples=100, suppress_health_check=[HealthCheck.too_slow])
@given(st.text(max_size=30), st.lists(CONTROL | DATA, max_size=12))
def test_no_content_of_the_right_shape_makes_the_mapping_raise(leader: str, fields: list[Any]) -> None:
    found = map_marc(ParsedRecord("marc21", [leader, fields], 1), "koe", "f1")
    assert found.record is not None or any(d.severity == "error" for d in found.defects)
    if found.record is not None:
        assert type(found.record).model_validate(found.record.model_dump()) == found.record
