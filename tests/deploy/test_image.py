"""The image: built from the lock, run by nobody in particular, with nothing in it that is not needed."""

from __future__ import annotations

import re
import runpy
import shutil
import subprocess
from importlib.metadata import distribution
from pathlib import Path

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).parent.parent.parent
FILE = (ROOT / "deploy" / "Containerfile").read_text("utf-8")
LINES = re.sub(r"\\\n\s*", "", FILE).splitlines()
STEPS = [line for line in LINES if line and not line.startswith("#")]
FINAL = STEPS[max(n for n, step in enumerate(STEPS) if step.startswith("FROM ")) :]
LOCK = runpy.run_path(str(ROOT / "deploy" / "runtime_lock.py"))
NOT_FOR_READERS = {"pytest", "playwright", "ruff", "mypy", "schemathesis", "hypothesis", "codespell", "import-linter"}


def steps(keyword: str, among: list[str] = STEPS) -> list[str]:
    return [step.removeprefix(keyword).strip() for step in among if step.startswith(f"{keyword} ")]


def test_the_bases_are_exact_versions_of_one_python_on_one_system() -> None:
    """What is compiled in the one must run in the other."""
    bases = dict(step.split("=", 1) for step in steps("ARG"))
    assert re.search(r"@sha256:[0-9a-f]{64}$|:\d+\.\d+\.\d+-slim-[a-z]+$", bases["PYTHON"])
    assert bases["BUILDER"] == bases["PYTHON"].replace("-slim", "")
    assert [step.split()[0] for step in steps("FROM")] == ["${BUILDER}", "${PYTHON}"]


def test_it_is_built_in_one_stage_and_run_in_another() -> None:
    assert len(steps("FROM")) == 2
    assert not any("pip install" in step for step in FINAL)


def test_nobody_in_particular_runs_it() -> None:
    (user,) = steps("USER")
    assert re.fullmatch(r"[1-9]\d+:[1-9]\d+", user)
    assert [step.split()[0] for step in FINAL].index("USER") < [step.split()[0] for step in FINAL].index("ENTRYPOINT")


def test_every_package_is_checked_against_its_hash_and_none_is_built_on_the_way() -> None:
    fetched = [
        call for step in steps("RUN") for call in step.split("&&") if "pip install" in call and "--no-index" not in call
    ]
    assert fetched
    for call in fetched:
        assert "--require-hashes" in call
        assert "--only-binary=:all:" in call


def test_nothing_is_fetched_but_by_pip() -> None:
    assert not re.search(r"\b(curl|wget|ADD|apt-get|git clone)\b", "\n".join(STEPS))


def test_it_holds_no_secret() -> None:
    given = " ".join([*steps("ENV"), *steps("ARG")])
    assert not re.search(r"PASSWORD|SECRET|TOKEN|API_KEY", given)


def test_it_says_how_it_is_and_is_called_without_a_shell() -> None:
    assert steps("HEALTHCHECK", FINAL)
    for keyword in ("ENTRYPOINT", "CMD"):
        assert all(call.startswith("[") for call in steps(keyword, FINAL))


def test_only_what_is_named_goes_into_the_image() -> None:
    ignore = (ROOT / ".dockerignore").read_text("utf-8").splitlines()
    assert "*" in ignore
    named = {line[1:] for line in ignore if line.startswith("!")}
    missing = [name for name in named if not (ROOT / name).exists()]
    assert missing == []
    assert not named & {"tests", "fixtures", "benchmarks", ".git", "deploy"}


def test_every_room_of_the_wheel_goes_into_the_image() -> None:
    import tomllib

    built = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["hatch"]["build"]["targets"]["wheel"]
    ignore = (ROOT / ".dockerignore").read_text("utf-8").splitlines()
    assert {f"!{room}" for room in built["packages"]} <= set(ignore)


def test_what_is_installed_is_what_the_program_needs() -> None:
    found = set(LOCK["entries"](LOCK["main"]("run")))
    assert needed("lyhde") <= found
    assert not found & NOT_FOR_READERS


def test_what_is_installed_is_there_for_every_version_of_python_that_the_lock_is_for() -> None:
    whole = (ROOT / "requirements.lock").read_text("utf-8")
    assert whole.count("\nnumpy==") > 1, "the lock has one numpy now: take another package of two versions"
    assert LOCK["main"]("run").count("numpy==") == whole.count("\nnumpy==")


def test_what_builds_the_wheel_is_locked_too() -> None:
    tools = {"hatchling", "mypy", "setuptools"}
    assert tools.union(*map(needed, tools)) <= set(LOCK["entries"](LOCK["main"]("build")))


def test_every_line_has_its_hashes() -> None:
    for entry in LOCK["entries"](LOCK["main"]("run")).values():
        assert "--hash=sha256:" in entry


def test_hadolint_finds_nothing() -> None:
    hadolint = shutil.which("hadolint")
    if not hadolint:
        pytest.skip("hadolint is not installed: the Containerfile is only read by our own checks")
    answer = subprocess.run(
        [hadolint, str(ROOT / "deploy" / "Containerfile")], capture_output=True, text=True, check=False
    )
    assert answer.returncode == 0, answer.stdout


def needed(name: str) -> set[str]:
    """Everything a package asks for here, extras of the project left out."""
    reached: set[str] = set()
    fresh = [(name, frozenset[str]())]
    while fresh:
        asking, extras = fresh.pop()
        for text in distribution(asking).requires or []:
            wanted = Requirement(text)
            if wanted.marker and not any(wanted.marker.evaluate({"extra": extra}) for extra in extras or {""}):
                continue
            called = re.sub(r"[-_.]+", "-", wanted.name).lower()
            if called not in reached:
                reached.add(called)
                fresh.append((called, frozenset(wanted.extras)))
    return reached
