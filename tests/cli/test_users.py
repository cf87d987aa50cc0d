"""`lyhde user`: accounts from the command line."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

PASSWORD = "korkea aita, 7 koiraa"


@pytest.fixture
def password(tmp_path: Path) -> str:
    file = tmp_path / "password"
    file.write_text(f"{PASSWORD}\nanother line\n", "utf-8")
    return str(file)


def test_an_account_is_made_changed_disabled_and_let_in_again(lyhde: Callable[..., Any], password: str) -> None:
    add = ("user", "add", "Aino", "--role", "admin", "--password-file", password)
    made = lyhde(*add, "--display-name", "Aino Mäkelä", "--language", "sv", "--json").json
    assert (made["name"], made["display_name"], made["role"], made["language"]) == (
        "aino",
        "Aino Mäkelä",
        "admin",
        "sv",
    )
    assert "password_hash" not in made
    assert lyhde("user", "add", "bo", "--role", "viewer", "--password-file", password).code == 0
    assert lyhde("user", "list", "--json").json[1]["language"] == "fi", "the desk speaks Finnish first"
    assert lyhde("user", "role", "bo", "senior", "--json").json["role"] == "senior"
    assert lyhde("user", "disable", "bo", "--json").json["disabled_at"]
    assert lyhde("user", "enable", "bo", "--json").json["disabled_at"] is None
    assert lyhde("user", "password", "bo", "--password-file", password).code == 0
    assert [each["name"] for each in lyhde("user", "list", "--json").json] == ["aino", "bo"]
    assert "Aino Mäkelä" in lyhde("user", "list").out


def test_the_password_is_asked_for_twice_where_no_file_holds_it(
    lyhde: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[dict[str, Any]] = []

    def prompt(_text: str, **options: Any) -> str:
        asked.append(options)
        return PASSWORD

    monkeypatch.setattr("typer.prompt", prompt)
    assert lyhde("user", "add", "aino", "--role", "viewer").code == 0
    assert asked == [{"hide_input": True, "confirmation_prompt": True, "err": True}]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("user", "add", "aino", "--role", "viewer"), "already"),
        (("user", "add", "a b", "--role", "viewer"), "no user name"),
        (("user", "add", "", "--role", "viewer"), "no user name"),
        (("user", "add", "x" * 65, "--role", "viewer"), "no user name"),
        (("user", "role", "nobody", "viewer"), "nobody"),
        (("user", "role", "aino", "viewer"), "last admin"),
        (("user", "disable", "aino"), "last admin"),
        (("user", "enable", "nobody"), "nobody"),
        (("user", "password", "nobody"), "nobody"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else value,
)
def test_what_cannot_be_is_refused_in_one_line(
    lyhde: Callable[..., Any], password: str, words: tuple[str, ...], said: str
) -> None:
    assert lyhde("user", "add", "aino", "--role", "admin", "--password-file", password).code == 0
    extra = ("--password-file", password) if words[1] in ("add", "password") else ()
    answer = lyhde(*words, *extra)
    assert answer.code == 2
    assert said in answer.error
    assert "\n" not in answer.error.strip()


@pytest.mark.parametrize("text", ["short", "ainoainoaino", "salasana1234", "\n", ""])
def test_a_weak_password_is_refused(lyhde: Callable[..., Any], tmp_path: Path, text: str) -> None:
    file = tmp_path / "weak"
    file.write_text(text, "utf-8")
    answer = lyhde("user", "add", "aino", "--role", "viewer", "--password-file", str(file))
    assert answer.code == 2
    assert lyhde("user", "list", "--json").json == []


def test_a_file_that_cannot_be_read_is_named(lyhde: Callable[..., Any], tmp_path: Path) -> None:
    answer = lyhde("user", "add", "aino", "--role", "viewer", "--password-file", str(tmp_path / "none"))
    assert answer.code == 2
    assert "none" in answer.error
