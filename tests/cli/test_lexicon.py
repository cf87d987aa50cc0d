"""`lyhde lexicon` and the exam of `lyhde search`, without a server."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Command = Callable[..., Any]


def test_a_word_is_shown_with_its_readings_and_forms(lyhde: Command) -> None:
    (found,) = lyhde("lexicon", "analyse", "Kirjastoautot", "--json").json
    assert found["readings"] == {"kirjastoauto": ["kirjasto", "auto"]}
    assert "kirjasto" in found["forms"]
    assert "bok" in lyhde("lexicon", "analyse", "böckerna", "--lang", "sv").out


def test_tables_are_built_only_where_their_lists_are(
    lyhde: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("index.lexicon.word_lists.PINNED", "0.0.1")
    answer = lyhde("lexicon", "build", "--out", str(tmp_path), "--lang", "sv")
    assert answer.code == 2
    assert "0.0.1" in answer.error


def test_a_second_query_or_a_bad_exam_is_a_usage_error(lyhde: Command, tmp_path: Path) -> None:
    assert lyhde("search", "kissa", "koira").code == 2
    (tmp_path / "cases.json").write_text("{}")
    assert lyhde("search", "evaluate", str(tmp_path / "cases.json")).code == 2
