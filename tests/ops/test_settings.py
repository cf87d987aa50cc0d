"""Secrets: from the environment or a file, never from the configuration, never shown."""

from __future__ import annotations

from pathlib import Path

import pytest

from catalogue.errors import ConfigurationError
from jobs.connections import store_password
from ops.settings import load_settings


def write(folder: Path, text: str) -> Path:
    file = folder / "lyhde.toml"
    file.write_text(text, "utf-8")
    return file


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('[store]\npassword = "kielo"\n', "store.password is a secret"),
        ('[elasticsearch]\napi_key = "kielo"\n', "elasticsearch.api_key is a secret"),
        ('[store]\nurl = "postgresql://lyhde:kielo@db/lyhde"\n', "store.url holds a password"),
        ('[store]\nurl = "postgresql://lyhde@db/lyhde?password=kielo"\n', "store.url holds a password"),
    ],
)
def test_a_secret_in_the_configuration_is_refused_and_not_repeated(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(ConfigurationError, match=said) as refused:
        load_settings(write(tmp_path, text))
    assert "kielo" not in str(refused.value)


def test_the_password_comes_from_a_file_beside_the_configuration(tmp_path: Path) -> None:
    (tmp_path / "password").write_text("kielo\n", "utf-8")
    settings = load_settings(write(tmp_path, '[store]\npassword_file = "password"\n'))
    assert settings.store.password_file == tmp_path / "password"
    assert store_password(settings) == "kielo"


def test_the_password_comes_from_the_environment_and_is_masked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LYHDE__STORE__PASSWORD", "kielo")
    settings = load_settings(write(tmp_path, ""))
    assert store_password(settings) == "kielo"
    assert "kielo" not in f"{settings!r} {settings.model_dump_json()}"


def test_a_password_file_that_cannot_be_read_is_said_so(tmp_path: Path) -> None:
    settings = load_settings(write(tmp_path, '[store]\npassword_file = "none"\n'))
    with pytest.raises(ConfigurationError, match=r"store\.password_file"):
        store_password(settings)
