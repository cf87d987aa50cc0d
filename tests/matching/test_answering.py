"""Where nobody is asked, a question is answered by its score; nothing else changes."""

from __future__ import annotations

from collections.abc import Callable

from matching.answering import SAME_FROM, answered_by_score
from matching.features import Features
from matching.resolution import resolve

Featured = Callable[..., Features]


def test_each_question_is_answered_by_its_score(featured: Featured) -> None:
    books = [
        featured("a:1", title="Saaristomeren linnut", author="Meri, Aino", year="2001", isbns=()),
        featured("b:1", title="Saaristomeren linnut", author="Salo, Pekka", year="2001", isbns=()),
        featured("c:1", title="Kettu ja yö", author="Meri, Aino", year="2005", isbns=(), pages=200),
        featured("d:1", title="Kettu ja yö", author="Meri, Aino", year="2005", isbns=(), pages=100),
    ]
    asked = resolve(books)
    editions = {(ask.left, ask.right): ask.score for ask in asked.asks if ask.level == "edition"}
    answered, count = answered_by_score(books, asked)
    assert editions
    assert count >= len(asked.asks)
    for pair, score in editions.items():
        assert any(set(pair) <= set(edition) for edition in answered.editions) == (score >= SAME_FROM), pair
        assert not any(set(pair) <= set(edition) for edition in asked.editions)


def test_without_questions_it_stays_as_it_is(featured: Featured) -> None:
    found = resolve([featured("a:1", title="Luoto")])
    assert answered_by_score([featured("a:1", title="Luoto")], found) == (found, 0)
