"""The page on PostgreSQL is followed word by word: role and database, settings, the move."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from benchmarks.postgresql import Server
from catalogue.errors import LyhdeError
from cli.main import app
from ops.settings import load_settings
from store.database import open_store

PAGE = (Path(__file__).parent.parent.parent / "docs" / "postgresql.md").read_text("utf-8")


def blocks(language: str) -> list[str]:
    return [
        re.sub(r"^ +", "", block, flags=re.MULTILINE)
        for block in re.findall(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)
    ]


@pytest.fixture
def database(postgresql_server: Server) -> str:
    """The address of the database the page makes, for its role."""
    for statement in blocks("sql")[0].split(";"):
        if statement.strip():
            postgresql_server.run(statement)
    return postgresql_server.url.replace("postgres@", "lyhde@") + "lyhde"


def test_the_settings_are_understood(tmp_path: Path) -> None:
    file = tmp_path / "lyhde.toml"
    file.write_text(blocks("toml")[0], "utf-8")
    assert load_settings(file).store.url


def test_the_move_is_made_as_written(
    database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, postgresql_server: Server
) -> None:
    (tmp_path / "lyhde.toml").write_text('data_dir = "data"\n', "utf-8")
    (tmp_path / "sources").mkdir()
    (tmp_path / "password").write_text("kielo\n", "utf-8")
    (tmp_path / "backup").mkdir()
    open_store(f"sqlite:///{tmp_path / 'data' / 'lyhde.sqlite'}", tmp_path / "data").close()
    places = {
        "/srv/backup": str(tmp_path / "backup"),
        "postgresql://lyhde@db.example.org/lyhde": database,
        "/run/secrets/lyhde-store": str(tmp_path / "password"),
    }
    for call in re.findall(r"^\$ lyhde (db .*)$", "".join(blocks("console")), re.MULTILINE):
        words = ["--config", str(tmp_path / "lyhde.toml"), *(places.get(word, word) for word in call.split())]
        done(words)
    assert len(list((tmp_path / "backup").iterdir())) == 1
    monkeypatch.setenv("LYHDE__STORE__URL", database)
    done(["--config", str(tmp_path / "lyhde.toml"), "doctor"])
    postgresql_server.run("DROP DATABASE lyhde WITH (FORCE)")
    postgresql_server.run("DROP ROLE lyhde")


def done(words: list[str]) -> None:
    result = CliRunner().invoke(app, words)
    if isinstance(result.exception, LyhdeError):
        raise AssertionError(f"{words}: {result.exception}")
    assert result.exit_code == 0, words
