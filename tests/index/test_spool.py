"""Documents on their way into a new index: kept as they will be sent, with the words of all of them counted."""

from __future__ import annotations

from itertools import islice

import orjson
import pytest

from index import spool
from index.spool import Spool, pieces

DOCUMENTS = [(f"w{n}\n", n, {"x": {"title": {"fi": ["kädet|käsi"]}}, "text": "a\nb"}) for n in range(1, 6)]


def test_documents_come_out_as_they_went_in_with_the_words_of_all(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spool, "_PIECE", 2)
    with Spool(pieces(DOCUMENTS)) as kept:
        lines = list(kept.lines())
        assert kept.vocabulary.words["fi"] == {"kädet": 5}
    assert [(line.key, orjson.loads(line.content)) for line in lines] == [(key, each) for key, _, each in DOCUMENTS]
    assert [orjson.loads(line.action)["index"]["version"] for line in lines] == [1, 2, 3, 4, 5]


def test_pieces_are_made_as_they_are_asked_for() -> None:
    endless = ((f"w{n}", 1, {}) for n in iter(int, 1))
    assert len(list(islice(pieces(endless), 2))) == 2
