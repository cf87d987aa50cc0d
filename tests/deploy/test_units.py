"""The systemd units: sound, hardened, and calling what is there."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import typer

from cli.main import WITH_VALUE, app
from ops.settings import Settings

FOLDER = Path(__file__).parent.parent.parent / "deploy" / "systemd"
UNITS = sorted(FOLDER.glob("*.service"))
MOST_EXPOSED = 2.0

every_unit = pytest.mark.parametrize("unit", UNITS, ids=lambda path: path.stem)


def lines(unit: Path, key: str) -> list[str]:
    return re.findall(rf"^{key}=(.*)$", unit.read_text("utf-8"), re.MULTILINE)


def test_there_is_a_unit_for_every_process_that_stays() -> None:
    assert [unit.stem for unit in UNITS] == ["lyhde-api", "lyhde-desk", "lyhde-nightly"]


@every_unit
def test_the_command_is_there_with_its_options(unit: Path) -> None:
    (call,) = lines(unit, "ExecStart")
    words = call.split()[1:]
    while words[0] in WITH_VALUE:
        words = words[2:]
    found: Any = typer.main.get_command(app)
    while words and not words[0].startswith("-"):
        found = found.commands[words.pop(0)]
    known = {option for parameter in found.params for option in parameter.opts}
    assert {word for word in words if word.startswith("--")} <= known


@every_unit
def test_secrets_come_as_credentials(unit: Path) -> None:
    credentials = {text.partition(":")[0] for text in lines(unit, "LoadCredential")}
    assert credentials == {"store-password", "search-key"}
    for text in lines(unit, "Environment"):
        key, _, value = text.partition("=")
        section, _, name = key.removeprefix("LYHDE__").lower().partition("__")
        assert name in Settings.model_fields[section].annotation.model_fields  # type: ignore[union-attr]
        if name.endswith("_file"):
            assert value.removeprefix("%d/") in credentials


@every_unit
def test_a_process_that_dies_is_started_again(unit: Path) -> None:
    assert lines(unit, "Restart")[0] in {"on-failure", "always"}


@every_unit
def test_the_folder_of_state_is_that_of_the_settings(unit: Path) -> None:
    assert lines(unit, "StateDirectory") == ["lyhde"]
    assert 'data_dir = "/var/lib/lyhde"' in (FOLDER / "lyhde.toml").read_text("utf-8")


def test_only_the_nightly_run_may_reach_other_machines() -> None:
    assert [unit.stem for unit in UNITS if not lines(unit, "IPAddressDeny")] == ["lyhde-nightly"]


def test_the_user_of_the_units_is_made() -> None:
    users = {user for unit in UNITS for user in lines(unit, "User")}
    made = re.findall(r"^u (\S+)", (FOLDER / "lyhde.sysusers").read_text("utf-8"), re.MULTILINE)
    assert users == set(made)


@every_unit
def test_systemd_finds_no_fault(unit: Path, tmp_path: Path) -> None:
    analyse = tool()
    text = re.sub(r"^(ExecStart=)\S+", rf"\1{shutil.which('true')}", unit.read_text("utf-8"), flags=re.MULTILINE)
    (tmp_path / unit.name).write_text(text)
    answer = subprocess.run([analyse, "verify", str(tmp_path / unit.name)], capture_output=True, text=True, check=False)
    ours = [line for line in answer.stderr.splitlines() if unit.name in line]
    assert ours == []


@every_unit
def test_what_a_broken_in_process_could_do_is_little(unit: Path) -> None:
    call = [tool(), "security", "--offline=true", "--json=short", "--no-pager", str(unit)]
    answer = subprocess.run(call, capture_output=True, text=True, check=False)
    if "unrecognized option" in answer.stderr:
        pytest.skip("this systemd-analyze cannot look at a file")
    overall = re.search(
        r"exposure level for \S+: ([\d.]+)",
        subprocess.run([*call[:3], str(unit)], capture_output=True, text=True, check=False).stdout,
    )
    assert json.loads(answer.stdout)
    assert overall
    assert float(overall[1]) <= MOST_EXPOSED


def tool() -> str:
    found = shutil.which("systemd-analyze")
    if not found:
        pytest.skip("systemd-analyze is not installed: the units are only read by our own checks")
    return found
