"""Of all candidate pairs those are kept that link or may be asked about: nothing else is missed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from catalogue.evidence import ClusterLevel, Constraint
from matching.features import Features
from matching.resolution import Resolution, Surroundings, resolve

Featured = Callable[..., Features]

DESCRIBED = st.fixed_dictionaries(
    {
        "title": st.sampled_from(["Yö", "Yö ja meri", "Meri", "Yön saari", "Yö 2"]),
        "author": st.sampled_from(["Salo, Eeva", "Salo, E.", "Berg, Anna", ""]),
        "language": st.sampled_from(["fin", "swe", ()]),
        "medium": st.sampled_from(["ebook", "ebook", "audiobook", "print"]),
        "year": st.sampled_from(["2018", "2019", "2021"]),
        "isbns": st.lists(st.sampled_from(["9789524970013", "9789524970020"]), max_size=1),
    }
)
SAID: st.SearchStrategy[tuple[int, int, bool, ClusterLevel]] = st.tuples(
    st.integers(0, 9), st.integers(0, 9), st.booleans(), st.sampled_from(("edition", "work"))
)


def told(found: Resolution) -> Any:
    """What a resolution says, without how it came to it."""
    pairs = sorted(found.pairs)
    return found.editions, found.works, found.asks, found.contradictions, pairs


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(described=st.lists(DESCRIBED, min_size=2, max_size=10), said=st.lists(SAID, max_size=4))
def test_kept_pairs_alone_come_to_what_all_candidates_do(
    featured: Featured, described: list[dict[str, Any]], said: list[tuple[int, int, bool, ClusterLevel]]
) -> None:
    records = [featured(f"{'abc'[n % 3]}:{n}", **each) for n, each in enumerate(described)]
    words = [
        Constraint(kind="must" if together else "cannot", level=level, left=records[a].key, right=records[b].key)
        for a, b, together, level in said
        if a < b < len(records)
    ]
    whole = resolve(records, words)
    around = Surroundings([pair[:2] for pair in whole.pairs], {}, whole.facts)
    assert told(resolve(records, words, around=around)) == told(whole)


def test_a_pair_that_a_veto_keeps_apart_is_not_kept(featured: Featured) -> None:
    found = resolve([featured("a:1", title="Yö 1", volume="1"), featured("b:1", title="Yö 2", volume="2")])
    assert len(found.scored.pairs) == 1
    assert list(found.pairs) == []


def test_a_pair_that_may_be_asked_about_is_kept(featured: Featured) -> None:
    found = resolve([featured("a:1", isbns=[]), featured("b:1", isbns=[], year="1998")])
    (pair,) = found.pairs
    assert (pair.links, pair.askable) == (2, True)
    assert [ask.level for ask in found.asks] == ["edition"]


def test_two_editions_of_one_work_are_kept_for_the_work(featured: Featured) -> None:
    found = resolve([featured("a:1"), featured("b:1", medium="audiobook")])
    (pair,) = found.pairs
    assert (pair.vetoes, pair.links, pair.askable) == (("medium",), 2, True)
    assert found.asks == []


def test_nothing_is_asked_that_a_veto_between_other_records_answers(featured: Featured) -> None:
    """What years leave open, a narrator answers whom only the other record of the edition names."""
    ours = featured("a:1", isbns=["9789524970013"], medium="audiobook", narrator="Berg, Anna")
    same = featured("b:1", isbns=["9789524970013"], medium="audiobook")
    other = featured("c:1", isbns=[], medium="audiobook", narrator="Meri, Aino", year="1998")
    assert [ask.level for ask in resolve([same, other]).asks] == ["edition"]
    found = resolve([ours, same, other])
    assert found.editions == [(0, 1), (2,)]
    assert found.asks == []
