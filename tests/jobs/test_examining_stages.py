"""The doctor says whether reading and merging run compiled, and whether what runs is what the sources say."""

from __future__ import annotations

import os
from importlib.machinery import EXTENSION_SUFFIXES
from pathlib import Path

import pytest

from jobs.examining import AN_INSTALLATION_S, examine_stages


@pytest.fixture
def mapping(tmp_path: Path) -> Path:
    """The compiled `mappings.registry` of an installation, beside its source."""
    room = tmp_path / "mappings"
    room.mkdir()
    (room / "registry.py").touch()
    compiled = room / f"registry{EXTENSION_SUFFIXES[0]}"
    compiled.touch()
    return compiled


def test_stages_without_a_compiled_module_run_from_their_sources(mapping: Path) -> None:
    check = examine_stages(mapping.with_name("registry.py"))
    assert (check.state, str(check.cause)) == ("ok", "run from their sources")


def test_compiled_stages_are_told(mapping: Path) -> None:
    check = examine_stages(mapping)
    assert (check.state, str(check.cause)) == ("ok", "compiled")


def test_a_source_that_changed_after_it_was_compiled_is_a_warning(mapping: Path) -> None:
    later = mapping.stat().st_mtime + AN_INSTALLATION_S + 1
    os.utime(mapping.with_name("registry.py"), (later, later))
    check = examine_stages(mapping)
    assert (check.state, check.mend) == ("warn", "make compiled")
