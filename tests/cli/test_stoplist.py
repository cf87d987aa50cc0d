"""`lyhde stoplist` as a program calls it, and in three languages."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

Command = Callable[..., Any]


def test_an_identifier_is_stopped_listed_trusted_and_taken_back(lyhde: Command) -> None:
    assert lyhde("stoplist", "list", "--json").json == []
    made = lyhde("stoplist", "add", "978-952-497-001-3", "--reason", "one for a whole series", "--json").json
    assert (made["answer"], made["value"]) == ("stopped", {"identifier": "9789524970013"})
    (row,) = lyhde("stoplist", "list", "--json").json
    assert (row["identifier"], row["state"], row["by"], row["in_effect"]) == ("9789524970013", "stopped", "hand", False)
    assert (row["reason"], row["decision"]) == ("one for a whole series", made["id"])
    assert lyhde("resolve", "--json").json["stopped_identifiers"] == 1
    assert lyhde("stoplist", "list", "--json").json[0]["in_effect"]
    assert lyhde("stoplist", "remove", "9789524970013", "--reason", "it was right").code == 0
    assert [d["answer"] for d in lyhde("decisions", "list", "--json").json] == ["stopped", "trusted"]
    assert lyhde("decide", "undo", "2").code == 0
    assert [row["state"] for row in lyhde("stoplist", "list", "--json").json] == ["stopped"]


def test_what_is_no_identifier_is_a_usage_error(lyhde: Command) -> None:
    assert lyhde("stoplist", "add", "9789524970014", "--reason", "wrong").code == 2
    assert lyhde("stoplist", "add", "9789524970013").code == 2


@pytest.mark.parametrize(("language", "words"), [("fi", "käsin"), ("sv", "för hand"), ("en", "hand")])
def test_the_list_speaks_the_readers_language(
    lyhde: Command, monkeypatch: pytest.MonkeyPatch, language: str, words: str
) -> None:
    lyhde("stoplist", "add", "9789524970013", "--reason", "x")
    monkeypatch.setenv("LYHDE__LANGUAGE", language)
    assert words in lyhde("stoplist", "list").out
