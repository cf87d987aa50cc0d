"""Every command that a document names exists, with the options it is given."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer

from cli.main import WITH_VALUE, WITHOUT_VALUE, app

ROOT = Path(__file__).parent.parent.parent
DOCUMENTS = sorted([ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").rglob("*.md")])
IN_BLOCK = re.compile(r"^(?:\$|15 1 \* \* \*).*?\b(lyhde (?!lyhde).*)$", re.MULTILINE)
IN_TEXT = re.compile(r"`(?:LYHDE__\w+=\S+ )?(lyhde(?: [^`]+)?)`")
GUIDES = [ROOT / "docs" / f"cataloguers.{language}.md" for language in ("en", "fi", "sv")]


def named(text: str) -> Iterator[str]:
    """The commands of a document, shell redirections and comments cut off."""
    for call in (*IN_BLOCK.findall(text), *IN_TEXT.findall(text)):
        yield re.split(r" (?:[|>#]|2>)", " ".join(call.split()))[0]


def fault(call: str) -> str | None:
    """What is wrong with a call; None where it could be made."""
    found: Any = typer.main.get_command(app)
    words = shlex.split(call)[1:]
    while words and words[0] in (*WITH_VALUE, *WITHOUT_VALUE):  # global options may stand in front
        words = words[2 if words[0] in WITH_VALUE else 1 :]
    while words and hasattr(found, "commands") and words[0] not in (*WITH_VALUE, *WITHOUT_VALUE, "--help"):
        name = words.pop(0)
        if name not in found.commands:
            return f"there is no command {name!r}"
        found = found.commands[name]
    known = {option for parameter in found.params for option in (*parameter.opts, *parameter.secondary_opts)}
    known |= {*WITH_VALUE, *WITHOUT_VALUE, "--help"}
    unknown = [word for word in words if word.startswith("--") and word.partition("=")[0] not in known]
    return f"unknown: {' '.join(unknown)}" if unknown else None


@pytest.mark.parametrize("page", DOCUMENTS, ids=lambda page: str(page.relative_to(ROOT)))
def test_commands_that_are_named_exist(page: Path) -> None:
    faults = {call: fault(call) for call in named(page.read_text("utf-8"))}
    assert {call: found for call, found in faults.items() if found} == {}


@pytest.mark.parametrize(
    ("call", "expected"),
    [
        ("lyhde run", None),
        ("lyhde --quiet --json run", None),
        ("lyhde index server start", None),
        ("lyhde decide same A B --note why", None),
        ("lyhde fly", "there is no command 'fly'"),
        ("lyhde index fly", "there is no command 'fly'"),
        ("lyhde --config lyhde.toml --json index fly", "there is no command 'fly'"),
        ("lyhde run --fast", "unknown: --fast"),
    ],
)
def test_a_call_that_cannot_be_made_is_found(call: str, expected: str | None) -> None:
    assert fault(call) == expected


def test_documents_name_commands() -> None:
    assert len(list(named((ROOT / "README.md").read_text("utf-8")))) >= 10


def outline(page: Path) -> list[object]:
    """What must be the same in each language: headings by depth, commands, and the codes of tables."""
    text = page.read_text("utf-8")
    calls = [re.sub(r'"[^"]*"|LYHDE__LANGUAGE=\w+', "", call) for call in named(text)]
    codes = re.findall(r"^\| (`[^`]+`)", text, re.MULTILINE)
    return [re.findall(r"^(#+) ", text, re.MULTILINE), calls, codes, text.count("\n\n")]


@pytest.mark.parametrize("page", GUIDES[1:], ids=lambda page: page.name)
def test_the_cataloguers_guides_say_the_same(page: Path) -> None:
    assert outline(page) == outline(GUIDES[0])
