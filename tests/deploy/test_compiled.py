"""Compiled modules are the same stages, only faster; where there are none, or no compiler, nothing is missed."""

from __future__ import annotations

import ast
import json
import os
import runpy
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any, TypeVar

import pytest

ROOT = Path(__file__).parent.parent.parent
HERE = Path(__file__).parent
COMPILED = runpy.run_path(str(ROOT / "deploy" / "compiled.py"))
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]
NAMED = PROJECT["lyhde"]["compiled"]
OF_EACH_DIALECT = (
    "onix21-au", "onix21-edge", "onix30-fi-melinda", "onix30-fi-kirjavalitys", "onix-parity-21-30-31",
    "onix-edge-onixcheck", "onix-edge-onixdata", "onix30-pl-elibri", "marc-broken", "marc-fi-helmet",
    "marc-fi-fennica", "marc-fi-yso-conversion", "marc-sv-libris", "marc-gpo-2024", "odl-fi-ekirjasto",
)  # fmt: skip
READABLE = {".xml", ".onix", ".onx", ".mrc", ".gz", ".json", ".marc", ".iso"}
MOST_FILES = 6
Node = TypeVar("Node", bound=ast.AST)


def compiled_nodes(kind: type[Node]) -> list[Node]:
    """Every node of a kind in the sources that are compiled."""
    trees = (ast.parse((ROOT / name).read_text("utf-8")) for name in COMPILED["modules"](ROOT))
    return [node for tree in trees for node in ast.walk(tree) if isinstance(node, kind)]


@pytest.mark.parametrize("pattern", NAMED["modules"] + NAMED["except"])
def test_every_module_that_is_named_is_there(pattern: str) -> None:
    assert list(ROOT.glob(pattern))


def test_only_pure_stages_and_the_domain_are_compiled() -> None:
    rooms = {name.partition("/")[0] for name in COMPILED["modules"](ROOT)}
    assert rooms <= {"catalogue", "parsers", "mappings", "matching", "merging", "writers"}


def test_no_module_with_models_of_pydantic_is_compiled() -> None:
    """Pydantic reads annotations of classes as they are written, which compiled classes have no longer."""
    sources = [(ROOT / name).read_text("utf-8") for name in COMPILED["modules"](ROOT)]
    assert not any("(Model)" in source or "(BaseModel)" in source for source in sources)


def test_no_defect_has_a_parameter_named_like_a_positional_one() -> None:
    """Compiled, `report(code, /, **params)` would lose the parameter `code`."""
    takes = {
        (node.name, taken.arg)
        for node in compiled_nodes(ast.FunctionDef)
        if node.args.kwarg
        for taken in node.args.posonlyargs
    }
    gives = {
        (name, given.arg)
        for node in compiled_nodes(ast.Call)
        if (name := getattr(node.func, "attr", getattr(node.func, "id", "")))
        for given in node.keywords
    }
    assert ("report", "place") in takes
    assert takes & gives == set()


def test_no_function_catches_different_errors_under_one_name() -> None:
    """Compiled, the name has the type it was first given."""
    for node in compiled_nodes(ast.FunctionDef):
        caught = {
            (each.name, ast.unparse(each.type))
            for each in ast.walk(node)
            if isinstance(each, ast.ExceptHandler) and each.name and each.type
        }
        assert len({name for name, _ in caught}) == len(caught), node.name


def test_no_module_that_looks_at_elements_is_compiled() -> None:
    """Stubs of lxml say that every tag is a text; that of a named character or a comment is a function."""
    sources = {name: (ROOT / name).read_text("utf-8") for name in COMPILED["modules"](ROOT)}
    assert [name for name, source in sources.items() if "lxml" in source] == []


def test_what_is_compiled_is_never_committed_and_never_goes_into_an_image_by_chance() -> None:
    assert {"*.so", "*.pyd"} <= set((ROOT / ".gitignore").read_text("utf-8").splitlines())
    assert "**/*.so" in (ROOT / ".dockerignore").read_text("utf-8").splitlines()


def test_the_sources_run_again_once_compiled_modules_are_removed(tmp_path: Path) -> None:
    room = tmp_path / "mappings"
    room.mkdir()
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    for name in ("mapped.py", "registry.py", "registry.cpython-311-x86_64-linux-gnu.so"):
        (room / name).touch()
    (tmp_path / "lyhde__mypyc.cpython-311-x86_64-linux-gnu.so").touch()
    COMPILED["remove"](tmp_path)
    assert {path.name for path in tmp_path.rglob("*.*")} == {"pyproject.toml", "mapped.py", "registry.py"}


def test_without_a_compiler_the_build_says_so_and_changes_nothing(tmp_path: Path) -> None:
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    answer = subprocess.run(
        [sys.executable, str(ROOT / "deploy" / "compiled.py"), "build"],
        cwd=tmp_path, env={**os.environ, "CC": "no-such-compiler"}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert answer.returncode == 1
    assert "no C compiler" in answer.stderr
    assert "runs from its sources" in answer.stderr


@pytest.fixture(scope="module")
def compiled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the project whose modules are compiled."""
    if not COMPILED["has_compiler"]():
        pytest.skip("no C compiler")
    copy = tmp_path_factory.mktemp("compiled")
    for room in PROJECT["hatch"]["build"]["targets"]["wheel"]["packages"]:
        shutil.copytree(ROOT / room, copy / room, ignore=shutil.ignore_patterns("__pycache__", "*.so"))
    shutil.copy(ROOT / "pyproject.toml", copy)
    subprocess.run([sys.executable, str(ROOT / "deploy" / "compiled.py"), "build"], cwd=copy, check=True)
    return copy


def stages(project: Path, files: list[Path]) -> dict[str, Any]:
    """What the stages of a copy of the project make of files, in a process of its own."""
    answer = subprocess.run(
        [sys.executable, str(HERE / "stages.py"), *map(str, files)],
        cwd=project, env={**os.environ, "PYTHONPATH": str(project)}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert answer.returncode == 0, answer.stderr
    told: dict[str, Any] = json.loads(answer.stdout)
    return told


@pytest.mark.soak
@pytest.mark.parametrize("folder", OF_EACH_DIALECT)
def test_compiled_stages_say_of_real_feeds_what_their_sources_say(compiled: Path, test_data: Path, folder: str) -> None:
    found = sorted(path for path in (test_data / folder).rglob("*") if path.suffix in READABLE)
    files = found[:: max(1, len(found) // MOST_FILES)]
    assert files
    ours, theirs = stages(ROOT, files), stages(compiled, files)
    assert (ours["compiled"], theirs["compiled"]) == (False, True), "`make pure` first"
    assert theirs["files"] == ours["files"]
    assert theirs["elsewhere"], "records come back whole from another process"
