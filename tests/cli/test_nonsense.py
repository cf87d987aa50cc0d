"""What nobody should type: one clear line, the documented exit code, never a traceback."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from cli.output import Output

Command = Callable[..., Any]
BEYOND = "9" * 25
NOT_UTF8 = b"\xff".decode("utf-8", "surrogateescape")


@pytest.mark.parametrize(
    "words",
    [
        ("hold", "approve", BEYOND),
        ("hold", "reject", BEYOND),
        ("decide", "undo", BEYOND),
        ("review", "list", "--limit", BEYOND),
        ("review", "list", "--limit", "-1"),
        ("review", "show", NOT_UTF8),
        ("record", "show", f"mine:{NOT_UTF8}"),
        ("record", "show", f"{NOT_UTF8}e1"),
        ("record", "explain", NOT_UTF8),
        ("decide", "same", f"mine:{NOT_UTF8}", "e1"),
        ("resolve", "--as-of", "0001-01-01T00:00:00+14:00"),
        ("export", "works", "--out", "/nowhere/works.ndjson"),
        ("export", "works", "--out", "/"),
        ("match", "evaluate", "/nowhere/records", "/nowhere/pairs.csv"),
        ("match", "cluster-evaluate", "/nowhere/records", "/"),
    ],
)
def test_numbers_names_and_paths_that_cannot_be_are_usage_errors(lyhde: Command, words: tuple[str, ...]) -> None:
    answer = lyhde(*words)
    assert answer.code == 2
    assert answer.error.strip()


def test_a_data_folder_that_cannot_be_made_is_a_configuration_error(lyhde: Command, tmp_path: Path) -> None:
    answer = lyhde("resolve", "--data-dir", str(tmp_path / "lyhde.toml" / "data"))
    assert (answer.code, "data_dir" in answer.error) == (3, True)


def test_a_place_with_quotes_makes_a_source_file_that_can_be_read(lyhde: Command) -> None:
    assert lyhde("source", "add", "odd", 'a "b" \\ c').code == 0
    assert lyhde("source", "list", "--json").json["sources"][0]["id"] == "odd"


def test_names_that_look_like_markup_are_shown_as_they_are(capsys: pytest.CaptureFixture[str]) -> None:
    Output().table(["name"], [["kaarna:[/nope]"], ["[bold]x"]])
    shown = capsys.readouterr().out
    assert "kaarna:[/nope]" in shown
    assert "[bold]x" in shown


def test_a_file_whose_name_is_not_utf8_is_checked(lyhde: Command, tmp_path: Path) -> None:
    odd = tmp_path / f"{NOT_UTF8}.xml"
    for content, code in ((b"000000101\n000000102\n", 0), (b"", 5)):  # of an empty file nothing can be read
        odd.write_bytes(content)
        answer = lyhde("source", "check", str(odd))
        assert (answer.code, answer.lines[-1]["kind"]) == (code, "summary")


@pytest.mark.parametrize("words", [("match", "evaluate", "/nowhere/records"), ("decisions", "import")])
def test_a_table_that_is_not_utf8_is_a_usage_error(lyhde: Command, tmp_path: Path, words: tuple[str, ...]) -> None:
    file = tmp_path / "odd.csv"
    file.write_bytes(b"\xff\xfe\n")
    answer = lyhde(*words, str(file))
    assert (answer.code, str(file) in answer.error) == (2, True)
