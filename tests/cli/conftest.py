"""The command as a program calls it: words in, exit code and what was printed out."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from catalogue.errors import LyhdeError
from cli.main import app, hoist


@dataclass(frozen=True)
class Answer:
    code: int
    out: str
    error: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)

    @property
    def lines(self) -> list[Any]:
        return [json.loads(line) for line in self.out.splitlines()]


Command = Callable[..., Answer]


def call(config: Path, *words: str) -> Answer:
    """Run ``lyhde --config CONFIG WORDS…`` in this process, with the errors' exit codes of the real boundary."""
    result = CliRunner().invoke(app, hoist(["--config", str(config), *words]))
    if isinstance(result.exception, LyhdeError):
        return Answer(result.exception.exit_code, result.stdout, str(result.exception))
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return Answer(result.exit_code, result.stdout, result.stderr)


@pytest.fixture
def lyhde(tmp_path: Path) -> Command:
    """A command on an empty installation of its own."""
    (tmp_path / "sources").mkdir()
    config = tmp_path / "lyhde.toml"
    config.write_text('data_dir = "data"\n')
    return lambda *words: call(config, *words)


@pytest.fixture(scope="session")
def demo(
    tmp_path_factory: pytest.TempPathFactory, fixtures: Path, search_server: str, prefix: Callable[[str], str]
) -> Command:
    """A command on an installation where the demo sources were run once, on the real Elasticsearch."""
    home = tmp_path_factory.mktemp("demo")
    shutil.copytree(fixtures / "demo", home / "demo")
    config = home / "demo" / "lyhde.toml"
    config.write_text(
        'data_dir = "data"\nsources_dir = "sources"\n[elasticsearch]\n'
        f'url = "{search_server}"\nindex_prefix = "{prefix("demo")}"\n'
    )
    assert call(config, "run", "--quiet").code == 0
    return lambda *words: call(config, *words)
