"""A sentence is its English text, and keeps what it takes to say it in other words."""

from __future__ import annotations

import copy
import json
import pickle

import pytest

from catalogue.errors import NO_SUCH, ConfigurationError, FeedHeld, NotFound, ServiceUnreachable
from catalogue.sentence import Sentence, Share, as_json, from_json, words_of

HELD = FeedHeld("aku", 1234, [Sentence("{count} of {live} ({share})", count=20, live=1040, share=Share(0.5)), "old"])


@pytest.mark.parametrize(
    ("said", "english"),
    [
        (Sentence("nothing to fill"), "nothing to fill"),
        (Sentence("no {name!r}", name="Äiti"), "no 'Äiti'"),
        (Sentence("{count} of {usual}", count=1200, usual=3600.0), "1200 of 3600"),
        (Sentence("{share} off", share=Share(0.1234)), "12.3% off"),
        (Sentence("one of {known}", known=["a", "b"]), "one of a, b"),
        (Sentence("{why}", why=OSError("no {such} file")), "no {such} file"),
        (HELD.message, "aku: run 1234 is held: 20 of 1040 (50.0%); old"),
        (NotFound("case", "x", Sentence("hint")).message, "no case 'x': hint"),
    ],
)
def test_a_sentence_is_its_english_text_and_survives_the_store(said: Sentence, english: str) -> None:
    assert said == english
    stored = from_json(json.loads(json.dumps(as_json(said))))
    for again in (stored, copy.deepcopy(said), pickle.loads(pickle.dumps(said))):
        assert isinstance(again, Sentence)
        assert (again, again.template, dict(again.params)) == (said, said.template, dict(said.params))


def test_a_plain_text_of_an_old_row_is_read_as_it_is() -> None:
    assert from_json("the feed is empty, 5 records are live") == "the feed is empty, 5 records are live"
    assert not isinstance(from_json("old"), Sentence)
    assert as_json("old") == "old"


def test_what_an_exception_says_keeps_its_sentence() -> None:
    assert isinstance(words_of(ValueError(Sentence("no such field: {field!r}", field="x"))), Sentence)
    assert words_of(ServiceUnreachable("down")) == "down"
    assert str(ConfigurationError([Sentence("one"), "two"])) == "one\ntwo"


def test_every_kind_of_thing_has_its_own_sentence() -> None:
    assert all(template == f"no {kind} {{name!r}}" for kind, template in NO_SUCH.items())
