"""Facts of a set: identifiers that many works share, senders whose declared language means nothing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from catalogue.record import Contributor, Identifier
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


@pytest.mark.parametrize("holders", range(2, len(TITLES) + 1))
def test_works_of_one_body_are_not_joined_by_a_number_that_they_share(featured: Featured, holders: int) -> None:
    number = (Identifier(scheme="proprietary:024", value="59-006"),)
    body = (Contributor(name="Eduskunta. Sivistysvaliokunta", kind="body"),)
    about: dict[str, Any] = {"identifiers": number, "contributors": body}
    records = [featured(f"a:{n}", title=f"{t} : mietintö", **about) for n, t in enumerate(TITLES[:holders])]
    found = resolve(records)
    assert len(found.works) == len(found.editions) == holders


def test_a_number_is_the_same_with_its_label_beside_it_or_before_it(featured: Featured) -> None:
    ways = [("proprietary:BIS", "1234"), ("proprietary:028", "BIS 1234"), ("proprietary:028", "BIS-1234")]
    records = [featured("a:1", identifiers=(Identifier(scheme=s, value=v),)) for s, v in ways]
    assert {record.ids.others for record in records} == {("proprietary:BIS:1234",)}
    assert featured("a:1", identifiers=(Identifier(scheme="proprietary:028", value="1234"),)).ids.others == (
        "proprietary:028:1234",
    )


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
