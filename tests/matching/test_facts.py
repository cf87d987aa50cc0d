"""Facts of a set: identifiers that many works share, senders whose declared language means nothing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from matching.blocking import blocking_keys
from matching.facts import GLUED_WORKS, LEAST_RECORDS, SetFacts, set_facts
from matching.features import Features
from matching.resolution import resolve

Featured = Callable[..., Features]
ISBN = "9789524970013"
TITLES = ["Aamun kaste", "Kuun polku", "Meren laulu", "Suuri silta", "Vihreä uni", "Hiljaa vain"]


def test_an_isbn_of_many_works_is_glued_and_is_no_key(featured: Featured) -> None:
    records = [featured(f"{s}:1", title=t, isbns=[ISBN]) for s, t in zip("abcdef", TITLES, strict=True)]
    assert set_facts(records[: GLUED_WORKS - 1]).glued == ()
    facts = set_facts(records)
    assert facts.glued == (ISBN,)
    assert f"isbn:{ISBN}" not in blocking_keys(records[0], frozenset(facts.glued))
    assert [a for a in resolve(records).asks if "isbn" in "".join(a.reasons)] == []


def test_an_isbn_that_many_records_of_one_work_share_is_not_glued(featured: Featured) -> None:
    assert set_facts([featured(f"{s}:1", isbns=[ISBN]) for s in "abcdef"]).glued == ()


def sent(featured: Featured, count: int, foreign: int, **more: Any) -> list[Features]:
    titles = ["Boken om havet och vinden"] * foreign + ["Kirja merestä ja tuulesta"] * (count - foreign)
    return [featured(f"a:{n}", title=title, **({"language": "fin"} | more)) for n, title in enumerate(titles)]


def test_a_sender_with_one_language_for_titles_of_two_is_not_believed(featured: Featured) -> None:
    assert set_facts(sent(featured, LEAST_RECORDS, 4)).one_language == ("a",)


def test_a_sender_of_one_language_is_believed_where_titles_agree(featured: Featured) -> None:
    assert set_facts(sent(featured, LEAST_RECORDS, 1)).one_language == ()
    assert set_facts(sent(featured, LEAST_RECORDS - 1, 9)).one_language == ()
    other = featured("a:x", title="Havet", language="swe")
    assert set_facts([*sent(featured, LEAST_RECORDS, 9), other]).one_language == ()


def test_facts_survive_json() -> None:
    facts = SetFacts(glued=(ISBN,), one_language=("a",))
    assert SetFacts.model_validate(facts.model_dump(mode="json")) == facts
